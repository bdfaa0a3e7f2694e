# SPDX-License-Identifier: MIT
"""posim plot on results of its own: which figures there are, where they go, and what is said when they cannot be."""

import os
import re
import shutil
import subprocess

from harness import FINE, RUNS_FAILED, SMALL, SOURCE, USAGE, Skip, files_under, main, posim, read, write

KINDS = ["block_interval", "block_tree", "finality", "forks_and_finality", "leader_share", "message_cost", "space_time"]
EVERYTHING = "record: [blocks, finality, validators, network, incidents, chains, finals, messages, arrivals]\n"


def results(folder, more="", text=SMALL):
    if not shutil.which("gnuplot"):
        raise Skip("gnuplot is not installed")
    os.makedirs(folder, exist_ok=True)
    scenario = write(folder, "small.yaml", text + more)
    where = os.path.join(folder, "results")
    posim("run", scenario, "-o", where, "--progress", "none")
    return where


def figures(where):
    return [name for name in files_under(os.path.join(where, "plots")) if not name.startswith("data")]


def test_all_kinds_in_svg_and_png(folder):
    where = results(folder, EVERYTHING)
    done = posim("plot", where)
    assert figures(where) == sorted(f"{kind}.{ending}" for kind in KINDS for ending in ["svg", "png"])
    assert done.stdout.split() == [os.path.join(where, "plots", f"{kind}.{ending}")
                                   for kind in KINDS for ending in ["svg", "png"]]
    assert not done.stderr


# Worlds with little in them: what is changed in SMALL, and why a figure is not drawn; all others are.
ALONE = {"leader_share": "the only validator makes every block", "space_time": "all validators are at one node"}
NO_BLOCK = {"block_interval": "fewer than two blocks", "block_tree": "no block was proposed",
            "finality": "the main chain has no block", "forks_and_finality": "no block was proposed",
            "leader_share": "no validator has proposed a block", "message_cost": "the main chain has no block",
            "space_time": "no block was proposed"}
LITTLE = {
    "one validator, final at once": ([("count: 4", "count: 1")], ALONE),
    "one validator, one block": ([("count: 4", "count: 1"), ("20 s", "500 ms")],
                                 {"block_interval": "fewer than two blocks", **ALONE}),
    "one block": ([("20 s", "500 ms")], {"block_interval": "the main chain has fewer than two blocks"}),
    "no block is final": ([("time:", "adversary: {kind: silent, stake: 50 %}\ntime:")],
                          {"block_interval": "fewer than two blocks", "finality": "the main chain has no block",
                           "message_cost": "the main chain has no block"}),
    "nobody is there": ([("time:", "adversary: {kind: silent, stake: 100 %}\ntime:")], NO_BLOCK),
    "no delay": ([("100 ms", "0 ms")], {"space_time": "happened at one moment"}),
    "one pool": ([("tendermint", "praos"), ("count: 4", "count: 1"), ("20 s", "10 min")],
                 {"finality": "none of the main chain's 23 blocks is final when the run ends", **ALONE}),
    "one pool for a day": ([("tendermint", "praos"), ("count: 4", "count: 1"), ("20 s", "1 d")], ALONE),
    "pools without a block": ([("tendermint", "praos"), ("20 s", "1 s")], NO_BLOCK),
    "all is warm-up": ([("20 s", "20 s, warmup: 19900 ms")],
                       {"block_interval": "fewer than two blocks after the warm-up",
                        "finality": "the main chain has no block after the warm-up",
                        "leader_share": "no validator has proposed a block after the warm-up"}),
}


def test_little_to_draw_makes_figures_or_reasons(folder):
    for number, (world, (changes, reasons)) in enumerate(LITTLE.items()):
        scenario = SMALL
        for before, after in changes:
            assert before in scenario, before
            scenario = scenario.replace(before, after)
        place = os.path.join(folder, str(number))
        os.mkdir(place)
        where = results(place, EVERYTHING, scenario)
        done = posim("plot", where, "--format", "svg,pdf")
        told = dict(re.findall(r"^posim plot: no (\w+): (.*)$", done.stderr, re.M))
        assert set(told) == set(reasons) and len(told) == done.stderr.count("\n"), (world, done.stderr)
        assert all(reason in told[kind] for kind, reason in reasons.items()), (world, told)
        assert figures(where) == sorted(f"{kind}.{ending}" for kind in KINDS if kind not in reasons
                                        for ending in ["pdf", "svg"]), world
        for kind in reasons:
            assert f"cannot draw {kind}: {told[kind]}" in posim("plot", where, kind, code=RUNS_FAILED).stderr


def test_what_is_missing_or_zero_is_said_in_the_figure(folder):
    lone = results(folder, EVERYTHING, SMALL.replace("count: 4", "count: 1"))
    posim("plot", lone, "--format", "svg")
    assert "in the moment of the proposal" in read(lone, "plots", "finality.svg")
    assert "none: there is one node" in read(lone, "plots", "message_cost.svg")
    praos = SMALL.replace("tendermint", "praos").replace("20 s", "1 h")
    pool = results(os.path.join(folder, "pool"), EVERYTHING, praos)
    posim("plot", pool, "--format", "svg", "forks_and_finality")
    assert "no block of the main chain is final" in read(pool, "plots", "forks_and_finality.svg")


