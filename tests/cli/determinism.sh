#!/bin/sh
# SPDX-License-Identifier: MIT
# The same scenario and seed give the same bytes: builds the program with gcc and clang, without optimisation and with
# all of it, runs the scenarios of tests/scenario/golden with every table recorded, and some examples, and compares the
# whole results. So does the reference build with one worker, with two, and once more. What differs by nature is
# left out: timing.csv and the journal, which hold times, and manifest.json and ro-crate-metadata.json, which name the
# build. TAP on stdout.
#
#   determinism.sh [WORK]    WORK: a folder for builds and results that is kept; by default a temporary one
set -u

source=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
work=${1:-}
if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work"
export POSIM_DATA="$source" # presets, for programs that are built elsewhere

# Every table that the program can write.
tables() {
    "$1" list tables | awk '{ printf "%s%s", separator, $1; separator = ", " }'
}

number=0
failed=0
report() {
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        failed=1
    fi
}

# make NAME COMPILER OPTIMISATION: the program, built into WORK/NAME.
make() {
    if [ ! -f "$work/$1/build.ninja" ]; then
        CC=$2 meson setup "$work/$1" "$source" -Doptimization="$3" -Ddebug=false >"$work/$1.log" 2>&1 || return 1
    fi
    ninja -C "$work/$1" sim/cli/posim >>"$work/$1.log" 2>&1
}

# run PROGRAM RESULTS WORKERS: all scenarios, each into a folder of RESULTS.
run() {
    every=$(tables "$1")
    for file in "$source"/tests/scenario/golden/*.yaml; do
        "$1" run "$file" -o "$2/$(basename "$file" .yaml)" -j "$3" --set "record=[$every]" --progress none \
            >/dev/null 2>&1 || return 1
    done
    for name in first cosmos-hub cardano-pools; do
        "$1" run "$source/scenarios/examples/$name.yaml" -o "$2/$name" -j "$3" --progress none >/dev/null 2>&1 ||
            return 1
    done
}

compare_with_reference() {
    diff -r --exclude=timing.csv --exclude=journal --exclude=manifest.json --exclude=ro-crate-metadata.json \
        "$work/results/reference" "$work/results/$1"
}

# compare NAME MEANING: results against the reference's.
compare() {
    compare_with_reference "$1" >"$work/$1.diff" 2>&1
    report $? "$2"
    head -n 5 "$work/$1.diff" | cut -c 1-200 | sed 's/^/# /'
}

rm -rf "$work/results"
mkdir -p "$work/results"
echo 1..8
make gcc-O3 gcc 3 && run "$work/gcc-O3/sim/cli/posim" "$work/results/reference" 1
report $? "the reference: gcc -O3, one worker"
files=$(find "$work/results/reference" -type f | wc -l)
bytes=$(du -sb "$work/results/reference" | cut -f 1)
[ "$files" -ge 200 ]
report $? "it wrote $files files, $bytes bytes"
run "$work/gcc-O3/sim/cli/posim" "$work/results/again" 1
compare again "a second run"
run "$work/gcc-O3/sim/cli/posim" "$work/results/two-workers" 2
compare two-workers "two workers"
for variant in gcc-O0 clang-O0 clang-O3; do
    make "$variant" "${variant%-O*}" "${variant#*-O}" && run "$work/$variant/sim/cli/posim" "$work/results/$variant" 2
    compare "$variant" "$variant"
done
# A comparison that cannot fail would show nothing: one byte more in one file must be seen.
cp -r "$work/results/again" "$work/results/spoilt"
printf ' ' >>"$work/results/spoilt/first/runs.csv"
! compare_with_reference spoilt >/dev/null
report $? "one byte more is seen"
exit $failed
