# SPDX-License-Identifier: MIT
"""`posim watch` and `--progress live`: what they count and estimate, how they draw, what they leave of a terminal."""

import codecs
import csv
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

from harness import EXPECTATION, FINE, INTERRUPTED, PROGRAM, RUNS_FAILED, SMALL, USAGE, for_mpirun, main, posim, write

# A run takes some tens of milliseconds.
SLOW = SMALL.replace("count: 4", "count: 40").replace("20 s", "8 min").replace(
    "{model: constant, delay: 100 ms}", "{model: lognormal, median: 50 ms, sigma: 0.5}") + "record: [blocks]\n"
SWEEP = SLOW + """name: sizes
replicate: {count: 6}
sweep: {grid: {validators.count: [4, 7, 10, 20]}}
"""
LONG = SWEEP.replace("count: 6", "count: 40")  # some seconds, in which there is something to look at
NOISY = SMALL.replace("20 s", "5 s").replace("{model: constant, delay: 100 ms}",
                                             "{model: lognormal, median: 50 ms, sigma: 0.5}")
QUICK = SMALL + "name: delays\nreplicate: {count: 3}\nsweep: {grid: {network.latency.delay: [%s]}}\n"


class Terminal:
    """As much of a terminal as is drawn on: lines, a cursor, ECMA-48 for up and erasing. All else is refused."""

    def __init__(self, rows, columns):
        self.rows, self.columns, self.lines, self.row, self.column = rows, columns, [""], 0, 0
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.seen, self.pictures, self.looks, self.rest = b"", [], set(), ""

    def feed(self, data):
        self.seen += data
        self.rest += self.decoder.decode(data)
        while self.rest:
            found = re.match(r"\x1b\[(\d*)([A-Za-z])|[\r\n]|[^\x1b\r\n]+", self.rest)
            if not found:
                assert len(self.rest) < 8, f"not understood: {self.rest[:40]!r}"
                return
            self._take(found)
            self.rest = self.rest[found.end():]

    def _take(self, found):
        text, number, letter = found.group(0), found.group(1), found.group(2)
        if letter == "A":
            assert int(number) < self.rows, "it goes up beyond the screen"
            self.pictures.append("\n".join(self.lines))
            assert all(len(line) < self.columns for line in self.lines), "a line is too wide"
            self.row -= int(number)
        elif letter == "K":
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif letter == "J":
            del self.lines[self.row + 1:]
            self.lines[self.row] = self.lines[self.row][:self.column]
        elif letter == "m":
            self.looks.add(number)
        elif text == "\r":
            self.column = 0
        elif text == "\n":
            self.row += 1
            if self.row == len(self.lines):
                self.lines.append("")
        else:
            assert not letter, f"{text!r} changes the terminal"
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[:self.column] + text + line[self.column + len(text):]
            self.column += len(text)

    def text(self):
        return "\n".join(self.lines)


