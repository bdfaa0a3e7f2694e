#!/bin/sh
# SPDX-License-Identifier: MIT
# Set-up, demonstration and tests. Works from any directory and is safe to run again.
#
#   ./posim.sh demo          install what is missing, build, run a scenario, show its result and figures
#   ./posim.sh test [full]   install what is missing, build (gcc, clang, sanitizers), run the tests
#   ./posim.sh build         install what is missing and build, no more
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
cd "$root"

build_packages='build-essential pkg-config meson ninja-build libglib2.0-dev libsodium-dev libyaml-dev
libjson-glib-dev librandom123-dev libzstd-dev gnuplot-nox'
test_packages='clang python3 zstd sqlite3 poppler-utils groff-base libopenmpi-dev openmpi-bin procps'

# What only the long tests need: a browser for reports, and LaTeX for their fragments.
full_packages='chromium texlive-latex-base'

say() {
    printf 'posim: %s\n' "$*" >&2
}

has_package() {
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

# Prints those of the packages that are not installed.
missing() {
    for package in "$@"; do
        # any gnuplot will do
        case $package in
        gnuplot-nox) command -v gnuplot >/dev/null 2>&1 || printf '%s ' "$package" ;;
        *) has_package "$package" || printf '%s ' "$package" ;;
        esac
    done
}

install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "this is not a Debian system: what corresponds to these packages of Debian 12 must be there:"
        printf '    %s\n' "$*" | tr '\n' ' ' >&2
        echo >&2
        command -v meson >/dev/null 2>&1 || exit 1
        return 0
    fi
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "packages are missing, and there is no sudo; as root, run: apt-get install $wanted"
            exit 1
        fi
        as_root=sudo
    fi
    say "installing $wanted"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $wanted >/dev/null
}

# build DIR COMPILER [OPTION...]: configures once, compiles what changed.
build() {
    folder=$1
    compiler=$2
    shift 2
    if [ ! -f "$folder/build.ninja" ]; then
        say "configuring $folder ($compiler)"
        CC=$compiler meson setup "$folder" "$@" >"$folder.log" 2>&1 || {
            cat "$folder.log" >&2
            exit 1
        }
        mv "$folder.log" "$folder/configure.log"
    fi
    say "building $folder"
    if ! meson compile -C "$folder" >"$folder/compile.log" 2>&1; then
        tail -n 40 "$folder/compile.log" >&2
        exit 1
    fi
}

build_release() {
    # shellcheck disable=SC2086 # a list of words
    install $build_packages
    build build-release gcc --buildtype=release -Db_ndebug=true
}

demo() {
    build_release
    results=$root/results/demo
    mkdir -p "$root/results"
    say "running scenarios/examples/cosmos-hub.yaml"
    build-release/sim/cli/posim run scenarios/examples/cosmos-hub.yaml -o "$results" --force
    build-release/sim/cli/posim plot "$results"
    build-release/sim/cli/posim report "$results"
    say "results, traces and figures are in $results; report.html there is one page of it all"
}

# test_build DIR [MESON TEST OPTION...]: runs the tests of one build; tests/tally.py adds up what came of them.
test_build() {
    folder=$1
    shift
    say "testing $folder"
    rm -f "$folder/meson-logs/testlog.json"
    meson test -C "$folder" --no-rebuild --print-errorlogs "$@" >"$folder/test.log" 2>&1 ||
        grep -E '^[A-Za-z*]*(ERROR|Bail out)|Sanitizer|runtime error' "$folder/test.log" | head -n 100 >&2 || true
}

run_tests() {
    # shellcheck disable=SC2086 # a list of words
    install $build_packages $test_packages
    if [ "$1" = full ]; then
        # shellcheck disable=SC2086
        install $full_packages
    fi
    build build-test gcc -Dwerror=true
    build build-clang clang -Dwerror=true
    build build-sanitized gcc -Dwerror=true -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-DPOSIM_AUDIT
    if [ "$1" = full ]; then
        test_build build-test -t 4
    else
        test_build build-test --no-suite full
    fi
    test_build build-clang --no-suite full --suite unit --suite protocol --suite scenario
    test_build build-sanitized --no-suite full --suite unit --suite protocol --suite scenario --suite cli -t 4
    python3 tests/tally.py build-test build-clang build-sanitized
}

case ${1:-} in
demo) demo ;;
test) run_tests "${2:-quick}" ;;
build) build_release ;;
*)
    sed -n '3,8s/^# \{0,1\}//p' "$0"
    exit 2
    ;;
esac
