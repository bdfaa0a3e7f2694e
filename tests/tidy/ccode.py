# SPDX-License-Identifier: MIT
"""What C code may not say, and where, each with its reason."""

import re

from tree import Finding

# Rooms whose arithmetic and order reach a trace: the same bytes on every compiler and machine.
TRACED = ("engine", "crypto", "consensus", "stake", "network", "delivery", "contract", "protocol", "election",
          "adversary", "world")
# Rooms that talk to the machine: they may read clocks and the environment.
OUTER = ("experiment", "report", "cli")


class Ban:
    """A word that code of some rooms may not use. `rooms` None: everywhere under sim and tests."""

    def __init__(self, pattern, reason, rooms=None, besides=()):
        self.pattern, self.reason, self.rooms, self.besides = re.compile(pattern), reason, rooms, besides

    def applies(self, path):
        parts = path.split("/")
        if parts[0] == "tests":
            return self.rooms is None
        return parts[1] not in self.besides and (self.rooms is None or parts[1] in self.rooms)


def _calls(*names):
    return r"(?<![\w.>])(" + "|".join(names) + r")\s*\("


SIM = TRACED + ("base", "record", "check", "scenario") + OUTER
BANS = [
    Ban(_calls("s?rand", "s?random", "[delmn]rand48", "rand_r", r"g_rand(om)?_\w+", r"randombytes\w*",
               r"crypto_\w*_random\w*", r"crypto_(?!\w*seed)\w*_keypair", "getrandom", "getentropy"),
        "luck comes from keyed streams (base/random.h)", SIM),
    Ban(_calls("time", "clock", "gettimeofday", "clock_gettime", "g_get_monotonic_time", "g_get_real_time",
               r"g_date_time_new_now\w*", "localtime(_r)?", "gmtime(_r)?"),
        "a simulation knows only its own clock", SIM, OUTER),
    Ban(_calls("getenv", "g_getenv", "setenv", "g_setenv", "system", "popen", "fork", r"g_spawn_\w+"),
        "only the outer rooms see the environment", SIM, OUTER),
    Ban(_calls("strcpy", "strcat", "strncpy", "strncat", "sprintf", "vsprintf", "gets", "scanf", "sscanf", "fscanf"),
        "no bound on what it writes or reads: use GLib's"),
    Ban(_calls("atoi", "atol", "atoll", "atof", "strtok"),
        "says nothing of wrong input: use GLib's or base/quantity.h", SIM),
    Ban(_calls("strtod", "strtof", "g_strtod", "g_ascii_strtod", "g_ascii_dtostr"),
        "decimals become integers exactly (base/quantity.h)", TRACED + ("base", "scenario", "check", "record")),
    Ban(r"(?<!\w)(double|float|long double)(?!\w)", "no float takes part in a decision", TRACED),
    Ban(r"#include <(math|complex|tgmath|fenv)\.h>", "libm's results differ from machine to machine: base/fixed.h",
        TRACED + ("base", "scenario", "check")),
    Ban(_calls(r"g_hash_table_iter_\w+", r"g_hash_table_(foreach|get_keys|get_values|find)\w*"),
        "a hash table's order is not the same everywhere", TRACED + ("record", "check")),
    Ban(_calls(r"pthread_\w+", r"g_thread_\w+", r"thrd_\w+", r"g_mutex_\w+"), "a world has no thread", SIM),
    Ban(_calls("alloca", "g_alloca", "g_newa", "setjmp", "longjmp"), "hidden use of the stack"),
    Ban(_calls("assert"), "use REQUIRE, CHECK or AUDIT (base/assert.h)", SIM),
    Ban(_calls("exit", "_exit", "quick_exit", "abort"), "a room reports errors to who called it", SIM, OUTER),
]


def check_bans(tree):
    """No banned word, in the rooms where it is banned."""
    for path in tree.code_files("sim", "tests"):
        bans = [ban for ban in BANS if ban.applies(path)]
        for number, line in enumerate(tree.code(path), 1):
            for ban in bans:
                found = ban.pattern.search(line)
                if found:
                    yield Finding("bans", path, number, f"{found.group(0).strip('( ')}: {ban.reason}")


FLOAT_FORMAT = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?[aefgAEFG]")
STRING = re.compile(r'"(?:\\.|[^"\\])*"')


def check_float_formats(tree):
    """Rooms that reach a trace print no floats: decimals are printed from integers."""
    for path in tree.code_files("sim"):
        if path.split("/")[1] not in TRACED + ("check",):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            if "printf" not in line and not tree.code(path)[number - 1].strip().startswith('"'):
                continue
            for string in STRING.findall(line):
                if FLOAT_FORMAT.search(string.replace("%%", "")):
                    yield Finding("float-formats", path, number, f"prints a float: {string}")


def check_guards(tree):
    """A header's guard is its path."""
    for path in tree.code_files("sim", "tests"):
        if not path.endswith(".h"):
            continue
        shown = path[len("sim/"):] if path.startswith("sim/") else path
        guard = "POSIM_" + re.sub(r"[^A-Z0-9]", "_", shown.upper())
        found = re.search(r"^#ifndef (\w+)\n#define (\w+)\n", tree.text(path), re.M)
        if not found or found.group(1) != guard or found.group(2) != guard:
            yield Finding("guards", path, 0, f"the guard should be {guard}")


def check_header_words(tree):
    """A header says what it is for before its guard."""
    for path in tree.code_files("sim"):
        if path.endswith(".h") and not re.match(r"/\* SPDX[^\n]*\n/\*(.|\n)*?\*/\n#ifndef", tree.text(path)):
            yield Finding("header-words", path, 1, "no paragraph between the licence and the guard")
