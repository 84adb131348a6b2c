#!/usr/bin/env bash
# Trains the same model on the same digits with this program and with PyTorch (Debian's python3-torch),
# alternately, and prints images/s and the time to quality side by side, in float32 and with what the
# program takes by itself. Takes about four minutes.
#
#   tools/bench-peer.sh [--seconds S] [--rounds N] [--quality S] [--json FILE]
#
# S seconds of training for each speed (4), N rounds of them (3), S seconds for quality (25; 0: none).
# Each program runs with its best number of threads and its best way to wait, found by short trials.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_packages "${build_packages[@]}" python3-torch python3-numpy
want_packages "${welcome_packages[@]}"
configure "$top/build" --buildtype=release
compile "$top/build" latentscape
# Debian's python3-torch belongs to Debian's python3, whatever else is called so.
exec /usr/bin/python3 "$top/tools/peer/compare.py" "$top/build/latentscape" "$@"
