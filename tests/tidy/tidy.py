#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the source tree and fails where a rule is broken; prints TAP, one test a rule.

    tests/tidy/tidy.py [ROOT]

Breaches that are meant stand in exemptions.txt, each with its reason.
"""

import os
import sys

import ccode
import layers
import lists
import text
from tree import Finding, Tree

RULES = {
    "bans": ccode.check_bans,
    "built": lists.check_built,
    "finished": text.check_finished,
    "float-formats": ccode.check_float_formats,
    "guards": ccode.check_guards,
    "header-words": ccode.check_header_words,
    "include-paths": layers.check_paths,
    "layers": layers.check_layers,
    "licence": text.check_licence,
    "links": text.check_links,
    "machine-paths": text.check_machine_paths,
    "order": lists.check_order,
    "plug-ins": layers.check_plug_ins,
    "readmes": text.check_readmes,
    "rooms": layers.check_rooms,
    "space": text.check_space,
    "width": text.check_width,
}
EXEMPTIONS = "tests/tidy/exemptions.txt"


def read_exemptions(tree):
    """The exempted (rule, path) pairs with their reasons."""
    exemptions = {}
    for line in tree.lines(EXEMPTIONS) if tree.exists(EXEMPTIONS) else []:
        words = line.split(None, 2)
        if line and not line.startswith("#"):
            if len(words) < 3 or words[0] not in RULES:
                raise ValueError(f"{EXEMPTIONS}: `{line}` is not a rule, a path and a reason")
            exemptions[words[0], words[1]] = words[2]
    return exemptions


def findings(tree):
    """What each rule finds, by rule; exempted breaches are left out, needless exemptions put in."""
    exemptions = read_exemptions(tree)
    found = {rule: list(check(tree)) for rule, check in RULES.items()}
    for rule, path in exemptions:
        if not any(finding.path == path for finding in found[rule]):
            found[rule].append(Finding(rule, path, 0, "is exempted, but nothing needs the exemption"))
        else:
            found[rule] = [finding for finding in found[rule] if finding.path != path]
    return found


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    tree = Tree(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "..", ".."))
    print(f"1..{len(RULES)}")
    failed = 0
    for number, (rule, found) in enumerate(findings(tree).items(), 1):
        print(f"{'not ok' if found else 'ok'} {number} - {rule}")
        for finding in found:
            print(f"# {finding}")
        failed += bool(found)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
