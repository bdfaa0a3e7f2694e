# SPDX-License-Identifier: MIT
"""Which room may include which. The table is the one in sim/README.md; this file only knows its words."""

import re

from tree import Finding

INCLUDE = re.compile(r'#include "([^"]+)"')
ROW = re.compile(r"^\| `([a-z]+)(?:/NAME)?` \| [^|]+ \|([^|]*)\|$")
PLUG_IN_LISTS = {"protocol": "protocols", "election": "elections", "adversary": "adversaries"}
# What check sees of record: the structs of rows, and nothing that writes them.
ROW_STRUCTS = {"record/trace.h", "record/column.h", "record/spread.h"}


def read_table(tree):
    """The rooms in the table's order, each with the set of rooms that it may include (itself among them)."""
    rooms = {}
    for line in tree.lines("sim/README.md"):
        row = ROW.match(line)
        if row:
            rooms[row.group(1)] = _allowed(row.group(1), row.group(2).strip(), rooms)
    return rooms


def _allowed(room, words, rooms):
    if words == "all":
        return None  # everything, later rows too
    allowed = {room}
    for word in filter(None, words.split(", ")):
        if word == "all above":
            allowed |= set(rooms)
            continue
        if word == "the row structs of record":
            continue  # see ROW_STRUCTS
        name = re.sub(r" and (what it includes|below)$", "", word)
        if name not in rooms:
            raise ValueError(f"sim/README.md: the row of `{room}` names `{word}`, which is not a room above it")
        allowed |= rooms[name]
    return allowed


def check_rooms(tree):
    """Every folder of sim is a room of the table, and every room is a folder."""
    rooms = set(read_table(tree))
    folders = {path.split("/")[1] for path in tree.files if path.startswith("sim/") and path.count("/") >= 2}
    for room in sorted(folders - rooms):
        yield Finding("rooms", f"sim/{room}", 0, "no row in the table of sim/README.md")
    for room in sorted(rooms - folders):
        yield Finding("rooms", "sim/README.md", 0, f"the table has a room `{room}` that is not a folder")


def check_layers(tree):
    """A room includes only what its row allows."""
    rooms = read_table(tree)
    for path in tree.code_files("sim"):
        room = path.split("/")[1]
        for number, target in _includes(tree, path):
            to = target.split("/")[0]
            if room not in rooms or rooms[room] is None or to in rooms[room]:
                continue
            if room == "check" and target in ROW_STRUCTS:
                continue
            yield Finding("layers", path, number, f"{room} may not include {target}")


def check_plug_ins(tree):
    """A plug-in's header is its own business: neither another plug-in nor the rest of sim includes it."""
    for path in tree.code_files("sim"):
        for number, target in _includes(tree, path):
            owner = _plug_in_of(tree, target)
            if owner and owner != _plug_in_of(tree, path[len("sim/"):]):
                yield Finding("plug-ins", path, number, f"{target} belongs to the plug-in {owner}")


def plug_in_names(tree, kind):
    """The names in the lists of sim/meson.build, in their order."""
    found = re.search(rf"^{PLUG_IN_LISTS[kind]} = \[(.*?)\]", tree.text("sim/meson.build"), re.S | re.M)
    return re.findall(r"'([^']+)'", found.group(1)) if found else []


def _plug_in_of(tree, path):
    parts = path.split("/")
    if parts[0] == "protocol" and len(parts) > 2:
        return "/".join(parts[:2])
    if parts[0] in ("election", "adversary"):
        name = re.sub(r"\.[ch]$", "", parts[1])
        return f"{parts[0]}/{name}" if name in plug_in_names(tree, parts[0]) else None
    return None


def _includes(tree, path):
    for number, line in enumerate(tree.code(path), 1):
        match = INCLUDE.match(line)
        if match and "/" in match.group(1):
            yield number, match.group(1)
        elif match:
            # without a folder: generated, or beside the file, which then has to say so
            yield number, match.group(1)


def check_paths(tree):
    """Includes are written from sim/, so that a reader sees the room."""
    for path in tree.code_files("sim"):
        for number, target in _includes(tree, path):
            if "/" not in target or ".." in target:
                yield Finding("include-paths", path, number, f"write {target} from sim/")
