# SPDX-License-Identifier: MIT
"""Completion of command lines: what can stand next, and the scripts by which shells ask for it."""

import os
import re
import shutil
import subprocess

from harness import PROGRAM, SMALL, USAGE, Skip, main, posim, write

COMMANDS = [line.split()[0] for line in posim("--help").stdout.split("commands:\n")[1].split("\n\n")[0].splitlines()]


def words(*typed):
    """What can stand in place of the last word."""
    return [line.split("\t")[0] for line in posim("completion", "words", *typed).stdout.splitlines()]


def listed(kind):
    return [line.split()[0] for line in posim("list", kind).stdout.splitlines()]


def test_commands_and_their_options_are_those_that_there_are(folder):
    assert words("")[:-2] == COMMANDS and words("ru") == ["run"] and not words("nothing", "")
    for command in COMMANDS:
        told = posim(command, "--help").stdout
        given = words(command, "--")
        assert given[-1] == "--help"
        for option in given:
            assert option in told, (command, option)
        assert len(given) == len([line for line in told.splitlines() if line.startswith("  -")]), command


def test_arguments_are_completed_by_what_they_stand_for(folder):
    assert words("list", "") == posim("list", code=USAGE).stderr.split("a kind: ")[1].strip().split(", ")
    assert words("run", "") == words("check", "--set", "a=b", "") == words("run", "-j", "2", "") == [":scenarios"]
    assert words("watch", "") == words("compare", "one", "") == words("merge", "one", "two", "") == [":results"]
    assert not words("compare", "one", "two", "") and not words("watch", "one", "")
    assert words("plot", "results", "") == listed("figures")
    assert words("plot", "results", "finality", "leader") == ["leader_share"]
    assert words("new", "") == listed("presets") + listed("protocols")
    assert words("completion", "") == ["bash", "zsh", "fish"]
    explained = words("explain", "")
    assert {*listed("metrics"), *listed("tables"), *listed("faults")} < set(explained) and "network." in explained
    assert "faults.at" in words("explain", "faults.")
    for key in words("explain", "validators."):
        posim("explain", key.rstrip("."))


def test_values_of_options_are_completed(folder):
    assert words("run", "--progress", "") == ["auto", "live", "plain", "none"]
    assert words("run", "--progress=p") == ["--progress=plain"]
    assert words("verify", "d", "--progress", "") == ["auto", "plain", "none"]
    assert words("run", "-o", "") == words("run", "--output", "") == [":folders"]
    assert words("run", "--output=re") == [":folders"]
    assert words("compare", "-m", "finality_s_last_") == [m for m in listed("metrics") if "finality_s_last_" in m]
    assert "svg" in words("plot", "d", "--format", "") and "png,svg" in words("plot", "d", "-f", "png,")
    assert "png,png" not in words("plot", "d", "-f", "png,")
    assert {"band=", "x="} < set(words("plot", "d", "line", "--with", ""))
    assert "band=ci95" in words("plot", "d", "line", "--with", "band=")
    assert not words("run", "--jobs", "")


def test_keys_and_values_of_set_and_sweep_are_completed(folder):
    top = words("run", "--set", "")
    assert {"time.", "protocol.", "name="} < set(top) and "faults." not in top and "protocol=" not in top
    assert {"protocol.kind=", "protocol.slot="} < set(words("run", "--set", "protocol."))
    assert words("run", "--set", "protocol.kind=") == [f"protocol.kind={name}" for name in listed("protocols")]
    assert words("run", "--set=protocol.kind=t") == ["--set=protocol.kind=tendermint"]
    assert words("run", "--set", "keep=") == [f"keep={kind}" for kind in ["auto", "none", "sample", "failed", "all"]]
    assert words("plan", "f.yaml", "--sweep", "protocol.kind=praos,") == ["protocol.kind=praos,tendermint"]
    assert f"replicate.until.metric={listed('metrics')[0]}" in words("run", "--set", "replicate.until.metric=")
    assert words("run", "--only", "validators.cou") == ["validators.count"]
    assert not words("run", "--set", "time.duration=") and not words("run", "--set", "no.such.key=")


