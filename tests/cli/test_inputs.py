# SPDX-License-Identifier: MIT
"""Results are an archive: they keep what their scenario was read from, and everything works on that when the files
themselves are gone or have changed."""

import hashlib
import os
import shutil
import signal
import subprocess
import time

from harness import (BAD_SCENARIO, INTERRUPTED, PROGRAM, SMALL, USAGE, files_under, main, posim, read, read_json,
                     write)

# Two levels of `extends`, two files of one name that are swept, and a third whose name is no plain one.
BASE = """posim: 1
protocol: {kind: tendermint}
network: {latency: {model: constant, delay: 100 ms}}
time: {duration: 20 s, warmup: 5 s}
"""
ABOVE = """posim: 1
extends: ./base.yaml
name: archived
validators: {stake: {file: a/stakes.csv, column: stake}}
network: {topology: {kind: file, file: die Kanten.csv}}
plots: [{kind: block_interval}]
sweep: {grid: {validators.stake.file: [a/stakes.csv, b/stakes.csv]}}
"""
STAKES = {"a": "stake\n10\n20\n30\n40\n", "b": "stake\n70\n10\n10\n10\n"}
EDGES = "producer,node,latency_ms\n0,1,40\n1,2,50\n2,3,60\n3,0,70\n"
COPIES = ["above.yaml", "base.yaml", "die-Kanten.csv", "stakes-2.csv", "stakes.csv"]


def made(folder, *arguments, name="results"):
    """The scenario's files in a folder of their own, and the results of it."""
    work, results = os.path.join(folder, "work"), os.path.join(folder, name)
    for below, text in STAKES.items():
        os.makedirs(os.path.join(work, below), exist_ok=True)
        write(os.path.join(work, below), "stakes.csv", text)
    write(work, "base.yaml", BASE)
    write(work, "die Kanten.csv", EDGES)
    posim("run", write(work, "above.yaml", ABOVE), "-o", results, "--set", "keep=all", *arguments)
    return work, results


def copies_in(results):
    return sorted(os.listdir(os.path.join(results, "inputs")))


def check_copies(work, results):
    """Every copy is of the file that the manifest says, and all files have one."""
    entries = read_json(results, "manifest.json")["inputs"]
    assert sorted(entry["copy"] for entry in entries) == ["inputs/" + name for name in copies_in(results)]
    assert {entry["file"] for entry in entries} == {os.path.join(work, name) for name in files_under(work)}
    for entry in entries:
        with open(entry["file"], "rb") as file, open(os.path.join(results, entry["copy"]), "rb") as copy:
            content = copy.read()
            assert content == file.read() and hashlib.sha256(content).hexdigest() == entry["sha256"], entry


def drawn(results):
    posim("plot", results, "--format", "svg")
    return read(results, "plots", "data", "block_interval_facts.csv")


def use_everything(results, facts):
    """All that is done with results; returns what was said meanwhile."""
    said = [posim("verify", results, "--sample", "0"), posim("replay", results, "1-0"), posim("report", results)]
    assert "2 of 2 runs have the trace on record" in said[0].stdout and "as recorded" in said[1].stdout
    assert "could not be read" not in read(results, "report.html")
    assert drawn(results) == facts, "the warm-up counts as before"
    again = results + "-again"
    posim("run", os.path.join(results, "scenario.yaml"), "-o", again)
    for name in ["runs.csv", "summary.csv", "plan.csv", "scenario.yaml"]:
        assert read(again, name) == read(results, name), name
    shutil.rmtree(again)
    return [done.stderr for done in said]


def test_every_file_is_copied_as_it_was_read(folder):
    work, results = made(folder)
    assert copies_in(results) == COPIES
    check_copies(work, results)
    for name in ["datapackage.json", "ro-crate-metadata.json"]:
        assert all(f'"inputs/{copy}"' in read(results, name) for copy in COPIES), name


def test_results_work_when_their_inputs_are_gone_and_they_are_moved(folder):
    work, results = made(folder)
    facts = drawn(results)
    shutil.rmtree(work)
    moved = os.path.join(folder, "elsewhere", "archive")
    shutil.copytree(results, moved)
    shutil.rmtree(results)
    assert use_everything(moved, facts) == ["", "", ""]


def test_results_work_when_their_inputs_have_changed(folder):
    work, results = made(folder)
    facts = drawn(results)
    for name in files_under(work):
        write(work, name, "something else\n")
    use_everything(results, facts)


def test_a_file_that_has_changed_is_named(folder):
    """It is told, and what counts is the copy; where it is gone there is nothing to tell."""
    work, results = made(folder)
    changed, gone = os.path.join(work, "b", "stakes.csv"), os.path.join(work, "die Kanten.csv")
    write(work, "b/stakes.csv", "stake\n1\n")
    os.remove(gone)
    for arguments in [["verify", results], ["replay", results, "1-0"]]:
        done = posim(*arguments)
        assert done.stderr == (f"posim {arguments[0]}: note: {changed} is not what it was when the runs began; "
                               "the results have that in inputs/stakes-2.csv\n"), done.stderr


