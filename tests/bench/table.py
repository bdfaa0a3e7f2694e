#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""All benches as one table: what, how fast, beside the machine's limit in the same run, beside the last release.

    tests/bench/table.py BUILD            runs them (a minute or two) and prints the table
    tests/bench/table.py BUILD hold       those whose names are given
    tests/bench/table.py BUILD --release  and keeps the figures as those of this release

BUILD is a release build. Rates are millions a second. Machines differ: the ratio to the last release means something
on the machine that release.csv names, the ratio to the limit on any.
"""

import argparse
import csv
import os
import platform
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RELEASE = os.path.join(HERE, "release.csv")


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        names = {line.split(":", 1)[1].strip() for line in file if line.startswith("model name")}
    return f"{', '.join(sorted(names)) or platform.machine()}, {os.cpu_count()} cores"


def benches(build):
    """Name and command of each, in the order of the table."""
    folder = os.path.join(build, "tests", "bench")
    programs = sorted(name for name in os.listdir(folder) if name.startswith("bench_") and
                      os.access(os.path.join(folder, name), os.X_OK) and
                      os.path.isfile(os.path.join(folder, name)))
    yield from ((name[len("bench_"):], [os.path.join(folder, name)]) for name in programs)
    yield "growth", [os.path.join(HERE, "growth.py"), build, "--most", "1000", "--rounds", "1"]
    yield "protocols", [os.path.join(HERE, "protocols.sh"), os.path.join(build, "sim", "cli", "posim")]


def measure(name, command):
    """Rows (bench, what, rate, limit) that the bench left, and whether it ended well."""
    with tempfile.NamedTemporaryFile("r", suffix=".lines", encoding="utf-8") as lines:
        print(f"measuring {name}", file=sys.stderr)
        done = subprocess.run(command, stdout=subprocess.PIPE, env={**os.environ, "POSIM_BENCH_LINES": lines.name},
                              text=True, check=False)
        if done.returncode:
            print(f"{done.stdout}\n{name} failed", file=sys.stderr)
        left = [line.split("\t") for line in lines.read().splitlines()]
    return [(name, what, float(rate), float(limit)) for what, rate, limit in left], done.returncode == 0


def last_release():
    """The machine and its rates by (bench, what); empty before there is a release."""
    if not os.path.exists(RELEASE):
        return "", {}
    with open(RELEASE, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return rows[0]["machine"] if rows else "", {(row["bench"], row["what"]): float(row["rate"]) for row in rows}


def keep(rows):
    with open(RELEASE + ".new", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["machine", "bench", "what", "rate", "limit"])
        writer.writerows([machine(), *row] for row in rows)
    os.replace(RELEASE + ".new", RELEASE)


def show(rows):
    where, before = last_release()
    wide = max([len(what) for _, what, _, _ in rows] + [4])
    print(f"{'bench':<11} {'what':<{wide}} {'M/s':>9} {'of limit':>9} {'of last':>8}")
    for bench, what, rate, limit in rows:
        of_limit = f"{rate / limit:.3f}" if limit else ""
        of_last = f"{rate / before[bench, what]:.2f}" if (bench, what) in before else ""
        print(f"{bench:<11} {what:<{wide}} {rate:>9.4g} {of_limit:>9} {of_last:>8}")
    if where and where != machine():
        print(f"\nthe last release was measured on another machine: {where}; this is {machine()}")


def main():
    parser = argparse.ArgumentParser(description="all benches as one table")
    parser.add_argument("build", help="a release build")
    parser.add_argument("names", nargs="*", help="some of the benches")
    parser.add_argument("--release", action="store_true", help="keep the figures as those of this release")
    options = parser.parse_args()
    known = dict(benches(options.build))
    for name in options.names:
        if name not in known:
            parser.error(f"there is no bench {name}; there are {', '.join(known)}")
    rows, fine = [], True
    for name, command in known.items():
        if not options.names or name in options.names:
            measured, ended_well = measure(name, command)
            rows += measured
            fine &= ended_well
    if not rows:
        sys.exit("nothing was measured")
    show(rows)
    if not fine:
        sys.exit("a bench failed: what it said is above")
    if options.release:
        keep(rows)


if __name__ == "__main__":
    main()
