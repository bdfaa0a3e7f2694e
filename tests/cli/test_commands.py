# SPDX-License-Identifier: MIT
"""Each command's answer, its errors, and where they go: data on stdout, talk on stderr."""

import json
import os
import re
import subprocess
import sys

from harness import BAD_SCENARIO, PROGRAM, RUNS_FAILED, SMALL, SOURCE, USAGE, main, posim, write

COMMANDS = ["new", "check", "list", "explain", "run", "plot", "replay", "manual"]


def test_no_command_shows_help_on_stderr(folder):
    done = posim(code=USAGE)
    assert "commands:" in done.stderr and not done.stdout


def test_help_goes_to_stdout(folder):
    done = posim("--help")
    assert not done.stderr
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.stdout, re.M), command
        told = posim(command, "--help")
        assert "Usage:" in told.stdout and not told.stderr, command


def test_version(folder):
    assert re.fullmatch(r"posim \d+\.\d+\.\d+\n", posim("--version").stdout)


def test_unknown_words_are_answered_with_what_may_be_meant(folder):
    for arguments, meant in [(["chekc"], "check"), (["list", "protcols"], "protocols"), (["explain", "timeout_prpose"],
                             "timeout_propose"), (["new", "tendermnt"], "tendermint"), (["new", "cosmos-hab"],
                             "cosmos-hub"), (["explain", "safety_violatons"], "safety_violations"),
                             (["explain", "cosmos-hab"], "cosmos-hub"), (["explain", "space_tme"], "space_time")]:
        done = posim(*arguments, code=USAGE)
        assert f"`{meant}`" in done.stderr and not done.stdout, arguments


def test_unknown_options_are_refused(folder):
    for command in COMMANDS:
        done = posim(command, "--no-such-option", code=USAGE)
        assert "--no-such-option" in done.stderr and not done.stdout, command


def test_missing_arguments_are_refused(folder):
    for command in ["check", "list", "explain", "run", "plot", "replay"]:
        done = posim(command, code=USAGE)
        assert done.stderr and not done.stdout, command


def test_list_knows_every_kind(folder):
    kinds = posim("list", code=USAGE).stderr.split("a kind: ")[1].strip().split(", ")
    assert len(kinds) >= 9
    for kind in kinds:
        done = posim("list", kind)
        assert not done.stderr and (done.stdout or kind == "figures"), kind
    assert re.search(r"^praos +\S", posim("list", "protocols").stdout, re.M)
    assert "cosmos-hub\n" in posim("list", "presets").stdout
    for kind, key in [("latencies", "latency"), ("relays", "relay"), ("topologies", "topology")]:
        for name in (line.split()[0] for line in posim("list", kind).stdout.splitlines()):
            assert f"network.{key}[{name}]" in posim("explain", name).stdout, name


def test_explain_answers_for_all_that_lists_name(folder):
    kinds = posim("list", code=USAGE).stderr.split("a kind: ")[1].strip().split(", ")
    assert {"figures", "metrics", "presets", "tables", "verdicts"} < set(kinds)
    for kind in kinds:
        for line in posim("list", kind).stdout.splitlines():
            name = line.split()[0]
            assert re.search(rf"^{re.escape(name)}(:|$)", posim("explain", name).stdout, re.M), name


