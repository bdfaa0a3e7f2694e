# SPDX-License-Identifier: MIT
"""Networks from a user's own files, and what is said of their gaps."""

import csv
import os

from harness import BAD_SCENARIO, SMALL, main, posim, write

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
    write(folder, "nodes.csv", "stake,lat,lon,dc\n5,47.38,8.54,zrh\n3,50.11,8.68,fra\n2,39.04,-77.49,iad\n1,,,none\n")
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


if __name__ == "__main__":
    main(globals())
