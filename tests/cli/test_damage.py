# SPDX-License-Identifier: MIT
"""Results that something happened to: which file it was, what is lost, and what a kill leaves is none of that."""

import os
import re
import shutil

from harness import BAD_RESULTS, FINE, RUNS_FAILED, SMALL, main, posim, read, write

SWEEP = SMALL + "name: delays\nreplicate: {count: 3}\nsweep: {grid: {network.latency.delay: [50 ms, 100 ms]}}\n"
KEPT = SWEEP + "keep: all\nrecord: [blocks, finality]\n"


def run(folder, name, text, *arguments, code=FINE):
    results = os.path.join(folder, name)
    return results, posim("run", write(folder, "scenario.yaml", text), "-o", results, *arguments, code=code)


def traces(results, name):
    return os.path.join(results, "traces", name)


def damage(path):
    with open(path, "r+b") as file:
        file.seek(file.read().index(b"\n") + 100)  # in the first record
        file.write(b"damage")


def test_a_journal_that_is_damaged_is_told_with_its_place(folder):
    results, _ = run(folder, "results", SWEEP, "-j", "1")
    path = os.path.join(results, "journal", "main-0001.journal")
    damage(path)
    for command in (["run", os.path.join(folder, "scenario.yaml"), "-o", results, "--resume"], ["merge", results],
                    ["watch", results], ["watch", results, "--once"]):
        done = posim(*command, code=BAD_RESULTS)
        assert re.search(re.escape(path) + r" is damaged: at byte \d+, after 0 records, is none, but others follow",
                         done.stderr), done.stderr


def test_what_helps_is_said_of_a_journal_and_is_so(folder):
    """The only journal of finished results cannot be removed and gone on without; one of two can, and so can the only
    one where there are no tables yet."""
    results, _ = run(folder, "results", SWEEP, "-j", "1")
    journals = os.path.join(results, "journal")
    before = read(results, "runs.csv")
    first, second = (os.path.join(journals, f"main-000{n}.journal") for n in (1, 2))
    alone = r"it alone has the runs of the tables beside it: restore it from a copy, or `posim run --force`"
    removed = r"or remove it, and `posim run --resume` carries out again what it alone had"
    damage(first)
    assert re.search(alone, run(folder, "results", SWEEP, "--resume", code=BAD_RESULTS)[1].stderr)
    shutil.copyfile(first, os.path.join(folder, "damaged"))
    os.remove(first)
    assert "no run in its journal (journal/*.journal) from which it could go on" in run(
        folder, "results", SWEEP, "--resume", code=BAD_RESULTS)[1].stderr
    run(folder, "results", SWEEP, "--force", "-j", "1")
    assert read(results, "runs.csv") == before
    run(folder, "results", SWEEP, "--resume")  # begins a second one, with no run in it
    damage(first)
    assert re.search(alone, run(folder, "results", SWEEP, "--resume", code=BAD_RESULTS)[1].stderr)
    run(folder, "results", SWEEP, "--force", "-j", "1")
    run(folder, "results", SWEEP.replace("count: 3", "count: 4"), "--resume", "-j", "1")
    assert os.path.getsize(second) > 1000
    damage(first)
    assert removed in run(folder, "results", SWEEP, "--resume", code=BAD_RESULTS)[1].stderr
    os.remove(first)
    run(folder, "results", SWEEP.replace("count: 3", "count: 4"), "--resume")
    os.remove(os.path.join(results, "runs.csv"))  # as if it had not come so far
    for name in os.listdir(journals):
        if name.endswith(".journal"):
            os.remove(os.path.join(journals, name))
    shutil.copyfile(os.path.join(folder, "damaged"), first)
    assert removed in run(folder, "results", SWEEP, "--resume", code=BAD_RESULTS)[1].stderr
    os.remove(first)
    run(folder, "results", SWEEP, "--resume")
    assert read(results, "runs.csv") == before


def test_a_journal_that_was_emptied_is_damage(folder):
    results, _ = run(folder, "results", SWEEP)
    run(folder, "results", SWEEP, "--resume")  # begins another, with no run in it
    path = os.path.join(results, "journal", "main-0001.journal")
    os.truncate(path, 0)
    told = r"has tables, but no run in its journal \(journal/\*\.journal\) from which it could go on"
    assert re.search(told, run(folder, "results", SWEEP, "--resume", code=BAD_RESULTS)[1].stderr)
    for option in ([], ["--once"]):
        done = posim("watch", results, *option, code=BAD_RESULTS)
        assert "has tables, but no run in a journal to look at" in done.stderr and not done.stdout, done


