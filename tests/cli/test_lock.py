# SPDX-License-Identifier: MIT
"""Two at once on one results directory: who is kept out, who is not, and that a kill leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import time

from harness import (BAD_RESULTS, FINE, INTERRUPTED, LONG, PROGRAM, SMALL, USAGE, files_under, for_mpirun, main, posim,
                     read, write)

SWEEP = SMALL + "name: delays\nreplicate: {count: 3}\nsweep: {grid: {network.latency.delay: [50 ms, 100 ms]}}\n"


def begun(results, *command, **options):
    """A process that writes to the directory, once it has a journal there, or shows that it will not."""
    process = subprocess.Popen([*command, PROGRAM, "run", *options.pop("arguments")], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, **options)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if any(name.endswith(".journal") for name in files_under(results)):
            return process
        time.sleep(.01)
    raise AssertionError(process.communicate())


def end(process):
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED


def expect_in_use(results, pid, *arguments):
    done = posim(*arguments, code=BAD_RESULTS)
    wanted = f"{results} is in use: another posim" + (f" (process {pid}) is writing to it" if pid else "")
    assert wanted in done.stderr, done.stderr
    assert not done.stdout, done.stdout


def test_a_second_run_is_kept_out_whatever_it_wants(folder):
    results, path = os.path.join(folder, "results"), write(folder, "long.yaml", LONG)
    process = begun(results, arguments=[path, "-o", results, "-j", "1"])

    def written():
        return [name for name in files_under(results) if not name.startswith("traces")]

    before = written()
    for more in ([], ["--force"], ["--resume"], ["--shard", "1/2"]):
        expect_in_use(results, process.pid, "run", path, "-o", results, *more)
    expect_in_use(results, process.pid, "merge", results)
    assert written() == before and process.poll() is None
    end(process)
    assert "is not empty" in posim("run", path, "-o", results, code=USAGE).stderr


def test_of_two_that_begin_at_once_one_does(folder):
    for turn in range(5):
        results = os.path.join(folder, f"results-{turn}")
        path = write(folder, "sweep.yaml", SWEEP)
        both = [subprocess.Popen([PROGRAM, "run", path, "-o", results], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                for _ in range(2)]
        told = [process.communicate(timeout=60) for process in both]
        codes = sorted(process.returncode for process in both)
        assert codes in ([FINE, BAD_RESULTS], [FINE, USAGE]), (codes, told)
        assert len([name for name in files_under(results) if name.endswith(".journal")]) == 1


def test_a_kill_leaves_no_lock_even_where_workers_live_on(folder):
    results, path = os.path.join(folder, "results"), write(folder, "long.yaml", LONG)
    process = begun(results, arguments=[path, "-o", results, "-j", "2"])
    children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=True)
    workers = [int(pid) for pid in children.stdout.split()]
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    process.kill()
    process.wait(timeout=60)
    try:
        again = begun(results, arguments=[path, "-o", results, "-j", "1", "--resume"])
        time.sleep(.3)
        assert again.poll() is None, again.communicate()
        end(again)
    finally:
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        process.communicate(timeout=60)


def test_parts_share_a_directory_but_each_only_once(folder):
    results, path = os.path.join(folder, "results"), write(folder, "long.yaml", LONG)
    process = begun(results, arguments=[path, "-o", results, "-j", "1", "--shard", "1/2"])
    expect_in_use(results, process.pid, "run", path, "-o", results, "--shard", "1/2")
    expect_in_use(results, process.pid, "run", path, "-o", results, "--resume")
    other = subprocess.Popen([PROGRAM, "run", path, "-o", results, "-j", "1", "--shard", "2/2"],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(.5)
    assert other.poll() is None, other.communicate()
    end(other)
    end(process)


def test_ranks_keep_others_out(folder):
    environment = for_mpirun()
    results, path = os.path.join(folder, "results"), write(folder, "long.yaml", LONG)
    process = begun(results, "mpirun", "-n", "2", arguments=[path, "-o", results], env=environment)
    expect_in_use(results, None, "run", path, "-o", results, "--resume")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_what_was_never_begun_is_empty(folder):
    """A kill between the lock and the manifest. Of a folder that is somebody else's not even the lock is made."""
    results, path = os.path.join(folder, "results"), write(folder, "sweep.yaml", SWEEP)
    for there in ([], [".manifest.json.tmp-Ab12Cd"], ["inputs/base.yaml", ".manifest.json.tmp-Ab12Cd"]):
        for more in ([], ["--force"], ["--resume"], ["--shard", "1/1"]):
            for name in ["journal/lock"] + there:
                os.makedirs(os.path.dirname(os.path.join(results, name)), exist_ok=True)
                write(results, name, "")
            posim("run", path, "-o", results, *more)
            shutil.rmtree(results)
    for name in [".manifest.json.tmp-Ab12Cd", "inputs/base.yaml", "journal/notes.txt"]:
        os.makedirs(os.path.dirname(os.path.join(results, name)))
        write(results, name, "")
        posim("run", path, "-o", results, code=USAGE)
        shutil.rmtree(results)
    write(folder, "letter.txt", "dear")
    for more in ([], ["--force"], ["--resume"]):
        posim("run", path, "-o", folder, *more, code=USAGE)
    assert files_under(folder) == ["letter.txt", "sweep.yaml"] and read(folder, "letter.txt") == "dear"


if __name__ == "__main__":
    main(dict(globals()))
