# SPDX-License-Identifier: MIT
"""Parts of an experiment in directories of their own or in one: what is told of them, and what merged results can."""

import csv
import os
import subprocess
import time

from harness import BAD_RESULTS, FINE, PROGRAM, RUNS_FAILED, SMALL, USAGE, files_under, main, posim, read, write

SWEEP = SMALL + "name: delays\nreplicate: {count: 3}\nsweep: {grid: {network.latency.delay: [50 ms, 100 ms]}}\n"
TABLES = ["plan.csv", "runs.csv", "summary.csv", "steady_state.csv"]


def shard(folder, name, part, *more, text=SWEEP, code=FINE):
    results = os.path.join(folder, name)
    return results, posim("run", write(folder, "sweep.yaml", text), "-o", results, "--shard", part, *more, code=code)


def journals(results):
    return [name for name in files_under(os.path.join(results, "journal")) if name.endswith(".journal")]


def watch(results, code=FINE):
    """It must end by itself."""
    return posim("watch", results, code=code, timeout=20)


def test_the_hint_of_a_shard_is_right_wherever_the_others_are(folder):
    first, done = shard(folder, "s1", "1/2")
    behind = ", with the other parts' directories behind it if they have their own"
    assert done.stdout.endswith(f"when all are: posim merge {first}{behind}\n"), done.stdout
    shared, _ = shard(folder, "shared", "1/2")
    _, done = shard(folder, "shared", "2/2")
    assert done.stdout.endswith(f"when all are: posim merge {shared}\n"), done.stdout
    only, done = shard(folder, "only", "1/1")
    assert done.stdout.endswith(f"when all are: posim merge {only}\n"), done.stdout


def test_a_watch_of_parts_ends_with_them(folder):
    first, _ = shard(folder, "s1", "1/2")
    told = watch(first)
    assert told.stdout.splitlines()[-1].startswith("delays: 3 of 6 runs"), told.stdout
    assert "1 of 2 parts is done here; `posim merge` makes the tables when all are" in told.stderr
    shard(folder, "s1", "2/2")
    assert f"all parts are done; `posim merge {first}` makes the tables" in watch(first).stderr
    posim("merge", first)
    told = watch(first)
    assert "6 of 6 runs" in told.stdout and not told.stderr


