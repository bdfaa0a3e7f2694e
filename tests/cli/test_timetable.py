# SPDX-License-Identifier: MIT
"""Faults that come again, maintenance in turns, regions that fail together, and days on which links fill up."""

import collections
import csv
import os

from harness import BAD_SCENARIO, main, posim, write

SCENARIO = """posim: 1
name: timetable
time: {duration: 30 min}
protocol: {kind: tendermint}
validators: {count: 20}
network: {latency: {model: geographic}}
record: [incidents, nodes]
"""


def incidents(folder, text, *more):
    scenario = write(folder, "scenario.yaml", SCENARIO + text)
    results = os.path.join(folder, "results")
    posim("run", scenario, "-o", results, "--force", *more)
    with open(os.path.join(results, "traces", "0-0", "incidents.csv"), encoding="utf-8", newline="") as file:
        return [row | {"at_s": float(row["at_s"])} for row in csv.DictReader(file)]


def outages(rows):
    """(node, from, until) of each node's stretches down, in the order of their begin."""
    down, found = {}, []
    for row in rows:
        if row["kind"] == "crash":
            down[row["node"]] = row["at_s"]
        elif row["kind"] == "recovery":
            found.append((row["node"], down.pop(row["node"]), row["at_s"]))
    return sorted(found, key=lambda outage: outage[1:]), down


def test_a_fault_comes_again(folder):
    rows = incidents(folder, "faults: [{name: cut, kind: partition, at: 2 min, for: 30 s, every: 10 min, share: 20 %}]")
    begins = [row["at_s"] for row in rows if row["kind"] == "fault_begins"]
    ends = [row["at_s"] for row in rows if row["kind"] == "fault_ends"]
    assert begins == [120, 720, 1320] and ends == [150, 750, 1350], rows
    assert [float(row["until_s"]) for row in rows if row["kind"] == "fault_begins"] == ends


def test_maintenance_takes_turns(folder):
    """Twenty nodes, three at once, a minute each, half a minute between: seven turns, 10 minutes."""
    rows = incidents(folder, "faults: [{kind: maintenance, at: 5 min, takes: 1 min, at_once: 15 %, pause: 30 s}]")
    stretches, down = outages(rows)
    assert not down and len({node for node, _, _ in stretches}) == len(stretches) == 20
    turns = collections.Counter((start, until) for _, start, until in stretches)
    assert turns == {(300 + 90 * turn, 360 + 90 * turn): 2 if turn == 6 else 3 for turn in range(7)}, turns
    assert [float(row["until_s"]) for row in rows if row["kind"] == "fault_begins"] == [300 + 6 * 90 + 60]


def test_maintenance_goes_on_where_it_stopped(folder):
    """Two turns of five nodes fit into each window: after two windows each node has been down once."""
    rows = incidents(folder, "faults: [{kind: maintenance, at: 1 min, for: 150 s, every: 10 min, takes: 1 min, "
                             "at_once: 25 %}]")
    stretches, _ = outages(rows)
    rounds = [{node for node, start, _ in stretches if 60 + 600 * again <= start < 210 + 600 * again}
              for again in range(3)]
    assert [len(nodes) for nodes in rounds] == [10, 10, 10]
    assert not rounds[0] & rounds[1] and rounds[0] == rounds[2]


def test_regions_fail_together(folder):
    """All nodes of a region that goes down do so in one instant, and are up again in one."""
    churn = "faults: [{kind: churn, at: 0 s, for: 30 min, mean_up: 8 min, mean_down: 1 min, by: regions%s}]"
    rows = incidents(folder, "  \n" + churn % "", "--set",
                     "network.placement={regions: {eu-west-1: {share: 50 %}, us-east-1: {share: 30 %}, "
                     "sa-east-1: {share: 20 %}}}", "--seed", "3")
    stretches, _ = outages(rows)
    together = collections.Counter((start, until) for _, start, until in stretches)
    assert len(together) >= 2 and set(together.values()) <= {10, 6, 4}, together
    rows = incidents(folder, churn.replace("8 min", "3 min") % ", hits: 50 %", "--set",
                     "network.placement={regions: {eu-west-1: {share: 100 %}}}", "--seed", "3")
    stretches, _ = outages(rows)
    together = collections.Counter((start, until) for _, start, until in stretches)
    assert together and all(1 <= count < 20 for count in together.values()), together


