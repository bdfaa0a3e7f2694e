# SPDX-License-Identifier: MIT
"""posim plot on results of its own: which figures there are, where they go, and what is said when they cannot be."""

import fcntl
import html
import math
import os
import pty
import re
import shutil
import struct
import subprocess
import termios

from harness import (BAD_SCENARIO, FINE, PROGRAM, RUNS_FAILED, SMALL, SOURCE, USAGE, Skip, files_under, main, posim,
                     read, write)

KINDS = ["block_interval", "block_tree", "finality", "forks_and_finality", "leader_share", "message_cost", "space_time",
         "stake_graph", "time_series"]
OF_SWEEPS = ["box", "heat_map", "histogram", "line", "metric_cdf", "pareto", "success_curve", "violin"]
SWEPT = """adversary: {kind: silent, stake: 10 %}
sweep: {grid: {protocol.timeout_propose: [1 s, 3 s], adversary.stake: [0 %, 25 %, 50 %]}}
replicate: {count: 5, seed: 7}
"""
EVERYTHING = ("record: [blocks, finality, validators, securing, network, incidents, chains, finals, messages, "
              "arrivals]\n")


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
            "space_time": "no block was proposed", "time_series": "no block was proposed"}
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


def test_coverage_is_drawn_where_it_is_recorded(folder):
    bare = results(os.path.join(folder, "bare"))
    assert "coverage" in posim("plot", bare, "coverage", code=RUNS_FAILED).stderr
    more = "record: [coverage]\n"
    where = results(folder, more)
    posim("plot", where, "coverage", "--format", "svg")
    drawn = read(where, "plots", "coverage.svg")
    assert "Time since the proposal was sent (ms)" in drawn and "stake" in drawn
    # Four nodes: the sender at once, the others a tenth of a second later.
    steps = [line.split(",") for line in read(where, "plots", "data", "coverage.csv").split()[1:]]
    assert len(steps) == 100 and steps[24][2] == "0" and steps[25][2] == "0.1" and steps[99][2] == "0.1", steps
    lone = results(os.path.join(folder, "lone"), more, SMALL.replace("count: 4", "count: 1"))
    assert "reached another node" in posim("plot", lone, "coverage", code=RUNS_FAILED).stderr


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


def drawn(where):
    """The figures without their endings."""
    return sorted({os.path.splitext(name)[0] for name in figures(where)})


def test_a_sweep_has_figures_of_its_own(folder):
    where = results(folder, SWEPT)
    done = posim("plot", where)
    assert drawn(where) == [kind for kind in OF_SWEEPS if kind != "success_curve"]
    assert done.stderr == ("posim plot: no figures of single runs: these results keep no traces of single runs; say "
                           f"`keep: sample` in the scenario, or\n  posim replay {where} 0-0\n"
                           "posim plot: no success_curve: it happened in no run\n")
    note = "n = 5; mean with 95 % interval (Hall); seed 7"
    assert note in read(where, "plots", "line.svg") and note in read(where, "plots", "data", "line_facts.csv")


def test_runs_of_a_sweep_are_drawn_from_replays(folder):
    where = results(folder, SWEPT)
    done = posim("plot", where, "finality", code=RUNS_FAILED)
    assert done.stderr == ("posim plot: cannot draw finality: these results keep no traces of single runs; say `keep: "
                           f"sample` in the scenario, or\n  posim replay {where} 0-0\n")
    done = posim("plot", where, "finality", "--run", "4-1", code=USAGE)
    assert f"no traces of run 4-1; those of a run are made by\n  posim replay {where} 4-1\n" in done.stderr
    posim("replay", where, "4-1")
    posim("plot", where, "finality", "time_series", "--run", "4-1", "--format", "svg")
    assert "4 validators; seed 7; run 4-1" in read(where, "plots", "finality.svg")
    assert figures(where) == ["finality.svg", "time_series.svg"]


def test_parameters_on_the_command_line(folder):
    where = results(folder, SWEPT)
    posim("plot", where, "line", "--format", "svg", "--with", "x=adversary.stake", "--with", "y=block_interval_s",
          "--with", "by=protocol.timeout_propose", "--with", "name=by hand", "--with", "x_label=Silent stake",
          "--with", "by_label=Timeout")
    assert figures(where) == ["by hand.svg"]
    facts = read(where, "plots", "data", "by hand", "line_facts.csv")
    assert ",Silent stake," in facts and ",Block interval (s)," in facts and ",Timeout,2," in facts
    posim("plot", where, "line", "--format", "svg", "--with", "at=[protocol.timeout_propose=3 s]", "--with", "by=none")
    assert "protocol.timeout_propose = 3 s" in read(where, "plots", "line.svg")