def on_terminal(*arguments, rows=24, columns=100, end=None, **environment):
    """Runs it on a terminal; `end` is called with the terminal and the process id while it runs. Returns both ends."""
    process, file = pty.fork()
    if not process:
        os.environ.update({"TERM": "xterm", "LC_ALL": "C.UTF-8", **environment})
        os.execv(PROGRAM, [PROGRAM, *arguments])
    fcntl.ioctl(file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    modes, terminal, deadline = termios.tcgetattr(file), Terminal(rows, columns), time.monotonic() + 100
    while time.monotonic() < deadline:
        ready, _, _ = select.select([file], [], [], .1)
        try:
            data = os.read(file, 65536) if ready else None
            if data:
                terminal.feed(data)
        except OSError:
            break
        if data == b"":
            break
        if end and end(terminal, process):
            end = None
    else:
        os.kill(process, signal.SIGKILL)
    assert termios.tcgetattr(file) == modes
    _, status = os.waitpid(process, 0)
    os.close(file)
    return terminal, os.waitstatus_to_exitcode(status)


def interrupt_second_picture(terminal, watching):
    if len(terminal.pictures) < 2:
        return False
    os.kill(watching, signal.SIGINT)
    return True


def run(folder, name, text, *arguments, code=FINE):
    results = os.path.join(folder, name)
    posim("run", write(folder, "scenario.yaml", text), "-o", results, *arguments, code=code)
    return results


def started(folder, text, *arguments):
    """A run in the background, once it has begun its results."""
    results = os.path.join(folder, "results")
    process = subprocess.Popen([PROGRAM, "run", write(folder, "scenario.yaml", text), "-o", results, *arguments],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not os.path.exists(os.path.join(results, "plan.csv")) and time.monotonic() < deadline:
        time.sleep(.01)
    return process, results


def rows_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def once(results, code=FINE):
    """How it stands: runs over, of how many, and by point."""
    told = posim("watch", results, "--once", code=code).stdout
    head = re.match(r".*: (\d+) of (\d+) runs?(?:, (\d+) failed)?", told)
    points = {line.split()[0]: line.split() for line in told.splitlines() if re.match(r"  \d+ ", line)}
    return int(head.group(1)), int(head.group(2)), int(head.group(3) or 0), points, told


def test_watch_counts_and_estimates_what_the_tables_will_say(folder):
    results = run(folder, "results", SWEEP)
    over, total, failed, points, told = once(results)
    assert (over, total, failed) == (24, 24, 0) and "4 done, 0 under way, 0 to come" in told
    for row in rows_of(results, "summary.csv"):
        if row["metric"] != "finality_s_last_p50":
            continue
        estimate = points[row["point"]]
        assert estimate[1:3] == [row["validators_count"], "6/6"]
        told_numbers = [float(part.strip("()")) for part in (estimate[3], estimate[4], estimate[6])]
        for number, name in zip(told_numbers, ["mean", "ci_lo", "ci_hi"]):
            assert abs(number - float(row[name])) <= 1e-4 * float(row[name]), (row, estimate)


def test_watch_counts_parts(folder):
    results = run(folder, "results", QUICK % "50 ms, 100 ms, 200 ms", "--shard", "1/2")
    over, total, _, points, _ = once(results)
    assert (over, total) == (5, 9) and [point[2] for point in points.values()] == ["2/3", "1/3", "2/3"]
    run(folder, "results", QUICK % "50 ms, 100 ms, 200 ms", "--shard", "2/2")
    assert once(results)[:2] == (9, 9)


def test_watch_finds_runs_whose_points_have_other_numbers_now(folder):
    """An experiment is extended at its front: what was point 0 is point 1, and its runs count there."""
    results = run(folder, "results", QUICK % "100 ms, 200 ms")
    run(folder, "results", QUICK % "50 ms, 100 ms, 200 ms, 400 ms", "--resume", "--shard", "1/12")
    over, total, _, points, _ = once(results)
    assert (over, total) == (7, 12)
    assert {number: (point[1], point[2]) for number, point in points.items()} == {
        "0": ("0.05", "1/3"), "1": ("0.1", "3/3"), "2": ("0.2", "3/3")}
    assert points["1"][3] == "0.3"
    # Fewer replications, and another world: of those runs none counts.
    run(folder, "results", (QUICK % "100 ms").replace("count: 3", "count: 1"), "--resume", "--shard", "1/1")
    assert once(results)[:2] == (1, 1)


def test_a_run_that_failed_and_then_did_not_counts_once(folder):
    text = SLOW + "replicate: {count: 2}\n"
    results = run(folder, "results", text, "--timeout", "1 ms", code=RUNS_FAILED)
    assert once(results, RUNS_FAILED)[:3] == (2, 2, 2)
    run(folder, "results", text, "--resume", "--shard", "1/2")
    assert once(results, RUNS_FAILED)[:3] == (2, 2, 1)
    run(folder, "results", text, "--resume")
    assert once(results)[:3] == (2, 2, 0)


def test_a_torn_record_does_not_count(folder):
    results = run(folder, "results", QUICK % "50 ms, 100 ms")
    path = os.path.join(results, "journal", "main-0001.journal")
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) - 10)
    assert once(results)[:2] == (5, 6)


