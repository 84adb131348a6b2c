# Shared by run.sh, test.sh and the other scripts of this folder; sourced, never run.
#
# Gives $top (the checkout), the lists of Debian packages, and the steps every script begins with.
# The lists stand here alone: whatever the program or its tests need is a word below.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)

build_packages=(
    gcc libc6-dev meson ninja-build pkg-config python3
    libsdl2-dev libsdl2-ttf-dev libopenblas-dev libjansson-dev libpng-dev zlib1g-dev
)
# The program is built without what is missing of these, and the system may not know them.
welcome_packages=(
    libdnnl-dev # matrix products in bfloat16
)
test_packages=(
    libcmocka-dev       # unit tests
    xvfb xdotool  # the real window, driven as a person would
)

say() {
    printf '%s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# Prints those of the given packages that are not installed.
missing_packages() {
    local have
    # dpkg-query fails where it does not know one of them, and still tells of the others
    have=$({ dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true; } |
        sed -n 's/ installed$//p')
    comm -23 <(printf '%s\n' "$@" | sort -u) <(sort -u <<<"$have")
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Installs what is missing of the given packages; where nothing is, apt-get is not called at all.
need_packages() {
    local missing log
    if ! command -v dpkg-query >/dev/null; then
        return 0 # not a Debian system: meson will name what it does not find
    fi
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" -eq 0 ]; then
        return 0
    fi
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        die "These Debian packages are missing and sudo is not there to install them: ${missing[*]}"
    fi
    say "Installing ${#missing[@]} Debian packages: ${missing[*]}"
    log=$(mktemp)
    # A fresh system has no package lists at all and an old one has stale ones: only then are they
    # fetched, since that costs more than most installations.
    if ! apt_install "${missing[@]}" >"$log" 2>&1; then
        as_root apt-get update -qq >>"$log" 2>&1 || true
        if ! apt_install "${missing[@]}" >>"$log" 2>&1; then
            tail -n 15 "$log" >&2
            rm -f "$log"
            die "apt-get could not install: ${missing[*]}"
        fi
    fi
    rm -f "$log"
}

# Installs what can be had of the given packages, and goes on without the others.
want_packages() {
    local package
    if ! command -v dpkg-query >/dev/null ||
        { [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; }; then
        return 0
    fi
    for package in $(missing_packages "$@"); do
        if apt-cache show "$package" >/dev/null 2>&1; then
            say "Installing the Debian package $package"
            apt_install "$package" >/dev/null 2>&1 || say "It could not be installed; the program does without."
        fi
    done
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Use-Pty=0 "$@" </dev/null
}

# configure DIR OPTION...: makes the build folder ready for ninja. One that was made for another
# place, with other options, other welcome packages or by another user is made anew, so a moved or
# shared checkout works.
configure() {
    local dir=$1 stamp log
    shift
    stamp=$(printf '%s\n' "$top" "$(id -u)" "$@" "$(missing_packages "${welcome_packages[@]}")")
    if [ -f "$dir/build.ninja" ] && [ "$(cat "$dir/.configured" 2>/dev/null)" = "$stamp" ]; then
        return 0
    fi
    if [ -e "$dir" ]; then
        if [ ! -d "$dir/meson-private" ] && [ -n "$(ls -A "$dir")" ]; then
            die "$dir is in the way: it holds something else than a build."
        fi
        rm -rf -- "$dir" 2>/dev/null ||
            as_root rm -rf -- "$dir" ||
            die "$dir was made by another user and cannot be removed."
    fi
    log=$(mktemp)
    if ! meson setup "$@" "$dir" "$top" >"$log" 2>&1; then
        tail -n 15 "$log" >&2
        rm -rf -- "$dir" "$log"
        die "meson could not configure $dir"
    fi
    rm -f "$log"
    printf '%s\n' "$stamp" >"$dir/.configured"
}

# compile DIR [TARGET...]: progress on a terminal, else silence unless something fails.
compile() {
    local dir=$1
    shift
    if [ -t 2 ] && ! ninja -C "$dir" -n "$@" 2>&1 | grep -q 'no work to do'; then
        NINJA_STATUS='[%f/%t] ' ninja -C "$dir" "$@" >&2 || die "The build in $dir failed."
    elif ! ninja -C "$dir" "$@" >"$dir/compile.log" 2>&1; then
        grep -v '^\[[0-9]*/[0-9]*\]' "$dir/compile.log" | tail -n 60 >&2
        die "The build in $dir failed; all it said is in $dir/compile.log"
    fi
}
