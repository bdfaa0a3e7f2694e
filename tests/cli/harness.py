# SPDX-License-Identifier: MIT
"""Runs posim as a user does, and prints TAP. A test is a function `test_...` of a module, given an empty folder; it
fails by an AssertionError, and skips by raising Skip."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

PROGRAM = os.environ["POSIM_PROGRAM"]
SOURCE = os.environ["POSIM_SOURCE"]
FINE, RUNS_FAILED, USAGE, BAD_SCENARIO, EXPECTATION, INTERRUPTED = 0, 1, 2, 3, 4, 130
BAD_RESULTS = BAD_SCENARIO  # in use, or damaged

# The smallest scenario that makes blocks; tests add to it.
SMALL = """posim: 1
protocol: {kind: tendermint}
validators: {count: 4}
network: {latency: {model: constant, delay: 100 ms}}
time: {duration: 20 s}
"""
# Runs for minutes: to be interrupted.
LONG = """posim: 1
protocol: {kind: tendermint}
validators: {count: 150}
network: {latency: {model: geographic}}
time: {duration: 100 d}
replicate: {count: 4}
"""


class Skip(Exception):
    """What a test needs is not here."""


def posim(*arguments, cwd=None, code=FINE, timeout=120, **options):
    """Runs it and returns what it printed; the exit code must be the one given."""
    done = subprocess.run([PROGRAM, *arguments], cwd=cwd, capture_output=True, timeout=timeout, check=False, **options)
    done.stdout, done.stderr = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    assert code in (None, done.returncode), (f"posim {' '.join(arguments)}: exit {done.returncode} instead of {code}\n"
                                     f"{done.stdout}{done.stderr}")
    if code:
        assert "AddressSanitizer" not in done.stderr and "runtime error" not in done.stderr, done.stderr
    return done


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def read_json(*path):
    return json.loads(read(*path))


def for_mpirun():
    """The environment in which mpirun starts ranks on this machine alone; skips where there is no Open MPI."""
    module = os.path.join(os.environ["POSIM_BUILD"], "sim", "experiment", "posim_mpi.so")
    if not shutil.which("mpirun") or not os.path.exists(module):
        raise Skip("no Open MPI")
    return {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_plm_rsh_agent": "", "OMPI_MCA_rmaps_base_oversubscribe": "1",
            "ASAN_OPTIONS": "detect_leaks=0"}  # what Open MPI leaves behind is not ours


def files_under(folder):
    """Relative paths of all files, sorted."""
    return sorted(os.path.relpath(os.path.join(above, name), folder)
                  for above, _, names in os.walk(folder) for name in names)


def _run_one(number, name, test):
    folder = tempfile.mkdtemp(prefix="posim-cli-")
    title = name[len("test_"):].replace("_", " ")
    try:
        test(folder)
        print(f"ok {number} - {title}", flush=True)
        return True
    except Skip as skip:
        print(f"ok {number} - {title} # SKIP {skip}", flush=True)
        return True
    except Exception:  # pylint: disable=broad-except
        print(f"not ok {number} - {title}")
        print("# " + traceback.format_exc().replace("\n", "\n# "), flush=True)
        return False
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(names):
    """Runs the tests among a module's names, in the order in which they are written."""
    tests = [(name, value) for name, value in names.items() if name.startswith("test_")]
    print(f"1..{len(tests)}")
    results = [_run_one(number, name, test) for number, (name, test) in enumerate(tests, 1)]
    sys.exit(0 if all(results) else 1)
