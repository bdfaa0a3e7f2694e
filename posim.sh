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
test_packages='clang libclang-rt-14-dev python3 python3-yaml zstd poppler-utils'

say() {
    printf 'posim: %s\n' "$*" >&2
}

has_package() {
    dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'install ok installed'
}

# Prints those of the packages that are not installed.
missing() {
    for package in "$@"; do
        # any gnuplot will do, and any clang runtime
        case $package in
        gnuplot-nox) command -v gnuplot >/dev/null 2>&1 || printf '%s ' "$package" ;;
        *) has_package "$package" || printf '%s ' "$package" ;;
        esac
    done
}

install() {
    if ! command -v apt-get >/dev/null 2>&1; then
        say "this is not a Debian system; install what corresponds to these packages, and run this again:"
        printf '%s\n' "$*" >&2
        command -v meson >/dev/null 2>&1 || exit 1
        return
    fi
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    as_root=''
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "as root, run: apt-get install $wanted"
            exit 1
        fi
        as_root=sudo
    fi
    say "installing $wanted"
    $as_root apt-get update -qq
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
        grep -E 'error|warning|FAILED' "$folder/compile.log" >&2 || cat "$folder/compile.log" >&2
        exit 1
    fi
}

build_release() {
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
    say "results, traces and figures are in $results"
}

passed=0
failed=0
skipped=0

# test_build DIR [MESON TEST OPTION...]: runs the tests of one build and adds up what came of them.
test_build() {
    folder=$1
    shift
    say "testing $folder"
    if ! meson test -C "$folder" --no-rebuild --print-errorlogs "$@" >"$folder/test.log" 2>&1; then
        sed -n '/FAILED\|FAIL\|TIMEOUT\|ERROR\|stdout\|stderr\|not ok\|fail/p' "$folder/test.log" | head -100 >&2
    fi
    count() {
        sed -n "s/^$1: *\([0-9][0-9]*\).*/\1/p" "$folder/test.log" | tail -n 1
    }
    ok=$(count Ok)
    [ -n "$ok" ] || failed=$((failed + 1)) # the tests did not even start
    passed=$((passed + ${ok:-0} + $(count 'Expected Fail' || echo 0)))
    failed=$((failed + $(count Fail || echo 0) + $(count 'Unexpected Pass' || echo 0) + $(count Timeout || echo 0)))
    skipped=$((skipped + $(count Skipped || echo 0)))
}

run_tests() {
    install $build_packages $test_packages
    suites='--no-suite full'
    [ "${1:-quick}" = full ] && suites=''
    build build-test gcc -Dwerror=true
    build build-clang clang -Dwerror=true
    build build-sanitized gcc -Dwerror=true -Db_sanitize=address,undefined -Db_lundef=false -Dc_args=-DPOSIM_AUDIT
    test_build build-test $suites
    test_build build-clang --suite unit --suite protocol --suite scenario
    test_build build-sanitized --suite unit --suite protocol --suite scenario --suite cli -t 4
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
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