def test_explain_tells_all_that_a_name_stands_for(folder):
    for name, told in [
        ("heat_map", ["heat_map: a figure, `posim plot DIR heat_map`", "needs    runs.csv, summary.csv",
                      "z                        the metric; absent: one that differs"]),
        ("finality", ["finality: a figure, `posim plot DIR finality`", "needs    tables blocks, finality",
                      "finality: a table, finality.csv", "two_thirds_stake_s  until those", "in       plots[finality]",
                      "see also finality_s_first_p50, "]),
        ("messages", ["messages: a metric, unit messages", "messages: a table, messages.csv.zst",
                      "if `record:` names it"]),
        ("gini", ["gini: a metric", "validators.stake.gini\n"]),
        ("blocks", ["proposed_s     when it was proposed first (seconds, 9 decimals)",
                    "see also blocks_proposed, blocks_final"]),
        ("crash", ["in       faults[crash]", "    share      "]),
        ("safety", ["safety: a verdict", "no two conflicting blocks are final", "see also safety_violations"]),
        ("cosmos-hub", ["cosmos-hub: a preset", "`extends: cosmos-hub`", "Tendermint with CometBFT's defaults",
                        os.path.join(SOURCE, "scenarios", "presets", "cosmos-hub.yaml")]),
        ("finality_s", ["finality_s_first_p50: a metric", "finality_s_last_p99: a metric"]),
    ]:
        text = posim("explain", name).stdout
        for words in told:
            assert words in text, (name, words, text)
    both = posim("explain", "safety", "blocks").stdout
    assert both == posim("explain", "safety").stdout + posim("explain", "blocks").stdout
    assert posim("explain", "votes_cast.csv").stdout == posim("explain", "votes_cast").stdout
    # a family is not what merely begins alike
    posim("explain", "final", code=USAGE)


def test_new_gives_scenarios_that_pass(folder):
    protocols = [line.split()[0] for line in posim("list", "protocols").stdout.splitlines()]
    for arguments in [[name] for name in protocols] + [["--all", name] for name in protocols] + [
            [name] for name in posim("list", "presets").stdout.split()] + [[]]:
        text = posim("new", *arguments).stdout
        posim("check", write(folder, "new.yaml", text))
        posim("check", "/dev/stdin", input=text.encode())
        assert "count" in text


def test_new_lets_one_uncomment_what_it_proposes(folder):
    text = posim("new").stdout
    for key in ["faults", "adversary"]:
        commented = re.search(rf"(?:^# {key}:.*\n)(?:^#   .*\n)*", text, re.M).group(0)
        posim("check", write(folder, "new.yaml", text + re.sub(r"^# ", "", commented, flags=re.M)))


def test_check_says_fine(folder):
    path = write(folder, "small.yaml", SMALL)
    done = posim("check", path)
    assert done.stdout == f"{path}: fine\n" and not done.stderr


def test_check_reports_errors_on_stderr(folder):
    path = write(folder, "wrong.yaml", SMALL.replace("count: 4", "count: none"))
    done = posim("check", path, code=BAD_SCENARIO)
    assert not done.stdout and f"{path}:3:21: `validators.count`" in done.stderr


def test_check_knows_metrics(folder):
    path = write(folder, "wrong.yaml", SMALL + "expect: [{metric: safety_violation, max: 0}]\n")
    done = posim("check", path, code=BAD_SCENARIO)
    assert "did you mean `safety_violations`" in done.stderr and not done.stdout
    assert "^~" in done.stderr  # with the line and a caret, like any other value


def test_check_finds_what_shows_when_the_world_is_made(folder):
    stakes = "count: 4, stake: {dist: fit, gini: 0.5, nakamoto: 3}"
    path = write(folder, "wrong.yaml", SMALL.replace("count: 4", stakes))
    done = posim("check", path, code=BAD_SCENARIO)
    assert "validators.stake.nakamoto" in done.stderr and not done.stdout


def test_check_of_several_reports_each(folder):
    good, bad = write(folder, "a.yaml", SMALL), write(folder, "b.yaml", SMALL + "nonsense: 1\n")
    done = posim("check", good, bad, code=BAD_SCENARIO)
    assert f"{good}: fine" in done.stdout and "unknown key `nonsense`" in done.stderr


def test_check_set(folder):
    path = write(folder, "small.yaml", SMALL)
    posim("check", path, "--set", "validators.count=7", "--set", "protocol.timeout_propose=2s")
    done = posim("check", path, "--set", "validators.cuont=7", code=BAD_SCENARIO)
    assert "did you mean `count`?" in done.stderr
    posim("check", path, "--set", "validators.count", code=BAD_SCENARIO)
    posim("check", path, "--set", code=USAGE)


