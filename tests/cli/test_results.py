# SPDX-License-Identifier: MIT
"""What `posim run` and `posim replay` write, keep and refuse."""

import csv
import hashlib
import json
import os
import pty
import re
import shutil
import signal
import subprocess
import time

from harness import (BAD_SCENARIO, EXPECTATION, FINE, INTERRUPTED, LONG, PROGRAM, RUNS_FAILED, SMALL, SOURCE, USAGE,
                     Skip, files_under, main, posim, read, read_json, write)

# The one table that two runs of the same plan may differ in, and the command line.
DIFFERS = {"timing.csv", "manifest.json"}
TEMPORARY = ".tmp"


def rows_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def folders_under(folder):
    return sorted(os.path.relpath(os.path.join(above, name), folder)
                  for above, names, _ in os.walk(folder) for name in names)


def run(folder, name, text, *arguments, code=FINE, **options):
    """Runs a scenario into folder/name; returns the results directory and what was printed."""
    results = os.path.join(folder, name)
    done = posim("run", write(folder, "scenario.yaml", text), "-o", results, *arguments, code=code, **options)
    return results, done


def same_bytes(one, other):
    assert files_under(one) == files_under(other)
    for name in {name for name in files_under(one) if not name.startswith("journal/")} - DIFFERS:
        with open(os.path.join(one, name), "rb") as a, open(os.path.join(other, name), "rb") as b:
            assert a.read() == b.read(), name


def test_run_writes_what_the_manual_says(folder):
    results, done = run(folder, "results", SMALL, "--set", "replicate.count=2")
    assert {"manifest.json", "scenario.yaml", "plan.csv", "runs.csv", "summary.csv", "timing.csv",
            "traces/0-0/blocks.csv", "traces/0-1/blocks.csv"} <= set(files_under(results))
    assert not [name for name in files_under(results) if TEMPORARY in name]
    assert [row["status"] for row in rows_of(results, "runs.csv")] == ["fine", "fine"]
    assert "safety" in done.stdout and "holds in 2 of 2 runs" in done.stdout
    manifest = read_json(results, "manifest.json")
    assert manifest["arguments"][0] == "run" and manifest["inputs"][0]["file"].endswith("scenario.yaml")


def test_blocks_are_final_after_three_delays(folder):
    results, _ = run(folder, "results", SMALL)
    finality = [row for row in rows_of(results, "summary.csv") if row["metric"] == "finality_s_last_p50"]
    assert abs(float(finality[0]["mean"]) - .3) < 1e-9, finality


def test_bytes_count_every_copy_but_the_senders(folder):
    """As network.csv and the metric say: with more receivers a vote costs more, alone it costs nothing."""
    cost = {}
    for count in [1, 4, 7]:
        results, _ = run(folder, str(count), SMALL.replace("count: 4", f"count: {count}"))
        rows = {row["kind"]: row for row in rows_of(results, "traces", "0-0", "network.csv")}
        cost[count] = int(rows["vote"]["bytes"]) / int(rows["vote"]["messages"])
        assert int(rows["vote"]["deliveries"]) == count * int(rows["vote"]["messages"])
        assert sum(int(row["bytes"]) for row in rows.values()) == float(rows_of(results, "runs.csv")[0]["bytes"])
    assert cost[1] == 0 and cost[4] > 0 and cost[7] == 2 * cost[4]
    assert "all copies" in posim("explain", "bytes").stdout


def test_without_output_results_go_below_the_working_directory(folder):
    path = write(folder, "scenario.yaml", SMALL + "name: mine\n")
    posim("run", path, cwd=folder)
    assert os.path.exists(os.path.join(folder, "results", "mine", "runs.csv"))


def test_several_scenarios_get_a_folder_each(folder):
    one = write(folder, "one.yaml", SMALL)
    other = write(folder, "other.yaml", SMALL)
    posim("run", one, other, "-o", os.path.join(folder, "all"))
    assert os.path.exists(os.path.join(folder, "all", "one", "runs.csv"))
    assert os.path.exists(os.path.join(folder, "all", "other", "runs.csv"))


def test_json_is_json_and_nothing_else(folder):
    results, done = run(folder, "results", SMALL, "--json", "--progress", "plain")
    told = json.loads(done.stdout)
    assert told["runs"] == 1 and told["failed"] == 0 and told["results"] == results
    assert told["verdicts"]["safety"] == {"held": 1, "violated": 0}
    assert abs(told["metrics"]["finality_s_last_p50"]["mean"] - .3) < 1e-9


