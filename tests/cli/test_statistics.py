#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Intervals of quotients over runs and of means within one run, against a computation of its own from runs.csv and the
traces: nothing here reads what the program says of its own parts."""

import csv
import json
import math
import os

from harness import SMALL, main, posim, read, read_json, write

# Forks by the dozen, in runs with unequal numbers of blocks.
FORKS = """posim: 1
protocol: {kind: praos, slot: 1 s, active_slot_coefficient: 1/10, security_parameter: 20}
validators: {count: 10}
network: {latency: {model: constant, delay: 3 s}}
time: {duration: 3 h, warmup: 60 s}
replicate: {seed: 3}
"""
RATIOS = {"orphan_rate": ("orphaned_blocks", "known_blocks"), "chain_quality": ("honest_blocks", "main_chain_blocks"),
          "chain_growth_per_s": ("main_chain_blocks", "measured_s"), "throughput_tx_s": ("transactions", "measured_s"),
          "rounds_mean": ("voted_rounds", "voted_heights")}


def rows_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(cell):
    return math.nan if cell == "NA" else float(cell)


def close(told, expected, tolerance=2e-8):
    told = number(told)
    assert math.isnan(told) == math.isnan(expected), (told, expected)
    assert math.isnan(told) or abs(told - expected) <= tolerance * max(1, abs(expected)), (told, expected)


# Student's t by Simpson's rule and bisection; Hall's interval as interval.h states it.


def t_tail(t, degrees, steps=4000):
    """P(0 < T < t)."""
    scale = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    width = t / steps
    density = [scale * (1 + (i * width) ** 2 / degrees) ** (-(degrees + 1) / 2) for i in range(steps + 1)]
    return width / 3 * (density[0] + density[-1] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]))


def t_quantile(degrees, probability=0.975):
    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if t_tail(middle, degrees) < probability - 0.5 else (low, middle)
    return (low + high) / 2


def cube_root(value):
    return math.copysign(abs(value) ** (1 / 3), value)


def hall(values, probability=0.975):
    """The interval of a mean; None where none is given."""
    n = len(values)
    if n < 5:
        return None
    mean = math.fsum(values) / n
    second, third = (math.fsum((v - mean) ** power for v in values) for power in (2, 3))
    if second <= (1e-12 * mean) ** 2 * (n - 1):
        return None
    error = math.sqrt(second / (n - 1) / n) * (1 + 0.07 * (11 - n) if n < 11 else 1)
    skewness = (third / n) / (second / n) ** 1.5 * math.sqrt(n * (n - 1)) / (n - 2)
    slant = skewness / math.sqrt(n)
    t = t_quantile(n - 1, probability)
    far = t * (1 + abs(slant) * (5 / n if n > 10 else 0.5))

    def inverse(score):
        if abs(slant) < 1e-9:
            return score
        return 3 * (cube_root(1 + slant * (score - slant / 6)) - 1) / slant

    return mean - error * max(t, inverse(far)), mean + error * max(t, -inverse(-far))


def jackknife(numerators, denominators, probability=0.975):
    """Ratio of the sums and its interval, by leaving out one run after another."""
    n, top, bottom = len(numerators), sum(numerators), sum(denominators)
    pseudo = [n * top / bottom - (n - 1) * (top - a) / (bottom - b) for a, b in zip(numerators, denominators)]
    interval = hall(pseudo, probability)
    if interval and all(0 <= a <= b for a, b in zip(numerators, denominators)):
        interval = max(interval[0], 0), min(interval[1], 1)
    return top / bottom, interval


# MSER-5 and batch means as steady_state.h states them.


def mser5(values):
    groups = [math.fsum(values[i:i + 5]) / 5 for i in range(0, len(values) - 4, 5)]
    last, best, least = len(groups) // 2, None, math.inf
    for cut in range(last + 1):
        kept = groups[cut:]
        mean = math.fsum(kept) / len(kept)
        error = math.fsum((g - mean) ** 2 for g in kept) / len(kept) ** 2
        if error < least * (1 - 1e-12):
            best, least = cut, error
    return 5 * best if best < last else None


def batches(values, count):
    size = len(values) // count
    kept = values[len(values) - size * count:]
    return [math.fsum(kept[b * size:(b + 1) * size]) / size for b in range(count)]


def ranks_correlation(values):
    ordered = sorted(values)
    ranks = {v: ordered.index(v) + ordered.count(v) / 2 - len(values) / 2 for v in set(values)}
    off = [ranks[v] for v in values]
    squares = sum(a * a for a in off)
    return sum(a * b for a, b in zip(off, off[1:])) / squares if squares else 0


def steady(values):
    """Warm-up, mean, interval and verdict."""
    cut = mser5(values)
    if cut is None and len(values) >= 400:
        return None, math.nan, None, "warming up"
    kept = values[cut or 0:]
    if len(kept) < 400:
        return cut or 0, math.fsum(kept) / len(kept), None, "too short"
    correlation, means = ranks_correlation(batches(kept, 400)), batches(kept, 20)
    mean = math.fsum(means) / 20
    if correlation > 0.3:
        return cut, mean, None, "correlated"
    interval = hall(means)
    if interval is None:
        return cut, mean, None, "constant"
    wider = 1 + 20 * max(correlation, 0) ** 2
    return cut, mean, (mean - wider * (mean - interval[0]), mean + wider * (interval[1] - mean)), "steady"


def observations(results, warmup_s, run="0-0"):
    """Block intervals and times to finality of the main chain after the warm-up, from the traces."""
    blocks = [row for row in rows_of(results, "traces", run, "blocks.csv") if row["on_main"] == "1"]
    blocks = sorted((row for row in blocks if number(row["proposed_s"]) >= warmup_s and row["block"] != "0"),
                    key=lambda row: int(row["height"]))
    final = {row["block"]: row for row in rows_of(results, "traces", run, "finality.csv")}
    times = [number(row["proposed_s"]) for row in blocks]
    series = {"block_interval_s": [(round(b - a, 9), b) for a, b in zip(times, times[1:])]}
    for name, column in [("first", "first_s"), ("two_thirds", "two_thirds_stake_s"), ("last", "last_s")]:
        reached = [(number(final[row["block"]][column]), number(row["proposed_s"])) for row in blocks
                   if row["block"] in final]
        series[f"finality_s_{name}_mean"] = [pair for pair in reached if not math.isnan(pair[0])]
    return series


def expect_series(results, warmup_s, verdicts):
    """Every row of steady_state.csv, and the interval that summary.csv takes from it."""
    rows = {row["metric"]: row for row in rows_of(results, "steady_state.csv")}
    summary = {row["metric"]: row for row in rows_of(results, "summary.csv")}
    run = rows_of(results, "runs.csv")[0]
    series = observations(results, warmup_s)
    assert list(rows) == list(series)
    for metric, pairs in series.items():
        row, values = rows[metric], [value for value, _ in pairs]
        cut, mean, interval, verdict = steady(values)
        assert row["verdict"] == verdict == verdicts[metric], (metric, row, verdict)
        assert row["observations"] == str(len(values)) and number(row["warmup_s"]) == warmup_s
        if cut is None:
            assert row["warm_up_s"] == "NA"
        else:
            assert row["warm_up_observations"] == str(cut)
            close(row["warm_up_s"], pairs[cut][1] if cut else warmup_s)
        close(row["mean"], mean)
        if verdict != "too short":
            close(row["rank_correlation"], ranks_correlation(batches(values[cut or 0:], 400)), 1e-6)
        for column, end in zip(("ci_lo", "ci_hi"), interval or (math.nan, math.nan)):
            close(row[column], end)
        close(run[metric], math.fsum(values) / len(values))
        told = summary[metric]
        assert told["ci_method"] == ("batch95" if interval else "NA") and told["n"] == "1"
        close(told["mean"], mean if interval else math.fsum(values) / len(values))
        assert [told["ci_lo"], told["ci_hi"]] == [row["ci_lo"], row["ci_hi"]]
    return rows


def test_quotients_over_runs_are_of_sums(folder):
    results = os.path.join(folder, "results")
    posim("run", write(folder, "forks.yaml", FORKS), "-o", results, "--set", "replicate.count=12",
          "--sweep", "network.latency.delay=2s,8s")
    runs = rows_of(results, "runs.csv")
    for row in rows_of(results, "summary.csv"):
        if row["metric"] not in RATIOS:
            assert row["ci_method"] != "jackknife95", row
            continue
        own = [run for run in runs if run["point"] == row["point"] and run[row["metric"]] != "NA"]
        parts = [[number(run[name]) for run in own] for name in RATIOS[row["metric"]]]
        assert row["n"] == str(len(own))
        for run, a, b in zip(own, *parts):
            close(run[row["metric"]], a / b)
        if not own:
            continue
        mean, interval = jackknife(*parts)
        close(row["mean"], mean)
        assert row["ci_method"] == ("jackknife95" if interval else "NA"), row
        close(row["ci_lo"], interval[0] if interval else math.nan)
        close(row["ci_hi"], interval[1] if interval else math.nan)
        if row["metric"] == "orphan_rate":
            plain = sum(number(run["orphan_rate"]) for run in own) / len(own)
            assert interval and abs(plain - mean) > 1e-6, "unequal numbers of blocks make a difference"


def test_expectations_are_of_sums(folder):
    """Bounds between which the quotient of sums lies and the mean of the runs' own does not."""
    results = os.path.join(folder, "results")
    text = FORKS.replace("3 h", "20 min").replace("delay: 3 s", "delay: 8 s").replace("seed: 3", "seed: 3, count: 12")
    posim("run", write(folder, "forks.yaml", text), "-o", results)
    runs = rows_of(results, "runs.csv")
    parts = [[number(run[name]) for run in runs] for name in RATIOS["orphan_rate"]]
    mean, plain = jackknife(*parts)[0], sum(number(run["orphan_rate"]) for run in runs) / len(runs)
    off = abs(plain - mean) / 2
    expected = f"expect: [{{metric: orphan_rate, min: {mean - off:.9f}, max: {mean + off:.9f}}}]\n"
    told = posim("run", write(folder, "forks.yaml", text + expected), "-o", results, "--force").stdout
    assert f": met, mean {mean:.6g} over 12 runs" in told, told
    path = write(folder, "forks.yaml", text + "expect: [{metric: orphan_rate, min: 0.3, max: 0.5}]\n")
    posim("run", path, "-o", results, "--force")
    posim("report", "--suite", results)
    low, high = jackknife(*parts, 0.995)[1]
    assert f"{low:.4f} to {high:.4f}" in read(results, "suite.html"), (low, high)


