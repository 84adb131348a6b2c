#!/usr/bin/env bash
# Runs every test of this checkout: installs the Debian packages that are missing, builds, and runs
#
#   build-test   source checks, unit tests, golden answers, command line
#   build-asan   the same but for the source checks, under AddressSanitizer and
#                UndefinedBehaviorSanitizer
#   build-tsan   what several threads share, under ThreadSanitizer
#   build-test   the real window on a display of its own (Xvfb), worked by mouse and keyboard
#
# Logs of what failed come first; the last line is "N passed, N failed", and the exit status agrees.
# Needs no display, no network once the packages are there, and asks nothing.
set -uo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
exec </dev/null

# The tests are not to see the display, the settings or the models of whoever runs them.
home=$(mktemp -d)
trap 'rm -rf -- "$home"' EXIT
trap 'exit 130' INT TERM
export HOME=$home XDG_CONFIG_HOME=$home/config XDG_DATA_HOME=$home/data XDG_STATE_HOME=$home/state
export XDG_CACHE_HOME=$home/cache XDG_RUNTIME_DIR=$home/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
unset DISPLAY WAYLAND_DISPLAY SDL_VIDEODRIVER

logs=()
broken=()

# stage WHAT DIR SETUP -- MESON-TEST-OPTION...: builds DIR and runs a part of its tests.
stage() {
    local what=$1 dir=$top/$2 options=() name began=$SECONDS
    shift 2
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    name=${what//[^a-z]/-}
    if ! (configure "$dir" "${options[@]}" && compile "$dir"); then
        broken+=("build for $what")
        return
    fi
    rm -f "$dir/meson-logs/$name.json"
    # A sanitizer's own address layout does not always fit the kernel's random one.
    "${wrap[@]}" meson test -C "$dir" --no-rebuild --logbase "$name" "$@" >"$dir/$name.log" 2>&1
    if [ ! -f "$dir/meson-logs/$name.json" ]; then
        tail -n 20 "$dir/$name.log" >&2
        broken+=("$what")
        return
    fi
    logs+=("$dir/meson-logs/$name.json")
    say "$("$top/tools/sum-tests" --brief "$dir/meson-logs/$name.json"): $what, $((SECONDS - began)) s"
}

need_packages "${build_packages[@]}" "${test_packages[@]}"
want_packages "${welcome_packages[@]}"
say "Running every test; this takes some minutes."

wrap=()
stage 'source checks and unit tests' build-test \
    --buildtype=debugoptimized -Dwerror=true -- --no-suite window --timeout-multiplier 4

export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
stage 'address and undefined behaviour' build-asan \
    --buildtype=debugoptimized -Db_sanitize=address,undefined -Db_lundef=false \
    -- --no-suite source --no-suite window --no-suite lessons --timeout-multiplier 10

export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1
if setarch "$(uname -m)" -R true 2>/dev/null; then
    wrap=(setarch "$(uname -m)" -R)
fi
stage 'threads' build-tsan \
    --buildtype=debugoptimized -Dgui=disabled -Db_sanitize=thread -Db_lundef=false \
    -- --suite threads --timeout-multiplier 10
wrap=()

stage 'the window' build-test \
    --buildtype=debugoptimized -Dwerror=true -- --suite window --timeout-multiplier 4

sum=("$top/tools/sum-tests")
for what in "${broken[@]}"; do
    sum+=(--broken "$what")
done
"${sum[@]}" "${logs[@]}"