def test_progress_styles(folder):
    _, quiet = run(folder, "a", SMALL, "--progress", "none")
    assert not quiet.stderr
    _, plain = run(folder, "b", SMALL, "--progress", "plain")
    assert "\r" not in plain.stderr
    _, wrong = run(folder, "c", SMALL, "--progress", "loud", code=USAGE)
    assert "`loud`" in wrong.stderr and not os.path.exists(os.path.join(folder, "c"))


def test_results_are_not_overwritten_unless_forced(folder):
    results, _ = run(folder, "results", SMALL)
    mine = write(results, "notes.txt", "mine\n")
    _, refused = run(folder, "results", SMALL, "--seed", "2", code=USAGE)
    assert "--force" in refused.stderr and not refused.stdout
    before = rows_of(results, "runs.csv")[0]["seed"]
    run(folder, "results", SMALL, "--seed", "2", "--force")
    assert rows_of(results, "runs.csv")[0]["seed"] != before
    assert read(mine) == "mine\n"


def test_force_leaves_nothing_of_the_results_before(folder):
    """Everything that posim can put there, from a run with more tables and replications, then one with fewer."""
    every = ", ".join(line.split()[0] for line in posim("list", "tables").stdout.splitlines())
    results, _ = run(folder, "results", SMALL + f"replicate: {{count: 3}}\nrecord: [{every}]\n")
    posim("replay", results, "0-2")
    if shutil.which("gnuplot"):
        posim("plot", results, "--format", "svg,png,pdf,tex")
    for name in [".runs.csv.tmp-1234", "report.html", "traces/0-1/.votes.csv.tmp-Ab12Cd", "traces/0-1/votes.csv.zst",
                 "traces/0-1/messages.csv", "plots/.drawing-Ab12Cd/finality.svg",
                 "plots/data/.finality.csv.tmp-Ab12Cd"]:
        os.makedirs(os.path.dirname(os.path.join(results, name)), exist_ok=True)
        write(results, name, "left behind\n")
    assert os.path.exists(os.path.join(results, "traces/0-2/arrivals.csv.zst"))
    forced, _ = run(folder, "results", SMALL + "record: [blocks]\n", "--force")
    fresh, _ = run(folder, "fresh", SMALL + "record: [blocks]\n")
    same_bytes(forced, fresh)
    assert folders_under(forced) == folders_under(fresh)


def test_force_touches_nothing_else(folder):
    results, _ = run(folder, "results", SMALL + "replicate: {count: 2}\n")
    mine = ["notes.txt", "runs.csv.bak", "summary.xlsx", ".hidden", ".notes.txt.tmp-Ab12Cd", "traces/notes.txt",
            "traces/0-0/notes.txt", "traces/0-1/blocks.csv.gz", "traces/0-1/blocks_mine.csv", "traces/mine/blocks.csv",
            "traces/00-1/blocks.csv", "traces/0-1-2/blocks.csv", "plots/mine.svg", "plots/finality_mine.svg",
            "plots/data/finality_mine.csv", "plots/tex/paper.tex", "plots/mine/finality.svg", "replay/0-0/mine.csv",
            "journal/mine", "mine/traces/0-0/blocks.csv"]
    for name in mine:
        os.makedirs(os.path.dirname(os.path.join(results, name)), exist_ok=True)
        write(results, name, name)
    elsewhere = write(folder, "elsewhere.csv", "mine\n")
    os.remove(os.path.join(results, "traces/0-1/votes.csv"))
    os.symlink(elsewhere, os.path.join(results, "traces/0-1/votes.csv"))
    run(folder, "results", SMALL, "--force")
    for name in mine:
        assert read(results, name) == name, name
    assert read(elsewhere) == "mine\n"
    assert not os.path.lexists(os.path.join(results, "traces/0-1/votes.csv"))
    assert not os.path.exists(os.path.join(results, "traces/0-1/blocks.csv"))


def test_force_refuses_what_are_no_results(folder):
    results = os.path.join(folder, "results")
    os.makedirs(os.path.join(results, "traces/0-0"))
    names = {"runs.csv": "mine\n", "traces/0-0/blocks.csv": "mine\n"}
    for manifest in [None, '{"name": "an app of the web"}\n', "[]\n", "no JSON\n"]:
        if manifest:
            names["manifest.json"] = manifest
        for name, text in names.items():
            write(results, name, text)
        for arguments in [["--force"], []]:
            _, done = run(folder, "results", SMALL, *arguments, code=USAGE)
            assert "results is not empty" in done.stderr or "holds no results of posim" in done.stderr, done.stderr
            assert "manifest.json" in done.stderr or not arguments
            assert not done.stdout and ("--force" in done.stderr) == bool(arguments), done.stderr
        assert files_under(results) == sorted(names)
        assert all(read(results, name) == text for name, text in names.items())


