# SPDX-License-Identifier: MIT
"""`replicate.until` where it does not come to what it is for: who says so, and where."""

import csv
import json
import os
import re

from harness import EXPECTATION, FINE, RUNS_FAILED, SMALL, main, posim, read, write

NOISY = SMALL.replace("{model: constant, delay: 100 ms}", "{model: lognormal, median: 100 ms, sigma: 1}")
UNTIL = "replicate: {until: {metric: %s, rel_halfwidth: %s, max: %d}}\n"
# Where delays are alike the mean is known to within 3 % after 30 runs, where they are not it is not after 40.
SWEEP = NOISY + "name: noisy\n" + UNTIL % ("finality_s_last_p50", "3 %", 40) + \
    "sweep: {grid: {network.latency.sigma: [1, 0.1]}}\n"
TABLES = ["plan.csv", "runs.csv", "summary.csv", "steady_state.csv"]


def run(folder, name, text, *arguments, code=FINE):
    results = os.path.join(folder, name)
    return results, posim("run", write(folder, "scenario.yaml", text), "-o", results, *arguments, code=code)


def rows_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def stops_of(results, metric):
    """What summary.csv says of the metric, by point; all other rows say nothing."""
    rows = rows_of(results, "summary.csv")
    assert all(row["stop"] == "NA" for row in rows if row["metric"] != metric)
    return {row["point"]: row["stop"] for row in rows if row["metric"] == metric}


def runs_of(results):
    rows = rows_of(results, "runs.csv")
    return {point: sum(row["point"] == point for row in rows) for point in {row["point"] for row in rows}}


def test_a_point_that_ended_at_max_is_told_everywhere(folder):
    results, done = run(folder, "results", SWEEP)
    assert stops_of(results, "finality_s_last_p50") == {"0": "max", "1": "reached"}
    assert runs_of(results) == {"0": 40, "1": 30}
    told = re.findall(r"^noisy: point 0 \(network.latency.sigma 1\): replicate.until ended at `max`, 40 runs: "
                      r"finality_s_last_p50 is known to within ([\d.]+) % of its mean, not 3 %$", done.stderr, re.M)
    assert len(told) == 1 and "point 1 (" not in done.stderr, done.stderr
    row = next(row for row in rows_of(results, "summary.csv")
               if row["point"] == "0" and row["metric"] == "finality_s_last_p50")
    mean, low, high = (float(row[name]) for name in ("mean", "ci_lo", "ci_hi"))
    assert abs(float(told[0]) / 100 - max(mean - low, high - mean) / mean) < 1e-3 and float(told[0]) > 3

    watched = posim("watch", results, "--once").stdout
    assert re.search(r"^  0 +1 +40/40, max ", watched, re.M) and re.search(r"^  1 +0.1 +30/30 ", watched, re.M), watched
    assert "; 1 at max, not precise enough at 3 looks in a row" in watched
    posim("report", results)
    limit = re.search(r"At 1 of 2 points finality_s_last_p50 was not known to within 3 % at 3 looks in a row, as was "
                      r"asked for: replicate.until ended at the 40 runs that are allowed, where its 95 % interval "
                      r"reaches ([\d.]+) % from the mean\.", read(results, "report.html"))
    assert limit.group(1) == told[0], (limit, told)
    fields = {field["name"]: field for table in json.loads(read(results, "datapackage.json"))["resources"]
              if table["path"] == "summary.csv" for field in table["schema"]["fields"]}
    assert fields["stop"]["constraints"]["enum"] == ["reached", "max", "failed"]
    _, again = run(folder, "json", SWEEP, "--json")
    assert json.loads(again.stdout)["stop"] == {"reached": 1, "max": 1, "failed": 0}


def test_one_point_says_so_too(folder):
    results, done = run(folder, "results", NOISY + UNTIL % ("finality_s_last_p50", "1 %", 30))
    assert "replicate.until ended at `max`, 30 runs" in done.stderr
    watched = posim("watch", results, "--once").stdout
    assert re.search(r"to within 1 %: now [\d.]+ %, and 30 runs are all that are allowed", watched), watched
    posim("report", results)
    assert "finality_s_last_p50 was not known to within 1 % at 3 looks in a row" in read(results, "report.html")
    reached, done = run(folder, "reached", NOISY + UNTIL % ("finality_s_last_p50", "20 %", 100))
    assert stops_of(reached, "finality_s_last_p50") == {"0": "reached"} and "until" not in done.stderr
    posim("report", reached)
    assert "looks in a row" not in read(reached, "report.html")
    plain, _ = run(folder, "plain", NOISY)
    assert stops_of(plain, "finality_s_last_p50") == {"0": "NA"}


