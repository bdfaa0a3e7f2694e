#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Traces that a sweep keeps: one compressed table a kind and process, whose rows are the same whoever carried out what,
and stay so through kills, parts, and plans that grow."""

import collections
import csv
import fnmatch
import io
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import time

from harness import (FINE, INTERRUPTED, LONG, PROGRAM, RUNS_FAILED, SMALL, USAGE, Skip, files_under, for_mpirun, main,
                     posim, read, read_json, write)

# Eighteen runs of a few milliseconds.
SWEEP = SMALL + """replicate: {count: 3, seed: 9}
sweep: {grid: {network.latency.delay: [50 ms, 100 ms, 200 ms], validators.count: [4, 7]}}
record: [blocks, finality, validators, incidents, votes_cast, messages]
keep: all
"""
TABLES = ["blocks", "finality", "validators", "incidents", "votes_cast", "messages"]
NAME = re.compile(r"([a-z_]+)-(main|rank-\d+|shard-\d+-of-\d+)-\d+\.csv\.zst")
KILLS = int(os.environ.get("POSIM_KILLS", "6"))


def run(folder, name, *arguments, text=SWEEP, code=FINE, **options):
    results = os.path.join(folder, name)
    done = posim("run", write(folder, "sweep.yaml", text), "-o", results, *arguments, code=code, **options)
    return results, done


def unpack(path, torn=False):
    """What zstdcat prints of a file; of one that is cut short that is what is whole, and a complaint."""
    if not shutil.which("zstdcat"):
        raise Skip("no zstdcat")
    done = subprocess.run(["zstdcat", path], capture_output=True, check=False)
    assert torn or done.returncode == 0, done.stderr
    return done.stdout.decode()


def files_of(results, table=None, killed=False):
    """The tables' files, and nothing else is there but what a kill left in the making."""
    traces = os.path.join(results, "traces")
    names = [name for name in sorted(os.listdir(traces)) if not (killed and ".tmp-" in name)]
    found = [(NAME.fullmatch(name), name) for name in names]
    assert all(match for match, _ in found), found
    return [os.path.join(traces, name) for match, name in found if table in (None, match.group(1))]


def rows_in(results, table):
    """All rows of a table, whichever file they are in, sorted by point and replication and else as they come."""
    rows = []
    for path in files_of(results, table):
        header, *lines = unpack(path).splitlines()
        assert header.startswith("point,replication,")
        rows += [tuple(map(int, line.split(",")[:2])) + (line,) for line in lines]
    return [line for _, _, line in sorted(rows, key=lambda row: row[:2])]


def kept_of(results, tables=None):
    return {table: rows_in(results, table) for table in tables or TABLES}


def runs_in(results, table="blocks"):
    return sorted({tuple(map(int, line.split(",")[:2])) for line in rows_in(results, table)})