def test_force_runs_the_scenario_of_the_results_again(folder):
    results, _ = run(folder, "results", SMALL)
    before = read(results, "scenario.yaml")
    posim("run", os.path.join(results, "scenario.yaml"), "-o", results, "--force")
    assert read(results, "scenario.yaml") == before
    inputs = read_json(results, "manifest.json")["inputs"]
    assert [entry["sha256"] for entry in inputs] == [hashlib.sha256(before.encode()).hexdigest()]


def test_force_refuses_to_remove_what_the_scenario_reads(folder):
    results, _ = run(folder, "results", SMALL)
    table = os.path.join(results, "traces", "0-0", "validators.csv")
    stakes = SMALL.replace("{count: 4}", f"{{stake: {{file: {table}, column: stake_end}}}}")
    _, done = run(folder, "results", stakes, "--force", code=USAGE)
    assert f"reads {table}" in done.stderr and os.path.exists(table)
    run(folder, "others", stakes, "--force")


def test_force_makes_what_is_not_there(folder):
    run(folder, "new", SMALL, "--force")
    os.mkdir(os.path.join(folder, "empty"))
    run(folder, "empty", SMALL, "--force")


def test_results_that_cannot_be_written_are_refused(folder):
    path = write(folder, "scenario.yaml", SMALL)
    done = posim("run", path, "-o", os.path.join(path, "below-a-file"), code=USAGE)
    assert "below-a-file" in done.stderr and not done.stdout
    posim("run", path, "-o", "/proc/posim-cannot-be-here", code=USAGE)
    if os.getuid() != 0:
        closed = os.path.join(folder, "closed")
        os.mkdir(closed, 0o500)
        posim("run", path, "-o", os.path.join(closed, "results"), code=USAGE)


def test_wrong_scenarios_make_no_results(folder):
    results, done = run(folder, "results", SMALL + "nonsense: 1\n", code=BAD_SCENARIO)
    assert not os.path.exists(results) and not done.stdout
    run(folder, "results", SMALL, "--set", "validators.cuont=3", code=BAD_SCENARIO)
    run(folder, "results", SMALL, "--set", "validators.count=0", code=BAD_SCENARIO)
    _, done = run(folder, "results", SMALL + "expect: [{metric: finality, max: 1}]\n", code=BAD_SCENARIO)
    assert "finality" in done.stderr
    assert not os.path.exists(results)


def test_jobs_out_of_range(folder):
    for jobs in ["0", "-1", "many", "5000"]:
        run(folder, "results", SMALL, "-j", jobs, code=USAGE)


def test_expectations_decide_the_exit_code(folder):
    met = SMALL + "expect: [{metric: finality_s_last_p50, min: 0.29, max: 0.31, source: arithmetic}]\n"
    run(folder, "a", met)
    _, done = run(folder, "b", met.replace("min: 0.29", "min: 0.301"), code=EXPECTATION)
    assert "NOT MET" in done.stdout
    run(folder, "c", met.replace("min: 0.29", "min: 0.301"), "--json", code=EXPECTATION)


def test_how_much_was_judged_is_told(folder):
    """A fault with an end is not judged, and the user hears of it; one without is judged as the world that it makes."""
    def with_fault(name, fault):
        results, done = run(folder, name, SMALL.replace("20 s", "10 min") + f"faults: [{{{fault}}}]\n")
        told = [line for line in done.stdout.splitlines() if line.startswith("  liveness ")][0]
        return results, told, rows_of(results, "runs.csv")[0]

    results, told, row = with_fault("passing", "name: gone, kind: crash, at: 1 min, for: 2 min, count: 3")
    assert told.endswith("holds in 1 of 1 runs (judged 80 % of the time; faults cover the rest)"), told
    assert (row["liveness"], row["liveness_judged_share"]) == ("pass", "0.8")
    began = [row for row in rows_of(results, "traces", "0-0", "incidents.csv") if row["kind"] == "fault_begins"]
    assert [row["until_s"] for row in began] == ["180.000000000"]

    results, told, row = with_fault("for_ever", "kind: crash, at: 1 min, count: 1")
    assert told.endswith("holds in 1 of 1 runs"), told
    assert (row["liveness"], row["liveness_judged_share"]) == ("pass", "1")
    assert [row["until_s"] for row in rows_of(results, "traces", "0-0", "incidents.csv")] == ["NA", "NA"]

    results, told, row = with_fault("too_many_for_ever", "kind: crash, at: 1 min, count: 2")
    assert "VIOLATED" in told and "from 60." in told, told
    assert (row["liveness"], row["liveness_judged_share"]) == ("fail", "1")

    _, told, _ = with_fault("without_length", "kind: partition, at: 1 min, for: 0 s, groups: [50 %, 50 %]")
    assert told.endswith("holds in 1 of 1 runs"), told

    _, told, row = with_fault("the_whole_run", "kind: crash, at: 0 s, for: 1 d, count: 3")
    assert told.endswith("not applicable (judged 0 % of the time; faults cover the rest)"), told
    assert (row["liveness"], row["liveness_judged_share"]) == ("not applicable", "0")


