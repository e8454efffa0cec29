#!/usr/bin/env bash
# Builds a release and installs it where kubectl finds it, under both names kubectl looks for.
#
#   bash plugin/install.sh [FOLDER]      FOLDER is ~/.local/bin where none is given; it should be on PATH
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh

folder=${1:-$HOME/.local/bin}
need_packages libyaml-dev libcurl4-openssl-dev || exit 69
build=(swift build -c release --static-swift-stdlib --product kubectl-vault-inject)
"${build[@]}" >&2
mkdir -p "$folder"
install -m 755 "$("${build[@]}" --show-bin-path)/kubectl-vault-inject" "$folder/kubectl-vault-inject"
# `kubectl vault-inject` looks for this name, `kubectl vault inject` for the other.
ln -sf kubectl-vault-inject "$folder/kubectl-vault_inject"
echo "Installed kubectl-vault-inject in $folder" >&2
