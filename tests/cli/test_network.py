# SPDX-License-Identifier: MIT
"""Networks from a user's own files, what is said of their gaps, and time that is not what it seems."""

import csv
import os

from harness import BAD_SCENARIO, SMALL, main, posim, read, write

DELAYS = "from,north,south,west\nnorth,0,20,30\nsouth,20,0,\nwest,30,,0\n"
PLACES = "name,latitude,longitude\nnorth,60,0\nsouth,10,0\nwest,30,-90\n"
GAPS = SMALL.replace("count: 4", "count: 6").replace(
    "{model: constant, delay: 100 ms}", "{file: delays.csv, jitter: 0 %, places: {file: places.csv}}")


def rows(results, table, run="0-0"):
    with open(os.path.join(results, "traces", run, table + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_gaps_are_told_and_counted(folder):
    write(folder, "delays.csv", DELAYS)
    write(folder, "places.csv", PLACES)
    scenario = write(folder, "scenario.yaml", GAPS)
    results = os.path.join(folder, "results")
    for done in (posim("check", scenario), posim("run", scenario, "-o", results)):
        warnings = [line for line in done.stderr.splitlines() if "warning" in line]
        assert len(warnings) == 1, done.stderr
        assert ("has no figure for 2 pairs of regions, the first from south to west; 2 are filled by distance"
                in warnings[0]), warnings
    assert rows(results, "topology")[0]["pairs_filled"] == "2"
    # Nobody is in the west: there are gaps, but no run is the other for them.
    posim("run", scenario, "-o", results, "--force", "--set",
          "network.placement={regions: {north: {share: 1/2}, south: {share: 1/2}}}")
    assert rows(results, "topology")[0]["pairs_filled"] == "0"


def test_a_sweep_tells_of_a_gap_once(folder):
    write(folder, "delays.csv", DELAYS)
    write(folder, "places.csv", PLACES)
    scenario = write(folder, "scenario.yaml", GAPS + "sweep: {grid: {validators.count: [3, 6, 9]}}\n")
    done = posim("run", scenario, "-o", os.path.join(folder, "results"))
    warnings = [line for line in done.stderr.splitlines() if "warning: " in line and "network.latency" in line]
    assert len(warnings) == 1 and warnings[0].endswith("; and so at 2 more points"), done.stderr


def test_gaps_without_places_are_refused(folder):
    write(folder, "delays.csv", DELAYS)
    scenario = write(folder, "scenario.yaml", GAPS.replace(", places: {file: places.csv}", ""))
    done = posim("check", scenario, code=BAD_SCENARIO)
    assert "there is no delay from south to west: add it" in done.stderr, done.stderr


def test_nodes_are_where_a_file_says(folder):
    write(folder, "nodes.csv", "stake,lat,lon,dc\n13827530980098948,47.38,8.54,zrh\n"
          "3,50.11,8.68,fra\n2,39.04,-77.49,iad\n1,,,none\n")
    scenario = write(folder, "scenario.yaml", """posim: 1
protocol: {kind: tendermint}
validators: {stake: {file: nodes.csv}}
network:
  latency: {model: geographic}
  placement: {file: nodes.csv, latitude: lat, longitude: lon, region: dc, unplaced: like_others}
time: {duration: 5 s}
faults: [{kind: delay, at: 1 s, for: 1 s, regions: [zrh], extra: 5 ms}]
record: [nodes, topology]
""")
    results = os.path.join(folder, "results")
    done = posim("run", scenario, "-o", results)
    assert "has no place for 1 of 4 nodes, the first in line 5" in done.stderr, done.stderr
    assert rows(results, "topology")[0]["places_drawn"] == "1"


def test_rows_beyond_the_nodes_are_told(folder):
    nodes = "lat,lon,city\n10,20,A\n\n11,20,B\n1,1,C\n4,4,D\n"
    write(folder, "nodes.csv", nodes)
    scenario = write(folder, "scenario.yaml", SMALL.replace("count: 4", "count: 3").replace(
        "{model: constant, delay: 100 ms}",
        "{model: geographic}, placement: {file: nodes.csv, latitude: lat, longitude: lon, region: city}"))
    for done in (posim("check", scenario), posim("run", scenario, "-o", os.path.join(folder, "results"))):
        warnings = [line for line in done.stderr.splitlines() if "warning: " in line]
        assert len(warnings) == 1 and warnings[0].endswith(
            "nodes.csv has 4 nodes, but the network has 3: those from line 6 on are not there"), done.stderr
    assert "warning" not in posim("check", scenario, "--set", "validators.count=4").stderr
    write(folder, "nodes.csv", nodes.replace("1,1,C", "1,1,"))
    done = posim("check", scenario, code=BAD_SCENARIO)
    assert "nodes.csv:5: column city: the node has coordinates, but its region no name" in done.stderr, done.stderr


def test_asynchrony_ends_and_does_not_count_against_liveness(folder):
    """Nothing sent in the first 10 s is there before 10 s, so no block is final before; then there are."""
    scenario = write(folder, "scenario.yaml", SMALL + "record: [incidents, finality]\n")
    results = os.path.join(folder, "results")
    done = posim("run", scenario, "-o", results, "--set", "network.gst={at: 10 s}")
    assert "liveness        holds in 1 of 1 runs" in done.stdout, done.stdout
    found = [(row["at_s"], row["kind"], row["name"]) for row in rows(results, "incidents")]
    assert found == [("0.000000000", "fault_begins", "gst"), ("10.000000000", "fault_ends", "gst")], found
    times = [float(row[next(key for key in row if key.endswith("_s"))]) for row in rows(results, "finality")]
    assert times and min(times) > 10, times


def test_clocks_move_the_slots_of_nodes(folder):
    """With one clock blocks are made at the starts of slots; with clocks that are ahead, up to 100 ms before."""
    text = """posim: 1
protocol: {kind: praos, slot: 1 s, active_slot_coefficient: 1/2}
validators: {count: 10}
network: {latency: {model: constant, delay: 10 ms}}
time: {duration: 10 min}
record: [blocks]
"""
    scenario = write(folder, "scenario.yaml", text)
    hashes = []
    for name, change in (("one", "network.clocks.skew=0 s"), ("skewed", "network.clocks.skew=100 ms"),
                         ("drifting", "network.clocks.drift=0.01 %")):
        results = os.path.join(folder, name)
        posim("run", scenario, "-o", results, "--set", change)
        early = [round(-float(row["proposed_s"]) % 1, 9) for row in rows(results, "blocks") if row["height"] != "0"]
        hashes.append(read(results, "runs.csv"))
        assert len(early) > 100
        if name == "one":
            assert set(early) == {0}
        elif name == "skewed":
            assert 5 < len(set(early)) <= 10 and max(early) <= .1, sorted(set(early))
        else:
            assert len(set(early)) > 50 and max(min(e, 1 - e) for e in early) < .061, sorted(set(early))
    assert len(set(hashes)) == 3


if __name__ == "__main__":
    main(globals())
