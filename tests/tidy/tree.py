# SPDX-License-Identifier: MIT
"""The source tree as the rules see it: files by path, and C code without its comments and strings."""

import functools
import os
import re

LEFT_OUT = re.compile(r"^(\.git|build.*|results.*|__pycache__)$")
CODE = (".c", ".h")


class Finding:
    """One breach: which rule, where, and what is wrong. Lines count from 1; 0 stands for the whole file."""

    def __init__(self, rule, path, line, text):
        self.rule, self.path, self.line, self.text = rule, path, line, text

    def __str__(self):
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {self.text} [{self.rule}]"


class Tree:
    """Reads files on demand; paths are relative to the root and use slashes."""

    def __init__(self, root):
        self.root = root
        self.files = sorted(self._walk())
        self.folders = sorted({os.path.dirname(path) for path in self.files})

    def _walk(self):
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if not LEFT_OUT.match(name)]
            for name in files:
                yield os.path.relpath(os.path.join(folder, name), self.root).replace(os.sep, "/")

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    @functools.lru_cache(maxsize=None)
    def bytes(self, path):
        with open(os.path.join(self.root, path), "rb") as file:
            return file.read()

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return self.bytes(path).decode("utf-8", errors="replace")

    def lines(self, path):
        return self.text(path).split("\n")

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        """The lines of a C file with comments and the inside of strings blanked out."""
        return _blank(self.text(path)).split("\n")

    def code_files(self, *folders):
        return [path for path in self.files
                if path.endswith(CODE) and (not folders or path.split("/")[0] in folders)]


_PART = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def _blank(text):
    def replace(match):
        part = match.group(0)
        if part[0] in "\"'":
            return part[0] + " " * (len(part) - 2) + part[0]
        return re.sub(r"[^\n]", " ", part)

    # an #include keeps its path: the rules read it
    return "\n".join(line if line.startswith("#include") else blanked
                     for line, blanked in zip(text.split("\n"), _PART.sub(replace, text).split("\n")))