def test_a_day_needs_places_for_local_time(folder):
    scenario = write(folder, "scenario.yaml", SCENARIO.replace("{model: geographic}", "{model: constant, delay: 9 ms}")
                     + "faults: [{name: day, kind: congestion, at: 0 s, extra: 1 s, local_time: on}]\n")
    for command in (["check", scenario], ["run", scenario, "-o", os.path.join(folder, "results")]):
        done = posim(*command, code=BAD_SCENARIO)
        assert "`faults.0` (day): `local_time` needs to know where nodes are" in done.stderr, done.stderr


def test_processors_need_something_to_validate(folder):
    fault = "faults: [{name: tired, kind: processors, at: 0 s, speed: %s}]\n"
    scenario = write(folder, "scenario.yaml", SCENARIO + fault % "50 %")
    done = posim("check", scenario, code=BAD_SCENARIO)
    assert "`faults.0` (tired): what a node validates waits for its processors only where messages are carried" \
        in done.stderr, done.stderr
    scenario = write(folder, "scenario.yaml", SCENARIO + fault % "0 %")
    done = posim("check", scenario, code=BAD_SCENARIO)
    assert "must be above 0 %: nodes that do nothing are down (kind: crash)" in done.stderr, done.stderr
    cores = SCENARIO.replace("{model: geographic}", "{model: geographic}, cpu: {cores: 1}")
    scenario = write(folder, "scenario.yaml", cores + fault % "50 %")
    done = posim("check", scenario)
    assert "`faults.0` (tired) changes nothing: validating takes no time here" in done.stderr, done.stderr
    scenario = write(folder, "scenario.yaml", cores.replace("cores: 1", "cores: 1, block: 1 ms") + fault % "100 %")
    done = posim("check", scenario)
    assert "`faults.0` (tired) changes nothing: 100 % is the full `speed`" in done.stderr, done.stderr


def median_waits(folder, network, fault):
    """Within which time half of the proposals reached half of the nodes, without the fault and with it."""
    times = []
    for text in ("", fault):
        scenario = write(folder, "scenario.yaml", SCENARIO.replace(
            "{model: geographic}", "{model: geographic}, relay: {kind: push}, topology: {kind: random_regular, "
            "degree: 4}, " + network).replace("30 min", "5 min").replace("[incidents, nodes]", "[coverage]") + text)
        results = os.path.join(folder, "results")
        posim("run", scenario, "-o", results, "--force")
        with open(os.path.join(results, "traces", "0-0", "coverage.csv"), encoding="utf-8", newline="") as file:
            times += [float(row["nodes_p50_s"]) for row in csv.DictReader(file)
                      if row["kind"] == "proposal" and float(row["share"]) == .5]
    return times


def test_shared_queues_and_processors_slow_down(folder):
    plain, slow = median_waits(folder, "capacity: {up: 100 Mbit/s, queue: fair}",
                            "faults: [{kind: bandwidth, at: 0 s, rate: 1 Mbit/s}]\n")
    assert slow > 2 * plain, (plain, slow)
    plain, slow = median_waits(folder, "cpu: {cores: 1, block: 50 ms}",
                            "faults: [{kind: processors, at: 0 s, speed: 10 %}]\n")
    assert slow > plain + .9, (plain, slow)