def test_a_chain_that_is_not_there_is_refused(folder):
    where = results(folder)
    done = posim("plot", where, "--chain", "1", code=USAGE)
    assert "no chain 1" in done.stderr and not done.stdout


def test_what_is_not_recorded_is_left_out_and_said(folder):
    where = results(folder)
    done = posim("plot", where)
    assert "space_time.svg" not in figures(where) and "finality.svg" in figures(where)
    assert done.stderr.startswith("posim plot: no space_time: it needs the tables messages, arrivals;")
    assert "`record:`" in done.stderr and f"posim replay {where} 0-0" in done.stderr
    done = posim("plot", where, "space_time", code=RUNS_FAILED)
    assert "cannot draw space_time" in done.stderr and not done.stdout


def test_a_replay_gives_what_was_not_recorded(folder):
    where = results(folder, "replicate: {count: 2, seed: 7}\n")
    posim("replay", where, "0-0")
    done = posim("plot", where)
    assert "space_time.svg" in figures(where) and not done.stderr
    posim("plot", where, "space_time", "--run", "0-1", code=RUNS_FAILED)


def test_formats_width_and_folder(folder):
    where, other = results(folder), os.path.join(folder, "elsewhere")
    posim("plot", where, "finality", "--format", "pdf,tex", "--width", "2", "-o", other)
    assert files_under(other) == ["data/finality.csv", "data/finality_facts.csv", "finality.pdf", "tex/finality.pdf",
                                  "tex/finality.tex"]
    assert not os.path.exists(os.path.join(where, "plots"))


def test_the_same_bytes_twice_and_from_any_directory(folder):
    where = results(folder, EVERYTHING)
    posim("plot", where)
    names = files_under(os.path.join(where, "plots"))
    first = [open(os.path.join(where, "plots", name), "rb").read() for name in names]
    shutil.rmtree(os.path.join(where, "plots"))
    posim("plot", "results", cwd=folder)
    assert files_under(os.path.join(where, "plots")) == names
    for name, before in zip(names, first):
        with open(os.path.join(where, "plots", name), "rb") as file:
            assert file.read() == before, name


def test_runs_are_pooled_or_chosen(folder):
    where = results(folder, "replicate: {count: 3, seed: 7}\n")
    posim("plot", where, "finality", "--format", "svg")
    assert "4 validators; seed 7; 3 runs" in read(where, "plots", "finality.svg")
    posim("plot", where, "finality", "--format", "svg", "--run", "0-2")
    assert "4 validators; seed 7; run 0-2" in read(where, "plots", "finality.svg")


def test_the_scenario_chooses_figures_and_the_warmup(folder):
    where = results(folder, "plots: [{kind: block_interval}]\n")
    posim("plot", where)
    assert figures(where) == ["block_interval.png", "block_interval.svg"]
    whole = read(where, "plots", "data", "block_interval_facts.csv")
    shutil.rmtree(where)
    where = results(folder, "plots: [{kind: block_interval}]\n".replace("plots", "name: warm\nplots"))
    text = read(where, "scenario.yaml")
    assert "warmup" in text
    write(where, "scenario.yaml", text.replace("warmup: 0 s", "warmup: 10 s"))
    posim("plot", where)
    assert read(where, "plots", "data", "block_interval_facts.csv") != whole


def test_wrong_words_are_refused(folder):
    where = results(folder)
    for arguments, said in [(["finalty"], "did you mean `finality`?"), (["--format", "gif"], "not `gif`"),
                            (["--width", "3"], "--width takes 1 or 2"), (["--run", "9-9"], "no traces of run 9-9"),
                            (["--run", "x"], "POINT-REPLICATION"), (["--chain", "-1"], "--chain takes")]:
        done = posim("plot", where, *arguments, code=USAGE)
        assert said in done.stderr and not done.stdout, (arguments, done.stderr)
    assert not os.path.exists(os.path.join(where, "plots"))


def test_no_gnuplot_is_told(folder):
    where = results(folder)
    done = posim("plot", where, "finality", code=RUNS_FAILED, env={"PATH": "/nowhere", "POSIM_DATA": SOURCE})
    assert "there is no gnuplot" in done.stderr and not done.stdout
    assert figures(where) == []


def test_figures_by_hand(folder):
    """A script alone makes the same figure from the data that were left."""
    where = results(folder)
    posim("plot", where, "leader_share", "--format", "svg", code=FINE)
    out = os.path.join(folder, "alone.svg")
    subprocess.run(["gnuplot", "-d", "-c", os.path.join(SOURCE, "analysis", "leader_share.gp"), where, out], check=True)
    assert read(out) == read(where, "plots", "leader_share.svg")


if __name__ == "__main__":
    main(dict(globals()))
