# SPDX-License-Identifier: MIT
"""datapackage.json and ro-crate-metadata.json: every table is described as it is, and what was made of what."""

import csv
import fnmatch
import hashlib
import io
import os
import re
import shutil
import signal
import subprocess
import time

from harness import INTERRUPTED, LONG, PROGRAM, SMALL, files_under, main, posim, read, read_json, write

SWEEP = SMALL + """name: Delays & sizes
description: How long until all agree?
faults: [{name: "EU, west", kind: crash, at: 5 s, for: 2 s, share: 30 %}]
replicate: {count: 2, seed: 3}
keep: all
sweep:
  grid:
    network.latency.delay: [50 ms, 100 ms]
    protocol: [{kind: tendermint}, {label: "slow, then", kind: tendermint, timeout_commit: 5 s}]
"""
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
INTEGER = re.compile(r"[+-]?\d+")
SPECIAL = re.compile(r"[^a-z0-9._-]")
EVERY = "record: [{}]\n"


def run(folder, name, text, *arguments, **options):
    results = os.path.join(folder, name)
    posim("run", write(folder, "scenario.yaml", text), "-o", results, *arguments, **options)
    return results


def every_table():
    return EVERY.format(", ".join(line.split()[0] for line in posim("list", "tables").stdout.splitlines()))


def rows_of(path):
    if path.endswith(".zst"):
        if not shutil.which("zstd"):
            return None
        text = subprocess.run(["zstd", "-dcq", path], capture_output=True, check=True).stdout.decode()
    else:
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
    assert "\r" not in text, path
    return list(csv.reader(io.StringIO(text), strict=True))


def check_cell(cell, field, where):
    """A cell against its field, as the Table Schema wants it."""
    kind, constraints = field["type"], field.get("constraints", {})
    if kind == "integer":
        assert INTEGER.fullmatch(cell), where
    elif kind == "number":
        assert NUMBER.fullmatch(cell), where
    elif kind == "boolean":
        assert cell in field["trueValues"] + field["falseValues"], where
    else:
        assert kind == "string" and cell not in ("nan", "inf", "-nan"), where
    if "enum" in constraints:
        assert cell in constraints["enum"], where
    if "pattern" in constraints:
        assert re.fullmatch(constraints["pattern"], cell), where


def check_units(fields, where):
    """Names carry the unit at their end, and the unit says the same."""
    for field in fields:
        unit, name = field.get("unit"), field["name"]
        assert field["description"], (where, name)
        if name.endswith("_s"):
            assert unit == "s" or unit.endswith("/s"), (where, name, unit)
        if name.endswith("bytes"):
            assert unit == "bytes", (where, name, unit)
        if name.endswith("_share"):
            assert unit == "1", (where, name, unit)


def check_table(results, resource):
    """Returns its rows as dictionaries; None where they cannot be read here."""
    path, schema = resource["path"], resource["schema"]
    names = [field["name"] for field in schema["fields"]]
    assert len(set(names)) == len(names) and all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names), names
    check_units(schema["fields"], path)
    rows = rows_of(os.path.join(results, path))
    if rows is None:
        return None
    assert rows[0] == names, path
    for number, row in enumerate(rows[1:], 2):
        assert len(row) == len(names), f"{path}:{number}"
        for cell, field in zip(row, schema["fields"]):
            if cell not in schema["missingValues"]:
                check_cell(cell, field, f"{path}:{number}: {field['name']}: {cell}")
    table = [dict(zip(names, row)) for row in rows[1:]]
    key = schema.get("primaryKey", [])
    assert not key or len({tuple(row[name] for name in key) for row in table}) == len(table), f"{path}: {key}"
    return table


