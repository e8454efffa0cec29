#!/usr/bin/env bash
# Builds a release and installs it where kubectl finds it, under every name kubectl looks for.
#
#   bash plugin/install.sh [FOLDER]      FOLDER is ~/.local/bin where none is given; it should be on PATH
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$HOME/.local/bin}
program=$(bash "$here/release.sh")
mkdir -p "$folder"
install -m 755 "$program" "$folder/kubectl-vault-inject"
# `kubectl vault-inject` looks for this name, `kubectl vault inject` for the other; for completions of each, kubectl
# asks a program of its own.
for name in kubectl-vault_inject kubectl_complete-vault_inject kubectl_complete-vault-inject; do
  ln -sf kubectl-vault-inject "$folder/$name"
done
echo "Installed kubectl-vault-inject in $folder" >&2