def test_too_many_times_are_refused(folder):
    scenario = write(folder, "scenario.yaml", SCENARIO.replace("30 min", "1 d")
                     + "faults: [{name: tick, kind: delay, at: 0 s, for: 100 us, every: 1 ms, extra: 1 s}]\n")
    done = posim("check", scenario, code=BAD_SCENARIO)
    assert "`faults.0` (tick): comes more than 100000 times: make `every` longer" in done.stderr, done.stderr


def test_what_does_nothing_is_told(folder):
    for text, told in [
        ("faults: [{kind: loss, at: 1 s, for: 1 s, probability: 1 %}, {kind: crash, at: 5 h, share: 10 %}]",
         "`faults.1` (crash) never begins: the run is over at 30 min, and it is to begin at 5 h"),
        ("faults: [{name: late, kind: crash, at: 30 min, share: 10 %}]",
         "`faults.0` (late) never begins: the run is over at 30 min, and it is to begin at 30 min"),
        ("faults: [{kind: crash, at: 5 s, for: 0 s, share: 10 %}]", "`faults.0` (crash) does nothing: it lasts 0 s"),
        ("faults: [{kind: churn, at: 0 s, by: regions, hits: 0 %, mean_up: 1 s, mean_down: 1 s}]",
         "`faults.0` (churn) takes no node down: in a region that goes down it hits 0 % of them (`hits`)"),
        ("--set=network.gst.at=2 h",
         "the network never stabilises: the run is over at 30 min, and `network.gst.at` is 2 h"),
    ]:
        more = [text] if text.startswith("--") else []
        scenario = write(folder, "scenario.yaml", SCENARIO + ("" if more else text))
        for done in (posim("check", scenario, *more),
                     posim("run", scenario, "-o", os.path.join(folder, "results"), "--force", *more)):
            warnings = [line for line in done.stderr.splitlines() if "warning: " in line]
            assert len(warnings) == 1 and told in warnings[0], (text, done.stderr)


def test_every_name_of_nobody_is_told_with_its_line(folder):
    scenario = write(folder, "scenario.yaml", SCENARIO + """faults:
  - {kind: delay, at: 0 s, extra: 1 s, share: 50 %}
  - {kind: delay, at: 1 s, extra: 1 s, regions: [eu-wst-1]}
  - {name: cable, kind: loss, at: 2 s, probability: 1 %,
     toward: [atlantis], validators: [v19, v99]}
""")
    for command in (["check", scenario], ["run", scenario, "-o", os.path.join(folder, "results")]):
        told = posim(*command, code=BAD_SCENARIO).stderr.splitlines()
        assert len(told) == 3, told
        for line, begins, words in zip(told, [
                "scenario.yaml:10: `faults.1.regions` (delay): no node is in a region `eu-wst-1`: nodes are in ",
                "scenario.yaml:12: `faults.2.validators` (cable): there is no validator `v99`",
                "scenario.yaml:12: `faults.2.toward` (cable): no node is in a region `atlantis`: nodes are in "],
                ["did you mean `eu-west-1`", "a number from 0 to 19; did you mean `v9`", "eu-west-1"]):
            assert begins in line and words in line, line
    nowhere = write(folder, "nowhere.yaml", SCENARIO.replace("{model: geographic}", "{model: constant, delay: 9 ms}")
                    + "faults: [{kind: crash, at: 0 s, regions: [atlantis]}]\n")
    told = posim("check", nowhere, code=BAD_SCENARIO).stderr
    assert "nowhere.yaml:8: `faults.0.regions` (crash): no node is in a region `atlantis`: this network has no" in told


def test_links_are_named_by_both_ends(folder):
    scenario = write(folder, "scenario.yaml", SCENARIO
                     + "faults: [{name: cable, kind: delay, at: 0 s, stretch: 50 %, toward: [atlantis]}]\n")
    done = posim("check", scenario, code=BAD_SCENARIO)
    assert ("scenario.yaml:8: `faults.0.toward` (cable): no node is in a region `atlantis`: nodes are in "
            in done.stderr), done.stderr


if __name__ == "__main__":
    main(globals())