def check_inputs(results, resources):
    """Each file that the scenario was read from is there, is described, and is what the manifest says."""
    there = [path for path in files_under(results) if path.startswith("inputs/")]
    assert sorted(resource["path"] for resource in resources) == there and there
    manifest = {entry["copy"]: entry["sha256"] for entry in read_json(results, "manifest.json")["inputs"]}
    for resource in resources:
        assert resource["profile"] == "data-resource" and not SPECIAL.search(resource["name"]), resource
        assert resource["hash"] == "sha256:" + manifest[resource["path"]] and resource["description"], resource
        with open(os.path.join(results, resource["path"]), "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == manifest[resource["path"]], resource


def check_shared(results, shared, tables):
    """What stands for the tables that runs share: each file has its columns; adds their rows, returns the files."""
    assert len({table["name"] for table in shared} | set(tables)) == len(shared) + len(tables)
    files = set()
    for table in shared:
        assert table["compression"] == "zst" and table["pattern"].endswith("-*.csv.zst"), table
        matching = {path for path in files_under(results) if fnmatch.fnmatchcase(path, table["pattern"])}
        assert matching and not matching & files, table["pattern"]
        rows = [check_table(results, table | {"path": path}) for path in sorted(matching)]
        tables[table["name"]] = None if None in rows else [row for some in rows for row in some]
        files |= matching
    return files


def check_package(results):
    """Every CSV is described, and is as it is described; returns the rows by name."""
    package = read_json(results, "datapackage.json")
    assert package["profile"] == "data-package" and not SPECIAL.search(package["name"])
    everything = package["resources"]
    assert len({resource["name"] for resource in everything}) == len(everything)
    check_inputs(results, [resource for resource in everything if resource["path"].startswith("inputs/")])
    resources = [resource for resource in everything if not resource["path"].startswith("inputs/")]
    tables = {}
    for resource in resources:
        assert not SPECIAL.search(resource["name"]), resource["name"]
        compressed = resource["path"].endswith(".zst")
        assert resource["profile"] == ("data-resource" if compressed else "tabular-data-resource")
        assert resource["dialect"]["lineTerminator"] == "\n" and resource["dialect"]["skipInitialSpace"] is False
        tables[resource["name"]] = check_table(results, resource)
    there = {path for path in files_under(results)
             if path.endswith((".csv", ".csv.zst")) and not path.startswith(("inputs/", "plots/", "replay/"))}
    shared = check_shared(results, package.get("sharedTables", []), tables)
    assert {resource["path"] for resource in resources} | shared == there
    points = {row["point"] for row in tables["plan"]}
    for resource in resources:
        for reference in resource["schema"].get("foreignKeys", []):
            assert reference == {"fields": ["point"], "reference": {"resource": "plan", "fields": ["point"]}}
            assert {row["point"] for row in tables[resource["name"]]} <= points, resource["name"]
    return package, tables


def check_crate(results):
    """What RO-Crate 1.1 asks for; returns the things by id."""
    crate = read_json(results, "ro-crate-metadata.json")
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    things = {thing["@id"]: thing for thing in crate["@graph"]}
    assert len(things) == len(crate["@graph"]), "an id stands for one thing"
    descriptor = things["ro-crate-metadata.json"]
    assert descriptor["@type"] == "CreativeWork" and descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = things["./"]
    assert root["@type"] == "Dataset" and root["name"] and root["description"] and root["license"]
    parts = []

    def walk(thing):
        for part in thing.get("hasPart", []):
            inner = things[part["@id"]]
            assert inner["@type"] == ("Dataset" if part["@id"].endswith("/") else "File"), part
            assert os.path.exists(os.path.join(results, part["@id"])), part
            parts.append(part["@id"])
            walk(inner)

    walk(root)
    data = {name for name, thing in things.items() if thing["@type"] in ("File", "Dataset")}
    assert sorted(parts) == sorted(data - {"./"}), "every file and folder is a part of the whole, once"
    for thing in things.values():
        for value in thing.values():
            for item in value if isinstance(value, list) else [value]:
                if isinstance(item, dict) and not item["@id"].startswith("https:"):
                    assert item["@id"] in things, (thing["@id"], item)
    return things


def test_every_table_of_one_run_is_described(folder):
    text = SMALL + every_table() + "adversary: {kind: double_voting, stake: 40 %}\nreplicate: {count: 2}\n"
    results = run(folder, "results", text)
    _, tables = check_package(results)
    assert len(tables) == 5 + 2 * len(posim("list", "tables").stdout.splitlines())
    fields = {resource["name"]: {field["name"]: field for field in resource["schema"]["fields"]}
              for resource in read_json(results, "datapackage.json")["resources"] if "schema" in resource}
    assert fields["traces-0-1-blocks"]["size_bytes"]["unit"] == "bytes"
    assert fields["traces-0-1-validators"]["stake"]["unit"] == "base units"
    assert fields["traces-0-1-blocks"]["status"]["constraints"]["enum"] == ["final", "orphan", "pending"]
    assert fields["runs"]["finality_s_last_p50"]["description"] in posim("explain", "finality_s_last_p50").stdout
    crate = check_crate(results)
    assert crate["traces/0-1/"]["hasPart"][0] == {"@id": "traces/0-1/blocks.csv"}


def test_every_table_of_a_sweep_is_described(folder):
    results = run(folder, "results", SWEEP)
    package, tables = check_package(results)
    assert package["title"] == "Delays & sizes" and package["name"] == "delays-sizes"
    assert package["description"] == "How long until all agree?"
    assert [row["protocol"] for row in tables["plan"]] == ["tendermint", "slow, then"] * 2
    assert "fault_0_eu__west_node_share" in tables["runs"][0], "what a user calls a fault needs no quotes in a header"
    assert len(tables["runs"]) == 8 and "traces-blocks" in tables
    assert package["sharedTables"][0]["pattern"] == "traces/blocks-*.csv.zst"
    check_crate(results)


def test_failed_runs_and_missing_values_are_described(folder):
    results = run(folder, "results", SMALL + "sweep: {grid: {time.duration: [20 s, 3650 d]}}\n", "--timeout", "1 s",
                  code=1)
    _, tables = check_package(results)
    assert [row["status"] for row in tables["runs"]] == ["fine", "failed"]
    assert tables["runs"][1]["trace_hash"] == "NA"


def test_the_crate_says_what_was_made_of_what(folder):
    results = run(folder, "results", SWEEP)
    things = check_crate(results)
    action = things["#run"]
    assert action["@type"] == "CreateAction" and things["./"]["mentions"] == {"@id": "#run"}
    makers = [things[maker["@id"]] for maker in action["instrument"]]
    manifest = read_json(results, "manifest.json")
    assert [(maker["@type"], maker["version"]) for maker in makers] == [
        ("SoftwareApplication", f"posim {manifest['posim']} ({manifest['commit']})")]
    assert action["object"] == [{"@id": "scenario.yaml"}, {"@id": "inputs/scenario.yaml"}]
    assert things["inputs/"]["hasPart"] == [{"@id": "inputs/scenario.yaml"}]
    assert things["inputs/scenario.yaml"]["encodingFormat"] == "application/yaml"
    assert things["inputs/scenario.yaml"]["identifier"] == "nih:sha-256;" + hashlib.sha256(SWEEP.encode()).hexdigest()
    assert {"@id": "runs.csv"} in action["result"] and {"@id": "scenario.yaml"} not in action["result"]


def test_descriptions_are_the_same_bytes_and_name_no_place(folder):
    """Whoever carries out the runs, wherever; no date, and no path of this machine."""
    one = run(folder, "one", SWEEP, "-j", "1")
    two = run(folder, "two", SWEEP, "-j", "2")
    run(folder, "parts", SWEEP, "--shard", "2/2")
    parts = run(folder, "parts", SWEEP, "--shard", "1/2", "-j", "2")
    assert not os.path.exists(os.path.join(parts, "datapackage.json")), "a part is no whole"
    posim("merge", parts)
    first, second, merged = [os.path.join(folder, name) for name in ["first", "second", "merged"]]
    for part, results in [("1/2", first), ("2/2", second)]:
        posim("run", os.path.join(folder, "scenario.yaml"), "-o", results, "--shard", part)
    posim("merge", first, second, "-o", merged)
    files = [sorted(os.listdir(os.path.join(results, "traces"))) for results in [one, two, parts, merged]]
    assert files[1] != files[2], "who ran what differs, and shows there"
    for name in ["datapackage.json", "ro-crate-metadata.json"]:
        text = read(one, name)
        for results in [two, parts, merged]:
            assert read(results, name) == text, (name, results)
            check_package(results)
            check_crate(results)
        assert "traces" in text and folder not in text and '"/' not in text, name
        assert not re.search(r"\b20\d\d-\d\d", text), name


def test_a_name_of_any_letters_is_one_of_a_package(folder):
    for number, (name, slug) in enumerate([("Größe & Verzug", "grosse-verzug"), ("Überlauf", "uberlauf"),
                                           ("遅延", "results"), ("a/b  c...", "a-b-c..."), ("-é-", "e")]):
        results = run(folder, str(number), SMALL + f'name: "{name}"\n')
        package = read_json(results, "datapackage.json")
        assert re.fullmatch(r"[a-z0-9._-]+", package["name"]) and package["name"] == slug, package["name"]
        assert package["title"] == name and check_crate(results)["./"]["name"] == name


def test_a_date_is_that_of_the_environment(folder):
    results = run(folder, "results", SMALL, env={**os.environ, "SOURCE_DATE_EPOCH": "1750000000"})
    assert read_json(results, "datapackage.json")["created"] == "2025-06-15T00:00:00Z"
    assert check_crate(results)["./"]["datePublished"] == "2025-06-15"


def test_a_planted_fault_is_found(folder):
    """The check above would notice: a column too many, a word that is none, a table that nobody describes."""
    results = run(folder, "results", SMALL)
    runs = os.path.join(results, "runs.csv")
    with open(runs, encoding="utf-8") as file:
        text = file.read()
    for broken in [text.replace("fine", "splendid"), text.replace("seed", "sed"), text.replace("\n", "\r\n")]:
        write(results, "runs.csv", broken)
        try:
            check_package(results)
        except AssertionError:
            continue
        raise RuntimeError("not noticed")
    write(results, "runs.csv", text)
    check_package(results)
    write(results, "stray.csv", "a\n1\n")
    try:
        check_package(results)
    except AssertionError:
        return
    raise RuntimeError("not noticed")


def test_force_removes_them(folder):
    results = run(folder, "results", SMALL)
    for name in [".datapackage.json.tmp-Ab12Cd", ".ro-crate-metadata.json.tmp-Ab12Cd"]:
        write(results, name, "{}\n")
    process = subprocess.Popen([PROGRAM, "run", write(folder, "long.yaml", LONG), "-o", results, "--force"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def left():
        return [name for name in files_under(results) if "datapackage" in name or "ro-crate" in name]

    deadline = time.monotonic() + 60
    while left() and time.monotonic() < deadline:
        time.sleep(.01)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode in (INTERRUPTED, -signal.SIGINT)
    assert not left(), left()


if __name__ == "__main__":
    main(dict(globals()))
