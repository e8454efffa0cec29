#!/usr/bin/env bash
# Builds everything a release is for this machine's system, and prints the path of each file.
#
#   bash plugin/package.sh [--only KIND,KIND…] [--program FILE] FOLDER [URL [HOMEPAGE]]
#
# The kinds are archive (krew's layout), deb, rpm, wheel and sbom, which are made of the program, and krew, homebrew and
# sums, which are made of what is in FOLDER. krew's manifest and Homebrew's formula need the URL that the archives will
# be published under: build on each system, gather the files in one folder, and run this once more, with
# `--only krew,homebrew,sums`. --program is a program that plugin/release.sh has built. Without --only all is made that
# this system can have; a tool that is missing is an error. The same sources give the same bytes.
set -euo pipefail
exec python3 -B "$(dirname "$0")/package" "$@"
