# SPDX-License-Identifier: MIT
"""The tables over all runs as other programs read them: by themselves, and by what analysis/README.md shows."""

import csv
import os
import re
import shutil
import subprocess
import sys

from harness import SMALL, SOURCE, Skip, main, posim, read, write

TABLES = ["plan.csv", "runs.csv", "summary.csv", "steady_state.csv", "timing.csv"]
NAME = re.compile(r"[a-z][a-z0-9_]*")
# What the page says of its example.
SWEPT = ["--sweep", "network.latency.delay=50ms,100ms,200ms", "--set", "replicate.count=5"]
# Names and values as unkind as can be: a fault's name with a comma, a swept label with quotes, a run without finality.
UNKIND = SMALL + """faults: [{name: 'EU, "west"', kind: crash, at: 5 s, share: 30 %}]
sweep:
  grid:
    protocol: [{kind: tendermint}, {label: 'slow, "then" quick', kind: tendermint, timeout_commit: 5 s}]
    time.duration: [100 ms, 20 s]
"""


def delays(folder):
    posim("run", write(folder, "first.yaml", SMALL), *SWEPT, "-o", "results/delays", cwd=folder)


def kept(folder):
    """As the page says of traces; by two workers, so that a table is more than a file."""
    posim("run", write(folder, "first.yaml", SMALL), *SWEPT[:2], "--set", "keep=sample", "-j", "2", "-o",
          "results/kept", cwd=folder)


def unkind(folder):
    results = os.path.join(folder, "results", "unkind")
    posim("run", write(folder, "unkind.yaml", UNKIND), "-o", results, code=None)
    return results


