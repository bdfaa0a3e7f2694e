# SPDX-License-Identifier: MIT
"""What hops, queues and processors show a user: loads by node, traffic by kind of message, verdicts."""

import csv
import os

from harness import BAD_SCENARIO, SMALL, main, posim, write

DELAYS = "from,near,far\nnear,10,10\nfar,10,10\n"
RATES = "region,upload_bps,download_bps\nnear,100000000,100000000\nfar,1000000,1000000\n"
SCENARIO = """posim: 1
protocol: {kind: tendermint, block_size: 10 kB}
validators: {count: 20}
network:
  latency: {file: delays.csv, jitter: 0 %}
  topology: {kind: random_regular, degree: 4}
  relay: {kind: push}
time: {duration: 20 s}
record: [loads, traffic, nodes]
"""


def run(folder, name, *settings, text=SCENARIO):
    write(folder, "delays.csv", DELAYS)
    write(folder, "rates.csv", RATES)
    results = os.path.join(folder, name)
    sets = [part for setting in settings for part in ("--set", setting)]
    done = posim("run", write(folder, name + ".yaml", text), "-o", results, *sets, cwd=folder)
    return done, results


def rows(results, table):
    with open(os.path.join(results, "traces", "0-0", table + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_nodes_wait_for_their_own_rates(folder):
    _, results = run(folder, "rates", "network.rates={file: rates.csv}", "network.capacity={from: rates}",
                     "network.cpu={cores: 2, groups: [{region: near, cores: 8}]}")
    region = {row["node"]: row["region"] for row in rows(results, "nodes")}
    waited = {"near": [], "far": []}
    for row in rows(results, "loads"):
        waited[region[row["node"]]].append(float(row["waited_most_s"]))
        assert row["cores"] == ("8" if region[row["node"]] == "near" else "2"), row
    # 10 kB to four peers: 80 ms a copy and less than a ms.
    assert min(waited["far"]) > .1 and max(waited["near"]) < .1, waited


def test_rates_need_to_be_said_once(folder):
    write(folder, "delays.csv", DELAYS)
    write(folder, "rates.csv", RATES)
    scenario = write(folder, "scenario.yaml", SCENARIO)
    for setting, expected in (("network.rates={file: rates.csv}", "say `capacity: {from: rates}`"),
                              ("network.capacity={from: rates}", "there is no network.rates to take them from"),
                              ("network.cpu={groups: [{region: moon, cores: 1}]}",
                               "network.cpu.groups.0.region: unknown region moon: use one of near, far")):
        done = posim("check", scenario, "--set", setting, code=BAD_SCENARIO, cwd=folder)
        assert expected in done.stderr, done.stderr


def test_processors_of_nobody_are_a_warning(folder):
    """A group with a share above zero that takes no node: nobody is in its region, or left for it, or was drawn."""
    groups = ("network.cpu={cores: 2, groups: [{region: far, cores: 3}, {region: near, share: 100 %, cores: 8}, "
              "{share: 50 %, cores: 4}, {share: 0 %, cores: 5}]}")
    near = ["--set", "network.placement={regions: {near: {share: 100 %}}}"]
    expected = ["`network.cpu.groups.0` takes no node: none is in the region far",
                "`network.cpu.groups.2` takes no node: the groups before it take all 20 that it could"]
    write(folder, "delays.csv", DELAYS)
    scenario = write(folder, "scenario.yaml", SCENARIO)
    done = posim("check", scenario, "--set", groups, *near, cwd=folder)
    assert done.stderr.splitlines() == [f"{scenario}: warning: {line}" for line in expected], done.stderr
    done = posim("run", scenario, "-o", "results", "--set", groups, *near, "--set", "replicate.count=3", cwd=folder)
    assert done.stderr.splitlines() == [f"scenario: warning: {line}" for line in expected], done.stderr
    done = posim("check", scenario, "--set", "network.cpu={groups: [{region: near, share: 1/1_000_000, cores: 8}]}",
                 *near, cwd=folder)
    assert done.stderr == (f"{scenario}: warning: `network.cpu.groups.0` takes no node: of the 20 that it could, none "
                           "was drawn with a chance of 0.0001 %\n"), done.stderr
    done = posim("check", scenario, "--set", "network.cpu={groups: [{region: near, cores: 8}]}", *near, cwd=folder)
    assert not done.stderr, done.stderr


def liveness(done):
    """Whether it holds."""
    line = next(line for line in done.stdout.splitlines() if line.strip().startswith("liveness"))
    return "holds" in line


def test_twins_do_not_keep_others_from_gossip(folder):
    """With a partition to come the twins are each confined to a side; what the others say is passed on as ever."""
    twins = ["adversary={kind: double_voting, stake: 20 %}",
             "faults=[{kind: partition, at: 15 s, for: 2 s, groups: [60 %, 40 %]}]"]
    figures = {}
    for kind in ("push", "pull"):
        _, results = run(folder, kind, f"network.relay.kind={kind}", *twins)
        with open(os.path.join(results, "runs.csv"), encoding="utf-8", newline="") as file:
            figures[kind] = next(csv.DictReader(file))
    assert float(figures["push"]["duplicate_share"]) > .5, figures["push"]
    assert float(figures["pull"]["bytes"]) < .8 * float(figures["push"]["bytes"]), figures


def test_upkeep_needs_no_message(folder):
    """Grafts after an outage share a node's rate before there is a first block."""
    text = SCENARIO.replace("kind: tendermint, block_size: 10 kB", "kind: praos").replace("degree: 4", "degree: 6")
    _, results = run(folder, "upkeep", "network.relay={kind: gossipsub, degree: 4, degree_low: 3, degree_high: 6}",
                     "network.capacity={up: 10 Mbit/s, down: 10 Mbit/s, queue: fair}",
                     "faults=[{kind: crash, at: 0 s, for: 100 ms, count: 8, drop: on}]", text=text)
    assert any(row["kind"] == "upkeep" and int(row["control_messages"]) > 0 for row in rows(results, "traffic"))


def test_warnings_are_whole_lines(folder):
    late = ", ".join(f"{{name: outage-number-{i}, kind: crash, at: 1 h, for: 1 s, count: 1}}" for i in range(40))
    done, _ = run(folder, "late", f"faults=[{late}]")
    warnings = [line for line in done.stderr.splitlines() if "outage-number" in line or "more warning" in line]
    told = sum("never begins" in line for line in warnings)
    assert told >= 5 and f"and {40 - told} more warnings" in warnings[-1] and len(warnings) == told + 1, done.stderr


def test_overload_is_not_forgiven(folder):
    """Slow queues are in the bound, but not what waits in them: at 1 kbit/s votes do not get through any more."""
    slow = "network.capacity={up: 2 Mbit/s, down: 2 Mbit/s}"
    done, _ = run(folder, "slow", slow, "time.duration=5 min")
    assert liveness(done), done.stdout
    flood = SCENARIO + "faults: [{name: flood, kind: bandwidth, at: 20 s, rate: 1 kbit/s}]\n"
    done, _ = run(folder, "flooded", slow, "time.duration=20 min", text=flood)
    assert not liveness(done), done.stdout


def test_tables_of_what_is_not_carried_are_told(folder):
    for names, told in [("blocks, traffic, loads", "the tables traffic and loads stay empty"),
                        ("traffic", "the table traffic stays empty"), ("loads", "the table loads stays empty"),
                        ("coverage", None)]:
        scenario = write(folder, "scenario.yaml", SMALL + f"record: [{names}]\n")
        for done in (posim("check", scenario),
                     posim("run", scenario, "-o", os.path.join(folder, "results"), "--force")):
            warnings = [line for line in done.stderr.splitlines() if "warning: " in line]
            assert len(warnings) == (told is not None) and all(told in line for line in warnings), done.stderr
        queues = "--set=network.capacity={up: 1 Gbit/s, down: 1 Gbit/s}"
        assert "stay" not in posim("check", scenario, queues).stderr


if __name__ == "__main__":
    main(globals())