def test_wrong_parameters_are_refused(folder):
    where = results(folder, SWEPT)
    for arguments, said in [
            (["line", "--with", "y=orphan_rat"], "did you mean `orphan_rate`?"),
            (["line", "--with", "z=orphan_rate"], "--with:4:3"),
            (["line", "--with", "orphan_rate"], "--with takes KEY=VALUE"),
            (["line", "box", "--with", "y=orphan_rate"], "--with goes with one kind"),
            (["line", "--with", "x=validators.count"], "x: `validators.count` is not swept; swept are "
             "`protocol.timeout_propose` and `adversary.stake`"),
            (["line", "--with", "by=adversary.steak"], "did you mean `adversary.stake`?"),
            (["line", "--with", "at=[adversary.stake=30 %]"],
             "no point has adversary.stake = 30 %; it is 0, 0.25 or 0.5"),
            (["success_curve", "--with", "min=1"], "only a metric has bounds"),
            (["success_curve", "--with", "theory=[[1, 2, 3]]"], "--with:4"),
            (["success_curve", "--with", "theory_file=nowhere.csv"], "no such file"),
            (["histogramm"], "did you mean `histogram`?")]:
        done = posim("plot", where, *arguments, code=USAGE)
        assert said in done.stderr and not done.stdout, (arguments, done.stderr)
    assert figures(where) == []


def test_points_whose_runs_all_failed_are_named(folder):
    text = SMALL + ("name: failing\nreplicate: {count: 3}\n"
                    "sweep: {grid: {network.latency.delay: [50 ms, 100 ms, 200 ms]}}\n")
    path, some, none = (os.path.join(folder, name) for name in ("scenario.yaml", "some", "none"))
    write(folder, "scenario.yaml", text)
    posim("run", path, "-o", none, "--timeout", "1 us", code=RUNS_FAILED)
    told = "all runs failed; `posim run ... --resume` tries them again"
    assert f"posim plot: cannot draw box: {told}\n" in posim("plot", none, "box", code=RUNS_FAILED).stderr
    assert f"posim plot: no line: {told}\n" in posim("plot", none).stderr
    for sides, expected in [((none + ":0", none + ":2"), f"{none}:0 and of {none}:2"),
                            ((none, none), f"{none}:0 and of 2 more points")]:
        done = posim("compare", *sides, code=USAGE)
        assert done.stderr == f"posim compare: all runs of {expected} failed, so there is nothing to compare\n"
    # Of the second point alone all fail, as they take too long.
    swept = text.replace("network.latency.delay: [50 ms, 100 ms, 200 ms]", "time.duration: [20 s, 3650 d]")
    write(folder, "scenario.yaml", swept)
    posim("run", path, "-o", some, "--timeout", "500 ms", code=RUNS_FAILED)
    done = posim("plot", some, "line", "--with", "at=[time.duration=3650 d]", code=RUNS_FAILED)
    assert "cannot draw line: all runs of the points shown failed" in done.stderr, done.stderr
    done = posim("compare", some + ":0", some + ":1", code=USAGE)
    assert done.stderr == f"posim compare: all runs of {some}:1 failed, so there is nothing to compare\n"
    done = posim("compare", some, some)
    assert done.stderr == f"posim compare: note: all runs of {some}:1 failed, so it is in no pair\n", done.stderr


def test_dark_cells_have_white_numbers_in_latex_too(folder):
    where = results(folder, SWEPT)
    posim("plot", where, "heat_map", "--format", "tex", "--with", "z=rounds_mean")
    colour, white, black = None, [], []
    for line in read(where, "plots", "tex", "heat_map.tex").splitlines():
        colour = re.search(r"\\colorrgb\{([^}]*)\}", line) or colour
        number = re.search(r"\\scriptsize ([0-9.]+)\}", line)
        if number:
            (white if colour[1] == "1.00,1.00,1.00" else black).append(float(number[1]))
    assert white and black and min(white) > max(black), (white, black)
    assert r"\tiny" in read(where, "plots", "tex", "heat_map.tex")


PLOTS = """plots:
  - {kind: line, y: block_interval_s}
  - {kind: line, name: rounds, x: protocol.timeout_propose, y: rounds_mean}
  - {kind: line, y: messages, by: none}
  - {kind: heat_map, z: rounds_mean}
"""