def test_quotients_are_the_same_bytes_however_they_were_run(folder):
    text = FORKS.replace("duration: 3 h", "duration: 20 min") + (
        "sweep: {grid: {network.latency.delay: [2 s, 8 s]}}\n")
    path = write(folder, "forks.yaml", text.replace("{seed: 3}", "{seed: 3, count: 6}"))
    tables = {}
    halves = [["--shard", "1/2"], ["--shard", "2/2"]]
    for name, ways in [("one", [["-j", "1"]]), ("two", [["-j", "2"]]), ("parts", halves)]:
        results = os.path.join(folder, name)
        for way in ways:
            posim("run", path, "-o", results, *way)
        if name == "parts":
            posim("merge", results)
        tables[name] = [read(results, table) for table in ("runs.csv", "summary.csv", "steady_state.csv")]
    posim("run", path, "-o", os.path.join(folder, "one"), "--resume")
    tables["resumed"] = [read(folder, "one", table) for table in ("runs.csv", "summary.csv", "steady_state.csv")]
    assert all(told == tables["one"] for told in tables.values())
    assert "jackknife95" in tables["one"][1]


def test_a_rule_for_stopping_takes_the_ratio_of_sums(folder):
    results = os.path.join(folder, "results")
    text = FORKS.replace("{seed: 3}", "{seed: 3, until: {metric: orphan_rate, rel_halfwidth: 5 %, max: 400}}")
    posim("run", write(folder, "forks.yaml", text.replace("3 h", "20 min")), "-o", results, "--set",
          "network.latency.delay=8s")
    runs = rows_of(results, "runs.csv")

    def is_narrow(count):
        own = [run for run in runs[:count] if run["orphan_rate"] != "NA"]
        parts = [[number(run[name]) for run in own] for name in RATIOS["orphan_rate"]]
        mean, interval = jackknife(*parts)
        return max(interval[1] - mean, mean - interval[0]) <= 0.05 * mean

    assert 30 < len(runs) < 400 and len(runs) % 10 == 0
    held = [is_narrow(count) for count in range(10, len(runs) + 1, 10)]
    assert held[-3:] == [True] * 3 and not any(all(held[i:i + 3]) for i in range(len(held) - 3)), held
    watched = posim("watch", results, "--once", code=None)
    summary = [row for row in rows_of(results, "summary.csv") if row["metric"] == "orphan_rate"][0]
    shown = f"{number(summary['mean']):.5g} ({number(summary['ci_lo']):.5g} to {number(summary['ci_hi']):.5g})"
    assert shown in watched.stdout + watched.stderr, (shown, watched.stdout, watched.stderr)


