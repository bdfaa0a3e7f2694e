# SPDX-License-Identifier: MIT
"""Topologies as a user meets them: in scenarios, on the command line, in topology.csv."""

import csv
import os

from harness import BAD_SCENARIO, RUNS_FAILED, SMALL, main, posim, write

RELAYED = """posim: 1
protocol: {kind: tendermint}
validators: {count: 30}
network: {latency: {model: constant, delay: 10 ms}}
time: {duration: 5 s}
"""
# Nodes of one line each: a producer is whom a node downloads from.
YAML = """nodes:
  north: {stake: 5, location: [0, 60], producers: {south: {latency-ms: 20}, west: {latency-ms: 30.5}}}
  south: {stake: 5, location: [0, 10], producers: {west: {latency-ms: 10}}}
  west:
    location: [-60, 30]
    producers:
      north: {latency-ms: 30.5, bandwidth-bytes-per-second: 1250000}
"""


def row_of(results, *run):
    with open(os.path.join(results, "traces", *(run or ["0-0"]), "topology.csv"), encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1
    return rows[0]


def test_each_kind_runs_and_says_what_it_built(folder):
    scenario = write(folder, "scenario.yaml", RELAYED)
    expected = {
        "direct": ("30", "0", "29", "1", 29),
        "random_regular": ("30", "0", "8", None, 8),
        "small_world": ("30", "0", None, None, 8),
        "scale_free": ("30", "0", None, None, 2 * (10 + 25 * 4) / 30),
        "relays": ("30", "60", "21", None, (60 * 21 + 30 * 2) / 90),
        "hub_and_sentry": ("30", "60", "60", "3", (60 * 60 + 30 * 2) / 90),
    }
    for kind, (nodes, relays, most, hops, mean) in expected.items():
        results = os.path.join(folder, kind)
        posim("run", scenario, "-o", results, "--set", f"network.topology.kind={kind}")
        row = row_of(results)
        assert row["topology"] == kind and row["nodes"] == nodes and row["relays"] == relays, row
        assert most in (None, row["degree_max"]) and hops in (None, row["diameter_hops"]), row
        assert abs(float(row["degree_mean"]) - mean) < 1e-6, row
        assert row["path_sources"] == nodes and row["links_by_model"] == row["links"], row
    assert row["diameter_s"] == "0.030000000" and row["stake_path_mean_s"] == "0.030000000", row


def test_a_block_is_final_as_many_hops_later(folder):
    """Three hops of 10 ms between any two validators, three messages until a block is final: 90 ms."""
    results = os.path.join(folder, "results")
    posim("run", write(folder, "scenario.yaml", RELAYED), "-o", results, "--set",
          "network.topology={kind: hub_and_sentry}")
    with open(os.path.join(results, "summary.csv"), encoding="utf-8", newline="") as file:
        found = [row["mean"] for row in csv.DictReader(file) if row["metric"] == "finality_s_last_p50"]
    assert abs(float(found[0]) - .09) < 1e-9, found


def test_a_file_of_the_public_simulations_runs(folder):
    write(folder, "net.yaml", YAML)
    scenario = write(folder, "scenario.yaml", SMALL.replace("count: 4", "count: 3").replace(
        "network: {", "network: {topology: {file: net.yaml}, "))
    results = os.path.join(folder, "results")
    posim("run", scenario, "-o", results)
    row = row_of(results)
    assert (row["topology"], row["links"], row["links_by_model"]) == ("file", "4", "0"), row
    # From north by west to south 40.5 ms, or from south to north 20 ms; west to north 30.5, by south 30.
    assert row["diameter_s"] == "0.050500000", row


def test_the_same_seed_is_the_same_graph(folder):
    scenario = write(folder, "scenario.yaml", RELAYED + "replicate: {count: 2}\n")
    rows = []
    for name in ("one", "two"):
        results = os.path.join(folder, name)
        posim("run", scenario, "-o", results, "--set", "network.topology={kind: small_world, rewire: 50 %}")
        rows.append((row_of(results, "0-0"), row_of(results, "0-1")))
    assert rows[0] == rows[1] and rows[0][0] != rows[0][1]


def test_record_may_leave_the_table_out(folder):
    results = os.path.join(folder, "results")
    posim("run", write(folder, "scenario.yaml", RELAYED + "record: [blocks]\n"), "-o", results)
    assert not os.path.exists(os.path.join(results, "traces", "0-0", "topology.csv"))


def test_errors_name_what_is_wrong(folder):
    scenario = write(folder, "scenario.yaml", RELAYED)
    net = write(folder, "net.gml", "graph [ ]")
    wrong = {
        "{kind: small_world, degree: 3}": "3 is odd: half of the neighbours stand on either side",
        "{kind: random_regular, degree: 2}": "2 is out of range: from 3 to 1000",
        f"{{kind: file, file: {net}, nodes: {scenario}}}": "only a CSV of links has its nodes in another file",
        "{kind: random_regular, degree: 30}": "a degree of 30 needs at least 31 nodes, there are 30",
        "{kind: geographic}": "to this latency model all nodes are as near",
    }
    for topology, text in wrong.items():
        done = posim("run", scenario, "-o", os.path.join(folder, "results"), "--force", "--set",
                     f"network.topology={topology}", code=None)
        assert done.returncode in (BAD_SCENARIO, RUNS_FAILED), done
        assert text in done.stdout + done.stderr, done.stdout + done.stderr


def test_explain_knows_the_kinds_and_the_table(folder):
    assert "rewire" in posim("explain", "network.topology.rewire").stdout
    text = posim("explain", "network.topology").stdout
    for kind in ("geographic", "hub_and_sentry", "random_regular", "relays", "scale_free", "small_world"):
        assert kind in text, text
    text = posim("explain", "topology").stdout
    assert "topology.csv" in text and "diameter_hops" in text and "stake_path_mean_s" in text, text


if __name__ == "__main__":
    main(dict(globals()))
