#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plants one fault at a time in a small clean tree, and fails where a rule does not find it; prints TAP."""

import os
import sys
import tempfile

import tidy
from tree import Tree

C = "/* SPDX-License-Identifier: MIT */\n"
BUILD = "# SPDX-License-Identifier: MIT\n"
HEADER = C + "/* What this is. */\n#ifndef {0}\n#define {0}\n\n#endif\n"
TABLE = ("| room | what it is | may include |\n|---|---|---|\n| `base` | ground | |\n| `engine` | clock | base |\n"
         "| `contract` | rules | base |\n| `record` | rows | base |\n"
         "| `protocol/NAME` | protocols | contract and what it includes |\n"
         "| `election` | leaders | contract and what it includes |\n"
         "| `check` | verdicts | base, the row structs of record |\n"
         "| `cli` | commands | all |\n")

CLEAN = {
    "README.md": "# A tree\n\n[the rooms](sim/README.md)\n",
    "sim/README.md": "# Rooms\n\n" + TABLE,
    "sim/meson.build": BUILD + "protocols = [\n  'praos',\n  'tendermint',\n]\nelections = [\n  'lottery',\n]\n",
    "sim/base/README.md": "# Ground\n",
    "sim/base/meson.build": BUILD + "sim_sources += files(\n  'ids.c',\n  'time.c',\n)\n",
    "sim/base/ids.c": C + '#include "base/ids.h"\n',
    "sim/base/ids.h": HEADER.format("POSIM_BASE_IDS_H"),
    "sim/base/time.c": C + 'static const char text[] = "rand() in a string, // and this"; /* rand() in a comment */\n',
    "sim/cli/README.md": "# Commands\n",
    "sim/cli/progress.h": HEADER.format("POSIM_CLI_PROGRESS_H"),
    "sim/engine/README.md": "# Clock\n",
    "sim/engine/clock.h": HEADER.format("POSIM_ENGINE_CLOCK_H"),
    "sim/contract/README.md": "# Rules\n",
    "sim/contract/view.h": HEADER.format("POSIM_CONTRACT_VIEW_H"),
    "sim/record/README.md": "# Rows\n",
    "sim/record/trace.h": HEADER.format("POSIM_RECORD_TRACE_H"),
    "sim/check/README.md": "# Verdicts\n",
    "sim/check/safety.h": HEADER.format("POSIM_CHECK_SAFETY_H").replace("\n#e", '#include "record/trace.h"\n\n#e'),
    "sim/election/README.md": "# Leaders\n",
    "sim/election/lottery.c": C + '#include "contract/view.h"\n',
    "sim/election/lottery.h": HEADER.format("POSIM_ELECTION_LOTTERY_H"),
    "sim/protocol/README.md": "# Protocols\n",
    "sim/protocol/meson.build": BUILD + "sim_sources += files(\n  'praos/praos.c',\n  'tendermint/tendermint.c',\n)\n",
    "sim/protocol/praos/README.md": "# Praos\n",
    "sim/protocol/praos/praos.c": C,
    "sim/protocol/praos/praos.h": HEADER.format("POSIM_PROTOCOL_PRAOS_PRAOS_H"),
    "sim/protocol/tendermint/README.md": "# Tendermint\n",
    "sim/protocol/tendermint/tendermint.c": C + '#include "contract/view.h"\n',
    "tests/README.md": "# Tests\n\nunit/ has the small ones.\n",
    "tests/unit/meson.build": BUILD + "unit_tests = [\n  'ids',\n]\n",
    "tests/unit/test_ids.c": C,
}

