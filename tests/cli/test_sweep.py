#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Experiments of many runs: sweeps, plans, parts that are put together, limits, and going on after a kill."""

import csv
import os
import random
import shutil
import signal
import subprocess
import time

from harness import (BAD_SCENARIO, EXPECTATION, FINE, PROGRAM, RUNS_FAILED, SMALL, SOURCE, USAGE, Skip, files_under,
                     for_mpirun, main, posim, read, read_json, write)

# Twelve points, three runs each, of a few milliseconds.
SWEEP = SMALL + """adversary: {kind: silent, stake: 10 %}
replicate: {count: 3, seed: 9}
sweep:
  grid:
    network.latency.delay: {from: 50 ms, to: 200 ms, factor: 2}
    adversary.stake: [0 %, 25 %, 30 %]
  zip:
    validators.count: [4, 8]
    time.duration: [20 s, 10 s]
  where: network.latency.delay < 200 ms or adversary.stake = 0 %
"""
POINTS = 2 * (2 * 3 + 1)
TABLES = ["plan.csv", "runs.csv", "summary.csv", "steady_state.csv"]
# How often everything is killed at a random moment.
KILLS = int(os.environ.get("POSIM_KILLS", "6"))


def rows_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_of(results):
    return {name: read(results, name) for name in TABLES}


def run(folder, name, *arguments, text=SWEEP, code=FINE, **options):
    results = os.path.join(folder, name)
    done = posim("run", write(folder, "sweep.yaml", text), "-o", results, *arguments, code=code, **options)
    return results, done


def test_every_point_has_its_rows(folder):
    results, done = run(folder, "results")
    plan, runs, summary, _ = (rows_of(results, name) for name in TABLES)
    swept = ["network_latency_delay_s", "adversary_stake", "validators_count", "time_duration_s"]
    assert list(plan[0]) == ["point", *swept]
    assert len(plan) == POINTS and len(runs) == 3 * POINTS
    assert [row["column"] for row in read_json(results, "manifest.json")["swept"]] == swept
    assert [(row["point"], row["replication"]) for row in runs] == [
        (row["point"], str(r)) for row in plan for r in range(3)]
    for row in plan:
        assert row["time_duration_s"] == {"4": "20", "8": "10"}[row["validators_count"]], "zip goes in step"
        finality = [s for s in summary if s["point"] == row["point"] and s["metric"] == "finality_s_last_p50"]
        assert len(finality) == 1 and all(finality[0][key] == row[key] for key in swept)
        assert abs(float(finality[0]["mean"]) - 3 * float(row["network_latency_delay_s"])) < 1e-9
        holds = [s for s in summary if s["point"] == row["point"] and s["metric"] == "safety_holds"]
        assert holds[0]["mean"] == "1" and holds[0]["n"] == "3"
    assert f"{POINTS} points, {3 * POINTS} runs" in done.stdout
    assert not os.path.exists(os.path.join(results, "traces")), "a sweep keeps no traces unless asked"


def test_points_share_their_luck(folder):
    """A point of a sweep is the same run as the same values without a sweep: common random numbers."""
    text = SMALL.replace("constant, delay: 100 ms", "lognormal, median: 50 ms, sigma: 0.5")
    swept, _ = run(folder, "swept", "--sweep", "validators.count=4,7", text=text)
    alone, _ = run(folder, "alone", "--set", "validators.count=7", text=text)
    hashes = {row["validators_count"]: row["trace_hash"] for row in rows_of(swept, "runs.csv")}
    assert hashes["7"] == rows_of(alone, "runs.csv")[0]["trace_hash"] != hashes["4"]


def test_the_command_line_sweeps_and_chooses(folder):
    results, _ = run(folder, "results", "--only", "adversary.stake > 0 % and network.latency.delay = 50 ms")
    whole, _ = run(folder, "whole")
    chosen = [row for row in rows_of(whole, "runs.csv")
              if row["adversary_stake"] != "0" and row["network_latency_delay_s"] == "0.05"]
    assert rows_of(results, "runs.csv") == chosen, "chosen points keep their numbers and their luck"
    done = posim("run", os.path.join(folder, "sweep.yaml"), "-o", results, "--only", "adversary.stake > 50 %",
                 code=BAD_SCENARIO)
    assert "no combination is left" in done.stderr
    done = posim("run", os.path.join(folder, "sweep.yaml"), "--set", "adversary.stake=5%", code=BAD_SCENARIO)
    assert "is swept" in done.stderr and "--sweep adversary.stake=" in done.stderr