def rows_of(*path):
    with open(os.path.join(*path), encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def code(language):
    """The page's block of that language."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```$", read(SOURCE, "analysis", "README.md"), re.M | re.S)
    assert len(blocks) == 1, language
    return blocks[0]


def tool(*names):
    for name in names:
        if shutil.which(name):
            return name
    raise Skip(f"no {names[0]}")


def told(command, folder, given=None):
    done = subprocess.run(command, cwd=folder, input=given, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0 and not done.stderr.strip(), done.stdout + done.stderr
    return done.stdout


def test_tables_are_tidy(folder):
    results = unkind(folder)
    for name in TABLES:
        text = read(results, name)
        assert "\r" not in text and text.endswith("\n"), name
        header, *rows = rows_of(results, name)
        assert all(NAME.fullmatch(column) for column in header) and len(set(header)) == len(header), header
        assert text.split("\n", 1)[0] == ",".join(header), "no header needs quotes"
        assert rows and all(len(row) == len(header) for row in rows), name
        assert not any(cell in ("", "nan", "inf", "-nan", "None") for row in rows for cell in row), name
    protocols = {row[1] for row in rows_of(results, "plan.csv")[1:]}
    assert protocols == {"tendermint", 'slow, "then" quick'}


def test_what_is_missing_is_na(folder):
    results = unkind(folder)
    header, *rows = rows_of(results, "runs.csv")
    finality = [row[header.index("finality_s_last_p50")] for row in rows]
    durations = [row[header.index("time_duration_s")] for row in rows]
    assert {duration: value == "NA" for duration, value in zip(durations, finality)} == {"0.1": True, "20": False}


def test_sqlite3_imports_every_row(folder):
    tool("sqlite3")
    results = unkind(folder)
    for name in TABLES:
        header, *rows = rows_of(results, name)
        script = (f".mode csv\n.import {os.path.join(results, name)} t\n.mode list\nSELECT count(*) FROM t;\n"
                  "SELECT group_concat(name) FROM pragma_table_info('t');\n")
        assert told(["sqlite3", ":memory:"], folder, script).split() == [str(len(rows)), ",".join(header)], name
    script = (f".mode csv\n.import {os.path.join(results, 'plan.csv')} t\n.mode list\n"
              "SELECT protocol FROM t WHERE point = 2;\n")
    plan = {row[0]: row[1] for row in rows_of(results, "plan.csv")[1:]}
    assert told(["sqlite3", ":memory:"], folder, script) == plan["2"] + "\n"


def test_the_page_reads_them_by_sqlite3(folder):
    tool("sqlite3")
    delays(folder)
    lines = told(["sqlite3", ":memory:"], folder, code("sqlite3")).split()
    assert lines[:3] == ["0.05,0.15", "0.1,0.3", "0.2,0.6"] and len(lines) == 6, lines
    assert lines[5].startswith("0.2,"), lines


def test_the_page_reads_them_by_gnuplot(folder):
    tool("gnuplot")
    delays(folder)
    picture = told(["gnuplot"], folder, code("gnuplot"))
    assert "delay, s" in picture and picture.count("A") >= 3, picture


def test_the_page_reads_them_by_duckdb(folder):
    try:
        import duckdb  # pylint: disable=import-outside-toplevel
        delays(folder)
        os.chdir(folder)
        first, second = [duckdb.sql(query).fetchall() for query in code("sql").split(";") if query.strip()]
        assert [round(value, 6) for _, value in first] == [.15, .3, .6] and len(second) == 3
    except ImportError:
        tool("duckdb")
        delays(folder)
        lines = told(["duckdb", "-csv"], folder, code("sql")).split()
        assert [line.split(",")[0] for line in lines[1:4]] == ["0.05", "0.1", "0.2"], lines


def test_the_page_reads_them_by_pandas(folder):
    python = next((python for python in [sys.executable, "/usr/bin/python3"] if subprocess.run(
        [python, "-c", "import pandas"], capture_output=True, check=False).returncode == 0), None)
    if not python:
        raise Skip("no pandas")
    delays(folder)
    lines = told([python, "-c", code("python")], folder).splitlines()
    assert [line.split()[:3] for line in lines[2:5]] == [["0.05", "5", "0.15"], ["0.10", "5", "0.30"],
                                                         ["0.20", "5", "0.60"]], lines


def test_the_page_reads_them_by_r(folder):
    tool("Rscript")
    delays(folder)
    lines = told(["Rscript", "-e", code("r")], folder).splitlines()
    assert [line.split()[1:] for line in lines[1:4]] == [["0.05", "0.15"], ["0.10", "0.30"], ["0.20", "0.60"]], lines


# Of the blocks of the three runs, those that are final, and how long that took.
KEPT = [("0.05", "0.15"), ("0.1", "0.3"), ("0.2", "0.6")]


def test_the_page_unpacks_traces_for_all_others(folder):
    tool("zstdcat")
    tool("sqlite3")
    kept(folder)
    told(["sh", "-c", code("sh")], folder)
    header, *rows = rows_of(folder, "blocks.csv")
    assert header[:3] == ["point", "replication", "chain"] and {tuple(row[:2]) for row in rows} == {
        (str(point), "0") for point in range(3)}
    script = (".mode csv\n.import blocks.csv blocks\n.mode list\nSELECT round(avg(first_final_s - proposed_s), 9) "
              "FROM blocks WHERE status = 'final' GROUP BY point ORDER BY point;\n")
    assert told(["sqlite3", ":memory:"], folder, script).split() == [finality for _, finality in KEPT]


def test_the_page_reads_traces_by_duckdb(folder):
    try:
        import duckdb  # pylint: disable=import-outside-toplevel
    except ImportError:
        duckdb = None
        tool("duckdb")
    kept(folder)
    if duckdb:
        os.chdir(folder)
        rows = [(delay, finality) for delay, _, finality in duckdb.sql(code("sql traces").strip(" \n;")).fetchall()]
    else:
        lines = told(["duckdb", "-csv"], folder, code("sql traces")).split()[1:]
        rows = [tuple(line.split(",")[::2]) for line in lines]
    assert [(float(delay), round(float(finality), 6)) for delay, finality in rows] == [
        (float(delay), float(finality)) for delay, finality in KEPT]


def test_the_page_reads_traces_by_pandas(folder):
    python = next((python for python in [sys.executable, "/usr/bin/python3"] if subprocess.run(
        [python, "-c", "import pandas, zstandard"], capture_output=True, check=False).returncode == 0), None)
    if not python:
        raise Skip("no pandas with zstandard")
    kept(folder)
    lines = told([python, "-c", code("python traces")], folder).splitlines()[-3:]
    assert [(float(line.split()[0]), float(line.split()[2])) for line in lines] == [
        (float(delay), float(finality)) for delay, finality in KEPT], lines


if __name__ == "__main__":
    main(dict(globals()))