ODD_FAULTS = """faults:
  - {kind: crash, at: 1 s, for: 1 s, share: 50 %}
  - {kind: crash, at: 1 s, for: 1 s}
  - {name: 'the "last", one', kind: delay, at: 1 s, for: 1 s, extra: 1 ms, validators: [v3]}
  - {name: split, kind: partition, at: 1 s, for: 1 s, groups: [75 %, 25 %], adversary_bridges: off}
adversary: {kind: silent, stake: 30 %}
"""


def test_realised_shares_are_in_the_table_of_runs(folder):
    results, done = run(folder, "results", SMALL + ODD_FAULTS + "replicate: {count: 2}\n")
    assert not done.stderr, done.stderr
    for row in rows_of(results, "runs.csv"):
        shares = {name: value for name, value in row.items() if name.startswith(("share_", "fault_"))}
        assert shares == {
            "share_0_silent": "0.25",
            "fault_0_crash_node_share": "0.5", "fault_0_crash_stake_share": "0.5",
            "fault_2_the__last___one_node_share": "0.25", "fault_2_the__last___one_stake_share": "0.25",
            "fault_3_split_side_1_node_share": "0.75", "fault_3_split_side_1_stake_share": "0.75",
            "fault_3_split_side_2_node_share": "0.25", "fault_3_split_side_2_stake_share": "0.25"}, shares
    posim("replay", results, "0-1")


def test_shares_of_a_sweep_have_the_columns_of_all_points(folder):
    text = SMALL + """sweep:
  grid:
    adversary:
      - {kind: silent, stake: 25 %, label: silent}
      - {kind: delayed_voting, delay: 1 s, stake: 50 %, label: late}
    faults:
      - [{kind: crash, at: 1 s, for: 1 s, count: 1}]
      - []
replicate: {count: 2}
"""
    results, _ = run(folder, "results", text)
    names = ["share_0_silent", "fault_0_crash_node_share", "fault_0_crash_stake_share", "share_0_delayed_voting"]
    rows = rows_of(results, "runs.csv")
    assert [name for name in rows[0] if name.startswith(("share_", "fault_"))] == names, rows[0]
    assert [[row[name] for name in names] for row in rows[::2]] == [["0.25", "0.25", "0.25", "NA"],
        ["0.25", "NA", "NA", "NA"], ["NA", "0.25", "0.25", "0.5"], ["NA", "NA", "NA", "0.5"]], rows


def test_a_share_that_comes_to_nobody_is_a_warning(folder):
    text = SMALL + """faults:
  - {kind: crash, at: 1 s, share: 10 %}
  - {name: poor, kind: crash, at: 1 s, stake: 20 %}
  - {kind: crash, at: 1 s, share: 0 %}
  - {kind: crash, at: 1 s, count: 0}
  - {kind: partition, at: 1 s, for: 1 s, groups: [99 %, 1 %]}
behaviours: [{kind: silent, stake: 1/7}, {kind: silent, stake: 0 %}]
"""
    expected = [
        "`silent` controls nobody: each of the 4 validators that it may take has more than 1/7 of the stake; the least "
        "share that gets one is 25 %",
        "`faults.0` (crash) hits nobody: 10 % of 4 nodes is less than one; the least share that gets one is 25 %",
        "`faults.1` (poor) hits nobody: each of the 4 nodes has more than 20 % of the stake; the least share that gets "
        "one is 25 %",
        "`faults.4` (partition) hits nobody on side 2, for which it asks for 1 % of 4 nodes"]
    path = write(folder, "scenario.yaml", text)
    checked = posim("check", path)
    assert checked.stderr.splitlines() == [f"{path}: warning: {line}" for line in expected], checked.stderr
    assert checked.stdout == f"{path}: fine\n"
    _, done = run(folder, "results", text, "--set", "replicate.count=3", "--json", "--progress", "none")
    assert done.stderr.splitlines() == [f"scenario: warning: {line}" for line in expected], done.stderr
    json.loads(done.stdout)


