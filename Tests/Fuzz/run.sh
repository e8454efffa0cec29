#!/usr/bin/env bash
# Looks for inputs that the reader or a transform cannot take, by coverage (libFuzzer), on one core.
#
#   Tests/Fuzz/run.sh [SECONDS] [LIBFUZZER-OPTION…]     one minute unless told otherwise
#
# Begins with the examples and the fixtures, and with what earlier runs learned (.build-fuzz/corpus). An input that
# breaks a law stops it and is kept in .build-fuzz/found: make it small with `-minimize_crash=1 FILE`, and put it
# into Tests/Fixtures/found, which an ordinary test replays.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
scratch=$PWD/.build-fuzz
mkdir -p "$scratch/corpus" "$scratch/seeds" "$scratch/found"

# An archive keeps the members of files that are gone.
rm -f "$scratch/build/release/libFuzz.a"
swift build -c release --package-path Tests/Fuzz --scratch-path "$scratch/build" --product Fuzz
swiftc -sanitize=fuzzer -parse-as-library -o "$scratch/fuzz" "$scratch"/build/release/libFuzz.a -lyaml

python3 Tests/Fuzz/seeds.py "$scratch/seeds"
# What Swift prints of a crash would end the process before the input is kept.
export SWIFT_BACKTRACE=enable=no
exec nice "$scratch/fuzz" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=3000 -max_len=8192 \
  -dict=Tests/Fuzz/manifest.dict -artifact_prefix="$scratch/found/" -print_final_stats=1 "$@" \
  "$scratch/corpus" "$scratch/seeds" Tests/Fixtures/found