def test_why_it_is_not_precise(folder):
    """A mean of 0, values that are all alike, no values, and too few decisions."""
    for metric, width, most, why in [
            ("orphan_rate", "5 %", 30, "the mean of orphan_rate is 0, and no interval is narrow beside 0"),
            ("blocks_proposed", "5 %", 40, "40 with a value of blocks_proposed, all alike, are too few to know it to "
                                           "within 5 %"),
            ("energy_j_per_block", "5 %", 30, "energy_j_per_block has no value in any of them")]:
        _, done = run(folder, metric, SMALL + UNTIL % (metric, width, most))
        assert f"replicate.until ended at `max`, {most} runs: {why}\n" in done.stderr, done.stderr


def test_narrow_once_is_not_told_as_wide(folder):
    """Whoever says that it is not known to within 50 % shows an interval of a tenth of that, and says why not."""
    results, done = run(folder, "few", NOISY + UNTIL % ("finality_s_last_p50", "50 %", 20))
    told = re.search(r"finality_s_last_p50 is known to within ([\d.]+) % of its mean, but was not to within 50 % at 3 "
                     r"looks in a row\n", done.stderr)
    assert float(told.group(1)) < 20, done.stderr
    watched = posim("watch", results, "--once").stdout
    assert (f"to within 50 %: now {told.group(1)} %, but not at 3 looks in a row, and 20 runs are all that are "
            "allowed") in watched, watched
    posim("report", results)
    assert ("finality_s_last_p50 was not known to within 50 % at 3 looks in a row, as was asked for: replicate.until "
            "ended at the 20 runs that are allowed, where its 95 % interval reaches " + told.group(1)) in read(
                results, "report.html")
    os.truncate(os.path.join(results, "journal", "main-0001.journal"),
                os.path.getsize(os.path.join(results, "journal", "main-0001.journal")) - 10)
    watched = posim("watch", results, "--once").stdout
    assert re.search(r"to within 50 %: now [\d.]+ %, needed at 3 looks in a row\b(?!, and)", watched), watched


def test_a_rule_that_may_have_no_other_end_is_warned_of(folder):
    for metric, most, warning in [
            ("orphan_rate", 100, "orphan_rate may be 0 in every run of a point, and no interval is narrow beside a "
                                 "mean of 0: `replicate.until` then ends at `max`, 100 runs"),
            ("messages", 29, "`replicate.until` always ends at `max`, 29 runs"),
            ("messages", 30, None)]:
        path = write(folder, "scenario.yaml", SMALL + UNTIL % (metric, "5 %", most))
        for told in (posim("check", path), posim("plan", path, "--no-probes")):
            assert (f"warning: {warning}" in told.stderr) if warning else not told.stderr, told.stderr
    path = write(folder, "scenario.yaml", SMALL + UNTIL % ("energy_j_per_block", "5 %", 100))
    assert not posim("check", path).stderr
    assert ("the run at point 0 has no value of energy_j_per_block, which `replicate.until` watches"
            in posim("plan", path).stderr)


def test_where_all_runs_fail_there_are_no_more(folder):
    """One point takes for ever. The first ten runs decide, however many workers there are, and what resumes."""
    text = SMALL + UNTIL % ("finality_s_last_p50", "20 %", 1000) + "sweep: {grid: {time.duration: [20 s, 3650 d]}}\n"
    results, done = run(folder, "one", text, "-j", "1", "--timeout", "300 ms", code=RUNS_FAILED)
    assert stops_of(results, "finality_s_last_p50") == {"0": "reached", "1": "failed"}
    assert runs_of(results) == {"0": 40, "1": 10}, "alike, they need 3 / 20 %"
    assert ("point 1 (time.duration 315360000 s): replicate.until ended after 10 runs, all of which failed"
            in done.stderr), done.stderr
    watched = posim("watch", results, "--once", code=RUNS_FAILED).stdout
    assert "50 of 50 runs, 10 failed" in watched and re.search(r"10/10, 10 failed ", watched), watched
    posim("report", results)
    assert "At 1 of 2 points all runs of the first batch failed" in read(results, "report.html")
    others = [run(folder, "four", text, "-j", "4", "--timeout", "300 ms", code=RUNS_FAILED)[0]]
    for part in (1, 2):
        run(folder, "parts", text, "--shard", f"{part}/2", "--timeout", "300 ms", code=None)
    others.append(os.path.join(folder, "parts"))
    posim("merge", others[1], code=RUNS_FAILED)
    posim("run", os.path.join(folder, "scenario.yaml"), "-o", results, "--resume", "--timeout", "300 ms",
          code=RUNS_FAILED)
    for other in others:
        for table in TABLES:
            assert read(results, table) == read(other, table), (other, table)


def test_expectations_are_judged_all_the_same(folder):
    _, done = run(folder, "results", SWEEP + "expect: [{metric: finality_s_last_p50, max: 0.01}]\n", code=EXPECTATION)
    assert "ended at `max`" in done.stderr and "NOT MET" in done.stdout


if __name__ == "__main__":
    main(dict(globals()))