def test_a_watch_goes_on_while_a_part_does(folder):
    text = SWEEP.replace("20 s", "3 h").replace("count: 4", "count: 40")
    results, path = os.path.join(folder, "results"), write(folder, "slow.yaml", text)
    with subprocess.Popen([PROGRAM, "run", path, "-o", results, "-j", "1", "--shard", "1/2"],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while not os.path.exists(os.path.join(results, "plan.csv")):
            time.sleep(.01)
        with subprocess.Popen([PROGRAM, "watch", results], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as looker:
            process.wait(timeout=100)
            assert process.returncode == FINE
            _, err = looker.communicate(timeout=20)
    assert looker.returncode == FINE and b"1 of 2 parts is done here" in err
    assert os.path.exists(os.path.join(results, "journal", "shard-1-of-2.done"))


def test_merged_results_stand_by_themselves(folder):
    parts = [shard(folder, f"s{number}", f"{number}/2")[0] for number in (1, 2)]
    whole, one = os.path.join(folder, "whole"), os.path.join(folder, "one")
    posim("merge", *parts, "-o", whole)
    posim("run", os.path.join(folder, "sweep.yaml"), "-o", one)
    for part in parts:
        os.rename(part, part + "-away")
    assert journals(whole) == ["shard-1-of-2-0001.journal", "shard-2-of-2-0001.journal"]
    told = watch(whole)
    assert "6 of 6 runs" in told.stdout and not told.stderr
    posim("verify", whole)
    posim("run", os.path.join(folder, "sweep.yaml"), "-o", whole, "--resume")
    assert all(read(whole, table) == read(one, table) for table in TABLES)
    empty = os.path.join(whole, "journal", "main-0001.journal")
    assert read(empty).count("\n") == 1, "all runs were there"
    # More replications go on from them.
    for results in (whole, one):
        posim("run", os.path.join(folder, "sweep.yaml"), "-o", results, "--resume", "--set", "replicate.count=4")
    assert all(read(whole, table) == read(one, table) for table in TABLES)


def test_merging_again_adds_nothing(folder):
    """Into the first of them, and names that two directories share."""
    first = os.path.join(folder, "a")
    posim("run", write(folder, "sweep.yaml", SWEEP), "-o", first, "--set", "replicate.count=2")
    second = os.path.join(folder, "b")
    posim("run", os.path.join(folder, "sweep.yaml"), "-o", second)
    posim("merge", second, first)
    assert journals(second) == ["main-0001.journal", "main-0002.journal"]
    before = files_under(second), [read(second, table) for table in TABLES]
    posim("merge", second, first)
    assert before == (files_under(second), [read(second, table) for table in TABLES])


def test_parts_that_lack_are_carried_out_in_the_merged_directory(folder):
    first, _ = shard(folder, "s1", "1/2")
    whole = os.path.join(folder, "whole")
    assert "3 runs are missing" in posim("merge", first, "-o", whole, code=RUNS_FAILED).stderr
    posim("run", os.path.join(folder, "sweep.yaml"), "-o", whole, "--resume")
    with open(os.path.join(whole, "runs.csv"), encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6


def test_tables_without_a_journal_cannot_be_watched(folder):
    results = os.path.join(folder, "results")
    posim("run", write(folder, "sweep.yaml", SWEEP), "-o", results)
    os.remove(os.path.join(results, "journal", "main-0001.journal"))
    for once in ([], ["--once"]):
        done = posim("watch", results, *once, code=BAD_RESULTS, timeout=20)
        assert "has tables, but no run in a journal to look at" in done.stderr and not done.stdout, done


def test_parts_of_different_experiments_stay_apart(folder):
    """Another number of runs, another seed: not into one directory, and not together; the same elsewhere is."""
    first, _ = shard(folder, "s1", "1/2")
    file = os.path.join(folder, "sweep.yaml")
    done = posim("run", file, "-o", first, "--shard", "2/2", "--set", "replicate.count=2", code=USAGE)
    assert "holds parts of another experiment: its scenario.yaml, or an input, differs" in done.stderr, done.stderr
    other = os.path.join(folder, "other")
    posim("run", file, "-o", other, "--shard", "2/2", "--seed", "77")
    whole = os.path.join(folder, "whole")
    done = posim("merge", first, other, "-o", whole, code=USAGE)
    assert "are parts of different experiments" in done.stderr and not os.path.exists(whole), done.stderr


def test_parts_are_told_by_values_and_not_by_layout(folder):
    """Written by hand or by another version: other lines, the same values. How many runs there are does not matter."""
    first, _ = shard(folder, "s1", "1/2")
    second, _ = shard(folder, "s2", "2/2")
    path, whole = os.path.join(second, "scenario.yaml"), os.path.join(folder, "whole")
    lines = read(path).splitlines()
    start = lines.index("replicate:")
    count = next(line for line in lines[start:] if line.startswith("  count: "))
    seed = next(line for line in lines[start:] if line.startswith("  seed: "))
    end = next(i for i in range(start + 1, len(lines)) if not lines[i].startswith(" "))
    lines[start:end] = ["# by hand", "", f"replicate: {{{seed.strip()}, {count.strip()}}}"]
    write(second, "scenario.yaml", "\n".join(lines) + "\n")
    posim("merge", first, second, "-o", whole)
    for other, code in [("count: 7", FINE), ("until: {metric: orphan_rate, rel_halfwidth: 5 %, max: 90}", FINE),
                        ("count: 3, seed: 2", USAGE)]:
        whole += " more"
        there = seed.strip() + ", " if "seed" not in other else ""
        lines[start + 2] = f"replicate: {{{there}{other}}}"
        write(second, "scenario.yaml", "\n".join(lines) + "\n")
        done = posim("merge", first, second, "-o", whole, code=code)
        assert ("are parts of different experiments" in done.stderr) == (code == USAGE), done.stderr
    write(second, "scenario.yaml", "\n".join(lines).replace("protocol:", "prolotoc:") + "\n")
    done = posim("merge", first, second, "-o", whole + " none", code=USAGE)
    assert f"{path} cannot be compared with another experiment's:\n{path}:" in done.stderr, done.stderr


def test_force_removes_what_parts_left(folder):
    results, _ = shard(folder, "results", "1/2")
    write(os.path.join(results, "journal"), ".shard-1-of-2-0002.journal.tmp-Ab12Cd", "half")
    posim("run", os.path.join(folder, "sweep.yaml"), "-o", results, "--force")
    assert files_under(os.path.join(results, "journal")) == ["lock", "main-0001.journal"]


if __name__ == "__main__":
    main(dict(globals()))