def test_one_long_run_is_known_by_its_batches(folder):
    results = os.path.join(folder, "results")
    told = posim("run", write(folder, "long.yaml", FORKS.replace("3 h", "6 h")), "-o", results).stdout
    overlapping = {f"finality_s_{name}_mean": "correlated" for name in ("first", "two_thirds", "last")}
    rows = expect_series(results, 60, {"block_interval_s": "steady", **overlapping})
    assert rows["block_interval_s"]["batches"] == "20"
    low, high = (f"{number(rows['block_interval_s'][end]):.5g}" for end in ("ci_lo", "ci_hi"))
    assert f"{low} to {high}" in told and told.count("none: correlated") == 3, told
    asked = json.loads(posim("run", os.path.join(folder, "long.yaml"), "-o", results, "--force", "--json").stdout)
    assert asked["metrics"]["block_interval_s"]["ci_method"] == "batch95"
    assert asked["metrics"]["finality_s_last_mean"]["ci_method"] == "NA"


def test_short_runs_say_why_they_have_no_interval(folder):
    results = os.path.join(folder, "results")
    told = posim("run", write(folder, "small.yaml", SMALL), "-o", results).stdout
    names = ["block_interval_s", "finality_s_first_mean", "finality_s_two_thirds_mean", "finality_s_last_mean"]
    expect_series(results, 0, {name: "too short" for name in names})
    assert told.count("none: too short") == 4 and "time.warmup" not in told, told
    posim("run", write(folder, "small.yaml", SMALL.replace("20 s", "20 min")), "-o", results, "--force")
    expect_series(results, 0, {name: "constant" for name in names})


