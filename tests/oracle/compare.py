#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Runs posim on random worlds and compares its traces with what an oracle decides. Prints TAP.

For each world: messages (what, by whom, when), blocks, votes, heads and finals. For each mutant, an oracle with one
rule broken: that the comparison tells it from posim. README.md says what is independent and what is not.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections import Counter

import mutants
import praos
import proposer
import tendermint
import worlds
from instants import Instants
from recorded import Difference, Recorded, nanoseconds, number, table

ORACLES = {"praos": praos, "tendermint": tendermint}
TIMEOUT_S = 120  # of one run of posim
ENOUGH = 100     # worlds that must follow every rule and catch every mutant


def run_posim(program, world, scenario, folder, name):
    """The folder with the run's trace."""
    path = os.path.join(folder, name + ".yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(scenario)
    results = os.path.join(folder, name)
    try:
        done = subprocess.run([program, "run", path, "-o", results, "--force", "--progress", "none"],
                              capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        raise Difference(0, 0, f"posim does not end within {TIMEOUT_S} s on {world.name}") from None
    if done.returncode != 0:
        raise Difference(0, 0, f"posim ends with {done.returncode} on {world.name}: {done.stderr.strip()}")
    return os.path.join(results, "traces", "0-0")


def rows_of(folder, name, columns):
    """A table's rows as tuples; times exactly."""
    return [tuple(nanoseconds(row[column]) if column.endswith("_s") else number(row[column]) for column in columns)
            for row in table(folder, name)]


def compare_rows(folder, name, columns, ours, until_ns):
    """Both in the order of time and node, and within that as they came; the number of rows."""
    by = columns.index("replica")
    ours, theirs = ([row for row in sorted(rows, key=lambda row: (row[0], row[by])) if row[0] < until_ns]
                    for rows in (ours, rows_of(folder, name, columns)))
    for our, their in zip(ours + [None], theirs + [None]):
        if our != their:
            row = min((row for row in (our, their) if row), key=lambda row: (row[0], row[by]))
            told = [row and " ".join(f"{column}={value}" for column, value in zip(columns[1:], row[1:]))
                    for row in (our, their)]
            raise Difference(row[0], row[by], f"{name}: the oracle has {told[0]}, posim has {told[1]}")
    return len(ours)


def compare_first_finals(folder, chain, world):
    """When the first honest node held each block final, by itself or by a descendant."""
    first = {}
    for at_ns, node, block in chain.finals:
        while not world.is_corrupt(node) and block != 0 and block not in first:
            first[block] = at_ns
            block = chain.parent(block)
    for row in table(folder, "blocks"):
        block, theirs = number(row["block"]), nanoseconds(row["first_final_s"])
        if first.get(block) != theirs:
            ours = first.get(block)
            raise Difference(min(time for time in (ours, theirs) if time is not None), 0,
                             f"blocks: block {block} is first final at {ours} ns by the oracle, {theirs} ns by posim")


def check_arrivals(recorded, world):
    """With a constant delay and no loss by chance, arrivals follow from the timetable of faults alone."""
    if world.latency["model"] != "constant" or world.losses:
        return 0
    checked = 0
    for message in recorded.messages:
        if message.kind not in ("vote", "proposal"):
            continue
        arrivals = dict(message.arrivals)
        for replica in range(world.node_count):
            wanted = world.arrival(message.origin, replica, message.at_ns)
            if wanted is not None and wanted > world.duration_ns:
                wanted = None
            if arrivals.get(replica) != wanted:
                raise Difference(message.at_ns, message.origin, f"{message} reaches node {replica} at "
                                 f"{arrivals.get(replica)} ns in the trace, at {wanted} ns by the timetable")
            checked += 1
    return checked


def compare(kind, world, folder, rules=None):
    """Raises the first Difference; else the oracle's counts."""
    recorded = Recorded(folder)
    counts = Counter(arrivals_checked=check_arrivals(recorded, world))
    try:
        chain = ORACLES[kind].simulate(world, recorded, Instants(), rules)
    except Difference as difference:
        raise recorded.first_not_sent(difference.at_ns - 1) or difference from None
    until_ns = world.duration_ns + 1 if chain.horizon_ns is None else chain.horizon_ns
    missing = recorded.first_not_sent(until_ns - 1)
    if missing:
        raise missing
    stakes = [sum(world.stakes[validator] for validator in node.validators) for node in chain.nodes]
    finals = [(at_ns, node, node, block, stakes[node], int(world.is_corrupt(node)))
              for at_ns, node, block in chain.finals]
    counts["votes"] = compare_rows(
        folder, "votes_cast", ("at_s", "kind", "height", "round", "validator", "replica", "block", "weight", "message"),
        chain.votes, until_ns)
    counts["heads"] = compare_rows(folder, "heads", ("at_s", "replica", "before", "after"), chain.heads, until_ns)
    counts["finals"] = compare_rows(
        folder, "finals", ("at_s", "replica", "node", "block", "stake", "corrupt"), finals, until_ns)
    if chain.horizon_ns is None:
        compare_first_finals(folder, chain, world)
    counts["messages"] = sum(message.used for message in recorded.messages)
    counts["blocks"] = sum(block.used for block in recorded.blocks.values())
    counts["arrivals"] = recorded.arrival_count
    counts["worlds cut short"] = int(chain.horizon_ns is not None)
    return counts, chain.counts


def compare_late(program, world, folder, recorded_folder):
    """Arrivals computed late give the same tables, byte for byte."""
    names = ("blocks", "finals", "heads", "votes_cast")
    late = run_posim(program, world, world.scenario(", ".join(names), "late"), folder, world.name + "-late")
    for name in names:
        contents = []
        for place in (recorded_folder, late):
            with open(os.path.join(place, name + ".csv"), "rb") as file:
                contents.append(file.read())
        if contents[0] != contents[1]:
            raise Difference(0, 0, f"{name}.csv differs between deliveries that are events and late ones")


class Suite:
    """The tests of one protocol: no difference, every rule followed, every mutant caught."""

    def __init__(self, kind, program, folder):
        self.kind, self.program, self.folder = kind, program, folder
        self.sums, self.rules = Counter(), Counter()
        self.mutants = dict(mutants.MUTANTS[kind])
        self.caught = {}
        self.tried = 0
        self.failed = []

    def world(self, index):
        self.tried += 1
        world = getattr(worlds, self.kind)(index)
        try:
            folder = run_posim(self.program, world, world.scenario(), self.folder, world.name)
            counts, rules = compare(self.kind, world, folder)
            if index % 4 == 0:
                compare_late(self.program, world, self.folder, folder)
                self.sums["worlds run late, too"] += 1
        except Difference as difference:
            self.failed.append(world.name)
            print(f"# {world.name}: {difference}", flush=True)
            return
        self.sums += counts
        self.sums["worlds"] += 1
        self.rules += rules
        self.try_mutants(world, folder)

    def try_mutants(self, world, folder):
        for name, rules in self.mutants.items():
            if name in self.caught:
                continue
            try:
                compare(self.kind, world, folder, rules)
            except Difference as difference:
                self.caught[name] = f"{world.name}, {difference}"

    def report(self):
        """TAP; whether all is well."""
        results = [(f"{self.kind}: traces equal the oracle's", not self.failed and self.sums["worlds"] > 0)]
        if self.tried < ENOUGH:
            print(f"# fewer than {ENOUGH} worlds: rules and mutants are not asked for")
        else:
            results += self.strength()
        print("# " + ", ".join(f"{name}: {count}" for name, count in sorted(self.sums.items())))
        print("# followed: " + ", ".join(f"{rule}: {count}" for rule, count in sorted(self.rules.items())))
        print(f"1..{len(results)}")
        for index, (text, passed) in enumerate(results, 1):
            print(f"{'' if passed else 'not '}ok {index} - {text}")
        for name, place in self.caught.items():
            print(f"# {name}: caught in {place}")
        return all(passed for _, passed in results)

    def strength(self):
        """Whether the comparison means something."""
        missing = [rule for rule in mutants.FOLLOWED[self.kind] if not self.rules[rule]]
        results = [(f"{self.kind}: the worlds follow every rule" + "".join(f", not {rule}" for rule in missing),
                    not missing)]
        if self.kind == "tendermint":
            results.append(("tendermint: proposers take the specification's turns", proposer.follows_specification()))
        return results + [(f"{self.kind}: an oracle with {name} differs", name in self.caught) for name in self.mutants]


def clear(folder, kept):
    """Removes what is left of worlds that did not differ."""
    for place, folders, files in os.walk(folder, topdown=False):
        parts = os.path.relpath(place, folder).split(os.sep)
        for name in files + folders:
            world = (parts[0] if parts[0] != "." else name).removesuffix(".yaml").removesuffix("-late")
            if world not in kept:
                path = os.path.join(place, name)
                (os.rmdir if name in folders else os.remove)(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.strip().split("\n", maxsplit=1)[0])
    parser.add_argument("protocol", choices=sorted(ORACLES))
    parser.add_argument("posim", help="the program")
    parser.add_argument("--worlds", type=int, default=200, help="how many worlds (200)")
    parser.add_argument("--first", type=int, default=0, help="number of the first world (0)")
    parser.add_argument("--keep", metavar="DIR", help="where scenarios and traces stay; else those that differ are "
                        "kept in a folder that is named")
    options = parser.parse_args()
    folder = options.keep or tempfile.mkdtemp(prefix="posim-oracle-")
    os.makedirs(folder, exist_ok=True)
    suite = Suite(options.protocol, options.posim, folder)
    for index in range(options.first, options.first + options.worlds):
        suite.world(index)
        if not options.keep:
            clear(folder, suite.failed)
    passed = suite.report()
    if not options.keep and not suite.failed:
        os.rmdir(folder)
    elif suite.failed:
        print(f"# what differs is kept in {folder}")
    sys.exit(0 if passed else 1)


if __name__ == "__main__":
    main()
