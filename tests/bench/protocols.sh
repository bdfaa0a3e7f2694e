#!/bin/sh
# SPDX-License-Identifier: MIT
# Whole runs of the two protocols, one worker each: how fast they go, and in how much memory.
#
#   tests/bench/protocols.sh PROGRAM        PROGRAM from a release build
#
# Deliveries are equivalent deliveries: arrivals that were made one by one, or would have been. The traces written are
# the default ones. Times are wall times of a run inside the program (timing.csv); run it on a quiet machine.
set -eu

program=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Adds a line for table.py.
line() {
    [ -z "${POSIM_BENCH_LINES:-}" ] || printf '%s\t%s\t0\n' "$1" "$2" >>"$POSIM_BENCH_LINES"
}

# column FILE NAME: the value in the first row of the column of that name.
column() {
    awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i } NR == 2 { print $at }' "$1"
}

# measure LABEL SCENARIO [OPTION...]: runs it and prints a line.
measure() {
    label=$1
    scenario=$2
    shift 2
    "$program" run "$scenario" -j 1 -o "$folder/results" --force --progress none "$@" >/dev/null
    runs=$folder/results/runs.csv
    timing=$folder/results/timing.csv
    printf '%s %s %s %s %s\n' "$(column "$runs" simulated_s)" "$(column "$timing" wall_s)" \
        "$(column "$runs" deliveries)" "$(column "$runs" blocks_final)" "$(column "$timing" memory_bytes)" |
        awk -v label="$label" '{ printf "%-42s %8.0f %8.2f %10.1f %10.2f %8.1f %8.0f\n",
            label, $1, $2, $3 / 1e6, $3 / $2 / 1e6, $4 / $2, $5 / 1048576 }'
    line "$label" "$(awk -v n="$(column "$runs" deliveries)" -v s="$(column "$timing" wall_s)" \
        'BEGIN { print n / s / 1e6 }')"
}

cat >"$folder/tendermint.yaml" <<'YAML'
posim: 1
protocol: {kind: tendermint}
validators: {count: 100}
YAML
cat >"$folder/praos.yaml" <<'YAML'
posim: 1
time: {duration: 1 d}
protocol: {kind: praos, settlement_depth: 30}
validators: {count: 3041, stake: {dist: zipf}}
network: {latency: {model: constant, delay: 1 s}}
YAML

printf '%-42s %8s %8s %10s %10s %8s %8s\n' run sim_s wall_s deliv_M M/s blocks/s MiB
for count in 100 500 1000 2000; do
    seconds=$((60000 / count))
    measure "tendermint, $count validators, constant" "$folder/tendermint.yaml" --set validators.count=$count \
        --set "time.duration=$seconds s" --set 'network.latency={model: constant, delay: 50 ms}'
    measure "tendermint, $count validators, geographic" "$folder/tendermint.yaml" --set validators.count=$count \
        --set "time.duration=$seconds s" --set 'network.latency={model: geographic}'
done
for share in 20 33; do
    measure "tendermint, 1000, geographic, $share % silent" "$folder/tendermint.yaml" --set validators.count=1000 \
        --set 'time.duration=60 s' --set 'network.latency={model: geographic}' \
        --set "adversary={kind: silent, stake: $share %}"
    measure "tendermint, 1000, geographic, $share % down" "$folder/tendermint.yaml" --set validators.count=1000 \
        --set 'time.duration=60 s' --set 'network.latency={model: geographic}' \
        --set "faults=[{kind: crash, at: 0 s, stake: $share %}]"
done
measure 'tendermint, 1000, geographic, events' "$folder/tendermint.yaml" --set validators.count=1000 \
    --set 'time.duration=60 s' --set 'network.latency={model: geographic}' --set engine.deliveries=events
measure 'praos, 3,041 pools, one day' "$folder/praos.yaml"
