# SPDX-License-Identifier: MIT
"""Mutates the scenarios that come with posim, by bytes, lines, words and values, and checks each: `posim check` answers
with 0 or 3 and in time, whatever it is given. The seed is fixed, so that a failure comes again; POSIM_FUZZ sets how
many mutations, and a failing one is printed."""

import os
import random
import re
import subprocess

from harness import BAD_SCENARIO, FINE, PROGRAM, SOURCE, main, posim

COUNT = int(os.environ.get("POSIM_FUZZ", "300"))
VALUES = [
    "", "0", "-1", "1e308", "NaN", "null", "~", "on", "yes", "1/0", "0 %", "101 %", "1/3", "99999999999999999999",
    "18446744073709551615", "9223372036854775807 ns", "3650 d", "1 ns", "0.0000000001 s", "12", "[]", "{}",
    "[1, [2]]", "{kind: x}", "'", '"', "&a b", "*a", "!!int 4", "|", ">", "? x", "# x", "\t", "\x00", "\ufeff",
    "é", "x" * 5000, "../../../../etc/passwd", "/dev/null", ".", "..", "cosmos-hub", "cardano", "%", "@", "`",
    "- a", "---", "...",
]


def corpus():
    """Examples, presets and the templates of `posim new`."""
    texts = []
    for folder in ["examples", "presets"]:
        path = os.path.join(SOURCE, "scenarios", folder)
        for name in sorted(os.listdir(path)):
            if name.endswith(".yaml"):
                with open(os.path.join(path, name), encoding="utf-8") as file:
                    texts.append(file.read())
    return texts + [posim("new", "--all", name).stdout for name in ["praos", "tendermint"]]


def change_byte(text, luck, _):
    at = luck.randrange(len(text))
    return text[:at] + chr(luck.choice([0, 9, 10, 32, 58, 91, 123, 125, 127, luck.randrange(0x2fff)])) + text[at + 1:]


def drop_part(text, luck, _):
    at = luck.randrange(len(text))
    return text[:at] + text[at + luck.randrange(1, 40):]


def repeat_line(text, luck, _):
    lines = text.split("\n")
    at = luck.randrange(len(lines))
    return "\n".join(lines[:at] + [lines[at]] * luck.randrange(2, 4) + lines[at + 1:])


def indent_line(text, luck, _):
    lines = text.split("\n")
    at = luck.randrange(len(lines))
    lines[at] = " " * luck.randrange(0, 8) + lines[at].lstrip()
    return "\n".join(lines)


def mix_line(text, luck, texts):
    lines = text.split("\n")
    lines.insert(luck.randrange(len(lines)), luck.choice(luck.choice(texts).split("\n")))
    return "\n".join(lines)


def change_value(text, luck, _):
    values = list(re.finditer(r"(?<=: )[^\s,{}\[\]][^,{}\[\]\n]*", text))
    if not values:
        return text
    at = luck.choice(values)
    return text[:at.start()] + luck.choice(VALUES) + text[at.end():]


def swap_words(text, luck, texts):
    words = re.findall(r"[a-z_]{3,}", luck.choice(texts))
    places = list(re.finditer(r"[a-z_]{3,}", text))
    at = luck.choice(places)
    return text[:at.start()] + luck.choice(words) + text[at.end():]


CHANGES = [change_byte, drop_part, repeat_line, indent_line, mix_line, change_value, change_value, swap_words]


def mutate(texts, luck):
    text = luck.choice(texts)
    for _ in range(luck.randrange(1, 4)):
        text = luck.choice(CHANGES)(text, luck, texts) or "posim: 1\n"
    return text


def test_mutated_scenarios_are_accepted_or_refused(folder):
    luck, texts = random.Random(20180), corpus()
    path = os.path.join(folder, "mutated.yaml")
    seen = {FINE: 0, BAD_SCENARIO: 0}
    for number in range(COUNT):
        text = mutate(texts, luck)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        done = subprocess.run([PROGRAM, "check", path], capture_output=True, timeout=60, check=False)
        said = done.stderr.decode("utf-8", "replace")
        assert done.returncode in seen, f"mutation {number}: exit {done.returncode}\n{said}\n---\n{text}"
        errors = [line for line in said.splitlines() if ": warning: " not in line]
        assert (done.returncode == FINE) == (not errors), f"mutation {number}: {said}"
        seen[done.returncode] += 1
    print(f"# {seen[FINE]} accepted, {seen[BAD_SCENARIO]} refused")
    assert min(seen.values()) > COUNT // 50, seen


if __name__ == "__main__":
    main(dict(globals()))
