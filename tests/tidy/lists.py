# SPDX-License-Identifier: MIT
"""Lists in meson.build: in alphabetical order, and nothing forgotten."""

import os
import re

from layers import PLUG_IN_LISTS, plug_in_names
from tree import Finding

FILES = re.compile(r"(?:files|executable)\(((?:[^()]|\([^()]*\))*)\)", re.S)
UNIT = re.compile(r"^unit_tests = \[(.*?)\]", re.S | re.M)


def _not_sorted(names):
    return next((f"{b} stands after {a}" for a, b in zip(names, names[1:]) if b < a), None)


def check_order(tree):
    """Lists of plug-ins, sources and tests are alphabetical."""
    for kind in PLUG_IN_LISTS:
        wrong = _not_sorted(plug_in_names(tree, kind))
        if wrong:
            yield Finding("order", "sim/meson.build", 0, f"{PLUG_IN_LISTS[kind]}: {wrong}")
    for path in tree.files:
        if not path.startswith(("sim/", "tests/")) or not path.endswith("meson.build"):
            continue
        for pattern in (FILES, UNIT):
            for found in pattern.finditer(tree.text(path)):
                names = re.findall(r"^ +'([^'@]+)',?$", found.group(1), re.M)
                wrong = _not_sorted([name for name in names if pattern is UNIT or name.endswith(".c")])
                if wrong:
                    yield Finding("order", path, 0, wrong)


def check_built(tree):
    """Every C file is built by the meson.build of its folder, or of the folder above; every plug-in is listed."""
    for path in tree.code_files("sim", "tests"):
        if not path.endswith(".c"):
            continue
        folder, name = os.path.split(path)
        if not _is_named(tree, folder, name) and not _is_plug_in(tree, path):
            yield Finding("built", path, 0, "no meson.build builds it")
    for kind in PLUG_IN_LISTS:
        for name in plug_in_names(tree, kind):
            source = f"sim/{kind}/{name}/{name}.c" if kind == "protocol" else f"sim/{kind}/{name}.c"
            if not tree.exists(source):
                yield Finding("built", "sim/meson.build", 0, f"{kind} {name} has no {source}")


def _is_named(tree, folder, name):
    words = {f"'{name}'", f"'{os.path.basename(folder)}/{name}'"}
    if name.startswith("test_"):
        words.add(f"'{name[len('test_'):-len('.c')]}'")
    for place in (folder, os.path.dirname(folder)):
        path = f"{place}/meson.build"
        if tree.exists(path) and any(word in tree.text(path) for word in words):
            return True
    return False


def _is_plug_in(tree, path):
    parts = path.split("/")
    if len(parts) < 3 or parts[0] != "sim" or parts[1] not in PLUG_IN_LISTS:
        return False
    return re.sub(r"\.c$", "", parts[2]) in plug_in_names(tree, parts[1])