def test_every_key_given_can_be_set(folder):
    """A scenario may refuse the value, or have another kind than the key belongs to; but it knows the key."""
    path = write(folder, "scenario.yaml", SMALL)
    given, open_words = [], [""]
    while open_words:
        for word in words("run", "--set", open_words.pop()):
            (open_words if word.endswith(".") else given).append(word)
    assert len(given) > 60
    for key in given:
        told = posim("check", path, "--set", key + "1", code=None).stderr
        assert "unknown key" not in told or "` belongs to " in told, (key, told)


def test_other_shells_are_refused(folder):
    assert "`bash`" in posim("completion", "bsh", code=USAGE).stderr
    posim("completion", code=USAGE)


def in_bash(folder, *line):
    """What bash offers at the end of a line, which it divides as it does: at = and : as well."""
    pieces = [piece for word in line for piece in re.findall(r"[=:]|[^=:]+|^$", word)]
    script = """. "$1"; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
_posim "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""
    path = write(folder, "posim.bash", posim("completion", "bash").stdout)
    done = subprocess.run(["bash", "-uc", script, "bash", path, PROGRAM, *pieces], cwd=folder, capture_output=True,
                          text=True, timeout=60, check=False)
    assert done.returncode == 0 and not done.stderr, done.stderr
    return sorted(done.stdout.split("\n")[:-1])


def test_bash_completes(folder):
    assert in_bash(folder, "ver") == ["verify"]
    assert "--resume" in in_bash(folder, "run", "--")
    assert in_bash(folder, "run", "--set", "protocol.ki") == ["protocol.kind="]
    # bash puts what it is given in place of the piece after the last =
    assert in_bash(folder, "run", "--set", "protocol.kind=") == sorted(listed("protocols"))
    assert in_bash(folder, "run", "--set", "protocol.kind=pr") == ["praos"]
    assert in_bash(folder, "run", "--set=protocol.kind=pr") == ["praos"]
    assert in_bash(folder, "run", "--progress=l") == ["live"]
    assert in_bash(folder, "run", "--set", "protocol.kind=praos", "--prog") == ["--progress"]
    assert in_bash(folder, "list", "me") == ["metrics"]


def test_bash_completes_files(folder):
    for name in ["first.yaml", "second one.yml", "notes.txt"]:
        write(folder, name, "")
    for name in ["results/one/traces", "results/two", "empty"]:
        os.makedirs(os.path.join(folder, name))
    write(os.path.join(folder, "results/two"), "manifest.json", "{}")
    write(os.path.join(folder, "results/one"), "manifest.json", "{}")
    assert in_bash(folder, "run", "") == ["empty", "first.yaml", "results", "second one.yml"]
    assert in_bash(folder, "check", "fi") == ["first.yaml"]
    assert in_bash(folder, "watch", "") == ["results"], "what holds no results, and leads to none, is left out"
    assert in_bash(folder, "watch", "results/") == ["results/one", "results/two"]
    assert in_bash(folder, "run", "first.yaml", "-o", "res") == ["results"]
    assert in_bash(folder, "run", "--output=res") == ["results"]


def test_fish_completes(folder):
    if not shutil.which("fish"):
        raise Skip("no fish")
    path = write(folder, "posim.fish", posim("completion", "fish").stdout)
    write(folder, "first.yaml", "")
    environment = {**os.environ, "HOME": folder, "PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"]}

    def offered(line):
        done = subprocess.run(["fish", "-c", f"source {path}; complete -C '{line}'"], cwd=folder, env=environment,
                              capture_output=True, text=True, timeout=60, check=False)
        assert not done.stderr, done.stderr
        return [given.split("\t")[0] for given in done.stdout.splitlines()]

    assert offered("posim ver") == ["verify"] and "first.yaml" in offered("posim run fi")
    assert offered("posim run --set protocol.kind=pr") == ["protocol.kind=praos"]
    assert "--resume" in offered("posim run --res")


def test_scripts_are_of_their_shells(folder):
    for shell in ["bash", "zsh", "fish"]:
        if not shutil.which(shell):
            continue
        done = subprocess.run([shell, "-n", write(folder, shell, posim("completion", shell).stdout)],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0 and not done.stderr, (shell, done.stderr)


if __name__ == "__main__":
    main(dict(globals()))