def test_a_warm_up_that_is_too_short_is_told(folder):
    """A quarter of the stake is down at first, and comes back after 40 minutes: until then blocks take longer."""
    text = """posim: 1
protocol: {kind: tendermint}
validators: {count: 4}
network: {latency: {model: lognormal, median: 80 ms, sigma: 0.4}}
time: {duration: 3 h, warmup: 10 min}
faults: [{kind: crash, at: 0 s, for: 40 min, validators: [0]}]
"""
    results = os.path.join(folder, "results")
    path = write(folder, "late.yaml", text)
    told = posim("run", path, "-o", results).stdout
    row = [row for row in rows_of(results, "steady_state.csv") if row["metric"] == "block_interval_s"][0]
    assert 2400 <= number(row["warm_up_s"]) < 2800 and number(row["warmup_s"]) == 600, row
    assert "time.warmup may be too short" in told and "settles at" in told, told
    told = posim("run", path, "-o", results, "--force", "--set", "time.warmup=45min").stdout
    assert "time.warmup may be too short" not in told, told


def test_replications_have_no_batches(folder):
    """Where there are several runs, they say more than the batches of one."""
    results = os.path.join(folder, "results")
    posim("run", write(folder, "long.yaml", FORKS.replace("{seed: 3}", "{seed: 3, count: 5}")), "-o", results)
    row = [row for row in rows_of(results, "summary.csv") if row["metric"] == "block_interval_s"][0]
    values = [number(run["block_interval_s"]) for run in rows_of(results, "runs.csv")]
    low, high = hall(values)
    assert row["ci_method"] == "hall95"
    close(row["ci_lo"], low)
    close(row["ci_hi"], high)
    assert len(rows_of(results, "steady_state.csv")) == 4 * 5


def test_columns_are_described(folder):
    results = os.path.join(folder, "results")
    posim("run", write(folder, "small.yaml", SMALL), "-o", results)
    resources = {one["name"]: one for one in read_json(results, "datapackage.json")["resources"]}
    steady_state = resources["steady_state"]["schema"]
    assert [field["name"] for field in steady_state["fields"]] == list(rows_of(results, "steady_state.csv")[0])
    assert steady_state["primaryKey"] == ["point", "replication", "metric"]
    assert steady_state["fields"][-1]["constraints"]["enum"][0] == "steady"
    units = {field["name"]: field.get("unit") for field in resources["runs"]["schema"]["fields"]}
    assert all(units[name] for parts in RATIOS.values() for name in parts)


def test_explain_says_how_means_are_made(folder):
    for metric, (numerator, denominator) in RATIOS.items():
        told = posim("explain", metric, cwd=folder).stdout
        assert f"the sum of {numerator} by the sum of {denominator}" in told and "jackknife95" in told, told
        assert metric in posim("explain", numerator).stdout and metric in posim("explain", denominator).stdout
    assert "batch95" in posim("explain", "block_interval_s").stdout
    assert "jackknife95" not in posim("explain", "gini").stdout


if __name__ == "__main__":
    main(dict(globals()))