def runs_of(results):
    with open(os.path.join(results, "runs.csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_run_has_the_rows_that_it_has_alone(folder):
    results, _ = run(folder, "results", "-j", "2")
    assert runs_in(results) == [(point, r) for point in range(6) for r in range(3)]
    for name in ["0-0", "5-2"]:
        posim("replay", results, name)
        for table in TABLES:
            path = os.path.join(results, "replay", name, table + ".csv")
            text = read(path) if os.path.exists(path) else unpack(path + ".zst")
            lead = name.replace("-", ",") + ","
            rows = [line for line in rows_in(results, table) if line.startswith(lead)]
            assert rows == [lead + line for line in text.splitlines()[1:]], (name, table)
            header = unpack(files_of(results, table)[0]).split("\n", 1)[0]
            assert header == "point,replication," + text.split("\n", 1)[0]


def test_all_ways_of_running_keep_the_same_rows(folder):
    one, _ = run(folder, "one", "-j", "1")
    assert len(files_of(one)) == len(TABLES), "one process has one table of each kind"
    kept = kept_of(one)
    assert all(kept[table] for table in TABLES if table != "incidents")
    three, _ = run(folder, "three", "-j", "3")
    assert kept_of(three) == kept and len(files_of(three)) <= 3 * len(TABLES)
    for part in (3, 1, 4, 2):
        run(folder, "parts", "--shard", f"{part}/4", "-j", "1")
    posim("merge", os.path.join(folder, "parts"))
    assert kept_of(os.path.join(folder, "parts")) == kept
    assert len(files_of(os.path.join(folder, "parts"))) == 4 * len(TABLES)


def test_parts_in_several_places_come_together(folder):
    """Two parts whose files have the same names, and a run that both have."""
    whole, _ = run(folder, "whole", "-j", "1")
    for name, chosen in [("a", "network.latency.delay <= 100 ms"), ("b", "network.latency.delay >= 100 ms")]:
        run(folder, name, "-j", "1", "--only", chosen)
        shutil.copy(os.path.join(whole, "scenario.yaml"), os.path.join(folder, name))
    a, b, both = (os.path.join(folder, name) for name in ["a", "b", "both"])
    posim("merge", a, b, "-o", both)
    assert kept_of(both) == kept_of(whole)
    assert runs_in(a)[-1] == (3, 2) and runs_in(b)[0] == (2, 0), "what the parts have stays as it is"
    posim("merge", a, b)
    posim("merge", a, b)
    assert kept_of(a) == kept_of(whole), "and once is enough"


def test_ranks_of_mpirun_keep_the_same_rows(folder):
    one, _ = run(folder, "one")
    many = os.path.join(folder, "many")
    done = subprocess.run(["mpirun", "-n", "4", PROGRAM, "run", os.path.join(folder, "sweep.yaml"), "-o", many],
                          env=for_mpirun(), capture_output=True, timeout=120, check=False)
    assert done.returncode == FINE, done.stderr
    assert kept_of(many) == kept_of(one)
    assert {NAME.fullmatch(os.path.basename(path)).group(2)[:5] for path in files_of(many)} == {"rank-"}
    shutil.rmtree(os.path.join(many, "plots"), ignore_errors=True)
    run(folder, "many", "--resume")
    assert kept_of(many) == kept_of(one)


def test_few_runs_have_folders(folder):
    results, _ = run(folder, "few", text=SMALL + "replicate: {count: 3}\nkeep: all\n")
    assert sorted(os.listdir(os.path.join(results, "traces"))) == ["0-0", "0-1", "0-2"]
    results, _ = run(folder, "sample", text=SMALL + "replicate: {count: 30}\nkeep: sample\n")
    assert sorted(os.listdir(os.path.join(results, "traces"))) == ["0-0"]
    results, _ = run(folder, "many", text=SMALL + "replicate: {count: 30}\nkeep: all\nrecord: [blocks]\n")
    assert runs_in(results) == [(0, r) for r in range(30)]


def test_what_is_asked_for_is_kept(folder):
    sample, _ = run(folder, "sample", text=SWEEP.replace("keep: all", "keep: sample"))
    assert runs_in(sample) == [(point, 0) for point in range(6)]
    failed, _ = run(folder, "failed", text=SWEEP.replace("keep: all", "keep: failed\ncheck: {liveness_gap: 1.2 s}"))
    broken = [(int(row["point"]), int(row["replication"])) for row in runs_of(failed) if row["liveness"] == "fail"]
    assert broken and len(broken) < 18 and runs_in(failed) == broken
    none, _ = run(folder, "none", text=SWEEP.replace("keep: all", "keep: failed"))
    assert not os.path.exists(os.path.join(none, "traces")), "where nothing is kept there is nothing"
    nothing, _ = run(folder, "nothing", text=SWEEP.replace("keep: all", "keep: none"))
    assert not os.path.exists(os.path.join(nothing, "traces"))


def test_a_run_that_is_stopped_leaves_no_rows(folder):
    """The one that takes too long comes first, so that others go on in the tables of its worker."""
    text = SWEEP.replace("network.latency.delay: [50 ms, 100 ms, 200 ms]", "time.duration: [3650 d, 20 s, 10 s]")
    text = text.replace("count: 3", "count: 1")
    results, _ = run(folder, "results", "-j", "1", "--timeout", "1 s", text=text, code=RUNS_FAILED)
    assert [row["status"] for row in runs_of(results)] == ["failed", "failed"] + ["fine"] * 4
    assert runs_in(results) == [(2, 0), (3, 0), (4, 0), (5, 0)]
    assert len(files_of(results)) == len(TABLES), "the next worker goes on in the tables of the one that died"
    whole, _ = run(folder, "whole", "--only", "time.duration < 1 d", text=text)
    assert kept_of(results) == kept_of(whole)


def test_an_interrupt_leaves_whole_tables(folder):
    text = SWEEP.replace("time: {duration: 20 s}", "time: {duration: 30 d}").replace("validators.count: [4, 7]",
                                                                                     "time.duration: [20 s, 30 d]")
    results = os.path.join(folder, "results")
    process = subprocess.Popen([PROGRAM, "run", write(folder, "sweep.yaml", text), "-o", results, "-j", "2"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        time.sleep(.1)
        path = os.path.join(results, "traces", "messages-main-1.csv.zst")
        if os.path.exists(path) and os.path.getsize(path) > 1 << 20:
            break
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == INTERRUPTED
    assert set(runs_in(results)) <= {(0, 0), (0, 1), (0, 2)} and runs_in(results), "what was under way left nothing"


# Runs of some tens of milliseconds, so that a kill meets them under way.
LONGER = SWEEP.replace("time: {duration: 20 s}", "time: {duration: 500 s}")


def kill_at_random(results, scenario, luck, longest):
    """Starts or resumes the experiment, and kills all of it, or one worker, at a random moment."""
    process = subprocess.Popen([PROGRAM, "run", scenario, "-o", results, "--resume", "-j", "2"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(luck.uniform(0, longest))
    if luck.random() < .7:
        victims, kill = [process.pid], os.killpg
    else:
        workers = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        victims, kill = [int(worker) for worker in workers.stdout.split()[:1]], os.kill
    for victim in victims:
        try:
            kill(victim, signal.SIGKILL)
        except ProcessLookupError:
            pass
    process.wait(timeout=60)


def check_what_a_kill_left(results, whole):
    """All whole lines are lines of the whole, no run but those under way is there in part."""
    if not os.path.isdir(os.path.join(results, "traces")):
        return
    wanted = kept_of(whole)
    counts = {table: collections.Counter(line.rsplit(",")[0] + "," + line.split(",")[1] for line in lines)
              for table, lines in wanted.items()}
    for path in files_of(results, killed=True):
        table = NAME.fullmatch(os.path.basename(path)).group(1)
        lines = unpack(path, torn=True).split("\n")[1:-1]
        assert set(lines) <= set(wanted[table]), path
        found = collections.Counter(line.rsplit(",")[0] + "," + line.split(",")[1] for line in lines)
        partial = [label for label, count in found.items() if count != counts[table][label]]
        assert len(partial) <= 1, (path, partial)


def test_kills_at_random_moments_lose_no_rows(folder):
    scenario = write(folder, "sweep.yaml", LONGER)
    began = time.monotonic()
    whole, _ = run(folder, "whole", text=LONGER)
    longest = time.monotonic() - began
    kept, luck = kept_of(whole), random.Random(21)
    killed = os.path.join(folder, "killed")
    for kill in range(KILLS):
        if kill % 4 == 0:
            shutil.rmtree(killed, ignore_errors=True)
        kill_at_random(killed, scenario, luck, longest)
        check_what_a_kill_left(killed, whole)
        if kill % 4 == 3 or kill == KILLS - 1:
            posim("run", scenario, "-o", killed, "--resume")
            assert kept_of(killed) == kept
            assert len(files_of(killed)) <= 3 * len(TABLES), "a resumed run goes on in the tables that are there"


def test_parts_at_once_do_not_touch_each_other(folder):
    """Three parts in one directory; one is killed again and again, and begins anew while the others are at work."""
    scenario, results = write(folder, "sweep.yaml", LONGER), os.path.join(folder, "parts")
    whole, _ = run(folder, "whole", text=LONGER)
    luck = random.Random(4)

    def start(part):
        return subprocess.Popen([PROGRAM, "run", scenario, "-o", results, "--shard", f"{part}/3", "-j", "2"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)

    parts = [start(part) for part in (1, 2, 3)]
    for _ in range(5):
        time.sleep(luck.uniform(0, .3))
        try:
            os.killpg(parts[0].pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        parts[0].communicate(timeout=60)
        parts[0] = start(1)
    for part in parts:
        _, told = part.communicate(timeout=120)
        assert part.returncode == FINE, told
    posim("merge", results)
    assert kept_of(results) == kept_of(whole)


def test_torn_and_unrecorded_rows_go(folder):
    """A file is cut anywhere, and the journal at a record: runs that it lacks are run again, and are there once."""
    whole, _ = run(folder, "whole", "-j", "1")
    kept, luck = kept_of(whole), random.Random(3)
    for cuts_journal in (False, True, True):  # the first also has what a kill left of a table written anew
        torn = os.path.join(folder, "torn")
        shutil.rmtree(torn, ignore_errors=True)
        shutil.copytree(whole, torn)
        journal = os.path.join(torn, "journal", "main-0001.journal")
        if cuts_journal:
            os.truncate(journal, os.path.getsize(journal) * luck.randrange(40, 100) // 100)
        else:
            for path in files_of(torn):
                with open(path, "ab") as file:
                    file.write(b"\x57\x2a\x4d\x18" + bytes(luck.randrange(100)))
                shutil.copy(path, os.path.join(torn, "traces", f".{os.path.basename(path)}.tmp-Ab12Cd"))
        os.remove(os.path.join(torn, "runs.csv"))
        run(folder, "torn", "--resume", "-j", "2")
        assert kept_of(torn) == kept


def test_a_run_that_the_journal_does_not_have_has_no_rows(folder):
    """Between a resume's beginning and the end of its first run only what is on record is there."""
    results, _ = run(folder, "results", "-j", "1")
    journal = os.path.join(results, "journal", "main-0001.journal")
    os.truncate(journal, os.path.getsize(journal) - 1)
    run(folder, "results", "--shard", "1/1", "--resume")  # as a part it looks at what parts wrote
    lacking = write(folder, "lacking.yaml", SWEEP.replace("count: 3", "count: 2"))
    os.truncate(journal, os.path.getsize(journal) // 2)
    for name in os.listdir(os.path.join(results, "journal")):
        if name.startswith("shard"):
            os.remove(os.path.join(results, "journal", name))
    posim("run", lacking, "-o", results, "--resume")
    present = runs_in(results)
    assert {(point, r) for point in range(6) for r in range(2)} <= set(present)
    assert len(present) < 18, "third replications that the journal lost have no rows"


def grown(values, keep):
    return (SMALL + f"replicate: {{count: 2, seed: 9}}\nsweep: {{grid: {{network.latency.delay: [{values}]}}}}\n"
            f"keep: {keep}\nrecord: [blocks, votes_cast]\n")


def test_rows_follow_their_points(folder):
    """Values that are added or taken away give points other numbers: rows say the new ones, also in folders copied
    together, back and forth."""
    results = None
    for keep in ["sample", "all"]:
        plans = ["100 ms, 300 ms", "50 ms, 100 ms, 200 ms, 300 ms", "300 ms, 200 ms, 50 ms, 100 ms",
                 "50 ms, 100 ms, 200 ms, 300 ms", "200 ms, 250 ms"]
        for step, values in enumerate(plans):
            results, _ = run(folder, keep, *(["--resume"] if step else []), text=grown(values, keep))
            fresh, _ = run(folder, f"fresh-{keep}-{step}", text=grown(values, keep))
            assert runs_of(results) == runs_of(fresh)
            points = {int(row["point"]) for row in runs_of(results)}
            for table in ["blocks", "votes_cast"]:
                rows = [line for line in rows_in(results, table) if int(line.split(",")[0]) in points]
                assert rows == rows_in(fresh, table), (keep, step, table)
    assert [run for run in runs_in(results) if run[0] > 1] == [(3, 0), (3, 1)], (
        "rows of runs that are not planned stay while nobody else has their place")


def test_folders_follow_their_runs(folder):
    """A folder that is of another run than the plan has there now goes; going on with the same plan leaves it."""
    tables = os.path.join(folder, "results", "traces")
    text = SMALL + "replicate: {count: 2}\n"
    run(folder, "results", text=text)
    first = read(tables, "0-0", "blocks.csv")
    run(folder, "results", "--resume", text=text.replace("count: 2", "count: 3"))
    assert sorted(os.listdir(tables)) == ["0-0", "0-1", "0-2"] and read(tables, "0-0", "blocks.csv") == first
    run(folder, "results", "--resume", text=text + "sweep: {grid: {network.latency.delay: [50 ms, 100 ms]}}\n")
    assert not os.path.exists(tables), "no folder passes for another run's"


def test_only_some_points_leave_the_others_rows(folder):
    results, _ = run(folder, "results")
    kept = kept_of(results)
    run(folder, "results", "--resume", "--only", "network.latency.delay = 100 ms")
    assert len(runs_of(results)) == 6
    assert kept_of(results) == kept


def test_figures_of_a_run_read_them(folder):
    """The same data as from the tables that a replay writes."""
    results, _ = run(folder, "results", "-j", "2", text=SWEEP.replace(
        "record: [", "faults: [{kind: crash, at: 5 s, for: 3 s, share: 25 %}]\nrecord: ["))
    kinds = ["time_series", "finality", "leader_share", "block_tree", "block_interval"]
    data = {}
    for place in ["kept", "replayed"]:
        out = os.path.join(folder, place)
        posim("plot", results, *kinds, "--run", "4-1", "-o", out, "--format", "svg")
        data[place] = {name: read(out, name) for name in files_under(out)}
        if place == "kept":
            posim("replay", results, "4-1")
            posim("replay", results, "0-0")  # so that a point is named, as among those that were kept
            shutil.rmtree(os.path.join(results, "traces"))
    assert data["kept"] == data["replayed"] and len(data["kept"]) >= 2 * len(kinds), list(data["kept"])
    assert any(name.endswith("time_series_faults.csv") for name in data["kept"])
    done = posim("plot", results, "finality", "--run", "1-0", code=None)
    assert done.returncode and f"posim replay {results} 1-0" in done.stderr


def test_a_point_s_replications_are_pooled(folder):
    results, _ = run(folder, "results", "-j", "3")
    assert "3 runs" in posim("plot", results, "finality", "--format", "term").stdout
    assert "finality" in read(results, "runs.csv")
    posim("report", results)
    assert "traces/" in read(results, "report.html")


def test_they_are_described_and_removed(folder):
    results, _ = run(folder, "results")
    shared = {item["pattern"]: item for item in read_json(results, "datapackage.json")["sharedTables"]}
    crate = {thing["@id"]: thing for thing in read_json(results, "ro-crate-metadata.json")["@graph"]}
    paths = ["traces/" + os.path.basename(path) for path in files_of(results)]
    assert crate["traces/"]["@type"] == "Dataset" and not crate["traces/"]["hasPart"] and not set(crate) & set(paths)
    for path in paths:
        item, = [item for pattern, item in shared.items() if fnmatch.fnmatchcase(path, pattern)]
        schema = item["schema"]
        names = [field["name"] for field in schema["fields"]]
        header, *rows = csv.reader(io.StringIO(unpack(os.path.join(results, path))))
        assert header == names and names[:2] == ["point", "replication"]
        key = schema.get("primaryKey", [])
        if key:
            assert key[:2] == ["point", "replication"]
            assert len({tuple(row[names.index(name)] for name in key) for row in rows}) == len(rows)
        assert "path" not in item and item["compression"] == "zst"
        assert schema["foreignKeys"][0]["reference"]["resource"] == "plan"
    traces = os.path.join(results, "traces")
    mine = ["blocks-mine-1.csv.zst", "blocks-main-1.csv", "notes.txt", "blocks-main-01.csv.zst"]
    theirs = [".blocks-main-1.csv.zst.tmp-Ab12Cd", "votes-rank-3-1.csv.zst", "stake-shard-1-of-2-1.csv.zst"]
    for name in mine + theirs:
        write(traces, name, "x\n")
    run(folder, "results", "--force", text=SMALL + "sweep: {grid: {validators.count: [4, 7]}}\n")
    assert sorted(os.listdir(traces)) == sorted(mine)


def limit_files(size):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    return limit


def test_a_full_disk_is_told(folder):
    """No file may grow beyond a size: that fails the runs whose rows do not fit, or ends it all where it is the
    journal; it is told with the file's name, and what was written before stays good."""
    whole, _ = run(folder, "whole", "-j", "1", text=LONGER)
    largest = max(os.path.getsize(path) for path in files_of(whole))
    results, done = run(folder, "rows", "-j", "1", text=LONGER, code=RUNS_FAILED, preexec_fn=limit_files(largest // 2))
    assert "messages-main-1.csv.zst: File too large" in done.stderr, done.stderr
    fine = [(int(row["point"]), int(row["replication"])) for row in runs_of(results) if row["status"] == "fine"]
    assert fine and len(fine) < 18 and runs_in(results, "messages") == fine == runs_in(results)
    run(folder, "rows", "--resume", text=LONGER)
    assert kept_of(results) == kept_of(whole)
    text = SWEEP.replace("keep: all", "keep: none")
    results, done = run(folder, "journal", "-j", "1", text=text, code=RUNS_FAILED, preexec_fn=limit_files(12000))
    assert re.search(r"cannot write \S+main-0001\.journal: File too large", done.stderr), done.stderr
    assert f"the runs that {results} has on record stay: --resume goes on" in done.stderr, done.stderr
    assert not os.path.exists(os.path.join(results, "runs.csv"))
    run(folder, "journal", "--resume", text=text)
    assert len(runs_of(results)) == 18


if __name__ == "__main__":
    main(globals())
