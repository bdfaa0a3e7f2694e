# SPDX-License-Identifier: MIT
"""The tutorial at the head of scenarios/README.md, followed to the letter: its files, its commands, what they print.
With POSIM_UPDATE=1 what they print is written into the page instead."""

import os
import re
import shlex

from harness import SOURCE, main, posim, read, write

PAGE = os.path.join(SOURCE, "scenarios", "README.md")
HEADING = "## From a question to a report\n"
BLOCK = re.compile(r"^```(yaml|console)\n(.*?)^```$", re.M | re.S)
KEY = re.compile(r"^(?=[a-z])", re.M)


def tutorial(page):
    return page.split(HEADING)[1].split("\n## ")[0]


def keys_of(text):
    """The text by root key."""
    return {part.split(":")[0]: part for part in KEY.split(text) if part}


def steps(text):
    """(command, what it should print) of a console block."""
    for part in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, printed = part.partition("\n")
        yield command, printed


def matches(printed, expected):
    """Line by line; a line of `...` stands for any."""
    pattern = "".join(r"(?:.*\n)*?" if line == "..." else re.escape(line) + "\n" for line in expected.splitlines())
    return re.fullmatch(pattern, printed)


def follow(folder, text):
    """Carries out the blocks; yields each command with what it printed and what is said of that."""
    scenario = {}
    for kind, block in BLOCK.findall(text):
        if kind == "yaml":
            scenario.update(keys_of(block))
            write(folder, "slots.yaml", "".join(scenario.values()))
            continue
        for command, expected in steps(block):
            words = shlex.split(command)
            assert words[0] == "posim", command
            yield command, posim(*words[1:], cwd=folder).stdout, expected


def with_printed(page, place, command, printed):
    """The page with what the command printed put under it, and where it stands; it is looked for from `place` on."""
    start = page.index(f"$ {command}\n", place) + len(command) + 3
    end = re.compile(r"^(\$ |```$)", re.M).search(page, start).start()
    return page[:start] + printed + page[end:], start


def update(folder, page):
    """Blocks with `...` in them are excerpts, made by hand."""
    place = page.index(HEADING)
    for command, printed, expected in follow(folder, tutorial(page)):
        kept = expected if "...\n" in expected else printed
        page, place = with_printed(page, place, command, kept)
    write(os.path.dirname(PAGE), os.path.basename(PAGE), page)


def test_the_tutorial_is_true(folder):
    page = read(PAGE)
    if os.environ.get("POSIM_UPDATE"):
        update(folder, page)
        return
    followed = 0
    for command, printed, expected in follow(folder, tutorial(page)):
        assert matches(printed, expected), f"$ {command}\n{printed}\ninstead of\n{expected}"
        followed += 1
    assert followed >= 10
    for made in ["report.html", os.path.join("plots", "line.pdf")]:
        assert os.path.exists(os.path.join(folder, "results", "slots", made)), made


main(globals())
