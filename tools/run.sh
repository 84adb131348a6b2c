#!/usr/bin/env bash
# Starts Latentscape from this checkout: installs the Debian packages that are missing, builds what
# has changed, opens the window. Arguments go on to the program.
#
#   tools/run.sh                        the window, on the pretrained model
#   tools/run.sh my.safetensors         the window, on a model of yours
#   tools/run.sh train --out my.safetensors --epochs 5
#
# Without a display the same event loop runs off screen for a few seconds of live training, and what
# the window would show is saved as a picture.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

build=$top/build
program=$build/latentscape

# Whether the program would find a display. A DISPLAY left over from a session that has ended names
# a socket nobody listens on, so the socket is tried.
display_answers() {
    if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        return 1
    fi
    python3 -I - "${DISPLAY:-}" "${WAYLAND_DISPLAY:-}" "${XDG_RUNTIME_DIR:-}" <<'PY'
import os, re, socket, sys

def answers(kind, address):
    with socket.socket(kind, socket.SOCK_STREAM) as s:
        s.settimeout(2)
        try:
            s.connect(address)
            return True
        except OSError:
            return False

x, wayland, runtime = sys.argv[1:]
place = re.fullmatch(r'(.*):(\d+)(\.\d+)?', x)
if place:
    host, number = place[1], int(place[2])
    if host in ('', 'unix'):
        path = f'/tmp/.X11-unix/X{number}'
        found = answers(socket.AF_UNIX, path) or answers(socket.AF_UNIX, '\0' + path)
    else:
        found = answers(socket.AF_INET, (host, 6000 + number))
    if found:
        sys.exit(0)
if wayland and answers(socket.AF_UNIX, os.path.join(runtime, wayland)):
    sys.exit(0)
sys.exit(1)
PY
}

# Whether the arguments ask for the window, and not for a command that needs none.
wants_window() {
    case "${1:-}" in
    '') true ;;
    --help | --version | -h) false ;;
    -*) [[ " $* " != *" --offscreen"* ]] ;;
    *) [ -f "$1" ] && [[ " $* " != *" --offscreen"* ]] ;;
    esac
}

need_packages "${build_packages[@]}"
want_packages "${welcome_packages[@]}"
if [ ! -x "$program" ]; then
    say "Building Latentscape (half a minute, once)"
fi
configure "$build" --buildtype=release
compile "$build" latentscape

if ! wants_window "$@" || display_answers; then
    exec "$program" "$@"
fi

picture=$build/latentscape.png
how=("$@" --offscreen "$picture")
did="showed what it was told to"
if [[ " $* " != *" --seconds"* && " $* " != *" --script"* ]]; then
    how+=(--seconds 5 --train)
    did="trained for 5 seconds"
fi
status=0
"$program" "${how[@]}" >"$build/offscreen.log" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
    cat "$build/offscreen.log" >&2
    exit "$status"
fi
printf 'There is no display: Latentscape %s off screen; the picture of its window is %s\n' "$did" "$picture"