def test_warnings_of_a_sweep_name_the_first_point(folder):
    text = SMALL + "adversary: {kind: silent, stake: 1 %}\n"
    sweep = ["--sweep", "adversary.stake=50%,0%,10%,20%"]
    path = write(folder, "scenario.yaml", text)
    assert not posim("check", path, *sweep).stderr
    _, done = run(folder, "results", text, *sweep, "--progress", "none")
    assert done.stderr == ("scenario: warning: point 2 (adversary.stake 0.1): `silent` controls nobody: each of the 4 "
                           "validators that it may take has more than 10 % of the stake; the least share that gets one "
                           "is 25 %; and so at 1 more point\n"), done.stderr


def test_more_sets_than_there_is_room_for(folder):
    faults = "".join(f"  - {{kind: crash, at: 1 s, for: 1 ms, validators: [v{n % 4}]}}\n" for n in range(300))
    results, done = run(folder, "results", SMALL + "faults:\n" + faults, "--progress", "none")
    assert done.stderr == ("scenario: warning: there are 300 adversaries, faults and sides of partitions that choose "
                           "somebody; runs.csv tells the shares of the first 256\n"), done.stderr
    row = rows_of(results, "runs.csv")[0]
    assert len([name for name in row if name.startswith("fault_")]) == 512
    assert row["fault_255_crash_stake_share"] == "0.25"


def test_the_least_share_that_a_warning_names_is_enough(folder):
    text = SMALL.replace("count: 4", "count: 7, stake: {dist: zipf}") + "adversary: {kind: silent, stake: 1 %}\n"
    path = write(folder, "scenario.yaml", text)
    told = posim("check", path).stderr
    least = told.strip().rsplit(" is ", 1)[1]
    assert least == "5.51 %", told
    assert "warning" in posim("check", path, "--set", "adversary.stake=5.5 %").stderr
    assert not posim("check", path, "--set", "adversary.stake=" + least).stderr


def test_a_warning_says_in_how_many_runs(folder):
    """Stakes are drawn anew for each replication: the poorest has more than that in some of them only."""
    text = SMALL.replace("count: 4", "count: 6, stake: {dist: lognormal}") + "adversary: {kind: silent, stake: 3 %}\n"
    results, done = run(folder, "results", text, "--set", "replicate.count=12", "--progress", "none")
    empty = [row["share_0_silent"] for row in rows_of(results, "runs.csv")].count("0")
    assert 0 < empty < 12 and len(done.stderr.splitlines()) == 1, (empty, done.stderr)
    assert done.stderr.endswith(f" (in {empty} of 12 runs)\n"), done.stderr


def test_same_bytes_twice_and_for_any_number_of_workers(folder):
    text = SMALL.replace("constant, delay: 100 ms", "geographic") + "replicate: {count: 4, seed: 9}\n"
    one, _ = run(folder, "one", text, "-j", "1")
    two, _ = run(folder, "two", text, "-j", "2")
    again, _ = run(folder, "again", text, "-j4")
    same_bytes(one, two)
    same_bytes(one, again)
    assert len({row["trace_hash"] for row in rows_of(one, "runs.csv")}) == 4


def test_a_run_alone_equals_the_run_after_others(folder):
    text = SMALL.replace("constant, delay: 100 ms", "geographic") + "replicate: {count: 3, seed: 9}\n"
    three, _ = run(folder, "three", text, "-j", "1")
    one, _ = run(folder, "one", text, "--set", "replicate.count=1")
    assert rows_of(one, "runs.csv")[0]["trace_hash"] == rows_of(three, "runs.csv")[0]["trace_hash"]


def test_the_seed_changes_the_luck(folder):
    text = SMALL.replace("constant, delay: 100 ms", "geographic")
    hashes = {rows_of(run(folder, seed, text, "--seed", seed)[0], "runs.csv")[0]["trace_hash"] for seed in "123"}
    assert len(hashes) == 3


def test_replay_gives_the_same_hash(folder):
    text = SMALL.replace("constant, delay: 100 ms", "geographic") + "replicate: {count: 3, seed: 9}\n"
    results, _ = run(folder, "results", text)
    expected = rows_of(results, "runs.csv")
    for wanted, number in [("0-2", 2), ("1", 1), ("0-2", 2)]:
        done = posim("replay", results, wanted)
        assert expected[number]["trace_hash"] in done.stdout and "as recorded" in done.stdout and not done.stderr
        assert os.path.exists(os.path.join(results, "replay", f"0-{number}", "arrivals.csv.zst"))
    elsewhere = os.path.join(folder, "elsewhere")
    posim("replay", results, "0", "-o", elsewhere)
    assert os.path.exists(os.path.join(elsewhere, "blocks.csv"))
    done = posim("replay", results, "0", "-o", elsewhere, code=USAGE)
    assert "elsewhere is not empty" in done.stderr


