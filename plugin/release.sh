#!/usr/bin/env bash
# Builds the program as it is released, and prints its path: neither libyaml nor libcurl, nor anything of Swift's,
# has to be installed where it runs. libyaml is in it; libcurl is opened when a server is asked.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/setup.sh
need_packages libyaml-dev libcurl4-openssl-dev pkg-config || exit 69

# The linker takes a shared library where it finds one beside the archive; in this folder there are archives only.
archives=$PWD/.build/release-archives
rm -rf "$archives"
mkdir -p "$archives"
archive=$(pkg-config --variable=libdir yaml-0.1)/libyaml.a
[ -f "$archive" ] || { echo "There is no $archive: the package of libyaml's headers holds it" >&2; exit 69; }
ln -s "$archive" "$archives/"
standard=$(cc -print-file-name=libstdc++.a 2> /dev/null || true)
case $standard in /*) ln -s "$standard" "$archives/" ;; esac
cat > "$archives/yaml-0.1.pc" <<END
Name: LibYAML
Description: libyaml as an archive
Version: $(pkg-config --modversion yaml-0.1)
Cflags: $(pkg-config --cflags yaml-0.1)
Libs: -L$archives -lyaml
END
export PKG_CONFIG_PATH=$archives${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}

# What `version` tells. Where the sources lie in no repository, as in an archive of them, whoever builds them may say it.
if [ -z "${VAULT_INJECT_COMMIT:-}" ] && [ "$(git rev-parse --show-toplevel 2> /dev/null)" = "$PWD" ]; then
  VAULT_INJECT_COMMIT=$(git rev-parse --short=10 HEAD 2> /dev/null || true)
  [ -z "$(git status --porcelain 2> /dev/null)" ] || VAULT_INJECT_COMMIT+=-changed
fi
export VAULT_INJECT_COMMIT=${VAULT_INJECT_COMMIT:-}

# A build folder of its own: SwiftPM keeps what pkg-config told it for other builds.
build=(swift build -c release --scratch-path .build/plugin --static-swift-stdlib --product kubectl-vault-inject)
# Swift would write into the program, for each file, a hash of all it was compiled with, of which the paths are a part.
build+=(-Xswiftc -Xfrontend -Xswiftc -disable-incremental-llvm-codegen)
# LLVM's linker, which comes with Swift: the others warn about functions of Foundation that this program never calls.
# Nothing looks for symbols in a program that loads no parts of its own; Swift would have it name all of them.
[ "$(uname)" = Darwin ] || build+=(-Xlinker -s -Xlinker --no-export-dynamic -Xswiftc -use-ld=lld)
"${build[@]}" >&2
echo "$("${build[@]}" --show-bin-path)/kubectl-vault-inject"
