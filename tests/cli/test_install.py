# SPDX-License-Identifier: MIT
"""`meson install` puts a posim that finds its presets, scripts and manual wherever it stands."""

import os
import shutil
import subprocess

from harness import SMALL, Skip, main, posim, write

BUILD = os.environ["POSIM_BUILD"]


def installed(folder):
    if not shutil.which("meson"):
        raise Skip("meson is not on the path")
    done = subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--destdir", folder], capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for above, _, names in os.walk(folder):
        if "posim" in names and above.endswith("bin"):
            return os.path.dirname(above)
    raise AssertionError("no bin/posim was installed")


def test_installed_posim_works_where_it_stands(folder):
    prefix = installed(os.path.join(folder, "root"))
    # moved, so that nothing can point to where it was built
    moved = os.path.join(folder, "moved")
    shutil.move(prefix, moved)
    program = os.path.join(moved, "bin", "posim")

    def run(*arguments):
        done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert run("list", "presets").split() == posim("list", "presets").stdout.split() != []
    assert run("list", "figures") == posim("list", "figures").stdout
    assert "extends: cosmos-hub" in run("new", "cosmos-hub")
    run("check", write(folder, "mine.yaml", "posim: 1\nextends: cardano\n"))
    run("run", write(folder, "small.yaml", SMALL), "-o", os.path.join(folder, "results"))
    assert run("report", "results") == "results/report.html\n"
    example = os.path.join(moved, "share", "posim", "scenarios", "examples", "first.yaml")
    run("check", example)


def test_the_manual_is_installed(folder):
    prefix = installed(folder)
    with open(os.path.join(prefix, "share", "man", "man1", "posim.1"), encoding="utf-8") as file:
        assert file.read() == posim("manual").stdout


def test_completions_are_where_shells_look(folder):
    share = os.path.join(installed(folder), "share")
    for shell, place in {"bash": "bash-completion/completions/posim.bash", "zsh": "zsh/site-functions/_posim",
                         "fish": "fish/vendor_completions.d/posim.fish"}.items():
        with open(os.path.join(share, place), encoding="utf-8") as file:
            assert file.read() == posim("completion", shell).stdout


if __name__ == "__main__":
    main(dict(globals()))
