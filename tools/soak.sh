#!/usr/bin/env bash
# Shows that memory does not grow: the window trains off screen for some minutes while a mouse drags over
# its map, and its memory is read every ten seconds. Fails where the last third of the readings grows by
# more than 2 MB.
#
# usage: tools/soak.sh [--minutes N] [--program FILE]     (10 minutes, build/latentscape)
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=10
program=build/latentscape
while [ $# -gt 0 ]; do
    case $1 in
    --minutes) minutes=$2; shift 2 ;;
    --program) program=$2; shift 2 ;;
    *) sed -n 2,6p "$0" >&2; exit 2 ;;
    esac
done
[ -x "$program" ] || { echo "soak.sh: $program is not built." >&2; exit 2; }

folder=$(mktemp -d)
child=
finish() {
    [ -z "$child" ] || { kill "$child" 2>/dev/null; wait "$child"; } || true
    rm -rf "$folder"
}
trap finish EXIT

{
    echo "move 120 200"
    echo "action train.reset"
    echo "action train.toggle"
    # A drag is done within half a second; the script is longer than the run.
    for ((i = 0; i < minutes * 200; i++)); do
        echo "drag 120 200 560 460"
        echo "drag 560 300 140 420"
    done
    echo "wait-ms 600000"
} >"$folder/script"

XDG_CONFIG_HOME=$folder XDG_DATA_HOME=$folder \
    "$program" --script "$folder/script" --offscreen "$folder/window.png" &
child=$!

printf '%8s %10s\n' seconds MB
readings=()
for ((s = 10; s <= minutes * 60; s += 10)); do
    sleep 10
    kill -0 "$child" || { echo "soak.sh: the window ended by itself." >&2; exit 1; }
    kb=$(awk '/^VmRSS:/ {print $2}' "/proc/$child/status")
    readings+=("$kb")
    awk -v s="$s" -v kb="$kb" 'BEGIN {printf "%8d %10.1f\n", s, kb * 1024 / 1e6}'
done

count=${#readings[@]}
from=${readings[count * 2 / 3]}
to=${readings[count - 1]}
awk -v from="$from" -v to="$to" 'BEGIN {
    growth = (to - from) * 1024 / 1e6
    printf "growth over the last third: %.1f MB, at most 2.0\n", growth
    exit growth > 2
}'