def test_what_holds_no_results_is_told_alike_by_all(folder):
    """One wording and one exit code for each mistake, whatever was to be done."""
    good, _ = run(folder, "good", SMALL)
    for name in ["empty", "foreign", "half", "headless"]:
        os.mkdir(os.path.join(folder, name))
    write(folder, "file", "x\n")
    write(os.path.join(folder, "foreign"), "manifest.json", "[]\n")
    for name, left_out in [("half", "runs.csv"), ("headless", "scenario.yaml")]:
        shutil.copytree(good, os.path.join(folder, name), dirs_exist_ok=True)
        os.remove(os.path.join(folder, name, left_out))
    readers = [["verify", "?"], ["replay", "?", "0"], ["compare", "?", good], ["compare", good, "?"],
               ["report", "?"], ["report", good, "?"], ["report", good, good, "?"]]
    with_scenario = [["plot", "?"], ["watch", "--once", "?"], ["merge", "?"]]
    for name, commands, said in [
            ("nowhere", readers + with_scenario, "there is no directory ?"),
            ("file", readers + with_scenario, "? is a file, not a directory of results"),
            ("empty", readers + with_scenario, "? holds no results of posim: it has no manifest.json"),
            ("foreign", readers + with_scenario, "? holds no results of posim: posim did not write its manifest.json"),
            ("half", readers, "? is not finished: it has no runs.csv; `posim run` goes on with --resume, and `posim "
             "merge` makes the tables of what was run in parts"),
            ("headless", readers[:2] + with_scenario, "? holds no whole results of posim: it has no scenario.yaml")]:
        place = os.path.join(folder, name)
        for command in commands:
            done = posim(*[place if word == "?" else word for word in command], code=USAGE)
            assert done.stderr == f"posim {command[0]}: {said.replace('?', place)}\n", (command, done.stderr)
            assert not done.stdout and not os.path.exists(os.path.join(good, "report.html"))


def test_a_point_that_is_none_is_told(folder):
    good, _ = run(folder, "good", SMALL)
    for word in ["x", "", "-1", "0-0", "0x1"]:
        for command in ["compare", "report"]:
            done = posim(command, good, f"{good}:{word}", code=USAGE)
            assert done.stderr == (f"posim {command}: {good}:{word} names no point of {good}: write its number, as in "
                                   f"{good}:0; plan.csv there lists the points\n")
    assert f"{good} has no point 7; plan.csv" in posim("compare", good, good + ":7", code=USAGE).stderr
    assert f"{good}:0, 1 pair of runs\n" in posim("compare", good, good).stdout
    assert "told of beside one other" in posim("report", good + ":0", code=USAGE).stderr
    named = shutil.copytree(good, good + ":3")
    assert "no point" not in posim("compare", named, good).stderr, "a directory that is there is meant as a whole"


def test_replay_refuses_what_is_not_there(folder):
    results, _ = run(folder, "results", SMALL)
    for wanted in ["0-1", "7", "1-0", "x", "-1", "0-", "00-0", ""]:
        done = posim("replay", results, wanted, code=USAGE)
        assert done.stderr and not done.stdout, wanted
    posim("replay", folder, "0", code=USAGE)
    posim("replay", os.path.join(folder, "nowhere"), "0", code=USAGE)
    done = posim("replay", results, "0", "--progress", "loud", code=USAGE)
    assert "`loud`" in done.stderr


def test_replay_refuses_results_that_are_not_finished(folder):
    results, _ = run(folder, "results", SMALL)
    os.remove(os.path.join(results, "runs.csv"))
    done = posim("replay", results, "0", code=USAGE)
    assert "is not finished" in done.stderr and "runs.csv" in done.stderr and not done.stdout
    assert not os.path.exists(os.path.join(results, "replay"))


def test_replay_refuses_a_run_that_failed(folder):
    text = SMALL.replace("delay: 100 ms", "delay: 0 s").replace("tendermint", "tendermint, timeout_commit: 0 s")
    results, done = run(folder, "results", text, code=RUNS_FAILED)
    assert "time stands still" in done.stderr
    done = posim("replay", results, "0", code=USAGE)
    assert "run 0-0 of" in done.stderr and "failed" in done.stderr and not done.stdout


