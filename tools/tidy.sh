#!/usr/bin/env bash
# Runs clang-tidy over the sources, as many at a time as there are processors, and says what it found.
#
#   tools/tidy.sh [FILE.c...]
#
# For a person to read: it needs clang-tidy 14 (Debian: clang-tidy-14), takes some minutes, and is no
# part of the tests. Exit status 1 where it found anything.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
cd "$top"

tidy=$(command -v clang-tidy-14 || command -v clang-tidy) || die "clang-tidy is not installed."
build=$top/build-test
configure "$build" --buildtype=debugoptimized -Dwerror=true

if [ $# -eq 0 ]; then
    mapfile -t files < <(find src -name '*.c' | sort)
    set -- "${files[@]}"
fi
# gcc's own options in the compile commands are strange to clang, and no finding.
printf '%s\0' "$@" | xargs -0 -n 1 -P "$(nproc)" "$tidy" -p "$build" --quiet \
    --extra-arg=-Wno-unknown-warning-option --extra-arg=-Wno-unused-command-line-argument 2>/dev/null
