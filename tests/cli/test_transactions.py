# SPDX-License-Identifier: MIT
"""Transactions as a user meets them: tables and metrics that agree, files, sweeps over a rate, figures, errors."""

import csv
import os

from harness import BAD_SCENARIO, RUNS_FAILED, SMALL, main, posim, read, write

FULL = """posim: 1
protocol: {kind: praos, active_slot_coefficient: 30 %, security_parameter: 6, block_size: 20 kB, block_transactions: 60}
validators: {count: 20}
network: {latency: {model: constant, delay: 700 ms}}
time: {duration: 10 min, warmup: 1 min}
transactions:
  rate: 15 tx/s
  size: {median: 300, sigma: 1}
  fee: {median: 1000, sigma: 1}
  detail: full
  mempool: {transactions: 500, expiry: 2 min}
record: [blocks, finality, transactions, mempool, losses]
"""
TRACE = "entered_s,size_bytes,fee\n0.5,100,10\n1.25,200,20\n3,300,30\n"


def rows(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def quantile(ended, censored, percent):
    """Kaplan and Meier, by hand; what the share that ended does not reach is not known."""
    if 100 * len(ended) < percent * (len(ended) + len(censored)):
        return None
    events = sorted([(length, 0) for length in ended] + [(length, 1) for length in censored])
    lasting, left = 1.0, len(events)
    for length, is_censored in events:
        if not is_censored:
            lasting *= (left - 1) / left
            if lasting <= 1 - percent / 100 + 1e-9:
                return length
        left -= 1
    return None


def near(value, expected):
    return abs(float(value) - expected) <= 1e-6 * max(1.0, abs(expected))


def test_the_table_says_what_the_metrics_do(folder):
    results = os.path.join(folder, "results")
    posim("run", write(folder, "full.yaml", FULL), "-o", results)
    run, = rows(results, "runs.csv")
    traces = os.path.join(results, "traces", "0-0")
    table = rows(traces, "transactions.csv")
    counted = [row for row in table if float(row["entered_s"]) >= 60]
    assert {row["fate"] for row in table} == {"included", "waiting", "lost"}
    assert len({row["cohort"] for row in table}) == len(table) and {row["transactions"] for row in table} == {"1"}
    for name, end in [("inclusion", "included_s"), ("confirmation", "final_s")]:
        ended = [float(row[end]) - float(row["entered_s"]) for row in counted if row[end] != "NA"]
        censored = [600 - float(row["entered_s"]) for row in counted if row[end] == "NA" and row["fate"] != "lost"]
        assert near(run[f"{name}_delay_s_mean"], sum(ended) / len(ended)), name
        for percent in (50, 95, 99):
            expected = quantile(ended, censored, percent)
            value = run[f"{name}_delay_s_p{percent}"]
            assert near(value, expected) if expected is not None else value == "NA", (name, percent, value, expected)
    lost = sum(row["fate"] == "lost" for row in counted)
    assert lost > 0 and near(run["dropped_share"], lost / len(counted))
    assert int(run["waiting_transactions"]) == sum(row["fate"] == "waiting" for row in counted)
    blocks = {row["block"]: row for row in rows(traces, "blocks.csv")}
    for block, row in blocks.items():
        carried = [entry for entry in table if entry["block"] == block]
        if row["on_main"] == "1":
            assert int(row["transactions"]) == len(carried)
            assert int(row["size_bytes"]) == sum(int(entry["size_bytes"]) for entry in carried) <= 20000
    late = [int(row["bytes"]) for row in rows(traces, "mempool.csv") if float(row["at_s"]) >= 60]
    assert int(run["mempool_bytes_max"]) == max(late)
    assert int(run["mempool_bytes_p95"]) == sorted(late)[(len(late) * 95 + 99) // 100 - 1]
    assert near(run["throughput_tx_s"], int(run["transactions"]) / 540)


def test_a_summary_is_close_to_the_whole(folder):
    scenario = write(folder, "full.yaml", FULL.replace("size: {median: 300, sigma: 1}", "size: {value: 300}"))
    for detail in ("full", "summary"):
        posim("run", scenario, "-o", os.path.join(folder, detail), "--set", f"transactions.detail={detail}",
              "--set", "transactions.order=arrival", "--set", "transactions.rate=12tx/s")
    (full,), (summary,) = rows(folder, "full", "runs.csv"), rows(folder, "summary", "runs.csv")
    assert full["entered_transactions"] == summary["entered_transactions"]
    assert full["transactions"] == summary["transactions"]
    for metric in ("inclusion_delay_s_mean", "inclusion_delay_s_p50", "inclusion_delay_s_p95"):
        assert abs(float(full[metric]) - float(summary[metric])) < 0.5, metric


def test_a_file_of_transactions(folder):
    write(folder, "sent.csv", TRACE)
    scenario = write(folder, "trace.yaml", SMALL + "record: [blocks, transactions]\n"
                     "transactions: {file: sent.csv, detail: full, spread: 0 s}\n")
    posim("run", scenario, "-o", os.path.join(folder, "results"))
    table = rows(folder, "results", "traces", "0-0", "transactions.csv")
    # A block each 1.3 s, the first at 0: what enters at 3 s is in that of 3.9 s.
    assert [(float(row["entered_s"]), row["size_bytes"], row["fee"], float(row["included_s"])) for row in table] == [
        (0.5, "100", "10", 1.3), (1.25, "200", "20", 1.3), (3, "300", "30", 3.9)], table
    write(folder, "sent.csv", TRACE + "2,1,1\n")
    told = posim("run", scenario, "-o", os.path.join(folder, "again"), code=None)
    assert told.returncode in (BAD_SCENARIO, RUNS_FAILED)
    assert "sent.csv:5" in told.stderr and "order of time" in told.stderr, told.stderr


def test_regions_where_nobody_is(folder):
    scenario = write(folder, "regions.yaml", SMALL + "transactions: {rate: 5 tx/s, size: {value: 9}, "
                     "enter: {regions: {atlantis: {share: 100 %}}}}\n")
    told = posim("run", scenario, "-o", os.path.join(folder, "results"), code=None)
    assert told.returncode in (BAD_SCENARIO, RUNS_FAILED)
    assert ("regions.yaml:6: transactions.enter.regions: no node is in a region `atlantis`: this network has no regions"
            in told.stderr), told.stderr
    told = posim("check", scenario, "--set", "network={placement: {regions: {eu-west-1: {share: 1/2}, us-east-1: "
                 "{share: 1/2}}}, latency: {model: geographic}}", code=BAD_SCENARIO)
    assert "no node is in a region `atlantis`: nodes are in eu-west-1, us-east-1" in told.stderr, told.stderr
    told = posim("check", scenario, "--set", "network={placement: {regions: {eu-west-1: {share: 1/2}, us-east-1: "
                 "{share: 1/2}}}, latency: {model: geographic}}", "--set",
                 "transactions.enter={regions: {eu-wst-1: {share: 50 %}}}", code=BAD_SCENARIO)
    lines = told.stderr.splitlines()
    assert len(lines) == 2 and "no node is in a region `atlantis`" in lines[0], lines
    assert "region `eu-wst-1`: nodes are in eu-west-1, us-east-1; did you mean `eu-west-1`?" in lines[1], lines


def test_sweep_figures_and_replay(folder):
    scenario = write(folder, "load.yaml", SMALL + "transactions: {rate: 50 tx/s, size: {value: 1000}}\n"
                     "sweep: {grid: {transactions.rate: {from: 50 tx/s, to: 200 tx/s, factor: 2}}}\n"
                     "record: [blocks, mempool]\nkeep: all\n")
    results = os.path.join(folder, "results")
    posim("run", scenario, "-o", results)
    swept = rows(results, "plan.csv")
    assert [row["transactions_rate_tx_per_s"] for row in swept] == ["50", "100", "200"], swept
    runs = rows(results, "runs.csv")
    delays = [float(row["inclusion_delay_s_mean"]) for row in runs]
    assert delays[0] < 1.3 < 2 < delays[2], delays
    # 100 kB a block and one each 1.3 s: 76.9 a second, and what is beyond waits.
    assert abs(int(runs[2]["waiting_transactions"]) - (200 - 100 / 1.3) * 20) < 300
    # Those that wait in a queue that grows would wait longer than any that was served.
    known = [[row[f"inclusion_delay_s_p{percent}"] != "NA" for percent in (50, 95)] for row in runs]
    assert known == [[True, True], [True, False], [False, False]], known
    posim("plot", results, "line", "--format", "svg", "--with=x=transactions.rate", "--with=y=inclusion_delay_s_mean")
    assert "tx/s" in read(results, "plots", "line.svg")
    posim("plot", results, "time_series", "--run", "2-0", "--format", "svg", "--with=show=[blocks, mempool]")
    assert "Mempool" in read(results, "plots", "time_series.svg")
    windows = rows(results, "plots", "data", "time_series.csv")
    most = max(int(row["bytes"]) for row in replayed(folder, results))
    assert max(int(row["mempool"]) for row in windows) == most


def replayed(folder, results):
    told = os.path.join(folder, "again")
    posim("replay", results, "2-0", "-o", told)
    found = [os.path.join(above, "mempool.csv") for above, _, names in os.walk(told) if "mempool.csv" in names]
    return rows(found[0])


def test_without_transactions_nothing_is_told(folder):
    scenario = write(folder, "none.yaml", SMALL + "record: [blocks, mempool, transactions]\n")
    hashes = []
    for number, options in enumerate([[], ["--set", "transactions.kind=none"]]):
        results = os.path.join(folder, str(number))
        posim("run", scenario, "-o", results, *options)
        run, = rows(results, "runs.csv")
        hashes.append(run["trace_hash"])
        assert run["inclusion_delay_s_mean"] == "NA" and run["mempool_bytes_max"] == "NA"
        assert not rows(results, "traces", "0-0", "mempool.csv")
    assert hashes[0] == hashes[1]


if __name__ == "__main__":
    main(dict(globals()))
