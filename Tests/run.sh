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

announce "packages"
need_packages libyaml-dev libcurl4-openssl-dev || skip "most likely everything: the build needs these packages"
need_packages bubblewrap busybox-static curl openssl python3-venv \
  || skip "what runs injected pods: bubblewrap, busybox-static, curl, openssl, python3-venv"
need_packages patch binutils git \
  || skip "what applies changes, reads programs and clones: patch, binutils, git"
need_packages rpm debootstrap ruby || skip "packages of other systems: rpm, debootstrap, ruby"
Tests/run tools || skip "what needs OpenBao, pre-commit, schemas or a terminal: PyPI's packages cannot be had"
need_packages zsh fish bash-completion git || skip "completion in real shells: zsh, fish, bash-completion"
command -v kubectl > /dev/null || skip "what needs kubectl: there is none on this machine"

step "style" Tests/run style
if step "build" Tests/run build; then
  # Every suite runs the program that was built with the tests.
  KUBECTL_VAULT_INJECT="$PWD/.build/tests/release/kubectl-vault-inject"
  export KUBECTL_VAULT_INJECT
  step "README" Tests/run readme
  step "commands" Tests/run commands
  step "in place" Tests/run in-place
  step "hostile input" Tests/run hostile
  step "one result" Tests/run one-result
  step "tests" Tests/run swift
  step "integrations" Tests/run integrations
  step "distribution" Tests/run distribution
  step "cluster" Tests/run cluster
fi
sum_up
# The last suite's closing line is the last one of all, so nothing is said after it.
if [ -n "${KUBECTL_VAULT_INJECT:-}" ]; then
  announce "end to end"
  Tests/run end-to-end || failed+=("end to end")
fi
[ ${#failed[@]} -eq 0 ]
