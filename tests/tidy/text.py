# SPDX-License-Identifier: MIT
"""How text files look, whatever their language."""

import os
import re

from tree import CODE, Finding

WIDEST = 120
LICENSED = CODE + (".py", ".sh", ".gp", ".build", ".in", ".mako")
SPDX = "SPDX-License-Identifier: MIT"
# A place on somebody's machine.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|work|mnt|workspace)(?=/|\b)(?!/\*)")
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|HA" r"CK)\b")  # apart, so that this line is not found


def _texts(tree):
    return [path for path in tree.files if b"\0" not in tree.bytes(path)]


def check_space(tree):
    """No trailing space, tab or carriage return; a newline at the end; UTF-8."""
    for path in _texts(tree):
        try:
            tree.bytes(path).decode("utf-8")
        except UnicodeDecodeError:
            yield Finding("space", path, 0, "not UTF-8")
        for number, line in enumerate(tree.lines(path), 1):
            if line.endswith("\r"):
                yield Finding("space", path, number, "carriage return")
            elif line != line.rstrip():
                yield Finding("space", path, number, "trailing space")
            if "\t" in line:
                yield Finding("space", path, number, "tab")
        if tree.bytes(path) and not tree.bytes(path).endswith(b"\n"):
            yield Finding("space", path, 0, "no newline at the end")


def check_width(tree):
    """At most 120 columns; rows of tables, links, data and transcripts cannot be broken."""
    for path in _texts(tree):
        if path.endswith((".yaml", ".csv", ".txt", ".expected", ".svg")):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            unbreakable = path.endswith(".md") and (line.startswith("|") or "](" in line)
            if len(line) > WIDEST and not unbreakable:
                yield Finding("width", path, number, f"{len(line)} columns")


def check_licence(tree):
    """The licence's tag stands in the first two lines of what is code."""
    for path in _texts(tree):
        first = tree.lines(path)[:2]
        is_script = first[0].startswith("#!")
        if (path.endswith(LICENSED) or is_script) and not any(SPDX in line for line in first):
            yield Finding("licence", path, 1, f"no `{SPDX}`")


def check_finished(tree):
    """What is not finished is an issue, not a comment."""
    for path in _texts(tree):
        for number, line in enumerate(tree.lines(path), 1):
            found = UNFINISHED.search(line)
            if found:
                yield Finding("finished", path, number, f"says {found.group(0)}")


def check_machine_paths(tree):
    """No path of one machine."""
    for path in _texts(tree):
        for number, line in enumerate(tree.lines(path), 1):
            found = MACHINE_PATH.search(line)
            if found:
                yield Finding("machine-paths", path, number, f"names {found.group(0)}")


LINK = re.compile(r"\[[^\]]*\]\(([^)#:\s]+)(?:#[^)]*)?\)")


def check_links(tree):
    """Links of one page to another lead somewhere."""
    for path in _texts(tree):
        if not path.endswith(".md"):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            for target in LINK.findall(line):
                if not tree.exists(os.path.normpath(os.path.join(os.path.dirname(path), target))):
                    yield Finding("links", path, number, f"{target} is not there")


def check_readmes(tree):
    """Every room has a README, and any other folder has one or is named in that of the folder above."""
    for folder in tree.folders:
        parts = folder.split("/")
        if parts[0] not in ("sim", "scenarios", "analysis", "tests") or tree.exists(f"{folder}/README.md"):
            continue
        above = "/".join(parts[:-1])
        while above and not tree.exists(f"{above}/README.md"):
            above = os.path.dirname(above)
        is_room = parts[0] == "sim" or len(parts) == 1
        named = not is_room and above and re.search(rf"\b{parts[-1]}/", tree.text(f"{above}/README.md"))
        if not named:
            elsewhere = "" if is_room else f", nor is it named in {above}/README.md"
            yield Finding("readmes", folder, 0, "no README.md" + elsewhere)