# The rule that must find it, the file, and its content: what is there in the clean tree, followed by the text.
ADDED = [
    ("layers", "sim/base/ids.c", '#include "engine/clock.h"\n'),
    ("layers", "sim/engine/clock.h", '#include "contract/view.h"\n'),
    ("layers", "sim/protocol/praos/praos.c", '#include "engine/clock.h"\n'),
    ("layers", "sim/check/safety.h", '#include "record/csv.h"\n'),
    ("layers", "sim/election/lottery.c", '#include "protocol/praos/praos.h"\n'),
    ("plug-ins", "sim/protocol/tendermint/tendermint.c", '#include "protocol/praos/praos.h"\n'),
    ("plug-ins", "sim/cli/progress.h", '#include "election/lottery.h"\n'),
    ("include-paths", "sim/base/ids.c", '#include "ids.h"\n'),
    ("include-paths", "sim/base/ids.c", '#include "../engine/clock.h"\n'),
    ("bans", "sim/base/time.c", "int draw(void) { return rand(); }\n"),
    ("bans", "sim/base/time.c", "void draw(void) { randombytes_buf(bytes, 8); }\n"),
    ("bans", "sim/base/time.c", "long now(void) { return time(NULL); }\n"),
    ("bans", "sim/engine/clock.h", "static inline void now(void) { gettimeofday(&at, 0); }\n"),
    ("bans", "sim/protocol/praos/praos.c", "#include <math.h>\n"),
    ("bans", "sim/election/lottery.c", "static const double share = 1;\n"),
    ("bans", "sim/base/ids.c", "void copy(void) { strcpy(to, from); }\n"),
    ("bans", "sim/cli/progress.h", "static inline void say(void) { sprintf(to, from); }\n"),
    ("bans", "sim/base/ids.c", "int number(void) { return atoi(text); }\n"),
    ("bans", "sim/record/trace.h", "static inline void all(void) { g_hash_table_foreach(rows, one, 0); }\n"),
    ("bans", "sim/base/ids.c", "double number(void) { return strtod(text, 0); }\n"),
    ("bans", "tests/unit/test_ids.c", "void copy(void) { strcat(to, from); }\n"),
    ("float-formats", "sim/election/lottery.c", 'void say(void) { g_snprintf(to, 9, "%.3f", share); }\n'),
    ("finished", "sim/base/ids.c", "/* TO" "DO: the rest */\n"),
    ("machine-paths", "sim/base/README.md", "See /ho" "me/somebody/notes.\n"),
    ("space", "sim/base/README.md", "trailing \n"),
    ("space", "sim/base/ids.c", "\tint a;\n"),
    ("space", "sim/base/ids.c", "int a;\r\n"),
    ("space", "sim/base/ids.c", "int a;"),
    ("width", "sim/base/ids.c", "/* " + "wide " * 25 + "*/\n"),
    ("links", "sim/base/README.md", "[gone](gone.md)\n"),
    ("rooms", "sim/README.md", "| `moon` | nobody | base |\n"),
]

# The same, but the file has this content and no other.
REPLACED = [
    ("licence", "sim/base/ids.c", '#include "base/ids.h"\n'),
    ("licence", "sim/base/meson.build", "sim_sources += files(\n  'ids.c',\n  'time.c',\n)\n"),
    ("guards", "sim/base/ids.h", HEADER.format("POSIM_IDS_H")),
    ("guards", "sim/base/ids.h", C + "/* What this is. */\nint a;\n"),
    ("header-words", "sim/base/ids.h", HEADER.format("POSIM_BASE_IDS_H").replace("/* What this is. */\n", "")),
    ("order", "sim/base/meson.build", BUILD + "sim_sources += files(\n  'time.c',\n  'ids.c',\n)\n"),
    ("order", "sim/meson.build",
     BUILD + "protocols = [\n  'tendermint',\n  'praos',\n]\nelections = [\n  'lottery',\n]\n"),
    ("built", "sim/base/meson.build", BUILD + "sim_sources += files(\n  'ids.c',\n)\n"),
    ("built", "sim/meson.build", BUILD + "protocols = [\n  'moon',\n  'praos',\n]\nelections = [\n  'lottery',\n]\n"),
    ("built", "tests/unit/meson.build", BUILD + "unit_tests = [\n]\n"),
    ("rooms", "sim/moon/README.md", "# A room without a row\n"),
    ("readmes", "tests/other/note.txt", "a folder that nobody names\n"),
    ("readmes", "sim/protocol/other/note.txt", "a protocol that nobody describes\n"),
    ("bans", "tests/tidy/exemptions.txt", "bans sim/base/ids.c it needs no exemption\n"),
]


def found_in(files):
    """The breaches in a tree of these files."""
    with tempfile.TemporaryDirectory(prefix="posim-tidy-") as root:
        for path, content in files.items():
            full = os.path.join(root, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "w", encoding="utf-8", newline="") as file:
                file.write(content)
        return [finding for found in tidy.findings(Tree(root)).values() for finding in found]


def report(number, fine, name, found):
    print(f"{'ok' if fine else 'not ok'} {number} - {name}")
    for finding in [] if fine else found:
        print(f"# {finding}")
    return not fine


def main():
    faults = [(rule, path, CLEAN[path] + text) for rule, path, text in ADDED] + REPLACED
    print(f"1..{len(faults) + 2}")
    found = found_in(CLEAN)
    failed = report(1, not found, "a clean tree", found)
    for number, (rule, path, content) in enumerate(faults, 2):
        found = found_in({**CLEAN, path: content})
        failed += report(number, any(finding.rule == rule for finding in found), f"{rule}: {path}", found)
    planted = {rule for rule, _, _ in faults}
    failed += report(len(faults) + 2, planted == set(tidy.RULES), "every rule has a planted fault",
                     sorted(set(tidy.RULES) - planted))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
