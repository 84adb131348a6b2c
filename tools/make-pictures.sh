#!/usr/bin/env bash
# Makes README's pictures anew from the current build: plays user actions in the window, off screen, and
# keeps what it shows. Needs no display; takes some minutes.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

need_packages "${build_packages[@]}"
want_packages "${welcome_packages[@]}"
configure "$top/build" --buildtype=release
compile "$top/build" latentscape

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
mkdir "$work/docs"
# One session tells the story: explore, change the loss, begin anew, KL off, reconstruction off. At 1280x800 the
# map lies at x 46 to 466 and y 94 to 514; x 512 is between it and the cards, where nothing is pointed at.
cat >"$work/script" <<END
wait-ms 600
drag 120 180 375 386
wait-ms 2500
screenshot $work/docs/explore.png
action train.reset
action train.toggle
wait-steps 900
set beta 4
wait-steps 500
set beta 1
wait-steps 1600
drag 124 312 235 229
move 512 330
wait-ms 700
screenshot $work/docs/screenshot.png
action train.reset
wait-steps 40
screenshot $work/docs/learn.png
wait-steps 900
action loss.kl
wait-ms 10000
action map.fit
wait-ms 1500
screenshot $work/docs/kl-off.png
action loss.kl
action map.fit
wait-steps 500
action loss.rec
action loss.reg
wait-steps 1500
action map.fit
wait-ms 1500
screenshot $work/docs/rec-off.png
quit
END
"$top/build/latentscape" --offscreen "$work/last.png" --script "$work/script"
mv "$work/docs"/*.png "$top/docs/"