def test_no_run_on_record_is_no_damage_where_none_could_be(folder):
    """A point that cannot be made has a row in runs.csv, and is in no journal."""
    text = SMALL + "sweep: {grid: {validators.count: [%s]}}\nfaults: [{at: 1 s, kind: crash, validators: [3]}]\n"
    run(folder, "results", text % "2, 3", code=RUNS_FAILED)
    run(folder, "results", text % "2, 3", "--resume", code=RUNS_FAILED)
    run(folder, "results", text % "2, 3, 4", "--resume", code=RUNS_FAILED)


def test_a_torn_end_is_carried_out_again(folder):
    results, _ = run(folder, "results", SWEEP, "-j", "1")
    path = os.path.join(results, "journal", "main-0001.journal")
    before = read(results, "runs.csv")
    os.truncate(path, os.path.getsize(path) - 10)
    _, done = run(folder, "results", SWEEP, "--resume")
    assert not done.stderr and read(results, "runs.csv") == before


def test_kept_tables_that_are_lost_are_named(folder):
    results, done = run(folder, "results", KEPT, "-j", "1")
    assert not done.stderr
    copy = os.path.join(folder, "copy")
    shutil.copytree(results, copy)
    blocks = traces(results, "blocks-main-1.csv.zst")
    os.truncate(blocks, os.path.getsize(blocks) - 100)
    lost = (rf"^delays: warning: {blocks} %s: rows of %s that other tables have are not there, the first of %s; "
            r"`posim replay \S+ %s` makes those of a run again$")
    _, done = run(folder, "results", KEPT, "--resume")
    assert re.search(lost % ("has lost its end, or was not recorded at first", "1 run", "1-2", "1-2"), done.stderr,
                     re.M), done.stderr
    posim("replay", results, "1-2")
    os.remove(blocks)
    _, done = run(folder, "results", KEPT, "--resume")
    assert re.search(lost % ("is missing, or was not recorded", "6 runs", "0-0", "0-0"), done.stderr, re.M), done.stderr
    shutil.copyfile(traces(copy, "blocks-main-1.csv.zst"), blocks)
    assert not run(folder, "results", KEPT, "--resume")[1].stderr


def test_kept_traces_that_are_gone_are_told(folder):
    """All of them, or those of one writer, by whoever reads the results."""
    text = KEPT.replace("count: 3", "count: 5")
    results, _ = run(folder, "results", KEPT, "-j", "1")
    run(folder, "results", text, "--resume", "--shard", "1/1", "-j", "1")
    run(folder, "results", text, "--resume")
    gone = (f"warning: {traces(results, '')[:-1]} has no trace of %s that `keep` says to keep, the first of %s: they "
            f"were removed, or not kept when the run%s ended; `posim replay {results} %s` makes that of a run again\n")

    def told(*expected):
        _, done = run(folder, "results", text, "--resume")
        assert done.stderr == ("delays: " + gone % expected if expected else ""), done.stderr
        for command in ("verify", "report"):
            done = posim(command, results)
            assert done.stderr == (f"posim {command}: " + gone % expected if expected else ""), done.stderr

    told()
    for name in os.listdir(traces(results, "")):
        if "-shard-1-of-1-" in name:
            os.remove(traces(results, name))
    told("4 runs", "0-3", "s", "0-3")
    shutil.rmtree(traces(results, ""))
    told("10 runs", "0-0", "s", "0-0")
    text = KEPT.replace("count: 3", "count: 5").replace("keep: all", "keep: sample")
    told("2 runs", "0-0", "s", "0-0")
    text = KEPT.replace("count: 3", "count: 5").replace("keep: all", "keep: failed")
    told()
    text = KEPT.replace("count: 3", "count: 5").replace("keep: all\n", "")
    told()


def test_nothing_is_lost_that_was_not_kept(folder):
    text = KEPT.replace("keep: all", "keep: sample")
    results, done = run(folder, "results", text)
    assert not done.stderr
    _, done = run(folder, "results", text.replace("[50 ms", "[20 ms, 50 ms"), "--resume")
    assert not done.stderr
    for part in (1, 2):
        posim("run", os.path.join(folder, "scenario.yaml"), "-o", os.path.join(folder, f"s{part}"), "--shard",
              f"{part}/2")
    done = posim("merge", os.path.join(folder, "s1"), os.path.join(folder, "s2"), "-o", os.path.join(folder, "whole"))
    assert not done.stderr and os.path.exists(results)


if __name__ == "__main__":
    main(dict(globals()))