def test_whole_parts_can_be_swept(folder):
    text = SMALL + """sweep:
  grid:
    protocol: [{kind: tendermint}, {label: slow, kind: tendermint, timeout_commit: 5 s}, {kind: praos}]
"""
    results, _ = run(folder, "results", text=text)
    assert [row["protocol"] for row in rows_of(results, "plan.csv")] == ["tendermint", "slow", "praos"]
    again = os.path.join(folder, "again")
    posim("run", os.path.join(results, "scenario.yaml"), "-o", again)
    assert tables_of(again) == tables_of(results), "the resolved scenario sweeps the same"


def test_all_ways_of_running_give_the_same_tables(folder):
    one, _ = run(folder, "one", "-j", "1")
    two, _ = run(folder, "two", "-j", "3")
    assert tables_of(one) == tables_of(two)
    parts = os.path.join(folder, "parts")
    for part in (3, 1, 4, 2):
        run(folder, "parts", "--shard", f"{part}/4")
    posim("merge", parts)
    assert tables_of(one) == tables_of(parts)
    for part in (1, 2):
        run(folder, f"part{part}", "--shard", f"{part}/2")
    whole = os.path.join(folder, "whole")
    posim("merge", os.path.join(folder, "part1"), os.path.join(folder, "part2"), "-o", whole)
    assert tables_of(one) == tables_of(whole)


def mpirun(ranks, *arguments, code=FINE):
    """Runs posim under mpirun on this machine; skips where one of them is not there."""
    done = subprocess.run(["mpirun", "-n", str(ranks), PROGRAM, *arguments], env=for_mpirun(), capture_output=True,
                          text=True, timeout=120, check=False)
    assert (done.returncode == 0) == (code == FINE), (done.returncode, done.stdout, done.stderr)
    return done


def test_one_rank_does_what_ranks_cannot_share(folder):
    where = os.path.join(folder, "results")
    run(folder, "results", "-j", "1")
    done = mpirun(3, "verify", where)
    assert done.stdout.count("have the trace on record") == 1, done.stdout
    done = mpirun(3, "report", where)
    assert done.stdout.splitlines() == [os.path.join(where, "report.html")], done.stdout
    done = mpirun(2, "plot", os.path.join(folder, "nowhere"), code=USAGE)
    assert done.stderr.count("posim plot: ") == 1, done.stderr


