#!/usr/bin/env bash
# Runs the tools people plug this into, or follows their contracts where they cannot be had: kubectl, shells,
# pre-commit, kustomize, kpt, Helm, Argo CD.
#
#   bash Tests/Integrations/run.sh [NAME…]     names of test modules, classes or methods; all where none is given
#
# KUBECTL_VAULT_INJECT names the command to test; without it the newest build of this package is taken. What needs
# a tool that is missing is skipped, loudly, and counted.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cd "$here/../.."
. .ci/setup.sh

: "${KUBECTL_VAULT_INJECT:=$(ls -t .build/*/kubectl-vault-inject 2> /dev/null | head -n 1)}"
if [ ! -x "$KUBECTL_VAULT_INJECT" ]; then
  echo "No kubectl-vault-inject to test: run swift build first, or set KUBECTL_VAULT_INJECT." >&2
  exit 1
fi
KUBECTL_VAULT_INJECT=$(realpath "$KUBECTL_VAULT_INJECT")
export KUBECTL_VAULT_INJECT
python=.build/end-to-end/venv/bin/python
[ -x "$python" ] || python=python3
PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/run.py" "$@"