def test_replay_notices_results_of_another_version(folder):
    results, _ = run(folder, "results", SMALL)
    runs = read(results, "runs.csv")
    recorded = rows_of(results, "runs.csv")[0]["trace_hash"]
    elsewhere = os.path.join(folder, "elsewhere")
    write(results, "runs.csv", runs.replace(recorded, "0" * len(recorded)))
    for arguments, kept in [([], False), (["-o", elsewhere], True)]:
        done = posim("replay", results, "0", *arguments, code=RUNS_FAILED)
        assert "THIS IS ANOTHER RUN" in done.stderr and recorded in done.stderr and "00000000" in done.stderr
        assert "The same program made both" in done.stderr and not done.stdout
        assert os.path.exists(os.path.join(elsewhere, "blocks.csv")) == kept
    # what is not that run is not kept where `posim plot` would take it for it
    assert not os.path.exists(os.path.join(results, "replay"))
    manifest = read_json(results, "manifest.json")
    write(results, "manifest.json", json.dumps(manifest | {"commit": "0a1b2c3"}))
    done = posim("replay", results, "0", code=RUNS_FAILED)
    assert f"made by posim {manifest['posim']} (0a1b2c3)" in done.stderr and "Another program" in done.stderr


def on_a_terminal(*arguments):
    """Runs posim with a terminal for stderr and returns what that showed."""
    try:
        master, slave = pty.openpty()
    except OSError as error:
        raise Skip("this machine has no terminals to give") from error
    process = subprocess.Popen([PROGRAM, *arguments], stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    shown = b""
    try:
        while piece := os.read(master, 65536):
            shown += piece
    except OSError:  # how a terminal says that nobody writes any more
        pass
    os.close(master)
    assert process.wait() == FINE
    return shown.decode()


def test_progress_is_redrawn_on_a_terminal(folder):
    text = SMALL.replace("count: 4", "count: 30").replace("20 s", "2 h") + "record: [blocks]\n"
    path, results = write(folder, "scenario.yaml", text), os.path.join(folder, "results")
    for arguments in [["run", path, "-o", results], ["replay", results, "0-0"]]:
        shown = on_a_terminal(*arguments)
        assert re.search(r"\r\x1b\[K\S+: \d+ %, about \d+ s left", shown), (arguments, shown)
        assert shown.endswith("\r\x1b[K"), "the line is not cleared at the end"
        assert not on_a_terminal(*arguments, "--progress", "none", *(["--force"] if arguments[0] == "run" else []))


def test_the_readme_is_true(folder):
    readme = read(SOURCE, "README.md")
    scenario = readme.split("```yaml\n")[1].split("```")[0]
    posim("run", write(folder, "first.yaml", scenario), "-o", "results/first", cwd=folder)
    printed = readme.split("first: 1 run")[1].split("```")[0].splitlines()[2:-1]
    told = posim("run", "first.yaml", "-o", "results/first", "--force", cwd=folder).stdout.splitlines()
    for line in printed:
        assert line in told, line
    options = readme.split("first.yaml -o results/world ")[1].split("\n\n")[0].replace("\\\n", " ").split()
    told = posim("run", "first.yaml", "-o", "results/world", *options, cwd=folder).stdout
    assert "holds in 20 of 20 runs" in told


def started(folder, text, *arguments):
    """A run in the background whose workers are at work."""
    results = os.path.join(folder, "results")
    process = subprocess.Popen([PROGRAM, "run", write(folder, "scenario.yaml", text), "-o", results, *arguments],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    deadline = time.monotonic() + 20
    while not workers_of(process) and time.monotonic() < deadline:
        time.sleep(.02)
    assert workers_of(process), "no worker came up"
    return process, results


def workers_of(process):
    try:
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="utf-8") as file:
            return [int(word) for word in file.read().split()]
    except OSError as error:
        raise Skip("the kernel does not tell children") from error


def test_interrupt_leaves_nothing_that_looks_finished(folder):
    for number in [signal.SIGINT, signal.SIGTERM]:
        place = os.path.join(folder, str(int(number)))
        os.mkdir(place)
        process, results = started(place, LONG, "-j", "2")
        workers = workers_of(process)
        time.sleep(.5)
        # as a terminal does it: to the whole group
        os.killpg(process.pid, number)
        out, err = process.communicate(timeout=20)
        assert process.returncode == INTERRUPTED, (process.returncode, err)
        assert b"interrupted" in err and not out
        assert set(files_under(results)) == {"manifest.json", "scenario.yaml", "plan.csv", "journal/main-0001.journal",
                                             "inputs/scenario.yaml", "journal/lock"}
        assert folders_under(results) == ["inputs", "journal"]
        done = posim("replay", results, "0", code=USAGE)
        assert "is not finished" in done.stderr
        assert not any(os.path.exists(f"/proc/{worker}") for worker in workers), "a worker lives on"


def test_a_dead_worker_costs_one_run(folder):
    text = LONG.replace("time: {duration: 100 d}", "time: {duration: 3 min}")
    process, results = started(folder, text, "-j", "1")
    time.sleep(.1)
    os.kill(workers_of(process)[0], signal.SIGKILL)
    _, err = process.communicate(timeout=300)
    assert process.returncode == RUNS_FAILED, err
    rows = rows_of(results, "runs.csv")
    assert [row["status"] for row in rows] == ["failed", "fine", "fine", "fine"]
    assert b"signal 9" in err
    assert rows[0]["trace_hash"] == "NA" and len(rows[1]["trace_hash"]) > 8
    assert not os.path.exists(os.path.join(results, "traces", "0-0")), "of the dead run something is left"
    assert os.path.exists(os.path.join(results, "traces", "0-1", "blocks.csv"))
    assert not [name for name in files_under(results) if TEMPORARY in name]


def test_an_interrupt_keeps_the_traces_of_runs_that_are_over(folder):
    """Stopped in the midst of the second run: what the first has written is whole and stays."""
    process, results = started(folder, LONG.replace("150", "4").replace("100 d", "1 d"), "-j", "1")
    first, second = [os.path.join(results, "traces", name) for name in ["0-0", "0-1"]]
    deadline = time.monotonic() + 60
    while not os.path.exists(second) and time.monotonic() < deadline:
        time.sleep(.005)
    os.kill(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED, err
    assert "blocks.csv" in os.listdir(first) and "network.csv" in os.listdir(first)
    assert not [name for name in files_under(results) if TEMPORARY in name] and not os.path.exists(second)


def test_workers_that_drop_traces_do_not_hinder_each_other(folder):
    """Eight at once make and remove folders below one that is empty now and then."""
    text = SMALL.replace("20 s", "1 s") + "replicate: {count: 1500}\nkeep: failed\n"
    results, done = run(folder, "results", text, "-j", "8")
    assert "holds in 1500 of 1500 runs" in done.stdout and not os.path.exists(os.path.join(results, "traces"))


def test_an_interrupted_replay_leaves_nothing(folder):
    text = SMALL.replace("count: 4", "count: 40").replace("20 s", "2 h") + "record: [blocks]\n"
    results, _ = run(folder, "results", text)
    process = subprocess.Popen([PROGRAM, "replay", results, "0"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    place = os.path.join(results, "replay", "0-0")
    deadline = time.monotonic() + 20
    while not (os.path.exists(place) and os.listdir(place)) and time.monotonic() < deadline:
        time.sleep(.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == INTERRUPTED and b"interrupted" in err and not out, (process.returncode, err)
    assert not os.path.exists(os.path.join(results, "replay"))


def test_workers_end_with_their_parent(folder):
    process, _ = started(folder, LONG, "-j", "2")
    workers = workers_of(process)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 10
    while any(os.path.exists(f"/proc/{worker}") for worker in workers) and time.monotonic() < deadline:
        time.sleep(.1)
    alive = [worker for worker in workers if os.path.exists(f"/proc/{worker}")]
    for worker in alive:
        os.kill(worker, signal.SIGKILL)
    assert not alive, "workers go on without their parent"


def test_a_full_disk_is_told(folder):
    """On a file system of 200 kB: the run's tables do not fit, and nothing half-written has a final name."""
    disk = os.path.join(folder, "disk")
    os.mkdir(disk)
    path = write(folder, "scenario.yaml", SMALL.replace("20 s", "1 h") + "record: [blocks, votes_cast, finals]\n")
    script = (f"mount -t tmpfs -o size=200k none {disk} && {PROGRAM} run {path} -o {disk}/results; code=$?; "
              f"find {disk}/results -type f; exit $code")
    probe = subprocess.run(["unshare", "-rm", "sh", "-c", f"mount -t tmpfs none {disk}"],
                           capture_output=True, check=False)
    if probe.returncode:
        raise Skip("this user may not mount a small file system")
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == RUNS_FAILED, (done.returncode, done.stdout, done.stderr)
    assert "space" in done.stderr.lower(), done.stderr
    assert not [line for line in done.stdout.splitlines() if line.endswith("votes_cast.csv")], done.stdout


if __name__ == "__main__":
    main(dict(globals()))