def test_the_scenario_names_figures_and_says_what_they_show(folder):
    where = results(folder, SWEPT + PLOTS)
    posim("plot", where, "--format", "svg")
    assert figures(where) == ["heat_map.svg", "line.svg", "line_2.svg", "rounds.svg"]
    assert "Mean rounds" in read(where, "plots", "rounds.svg") and "Messages" in read(where, "plots", "line_2.svg")
    shutil.rmtree(os.path.join(where, "plots"))
    posim("plot", where, "rounds", "--format", "svg")
    assert figures(where) == ["rounds.svg"]
    posim("plot", where, "line", "--format", "svg")
    assert figures(where) == ["line.svg", "line_2.svg", "rounds.svg"]
    posim("plot", where, "box", "--format", "svg")
    assert "box.svg" in figures(where)


def test_plots_of_what_is_not_swept_are_refused_before_anything_runs(folder):
    for plot, said in [("{kind: line, name: mine, x: protocol.slot}", "the plot mine: x: `protocol.slot` is not swept"),
                       ("{kind: box, at: [adversary.stakes=0]}", "did you mean `adversary.stake`?"),
                       ("{kind: heat_map, y: none.such}", "the plot heat_map: y: `none.such` is not swept")]:
        scenario = write(folder, "wrong.yaml", SMALL + SWEPT + f"plots: [{plot}]\n")
        for command in ["check", "run"]:
            done = posim(command, scenario, cwd=folder, code=BAD_SCENARIO)
            assert said in done.stderr, done.stderr
    scenario = write(folder, "wrong.yaml", SMALL + "plots: [{kind: line, x: protocol.slot}]\n")
    assert "x: `protocol.slot` is not swept; nothing is swept" in posim("check", scenario, code=BAD_SCENARIO).stderr


def test_force_removes_named_figures_and_nothing_else(folder):
    where = results(folder, SWEPT + PLOTS)
    posim("plot", where)
    mine = write(os.path.join(where, "plots"), "rounded.svg", "mine")
    also = write(os.path.join(where, "plots", "data", "rounds"), "notes.txt", "mine")
    posim("run", os.path.join(where, "scenario.yaml"), "-o", where, "--force", "--progress", "none")
    assert files_under(os.path.join(where, "plots")) == ["data/rounds/notes.txt", "rounded.svg"]
    assert read(mine) == read(also) == "mine"


def test_figures_in_a_terminal(folder):
    where = results(folder, SWEPT)
    done = posim("plot", where, "line", "--format", "term")
    assert "Protocol timeout propose:" in done.stdout and "seed 7" in done.stdout and not done.stderr
    assert "\x1b" not in done.stdout and "\f" not in done.stdout
    assert 70 < max(map(len, done.stdout.splitlines())) <= 80
    assert figures(where) == []
    for environment, coloured in [({}, True), ({"NO_COLOR": "1"}, False)]:
        screen, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 104, 0, 0))
        plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        shown = b""
        with subprocess.Popen([PROGRAM, "plot", where, "line", "--format", "term"], stdout=terminal,
                              env={**plain, **environment}) as process:
            os.close(terminal)
            while True:
                try:
                    read_now = os.read(screen, 65536)
                except OSError:  # the other end is closed
                    break
                if not read_now:
                    break
                shown += read_now
        os.close(screen)
        assert process.returncode == FINE and (b"\x1b[" in shown) == coloured, shown
        if not coloured:
            assert 90 < max(map(len, shown.decode().splitlines())) <= 104


AWKWARD = r"""sweep:
  grid:
    network.latency:
      - {label: 'a "quoted", long label that goes on \ and on', model: constant, delay: 10 ms}
      - {label: 'geo_graphic {x} ^2 & 50 % <b> @ ~ #1 $', model: geographic}
      - {label: averyveryverylongnamewithoutasingleblankinitthatnobodycanbreak, model: constant, delay: 100 ms}
    adversary:
      - {label: nobody at all who would do anything, kind: silent, stake: 0 %}
      - {label: '[a] silent quarter of the whole stake, Δ 東', kind: silent, stake: 25 %}
replicate: {count: 2}
plots:
  - {kind: heat_map, x: adversary, y: network.latency, z: finality_s_first_mean}
  - {kind: line, x: adversary, y: finality_s_first_mean, by: network.latency}
  - {kind: box, x: network.latency, y: block_interval_s}
  - {kind: metric_cdf, x: block_interval_s, by: network.latency}
  - {kind: histogram, x: block_interval_s, by: network.latency}
  - {kind: pareto, x: finality_s_first_mean, y: messages, by: network.latency}
"""
TEXT = re.compile(r'<g transform="translate\(([-0-9.]+),([-0-9.]+)\)(?: rotate\(([-0-9.]+)\))?"'
                  r'[^>]*font-size="([0-9.]+)"\s+text-anchor="(\w+)">\s*<text>(.*?)</text>', re.S)


