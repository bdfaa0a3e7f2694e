#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every header of sim and tests alone, with each compiler that there is; prints TAP, one test a compiler.

    tests/tidy/headers.py ROOT BUILD COMPILER...

Flags come from the build's compile_commands.json.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from tree import Tree

WANTED = re.compile(r"^-(I|isystem|D|std=|W(?!l,|invalid|p,))")
# Templates: what they need is defined by who includes them, as their first paragraph says.
TEMPLATES = {"tests/bench/heap.h"}


def flags_of(build):
    """The include paths, definitions and warnings that the simulator is built with."""
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as file:
        command = next(entry for entry in json.load(file) if "sim/base/" in entry["file"])
    words = shlex.split(command["command"])
    flags = [word for word in words if WANTED.match(word)]
    return [f"-I{os.path.join(command['directory'], flag[2:])}" if flag.startswith("-I") else flag for flag in flags]


def headers_of(root):
    return [path for path in Tree(root).code_files("sim", "tests") if path.endswith(".h") and path not in TEMPLATES]


def compile_alone(compiler, flags, root, header, folder):
    """What the compiler says of a file that includes the header twice and nothing else; "" if nothing."""
    source = os.path.join(folder, re.sub(r"\W", "_", header) + ".c")
    with open(source, "w", encoding="utf-8") as file:
        file.write(f'#include "{os.path.join(root, header)}"\n' * 2 + "extern int not_empty;\n")
    beside = [f"-I{root}/tests", f"-I{root}/{os.path.dirname(header)}"] if header.startswith("tests/") else []
    done = subprocess.run([compiler, "-fsyntax-only", "-Werror", "-Wno-unused-function", *flags, *beside, source],
                          capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def main():
    root, build, compilers = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
    flags, headers = flags_of(build), headers_of(root)
    print(f"1..{len(compilers) + 1}")
    failed = 0
    with tempfile.TemporaryDirectory(prefix="posim-headers-") as folder:
        for number, compiler in enumerate(compilers, 1):
            if not shutil.which(compiler):
                print(f"ok {number} - {compiler} # SKIP there is no {compiler}")
                continue
            said = [text for header in headers if (text := compile_alone(compiler, flags, root, header, folder))]
            print(f"{'not ok' if said else 'ok'} {number} - {compiler}: {len(headers)} headers")
            for text in said:
                print("# " + text.replace("\n", "\n# "))
            failed += bool(said)
        # planted: a header that does not include what it uses
        with open(os.path.join(folder, "planted.h"), "w", encoding="utf-8") as file:
            file.write("extern uint32_t nobody_declared_this_type;\n")
        caught = any(shutil.which(compiler) and compile_alone(compiler, flags, folder, "planted.h", folder)
                     for compiler in compilers)
        print(f"{'ok' if caught else 'not ok'} {len(compilers) + 1} - a header that does not stand alone is refused")
        failed += not caught
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
