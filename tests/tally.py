#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Adds up what came of test runs: `N passed, N failed, N skipped`, each point of a TAP test counted by itself.

    tests/tally.py BUILD...

Reads meson-logs/testlog.json of each build directory. Failed points and the reasons of skips are named before the sum,
which is the last line; the exit code is 1 where something failed or nothing ran.
"""

import json
import os
import re
import sys

POINT = re.compile(r"^(not )?ok\b *(\d*) *(?:- )?([^#]*)(?:# *(SKIP|[A-Z]+)\b *(.*))?$", re.I)

MOST_LINES = 20


def tally(entry):
    """(passed, names of failures, reasons of skips) of one test of the log."""
    passed, failures, skips = 0, [], []
    is_failure = False
    for line in entry.get("stdout", "").split("\n"):
        point = POINT.match(line)
        if not point:
            if is_failure and line.startswith("# ") and failures[-1].count("\n") < MOST_LINES:
                failures[-1] += f"\n        {line[2:]}"  # what the test says of it
            continue
        is_failure = False
        negative, _, name, mark, reason = point.groups()
        if (mark or "").upper() == "SKIP":
            skips.append(reason or name)
        elif negative and not mark:
            failures.append(name.strip())
            is_failure = True
        else:
            passed += 1
    result = entry["result"]
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and not failures:
        failures.append(f"the whole test: {result.lower()}")  # died, or ran out of time
    if result == "SKIP" and not passed and not skips:
        skips.append("the whole test")
    if result in ("OK", "EXPECTEDFAIL") and not passed and not skips:
        passed = 1  # a test that is not TAP
    return passed, failures, skips


def entries(build):
    """The tests of a build's last run; none where it did not get that far."""
    path = os.path.join(build, "meson-logs", "testlog.json")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def main():
    passed, failed, skipped = 0, 0, {}
    for build in sys.argv[1:]:
        ran = False
        for entry in entries(build):
            ran = True
            more, failures, skips = tally(entry)
            passed += more
            failed += len(failures)
            for name in failures:
                print(f"FAILED  {build}: {entry['name'].strip()}: {name}")
            for reason in skips:
                skipped[reason] = skipped.get(reason, 0) + 1
        if not ran:
            print(f"FAILED  {build}: no test ran")
            failed += 1
    for reason, count in sorted(skipped.items()):
        print(f"skipped {count}: {reason}")
    print(f"{passed} passed, {failed} failed, {sum(skipped.values())} skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
