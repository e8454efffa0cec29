#!/usr/bin/env bash
# Builds the archive of a release for this machine's system, as krew wants it, and krew's manifest.
#
#   bash plugin/package.sh FOLDER [URL [HOMEPAGE]]
#
# The archive lands in FOLDER. With the URL the archives will be published under, the manifest
# FOLDER/vault-inject.yaml is written for all archives of this version in FOLDER: build on each system, gather the
# archives in one folder, and run this once more.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '4p' "$0" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
url=${2:-}
homepage=${3:-}

case $(uname -m) in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) echo "krew has no name for this processor: $(uname -m)" >&2; exit 69 ;;
esac
os=$(uname | tr '[:upper:]' '[:lower:]')
program=$(bash "$here/release.sh")
version=v$("$program" version | awk '{ print $2 }')

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
install -m 755 "$program" "$stage/kubectl-vault-inject"
if [ -f "$here/../LICENSE" ]; then
  install -m 644 "$here/../LICENSE" "$stage/LICENSE"
else
  echo "warning: there is no LICENSE; krew's index takes no archive without the text of its licence" >&2
fi
owners=()
case $(tar --version) in *GNU*) owners=(--owner=0 --group=0 --numeric-owner) ;; esac
archive=kubectl-vault-inject_${version}_${os}_${arch}.tar.gz
(cd "$stage" && tar ${owners[@]+"${owners[@]}"} -czf "$folder/$archive" -- *)
echo "$folder/$archive"

[ -n "$url" ] || exit 0
sum() { if command -v sha256sum > /dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d ' ' -f 1; }
{
  sed "s|^  version: .*|  version: $version|" "$here/krew/vault-inject.yaml"
  [ -z "$homepage" ] || echo "  homepage: $homepage"
  echo "  platforms:"
  for path in "$folder"/kubectl-vault-inject_"${version}"_*.tar.gz; do
    name=$(basename "$path" .tar.gz)
    system=${name#kubectl-vault-inject_"${version}"_}
    cat <<END
    - selector:
        matchLabels:
          os: ${system%_*}
          arch: ${system##*_}
      uri: ${url%/}/$name.tar.gz
      sha256: $(sum "$path")
      bin: kubectl-vault-inject
END
  done
} > "$folder/vault-inject.yaml"
echo "$folder/vault-inject.yaml"
