#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the cost of Tendermint grows with its validators: whole runs with all watches, geographic delays, default traces.

    tests/bench/growth.py BUILD                 a few minutes; prints a table
    tests/bench/growth.py BUILD --data FOLDER   and keeps it there, for tests/bench/growth.gp to draw
    tests/bench/growth.py BUILD --most 1000     up to so many validators
    tests/bench/growth.py PROGRAM ...           a program by itself, for instance of an earlier commit

BUILD is a release build. Rates are over the processor time of the whole program, the best of the rounds (--rounds), so
that what else the machine does matters little. Deliveries are equivalent deliveries: arrivals that were made one by
one, or would have been.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile

# Validators, and blocks to be final: enough that starting does not count, and not more than a few seconds.
SIZES = ((100, 300), (1000, 25), (4000, 4), (10000, 2))
EVENTS_MOST = 1000  # as events a larger run takes minutes
SILENT = (0, 20, 33)
COLUMNS = ("deliveries", "validators", "silent_percent", "deliveries_per_s", "blocks_per_s", "memory_mib",
           "ms_per_block")


def processor_s():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def first_row(path):
    with open(path, encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file))


def run_once(program, folder, deliveries, count, blocks, silent):
    """Processor time, deliveries, final blocks, bytes."""
    scenario = os.path.join(folder, "tendermint.yaml")
    results = os.path.join(folder, "results")
    with open(scenario, "w", encoding="utf-8") as file:
        file.write("posim: 1\n"
                   "protocol: {kind: tendermint}\n"
                   f"validators: {{count: {count}}}\n"
                   f"time: {{duration: 1 h, stop_height: {blocks}}}\n"
                   "network: {latency: {model: geographic}}\n"
                   f"engine: {{deliveries: {deliveries}}}\n"
                   + (f"adversary: {{kind: silent, stake: {silent} %}}\n" if silent else ""))
    before = processor_s()
    subprocess.run([program, "run", scenario, "-j", "1", "-o", results, "--force", "--progress", "none"],
                   stdout=subprocess.DEVNULL, check=True)
    took = processor_s() - before
    runs = first_row(os.path.join(results, "runs.csv"))
    memory = first_row(os.path.join(results, "timing.csv"))["memory_bytes"]
    return took, float(runs["deliveries"]), float(runs["blocks_final"]), float(memory)


def measure(program, deliveries, count, blocks, silent, rounds):
    with tempfile.TemporaryDirectory() as folder:
        took, arrivals, final, memory = min(run_once(program, folder, deliveries, count, blocks, silent)
                                            for _ in range(rounds))
    return dict(zip(COLUMNS, (deliveries, count, silent, arrivals / took, final / took, memory / 2**20,
                              1e3 * took / final)))


def add_line(row):
    """For table.py; see line.h."""
    path = os.environ.get("POSIM_BENCH_LINES")
    if path:
        with open(path, "a", encoding="utf-8") as file:
            file.write(f"tendermint, {row['validators']} validators, {row['silent_percent']} % silent, "
                       f"{row['deliveries']}\t{row['deliveries_per_s'] / 1e6:.6g}\t0\n")


def keep(path, columns, rows):
    with open(path + ".new", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    os.replace(path + ".new", path)


def main():
    parser = argparse.ArgumentParser(description="how the cost of Tendermint grows with its validators")
    parser.add_argument("build", help="a release build, or the program of one")
    parser.add_argument("--data", help="a folder to keep the rows in")
    parser.add_argument("--most", type=int, default=10000, help="the most validators")
    parser.add_argument("--rounds", type=int, default=3, help="of each row, of which the best counts")
    options = parser.parse_args()
    program = options.build if os.path.isfile(options.build) else os.path.join(options.build, "sim", "cli", "posim")
    rows = []
    print(f"{'':7} {'validators':>10} {'silent':>7} {'M deliveries/s':>14} {'blocks/s':>9} {'peak MiB':>9} "
          f"{'ms a block':>10}")
    for deliveries in ("late", "events"):
        for count, blocks in SIZES:
            if count > options.most or (deliveries == "events" and count > EVENTS_MOST):
                continue
            for silent in SILENT:
                row = measure(program, deliveries, count, blocks, silent, options.rounds)
                print(f"{deliveries:7} {count:>10} {silent:>5} % {row['deliveries_per_s'] / 1e6:>14.1f} "
                      f"{row['blocks_per_s']:>9.2f} {row['memory_mib']:>9.0f} {row['ms_per_block']:>10.3g}",
                      flush=True)
                add_line(row)
                rows.append(row)
    if options.data:
        os.makedirs(options.data, exist_ok=True)
        # A line of the figure after the other.
        rows.sort(key=lambda row: (row["deliveries"], row["silent_percent"], row["validators"]))
        keep(os.path.join(options.data, "growth.csv"), COLUMNS, rows)
        note = f"Tendermint; geographic delays; one thread; best of {options.rounds}"
        keep(os.path.join(options.data, "growth_facts.csv"), ["note"], [{"note": note}])


if __name__ == "__main__":
    sys.exit(main())
