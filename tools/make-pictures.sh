#!/usr/bin/env bash
# Makes README's pictures anew from the current build: the window as it stands, and the same model ten
# seconds after its KL term was switched off. Needs no display.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_packages "${build_packages[@]}"
configure "$top/build" --buildtype=release
compile "$top/build" latentscape

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cat >"$work/script" <<END
action train.toggle
wait-steps 400
action train.toggle
move map 1.9 1.2
wait-ms 1500
screenshot $work/screenshot.png
action train.toggle
action loss.kl
wait-ms 10000
action train.toggle
action map.fit
wait-ms 500
move map 1.9 1.2
wait-ms 1500
screenshot $work/kl-off.png
quit
END
"$top/build/latentscape" --offscreen "$work/last.png" --seconds 120 --script "$work/script"
mv "$work/screenshot.png" "$work/kl-off.png" "$top/docs/"