def corners(x, y, turned_degree, size, anchor, text):
    """Where a text begins and ends if a letter takes half of its size, which is narrow."""
    wide = .5 * size * len(text)
    begin = {"start": 0, "middle": -wide / 2, "end": -wide}[anchor]
    angle = math.radians(turned_degree)
    return [(x + along * math.cos(angle), y + along * math.sin(angle)) for along in (begin, begin + wide)]


def test_awkward_names_arrive_whole_and_stay_inside(folder):
    where = results(folder, AWKWARD)
    for columns in ("1", "2"):
        done = posim("plot", where, "--format", "svg,tex", "--width", columns)
        assert "東 (U+6771)" in done.stderr, done.stderr
        for kind in ("heat_map", "line", "box", "metric_cdf", "histogram", "pareto"):
            drawn = read(where, "plots", kind + ".svg")
            width, height = (float(number) for number in re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn).groups())
            texts = [(float(x), float(y), float(turned or 0), float(size), anchor, html.unescape(text))
                     for x, y, turned, size, anchor, text in TEXT.findall(drawn)]
            assert len(texts) > 5, kind
            for text in texts:
                assert all(-1 <= x <= width + 1 and -1 <= y <= height + 1 for x, y in corners(*text)), (kind, text)
            if columns == "2":
                words = " ".join(text[-1] for text in texts)
                assert 'a "quoted", long' in words and "on \\ and on" in words, (kind, words)
                assert "geo_graphic {x} ^2 & 50 % <b> @ ~" in words, (kind, words)
    if not shutil.which("pdflatex"):
        return
    page = write(folder, "page.tex", "\\documentclass{article}\\usepackage[utf8]{inputenc}"
                 "\\usepackage{graphicx,xcolor}\n"
                 "\\begin{document}" + "".join(f"\\input{{{kind}.tex}}\\par" for kind in (
                     "heat_map", "line", "box", "metric_cdf", "histogram", "pareto")) + "\\end{document}\n")
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-output-directory", folder, page],
                          cwd=os.path.join(where, "plots", "tex"), capture_output=True, text=True, errors="replace",
                          check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_titles_of_panels_stand_apart(folder):
    where = results(folder, EVERYTHING)
    for kind, panels in (("time_series", 3), ("forks_and_finality", 2)):
        posim("plot", where, kind, "--format", "svg")
        ends, sizes = [], set()
        for x, y, turned, size, anchor, text in TEXT.findall(read(where, "plots", kind + ".svg")):
            if turned == "270":
                words = html.unescape(text)
                ends.append(sorted(end[1] for end in corners(float(x), float(y), 270, float(size), anchor, words)))
                sizes.add(size)
        assert len(ends) == panels and len(sizes) == 1, (kind, ends, sizes)
        ends.sort()
        assert all(above[1] < below[0] for above, below in zip(ends, ends[1:])), (kind, ends)


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


def test_named_figures_by_hand(folder):
    """The data of a figure with a name of its own lie in a folder of that name; `term` prints."""
    where = results(folder, SWEPT + PLOTS)
    posim("plot", where, "rounds", "--format", "svg")
    script, data = os.path.join(SOURCE, "analysis", "line.gp"), os.path.join(where, "plots", "data", "rounds")
    out = os.path.join(folder, "alone.svg")
    subprocess.run(["gnuplot", "-d", "-c", script, where, out, "1", data], check=True)
    assert read(out) == read(where, "plots", "rounds.svg")
    done = subprocess.run(["gnuplot", "-d", "-c", script, where, "term", "70", data], check=True, capture_output=True,
                          env={**os.environ, "LC_ALL": "C.UTF-8"})  # else gnuplot warns that it has no degree sign
    assert b"Mean rounds" in done.stdout and not done.stderr


if __name__ == "__main__":
    main(dict(globals()))