def test_a_rule_for_stopping_is_followed(folder):
    text = SLOW + """replicate: {until: {metric: finality_s_last_p50, rel_halfwidth: 0.2 %, max: 60}}
expect: [{metric: finality_s_last_p50, max: 1}, {metric: orphan_rate, min: 0.5}]
"""
    results = run(folder, "results", text, code=EXPECTATION)
    runs = len(rows_of(results, "runs.csv"))
    over, total, _, _, told = once(results)
    assert (over, total) == (runs, runs) and runs >= 30
    assert re.search(r"finality_s_last_p50 +s +\d+ .*to within 0.2 %: now 0\.\d+ %; expected <= 1: so far met", told)
    assert "expected >= 0.5: so far not met" in told
    path = os.path.join(results, "journal", "main-0001.journal")
    with open(path, "r+b") as file:
        file.truncate(os.path.getsize(path) // 2)
    os.remove(os.path.join(results, "runs.csv"))
    over, total, *_ = once(results)
    assert over < total and total in (over // 10 * 10 + 10, 30), "the next batch is to come"


def test_of_many_points_some_are_printed(folder):
    """Those around what is under way; how many are left off is said."""
    text = SMALL.replace("20 s", "3 s") + \
        "sweep: {grid: {network.latency.delay: {from: 1 ms, to: 230 ms, step: 1 ms}}}\n"
    results = run(folder, "results", text)
    *_, points, told = once(results)
    assert [int(point) for point in points] == list(range(30, 230)), "the last ones: all are done"
    assert "\n  30 more points with runs are left off; when all is over summary.csv has each\n" in told
    assert "230 of 230 runs" in told and "points: 230 done, 0 under way" in told


def test_points_are_in_order_whoever_had_them(folder):
    """Of whole points each part has every other one, and their journals are read one after the other."""
    text = NOISY + """replicate: {until: {metric: finality_s_last_p50, rel_halfwidth: 90 %, max: 30}}
sweep: {grid: {validators.count: {from: 4, to: 12, step: 1}}}
"""
    for part in (2, 1):
        results = run(folder, "results", text, "--shard", f"{part}/2")
    over, total, _, points, _ = once(results)
    assert (over, total) == (270, 270)
    assert [(int(point), int(row[1]), row[2]) for point, row in points.items()] == [
        (number, number + 4, "30/30") for number in range(9)]


def test_what_cannot_be_watched_is_said(folder):
    assert "holds no results" in posim("watch", folder, code=USAGE).stderr
    posim("watch", code=USAGE)
    results = run(folder, "results", SMALL)
    with open(os.path.join(results, "journal", "main-0001.journal"), "r+b") as file:
        file.write(b"posim journal 0")
    assert "another version" in posim("watch", results, code=USAGE).stderr


def test_live_progress_is_drawn_in_place_and_goes_away(folder):
    began = time.monotonic()
    terminal, code = on_terminal("run", write(folder, "scenario.yaml", LONG), "-o", os.path.join(folder, "results"),
                                 "-j", "2", "--progress", "live")
    assert code == FINE
    pictures = terminal.pictures
    assert len(pictures) <= 5 * (time.monotonic() - began) + 3, "a few times a second at most"
    middle = next(picture for picture in pictures if re.search(r"\b(\d+) of 160 runs", picture)
                  and 0 < int(re.search(r"\b(\d+) of 160 runs", picture).group(1)) < 160)
    assert re.search(r"^  [█░]+ \d+ %$", middle, re.M)
    assert any(re.search(r"runs/(s|min), about \d+ s left", picture) for picture in pictures)
    assert re.search(r"^  point +validators_count +runs +finality_s_last_p50", middle, re.M)
    assert re.search(r"^  points: \d done, \d under way, \d to come", middle, re.M)
    assert "under way" not in terminal.text() and "holds in 160 of 160 runs" in terminal.text()
    assert terminal.lines[0].startswith("sizes: 4 points, 160 runs"), terminal.lines
    assert {"1", "2", "0"} <= terminal.looks


def test_watch_looks_on_until_the_tables_are_there(folder):
    process, results = started(folder, LONG, "-j", "1")
    terminal, code = on_terminal("watch", results)
    assert code == FINE and os.path.exists(os.path.join(results, "runs.csv"))
    assert "sizes: 160 of 160 runs" in terminal.text() and "4 done, 0 under way" in terminal.text()
    assert len({picture.splitlines()[0] for picture in terminal.pictures}) > 2, "it goes on"
    process.communicate(timeout=60)
    assert process.returncode == FINE
    again, code = on_terminal("watch", results)
    assert code == FINE and "160 of 160 runs" in again.text(), "of what is finished it tells, and ends"


NOBODY = "nobody is running this: `posim run ... --resume` goes on"


def killed(folder, text):
    """Results of a run that was killed after its first run had ended."""
    process, results = started(folder, text, "-j", "1")
    assert NOBODY not in once(results)[-1], "it is at work"
    while not once(results)[0] and process.poll() is None:
        time.sleep(.01)
    process.kill()
    process.communicate(timeout=60)
    over, total, *_, told = once(results)
    assert 0 < over < total and NOBODY in told.splitlines()[-1], told
    return results


def test_watch_says_that_nobody_is_at_work(folder):
    """It waits, as somebody may go on; then it says so no more, and ends with the run."""
    text = LONG
    results = killed(folder, text)
    with subprocess.Popen([PROGRAM, "watch", results], stdout=subprocess.PIPE, text=True) as watching:
        assert watching.stdout.readline().endswith("points done; " + NOBODY + "\n")
        run(folder, "results", text, "--resume")
        told, _ = watching.communicate(timeout=60)
    assert watching.returncode == FINE and "160 of 160 runs" in told and NOBODY not in told.splitlines()[-1], told
    assert NOBODY not in once(results)[-1], "it is over"


def test_a_picture_says_that_nobody_is_at_work(folder):
    results = killed(folder, SLOW + "replicate: {count: 100}\n")
    terminal, code = on_terminal("watch", results, end=interrupt_second_picture)
    assert code == INTERRUPTED and all(NOBODY in picture for picture in terminal.pictures), terminal.pictures


def test_watch_sees_what_ranks_write(folder):
    environment = for_mpirun()
    results = os.path.join(folder, "results")
    with subprocess.Popen(["mpirun", "-n", "3", PROGRAM, "run", write(folder, "scenario.yaml", LONG), "-o", results,
                           "--progress", "live"], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        deadline = time.monotonic() + 60
        while not os.path.exists(os.path.join(results, "plan.csv")) and time.monotonic() < deadline:
            time.sleep(.01)
        terminal, code = on_terminal("watch", results)
        _, err = process.communicate(timeout=60)
    assert process.returncode == FINE and b"\x1b" not in err, err
    assert code == FINE and "160 of 160 runs" in terminal.text()


def test_ctrl_c_ends_a_watch_and_nothing_else(folder):
    process, results = started(folder, LONG, "-j", "1")
    terminal, code = on_terminal("watch", results, end=interrupt_second_picture)
    assert code == INTERRUPTED and "of 160 runs" in terminal.text()
    assert process.poll() is None, "the run goes on"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def test_ctrl_c_ends_a_run_and_removes_the_picture(folder):
    def interrupt(terminal, running):
        if len(terminal.pictures) < 3:
            return False
        os.kill(running, signal.SIGINT)
        return True

    terminal, code = on_terminal("run", write(folder, "scenario.yaml", LONG), "-o",
                                 os.path.join(folder, "results"), "--progress", "live", end=interrupt)
    assert code == INTERRUPTED
    assert terminal.lines[0].startswith("posim run: interrupted after"), terminal.lines


def test_small_terminals_cut_off_and_colours_can_be_off(folder):
    results = run(folder, "results", SWEEP)
    terminal, _ = on_terminal("watch", results, rows=9, columns=44, NO_COLOR="1")
    assert not terminal.looks and len(terminal.lines) <= 9
    assert all(len(line) < 44 for line in terminal.lines)
    assert "24 of 24 runs" in terminal.text() and "points: 4 done" in terminal.text()
    assert "finality" not in terminal.text(), "a number that is cut off would be another one"
    terminal, _ = on_terminal("watch", results, LC_ALL="C")
    assert "####" in terminal.text() and "█" not in terminal.text()


def test_elsewhere_it_is_plain_lines(folder):
    process, results = started(folder, SWEEP, "-j", "1")
    told = posim("watch", results).stdout
    process.communicate(timeout=60)
    assert "\x1b" not in told and "\r" not in told
    assert re.fullmatch(r"(sizes: \d+ of 24 runs[^\n]*, \d of 4 points done\n)+", told), told
    live = posim("run", os.path.join(folder, "scenario.yaml"), "-o", os.path.join(folder, "live"), "--progress", "live")
    assert "\x1b" not in live.stderr
    dumb, code = on_terminal("watch", results, TERM="dumb")
    assert code == FINE and b"\x1b" not in dumb.seen and "24 of 24 runs" in dumb.text()


if __name__ == "__main__":
    main(dict(globals()))