def test_what_is_wrong_with_a_scenario_is_said_by_one_rank(folder):
    bad = write(folder, "bad.yaml", SMALL + "bogus: 3\n")
    done = mpirun(3, "run", bad, "-o", os.path.join(folder, "results"), code=BAD_SCENARIO)
    assert done.stderr.count("unknown key `bogus`") == 1, done.stderr
    done = mpirun(2, "run", bad, "--timeout", "never", code=USAGE)
    assert done.stderr.count("--timeout: ") == 1, done.stderr
    # but a rank that fails alone is heard
    fine = write(folder, "fine.yaml", SMALL)
    done = subprocess.run(["mpirun", "-n", "1", PROGRAM, "run", fine, "-o", os.path.join(folder, "results"), ":", "-n",
                           "1", PROGRAM, "run", bad, "-o", os.path.join(folder, "results")], env=for_mpirun(),
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0 and done.stderr.count("unknown key `bogus`") == 1, done.stderr


def test_ranks_of_mpirun_share_the_runs(folder):
    one, _ = run(folder, "one", "-j", "1")
    many = os.path.join(folder, "many")
    done = mpirun(4, "run", os.path.join(folder, "sweep.yaml"), "-o", many)
    assert done.stdout.count("results in") == 1, "one rank tells what came of it"
    assert tables_of(one) == tables_of(many)
    journals = [name for name in os.listdir(os.path.join(many, "journal")) if name.endswith(".journal")]
    assert sorted(journals) == [f"rank-{rank}-0001.journal" for rank in range(4)]
    done = mpirun(2, "run", os.path.join(folder, "sweep.yaml"), "-o", many, code=USAGE)
    assert "is not empty" in done.stderr
    os.remove(os.path.join(many, "journal", "rank-2-0001.journal"))
    os.remove(os.path.join(many, "runs.csv"))
    mpirun(3, "run", os.path.join(folder, "sweep.yaml"), "-o", many, "--resume")
    assert tables_of(one) == tables_of(many)


def test_the_scripts_for_a_cluster_do_what_their_page_says(folder):
    one, _ = run(folder, "one", "-j", "1")
    scenario, parts = os.path.join(folder, "sweep.yaml"), os.path.join(folder, "parts")
    script = os.path.join(SOURCE, "scenarios", "cluster", "array.sbatch")
    for task in (2, 1, 3):
        environment = {**os.environ, "POSIM": PROGRAM, "SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": "3",
                       "SLURM_CPUS_PER_TASK": "2"}
        subprocess.run(["sh", script, scenario, parts], env=environment, check=True, capture_output=True, timeout=60)
    posim("merge", parts)
    assert tables_of(one) == tables_of(parts)
    alone = subprocess.run(["sh", script, scenario, parts], env={**os.environ, "POSIM": PROGRAM}, capture_output=True,
                           text=True, check=False, timeout=60)
    assert alone.returncode != 0 and "sbatch --array" in alone.stderr


def test_a_journal_that_cannot_be_made_ends_all_ranks(folder):
    path = write(folder, "sweep.yaml", SWEEP)
    results = os.path.join(folder, "results")
    os.mkdir(results)
    write(results, "manifest.json", '{"posim": "0"}')
    write(results, "journal", "in the way")
    done = mpirun(3, "run", path, "-o", results, "--resume", code=RUNS_FAILED)
    assert "journal" in done.stderr


def test_resume_is_not_for_another_experiment(folder):
    results, _ = run(folder, "results")
    before = {name: read(results, name) for name in files_under(results) if name.endswith((".csv", ".yaml", ".json"))}
    for other in [("--set", "protocol.timeout_commit=7s"), ("--seed", "99")]:
        _, done = run(folder, "results", "--resume", *other, code=USAGE)
        assert "none is of this experiment" in done.stderr and "--force" in done.stderr
    assert before == {name: read(results, name) for name in before}
    run(folder, "results", "--resume")


def test_runs_that_are_none_any_more_are_told(folder):
    """Fewer replications, or points: the tables have less than before, the journal does not."""
    note = ("run%s on record %s of no point or replication of this experiment; the journal keeps %s, the tables do not "
            "have %s\n")
    results, _ = run(folder, "results")
    runs, points = len(rows_of(results, "runs.csv")), len(rows_of(results, "plan.csv"))
    _, done = run(folder, "results", "--resume")
    assert not done.stderr
    _, done = run(folder, "results", "--resume", "--set", f"replicate.count={runs // points - 1}")
    assert done.stderr.endswith(f": note: {points} " + note % ("s", "are", "them", "them")), done.stderr
    assert len(rows_of(results, "runs.csv")) == runs - points
    _, done = run(folder, "results", "--resume")
    assert not done.stderr and len(rows_of(results, "runs.csv")) == runs
    _, done = run(folder, "results", "--resume", "--set", "replicate.count=1")
    assert done.stderr.endswith(f": note: {runs - points} " + note % ("s", "are", "them", "them")), done.stderr


def test_few_files_may_be_open(folder):
    """Fewer workers than asked for carry out all runs; only where none can be started is a run lost."""
    limited = os.path.join(folder, "limited")
    scenario = write(folder, "sweep.yaml", LONGER)
    whole, _ = run(folder, "whole", text=LONGER)
    shell = 'ulimit -n 24; exec "$0" run "$1" -o "$2" -j 40 --progress none'
    done = subprocess.run(["sh", "-c", shell, PROGRAM, scenario, limited], capture_output=True, text=True, check=False)
    assert done.returncode == FINE, done.stdout + done.stderr
    assert tables_of(limited) == tables_of(whole)


def test_until_and_count_exclude_each_other(folder):
    text = SMALL + "replicate: {count: 5, until: {metric: messages, rel_halfwidth: 10 %}}\n"
    done = posim("check", write(folder, "both.yaml", text), code=BAD_SCENARIO)
    assert "says nothing beside `until`" in done.stderr


def test_resume_and_merge_touch_only_results(folder):
    mine = write(folder, "scenario.yaml", SWEEP)
    for arguments in (["--resume"], ["--shard", "1/2"]):
        done = posim("run", mine, "-o", folder, *arguments, code=USAGE)
        assert "holds no results" in done.stderr
    assert read(mine) == SWEEP and sorted(os.listdir(folder)) == ["scenario.yaml"]
    other, _ = run(folder, "other", text=SMALL)
    part, _ = run(folder, "part", "--shard", "1/1")
    before = read(other, "runs.csv")
    posim("merge", part, "-o", other, code=USAGE)
    assert read(other, "runs.csv") == before


def test_what_a_file_holds_matters_not_where_it_lies(folder):
    text = SMALL.replace("{count: 4}", "{stake: {file: stakes.csv, column: stake}}") + "replicate: {count: 4}\n"
    for part in (1, 2):
        place = os.path.join(folder, f"place{part}")
        os.mkdir(place)
        write(place, "stakes.csv", "stake\n4\n3\n3\n2\n")
        run(place, "part", "--shard", f"{part}/2", text=text)
    whole = os.path.join(folder, "whole")
    posim("merge", os.path.join(folder, "place1", "part"), os.path.join(folder, "place2", "part"), "-o", whole)
    assert len(rows_of(whole, "runs.csv")) == 4


def test_a_run_that_dies_under_mpirun_fails_alone(folder):
    text = SMALL + "sweep: {grid: {time.duration: [20 s, 3650 d, 30 s]}}\n"
    path = write(folder, "sweep.yaml", text)
    results = os.path.join(folder, "results")
    done = mpirun(2, "run", path, "-o", results, "--timeout", "1 s", code=RUNS_FAILED)
    assert "took longer than the limit" in done.stderr
    assert [row["status"] for row in rows_of(results, "runs.csv")] == ["fine", "failed", "fine"]


def test_merge_wants_every_part(folder):
    parts, _ = run(folder, "parts", "--shard", "1/3")
    done = posim("merge", parts, code=RUNS_FAILED)
    assert f"{2 * POINTS} runs are missing" in done.stderr
    assert not os.path.exists(os.path.join(parts, "summary.csv"))
    posim("merge", folder, code=USAGE)


def test_resume_goes_on_and_extends(folder):
    whole, _ = run(folder, "whole")
    few, _ = run(folder, "few", "--set", "replicate.count=1")
    first = os.path.getsize(os.path.join(few, "journal", "main-0001.journal"))
    run(folder, "few", "--resume")
    assert tables_of(few) == tables_of(whole)
    assert os.path.getsize(os.path.join(few, "journal", "main-0001.journal")) == first, "what is written stays as it is"
    run(folder, "few", code=USAGE)
    run(folder, "few", "--resume", "--force", code=USAGE)
    run(folder, "few", "--shard", "1/2", "--force", code=USAGE)


def test_a_torn_journal_costs_its_last_run(folder):
    whole, _ = run(folder, "whole")
    torn, _ = run(folder, "torn")
    path = os.path.join(torn, "journal", "main-0001.journal")
    size = os.path.getsize(path)
    with open(path, "r+b") as file:
        file.truncate(size - 10)
    os.remove(os.path.join(torn, "runs.csv"))
    run(folder, "torn", "--resume")
    assert tables_of(torn) == tables_of(whole)
    second = os.path.getsize(os.path.join(torn, "journal", "main-0002.journal"))
    assert second < size / 10, "one run alone was carried out again"


def test_other_versions_are_not_mixed(folder):
    results, _ = run(folder, "results")
    path = os.path.join(results, "journal", "main-0001.journal")
    with open(path, "rb") as file:
        head, rest = file.read().split(b"\n", 1)
    with open(path, "wb") as file:
        file.write(head.rsplit(b", ", 1)[0] + b", posim 0.0.1 (0123456)\n" + rest)
    _, done = run(folder, "results", "--resume", code=USAGE)
    assert "posim 0.0.1 (0123456)" in done.stderr and "--mix-versions" in done.stderr
    run(folder, "results", "--resume", "--mix-versions")
    with open(path, "wb") as file:
        file.write(head.replace(b"records ", b"records x") + b"\n" + rest)
    _, done = run(folder, "results", "--resume", "--mix-versions", code=USAGE)
    assert "mean something else" in done.stderr


# Runs of some tens of milliseconds, so that a kill meets them under way.
LONGER = SWEEP.replace("time: {duration: 20 s}", "time: {duration: 600 s}").replace(
    "time.duration: [20 s, 10 s]", "time.duration: [2000 s, 1000 s]")


def kill_at_random(results, scenario, luck, longest):
    """Starts or resumes the experiment, and kills all of it, or one worker, at a random moment."""
    process = subprocess.Popen([PROGRAM, "run", scenario, "-o", results, "--resume", "-j", "2"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(luck.uniform(0, longest))
    if luck.random() < .5:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    else:
        workers = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        for worker in workers.stdout.split()[:1]:
            try:
                os.kill(int(worker), signal.SIGKILL)
            except ProcessLookupError:
                pass
    process.wait(timeout=60)


def test_kills_at_random_moments_lose_only_what_was_under_way(folder):
    scenario = write(folder, "sweep.yaml", LONGER)
    whole, _ = run(folder, "whole", text=LONGER)
    began = time.monotonic()
    run(folder, "timed", text=LONGER)
    longest = time.monotonic() - began
    luck = random.Random(20)
    for kill in range(KILLS):
        killed = os.path.join(folder, "killed")
        if kill % 4 == 0:
            shutil.rmtree(killed, ignore_errors=True)
        kill_at_random(killed, scenario, luck, longest)
        if kill % 4 == 3 or kill == KILLS - 1:
            posim("run", scenario, "-o", killed, "--resume")
            assert tables_of(killed) == tables_of(whole)
            left = [name for _, _, names in os.walk(killed) for name in names if ".tmp-" in name]
            assert not left or kill < KILLS, left


def test_memory_is_that_of_the_run(folder):
    """A small run that a worker carries out after a large one has not held what that one held."""
    text = SMALL.replace("20 s", "5 s") + "sweep: {grid: {validators.count: [1000, 4]}}\n"
    results, _ = run(folder, "results", "-j", "1", text=text)
    large, small = (row["memory_bytes"] for row in rows_of(results, "timing.csv"))
    if large == "NA" and not os.access("/proc/self/clear_refs", os.W_OK):
        raise Skip("the system does not count anew")
    if b"__asan_init" in open(PROGRAM, "rb").read():
        raise Skip("AddressSanitizer keeps what is freed")
    assert int(small) > 2 ** 20 and int(large) > 1.5 * int(small), (large, small)


def test_a_million_points_take_some_tens_of_bytes_each(folder):
    """One of them is carried out; all are gone over."""
    if b"__asan_init" in open(PROGRAM, "rb").read():
        raise Skip("AddressSanitizer keeps what is freed")
    path = write(folder, "sweep.yaml", SMALL.replace("20 s", "1 s") + """sweep:
  grid:
    network.latency.delay: {from: 1 ms, to: 1000 ms, step: 1 ms}
    validators.count: {from: 4, to: 1003, step: 1}
""")
    results = os.path.join(folder, "results")
    process = os.posix_spawn(PROGRAM, [PROGRAM, "run", path, "-o", results, "-j", "1", "--shard", "1/1000000"],
                             os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(process, 0)
    assert status == 0 and usage.ru_maxrss < 100 * 1024, usage.ru_maxrss


def test_limits_cost_one_run(folder):
    text = SMALL + "sweep: {grid: {time.duration: [20 s, 3650 d]}}\n"
    results, done = run(folder, "results", "--timeout", "1 s", text=text, code=RUNS_FAILED)
    assert "took longer than the limit of 1 s" in done.stderr
    assert [row["status"] for row in rows_of(results, "runs.csv")] == ["fine", "failed"]
    results, done = run(folder, "memory", "--memory", "1 MiB", "--timeout", "60 s", text=text, code=RUNS_FAILED)
    assert "took more memory than the limit" in done.stderr
    assert "--timeout: " in run(folder, "usage", "--timeout", "soon", code=USAGE)[1].stderr
    assert "--memory: " in run(folder, "usage", "--timeout", "0 s", "--memory", "all", code=USAGE)[1].stderr
    run(folder, "usage", "--shard", "3/2", code=USAGE)


def test_limits_mean_the_same_for_any_number_of_workers(folder):
    """Runs of a few milliseconds are over before anybody has looked at what they take."""
    for limit, told in [(("--memory", "1 MiB"), "it took more memory than the limit of 1048576 bytes"),
                        (("--timeout", "10 us"), "it took longer than the limit of 1e-05 s")]:
        tables = []
        for workers in ("1", "2", "3"):
            results, done = run(folder, limit[0] + workers, *limit, "-j", workers, text=SWEEP + "keep: all\n",
                                code=RUNS_FAILED)
            assert told in done.stderr and "no run finished" in done.stdout, done
            assert not [name for name in files_under(results) if name.startswith("traces")]
            tables.append(tables_of(results))
        assert tables[0] == tables[1] == tables[2]
    run(folder, "enough", "--memory", "1 GiB", "--timeout", "1 min")
    run(folder, "no limit", "--memory", "0 B", "--timeout", "0 s")


def test_until_a_metric_is_known(folder):
    text = SMALL.replace("constant, delay: 100 ms", "lognormal, median: 100 ms, sigma: 1") + """replicate:
  seed: 5
  until: {metric: finality_s_last_p50, rel_halfwidth: 4 %, min: 5, max: 95}
sweep: {grid: {validators.count: [4, 16]}}
"""
    one, _ = run(folder, "one", "-j", "1", text=text)
    two, _ = run(folder, "two", "-j", "4", text=text)
    assert tables_of(one) == tables_of(two), "workers decide nothing"
    counts = {}
    for row in rows_of(one, "runs.csv"):
        counts[row["validators_count"]] = counts.get(row["validators_count"], 0) + 1
    assert counts["4"] > counts["16"] and all(30 <= count <= 95 for count in counts.values()), counts
    for part in (1, 2):
        run(folder, "parts", "--shard", f"{part}/2", text=text)
    posim("merge", os.path.join(folder, "parts"))
    assert tables_of(one) == tables_of(os.path.join(folder, "parts"))
    many = os.path.join(folder, "many")
    mpirun(3, "run", os.path.join(folder, "sweep.yaml"), "-o", many)
    assert tables_of(one) == tables_of(many), "nor do ranks"


def test_expectations_hold_at_every_point(folder):
    expectation = "expect: [{metric: finality_s_last_p50, max: 0.35}]\n"
    _, done = run(folder, "results", text=SWEEP + expectation, code=EXPECTATION)
    assert "NOT MET" in done.stdout and "network.latency.delay 0.2 s" in done.stdout


def test_a_point_that_does_not_fit_is_found_before_anything_runs(folder):
    text = SMALL + "sweep: {grid: {time.warmup: [0 s, 30 s], time.duration: [20 s, 40 s]}}\n"
    _, done = run(folder, "results", text=text, code=BAD_SCENARIO)
    assert "time.warmup" in done.stderr and not os.path.exists(os.path.join(folder, "results"))


def test_plan_tells_points_and_cost(folder):
    path = write(folder, "sweep.yaml", SWEEP)
    done = posim("plan", path)
    assert f"{POINTS} points, 3 replications: {3 * POINTS} runs, seed 9" in done.stdout
    assert "in all about" in done.stdout
    done = posim("plan", path, "--csv")
    results, _ = run(folder, "results")
    assert done.stdout == read(results, "plan.csv")
    done = posim("plan", write(folder, "long.yaml", SMALL.replace("20 s", "3650 d")), "--probe", "1")
    assert "judged by its first" in done.stdout
    many = SMALL + "sweep: {grid: {replication.x: [1]}}\n"
    posim("plan", write(folder, "wrong.yaml", many), code=BAD_SCENARIO)


def test_a_million_runs_take_no_time_to_plan(folder):
    text = SMALL + """sweep:
  grid:
    network.latency.delay: {from: 1 ms, to: 1000 ms, step: 1 ms}
    time.duration: {from: 1 s, to: 1000 s, step: 1 s}
"""
    began = time.monotonic()
    done = posim("plan", write(folder, "many.yaml", text), "--no-probes")
    assert "1000000 points, 1 replication: 1000000 runs" in done.stdout
    assert time.monotonic() - began < 60, "as it would if points were made"


NOISY = """posim: 1
protocol: {kind: tendermint}
validators: {count: 7}
network: {latency: {model: lognormal, median: 100 ms, sigma: 0.5}}
time: {duration: 30 s}
replicate: {count: 12}
sweep: {grid: {protocol.timeout_commit: [1 s, 1100 ms, 1101 ms]}}
"""


def test_compare_says_what_is_established(folder):
    results, _ = run(folder, "results", text=NOISY)
    done = posim("compare", f"{results}:0", f"{results}:1", "-m", "block_interval_s", "-m", "safety_violations")
    assert "12 pairs of runs" in done.stdout and "the first is lower" in done.stdout
    assert "the same in every pair" in done.stdout and "The difference is established at 5 %." in done.stdout
    table = list(csv.DictReader(posim("compare", f"{results}:0", f"{results}:1", "--csv").stdout.splitlines()))
    row = [one for one in table if one["metric"] == "block_interval_s"][0]
    runs = {(one["point"], one["replication"]): float(one["block_interval_s"]) for one in rows_of(results, "runs.csv")}
    pairs = [runs["0", str(r)] - runs["1", str(r)] for r in range(12)]
    assert abs(float(row["difference"]) - sum(pairs) / 12) < 1e-8 and row["n"] == "12"
    assert float(row["ci_lo"]) < sum(pairs) / 12 < float(row["ci_hi"]) and row["established"] == "yes"
    assert float(row["p_adjusted"]) >= float(row["p_value"]), "corrected for looking at many"
    done = posim("compare", results, results)
    assert "Nothing differs: every pair of runs gave the same." in done.stdout
    other, _ = run(folder, "other", "--seed", "5", text=NOISY)
    done = posim("compare", f"{results}:0", f"{other}:0", "-m", "finality_s_last_p95")
    assert "not established" in done.stdout and "seeds differ" in done.stdout


def test_compare_refuses_what_it_cannot(folder):
    results, _ = run(folder, "results", text=NOISY)
    done = posim("compare", f"{results}:0", f"{results}:7", code=USAGE)
    assert "has no point 7" in done.stderr
    done = posim("compare", results, results, "-m", "finality", code=USAGE)
    assert "there is no metric `finality`" in done.stderr
    posim("compare", results, folder, code=USAGE)
    posim("compare", results, code=USAGE)


def test_verify_runs_a_sample_again(folder):
    results, _ = run(folder, "results")
    done = posim("verify", results, "--sample", "5")
    assert "5 of 5 runs have the trace on record" in done.stdout
    path = os.path.join(results, "runs.csv")
    rows = read(path).split("\n")
    cells = rows[1].split(",")
    index = rows[0].split(",").index("trace_hash")
    cells[index] = "0" * 32
    rows[1] = ",".join(cells)
    write(results, "runs.csv", "\n".join(rows))
    done = posim("verify", results, "--sample", "0", code=RUNS_FAILED)
    assert f"{3 * POINTS - 1} of {3 * POINTS} runs" in done.stdout and "0" * 32 in done.stderr
    posim("verify", folder, code=USAGE)


def test_replay_knows_points(folder):
    results, _ = run(folder, "results")
    point = rows_of(results, "plan.csv")[-1]["point"]
    done = posim("replay", results, f"{point}-2")
    assert "as recorded" in done.stdout
    posim("replay", results, "1000-0", code=USAGE)


if __name__ == "__main__":
    main(globals())