def test_a_file_that_changes_while_the_runs_are_under_way_is_named(folder):
    work, results = made(folder)
    write(work, "long.yaml", ABOVE.replace("./base.yaml", "./long_base.yaml"))
    write(work, "long_base.yaml", BASE.replace("20 s", "100 d"))
    process = subprocess.Popen([PROGRAM, "run", os.path.join(work, "long.yaml"), "-o", results, "--force"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while "long.yaml" not in copies_in(results) and time.monotonic() < deadline:
        time.sleep(.01)
    time.sleep(.3)
    edges = write(work, "die Kanten.csv", EDGES.replace("40", "400"))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED and f"note: {edges} is not what it was" in err.decode(), err
    assert read(results, "inputs", "die-Kanten.csv") == EDGES


def test_a_copy_that_was_altered_is_an_error(folder):
    """Which names the file, whatever is to be done with the results; a copy that is gone is one too."""
    _, results = made(folder)
    copy = os.path.join(results, "inputs", "stakes.csv")
    for text, said in [("stake\n1\n", "was altered"), (None, "cannot be read")]:
        os.remove(copy)
        if text:
            write(os.path.dirname(copy), "stakes.csv", text)
        for arguments in [["verify", results], ["replay", results, "0-0"], ["plot", results], ["merge", results],
                          ["run", os.path.join(results, "scenario.yaml"), "-o", os.path.join(folder, "again")]]:
            done = posim(*arguments, code=BAD_SCENARIO)
            assert f"{copy} {said}" in done.stderr and not done.stdout, done.stderr
        assert not os.path.exists(os.path.join(folder, "again"))


def test_copies_are_taken_from_their_folder_only(folder):
    """A manifest that somebody changed leads nowhere else, neither to be read nor to be removed."""
    work, results = made(folder)
    elsewhere = write(folder, "mine.csv", "mine\n")
    manifest = read(results, "manifest.json")
    for path in ["../mine.csv", "inputs/../../mine.csv", elsewhere]:
        write(results, "manifest.json", manifest.replace("inputs/stakes.csv", path))
        posim("verify", results)
        posim("run", os.path.join(work, "above.yaml"), "-o", results, "--force")
        assert read(elsewhere) == "mine\n"


def test_without_a_scenario_nothing_is_drawn(folder):
    """Nobody can tell then from when on blocks count."""
    _, results = made(folder)
    facts = drawn(results)
    shutil.rmtree(os.path.join(results, "plots"))
    for text, code, said in [("posim: 1\nof_tomorrow: 1\n", BAD_SCENARIO, "of_tomorrow"),
                             (None, USAGE, "it has no scenario.yaml")]:
        before = read(results, "scenario.yaml")
        os.remove(os.path.join(results, "scenario.yaml"))
        if text:
            write(results, "scenario.yaml", text)
        done = posim("plot", results, "--format", "svg", code=code)
        assert said in done.stderr and not done.stdout and not os.path.exists(os.path.join(results, "plots"))
        write(results, "scenario.yaml", before)
    assert drawn(results) == facts


def test_parts_keep_their_inputs_and_so_does_what_is_merged(folder):
    """Also where the files are gone before the parts are merged."""
    work, whole = made(folder, name="whole")
    for part in ["1", "2"]:
        made(folder, "--shard", f"{part}/2", name="part" + part)
        check_copies(work, os.path.join(folder, "part" + part))
    shutil.rmtree(work)
    merged = os.path.join(folder, "merged")
    posim("merge", os.path.join(folder, "part1"), os.path.join(folder, "part2"), "-o", merged)
    for name in ["runs.csv", "summary.csv", "plan.csv", "scenario.yaml"] + ["inputs/" + name for name in COPIES]:
        assert read(merged, name) == read(whole, name), name
    for results in [merged, whole]:
        assert copies_in(results) == COPIES
    assert read_json(merged, "manifest.json")["inputs"] == read_json(whole, "manifest.json")["inputs"]
    use_everything(merged, drawn(whole))


def test_force_replaces_copies_and_nothing_else(folder):
    work, results = made(folder)
    mine = write(os.path.join(results, "inputs"), "small.yaml", "mine\n")
    write(os.path.join(results, "inputs"), ".base.yaml.tmp-Ab12Cd", "left behind\n")
    posim("run", write(work, "small.yaml", SMALL), "-o", results, "--force")
    assert read(mine) == "mine\n" and copies_in(results) == ["small-2.yaml", "small.yaml"]
    assert [entry["copy"] for entry in read_json(results, "manifest.json")["inputs"]] == ["inputs/small-2.yaml"]
    assert read(results, "inputs", "small-2.yaml") == SMALL
    os.remove(mine)
    posim("run", os.path.join(work, "small.yaml"), "-o", results, "--force")
    assert copies_in(results) == ["small.yaml"]


def test_results_are_run_again_in_their_place(folder):
    """They read their own copies then, which stay."""
    work, results = made(folder)
    runs = read(results, "runs.csv")
    shutil.rmtree(work)
    for how in ["--force", "--resume"]:
        posim("run", os.path.join(results, "scenario.yaml"), "-o", results, how)
        assert read(results, "runs.csv") == runs
        assert copies_in(results) == ["die-Kanten.csv", "scenario.yaml", "stakes-2.csv", "stakes.csv"]
        posim("verify", results)


if __name__ == "__main__":
    main(dict(globals()))