def test_check_show_origin(folder):
    path = write(folder, "mine.yaml", "posim: 1\nextends: cosmos-hub\ntime: {duration: 1 min}\n")
    told = posim("check", path, "--show-origin", "--set", "validators.count=99").stdout
    for key, place in [("time.duration", "mine.yaml:3"), ("validators.count", "--set"),
                       ("protocol.timeout_commit", "cosmos-hub.yaml:"), ("crypto", "default")]:
        line = next(line for line in told.splitlines() if key in line)
        assert place in line, line


def test_check_resolved_is_a_scenario_again(folder):
    resolved = posim("check", write(folder, "small.yaml", SMALL), "--resolved").stdout
    again = posim("check", write(folder, "resolved.yaml", resolved), "--resolved").stdout
    assert resolved == again


def test_check_schema_is_json(folder):
    schema = json.loads(posim("check", "--schema").stdout)
    assert "protocol" in schema["properties"]


def test_bad_input_is_refused_not_crashed_on(folder):
    binary = os.path.join(folder, "binary.yaml")
    with open(binary, "wb") as file:
        file.write(bytes(range(256)) * 64)
    huge = write(folder, "huge.yaml", "posim: 1\n" + "a: [" + "1, " * 2_000_000 + "1]\n")
    deep = write(folder, "deep.yaml", "posim: 1\nname: " + "[" * 100_000)
    for path in [binary, huge, deep, folder, os.path.join(folder, "nowhere.yaml"), "/dev/null",
                 write(folder, "empty.yaml", ""), write(folder, "long.yaml", "posim: 1\nname: " + "x" * 5_000_000)]:
        for command in ["check", "run"]:
            done = posim(command, path, code=BAD_SCENARIO, cwd=folder)
            assert done.stderr and not done.stdout, path
            assert len(done.stderr) < 10_000, f"{path}: {len(done.stderr)} bytes of errors"


def test_works_from_another_directory(folder):
    os.makedirs(os.path.join(folder, "scenarios"))
    write(folder, "scenarios/stakes.csv", "stake\n3\n2\n1\n")
    write(folder, "scenarios/mine.yaml", SMALL.replace("{count: 4}", "{stake: {file: stakes.csv, column: stake}}"))
    for cwd, path in [(folder, "scenarios/mine.yaml"), (os.path.join(folder, "scenarios"), "mine.yaml"),
                      ("/", os.path.join(folder, "scenarios/mine.yaml"))]:
        posim("check", path, cwd=cwd)


def test_examples_pass(folder):
    examples = os.path.join(SOURCE, "scenarios", "examples")
    for name in sorted(os.listdir(examples)):
        if name.endswith(".yaml"):
            with open(os.path.join(examples, name), encoding="utf-8") as file:
                outside = "shared/data/" in file.read()
            if not outside:
                posim("check", os.path.join(examples, name))


def test_full_standard_output_is_an_error(folder):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([PROGRAM, "list", "metrics"], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == RUNS_FAILED and b"standard output" in done.stderr


def test_no_colour_anywhere(folder):
    path = write(folder, "wrong.yaml", SMALL + "nonsense: 1\n")
    for environment in [{}, {"NO_COLOR": "1"}]:
        done = posim("check", path, code=BAD_SCENARIO, env={**os.environ, **environment, "TERM": "xterm"})
        assert "\033[" not in done.stderr


def test_plot_refuses_what_is_no_results_directory(folder):
    posim("plot", os.path.join(folder, "nowhere"), code=USAGE)


def test_manual_passes_groff(folder):
    page = posim("manual").stdout
    assert page.startswith(".TH POSIM 1") and "timeout_propose" in page and "safety_violations" in page
    assert "conservation" in page and "DIR/replay" in page
    kinds = posim("list", code=USAGE).stderr.split(": ")[-1].strip()
    assert kinds.count(", ") > 9 and f"are {kinds}." in page, kinds
    try:
        lint = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-z"], input=page.encode(), capture_output=True,
                              check=False)
    except FileNotFoundError:
        print("# groff is not there: the page was not set", file=sys.stdout)
        return
    assert lint.returncode == 0 and not lint.stderr, lint.stderr.decode()


if __name__ == "__main__":
    main(dict(globals()))
