#!/usr/bin/env bash
# Builds a release, generates inputs and prints one table of figures beside other tools'.
#
#   bash Tests/Benchmarks/run.sh            about five minutes on two cores
#   bash Tests/Benchmarks/run.sh --quick    small inputs, one run each
#   bash Tests/Benchmarks/run.sh --binary FILE   measures a build that is there already
#   bash Tests/Benchmarks/run.sh --only apply    one step
#   bash Tests/Benchmarks/run.sh --only instructions --record 0.2   keeps those of a release in releases.tsv
set -euo pipefail
cd "$(dirname "$0")/../.."

binary=""
options=()
while [ $# -gt 0 ]; do
  case $1 in
    --binary) binary=$2; shift 2 ;;
    *) options+=("$1"); shift ;;
  esac
done

export BENCHMARK_FOLDER="$PWD/.build/benchmarks"
mkdir -p "$BENCHMARK_FOLDER"
command -v swift > /dev/null || export PATH="/opt/swift/usr/bin:$PATH"
if [ -z "$binary" ]; then
  build=(swift build -c release --static-swift-stdlib --product kubectl-vault-inject)
  "${build[@]}" >&2
  binary="$("${build[@]}" --show-bin-path)/kubectl-vault-inject"
fi
"${CC:-cc}" -O2 Tests/Benchmarks/scan.c -lyaml -o "$BENCHMARK_FOLDER/scan"
exec python3 Tests/Benchmarks/measure.py \
  --binary "$binary" --scan "$BENCHMARK_FOLDER/scan" ${options[@]+"${options[@]}"}
