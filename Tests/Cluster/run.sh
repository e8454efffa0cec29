#!/bin/sh
# Runs the command against the tests' own API server (Tests/APIServer), side by side with kubectl.
#
#   Tests/Cluster/run.sh [NAME…]      names of test modules, classes or methods; all where none is given
#
# KUBECTL_VAULT_INJECT names the command to test; without it the newest build of this package is taken.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=$root/.build/end-to-end/venv/bin/python

skip_all() {
  echo "======================================================================" >&2
  echo "CLUSTER TESTS SKIPPED: $1" >&2
  echo "======================================================================" >&2
  echo "0 passed, 0 failed, $(grep -h '^    def test_' "$here"/test_*.py | wc -l | tr -d ' ') skipped"
  exit 0
}

"$python" -c 'import cryptography, h2, yaml' 2> /dev/null || {
  python3 -m venv "$root/.build/end-to-end/venv" \
    && "$python" -m pip install --quiet --disable-pip-version-check -r "$root/Tests/requirements.txt"
} || skip_all "what the server needs cannot be installed: see Tests/requirements.txt"

: "${KUBECTL_VAULT_INJECT:=$(ls -t "$root"/.build/*/kubectl-vault-inject 2>/dev/null | head -n 1)}"
if [ ! -x "$KUBECTL_VAULT_INJECT" ]; then
  echo "No kubectl-vault-inject to test: run swift build first, or set KUBECTL_VAULT_INJECT." >&2
  exit 1
fi
export KUBECTL_VAULT_INJECT
PYTHONDONTWRITEBYTECODE=1 exec "$python" "$here/run.py" "$@"
