# SPDX-License-Identifier: MIT
"""posim report on results of its own: pages that are whole, say what the tables say, and cannot be broken into."""

import os
import re
import shutil
import subprocess
from urllib.parse import unquote

from harness import EXPECTATION, SMALL, USAGE, Skip, files_under, main, posim, read, write
from report_results import EXPECTED, HOSTILE, SWEPT, VARIED, Page, run, small, swept


def check_structure(text):
    """What every page must be, whatever it is about. Returns it parsed."""
    assert text.startswith("<!doctype html>")
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}]
    headings = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == 1 and headings.count(1) == 1, headings
    assert all(after <= before + 1 for before, after in zip(headings, headings[1:])), headings
    assert len(page.all("main")) == 1 and len(page.all("nav")) == 1
    assert len(page.all("table")) == len(page.all("caption")), "a table without a caption"
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    assert all(drawing.get("role") == "img" and len(drawing.get("aria-label", "")) > 20 for drawing in page.all("svg"))
    assert len(page.all("figure")) == len(page.all("figcaption")) == len(page.all("svg"))
    # nothing from anywhere else, and no script but the page's own
    assert not re.search(r"""(?:src|href|action)=["']?(?:https?:|//|data:|javascript:)""", text)
    assert not page.all("img") and not page.all("link") and not page.all("iframe") and len(page.all("script")) == 1
    assert "default-src 'none'" in page.all("meta")[2]["content"]
    for link in page.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in page.ids, link
    return page


def check_links(page, where):
    """Links to files lead to files."""
    links = [link["href"] for link in page.all("a") if not link["href"].startswith("#")]
    assert links
    for link in links:
        assert os.path.exists(os.path.join(where, unquote(link))), link
    return links


def test_one_run(folder):
    where = small(folder)
    done = posim("report", where)
    assert done.stdout == os.path.join(where, "report.html") + "\n"
    page = check_structure(read(where, "report.html"))
    links = check_links(page, where)
    assert {"runs.csv", "summary.csv", "plan.csv", "timing.csv", "manifest.json", "scenario.yaml"} <= set(links)
    said = page.text()
    assert "Safety, liveness, accountability and conservation held in the one run." in said
    assert "Both expectations were met." in said and "Buchman, Kwon, Milosevic 2018, lemma 7" in said
    assert "There is one run" in said and "one run, so no interval" in said
    assert f"posim run {os.path.join(folder, 'small.yaml')} -o {where}" in said
    assert "posim verify small" in said and "posim run small/scenario.yaml -o again" in said
    assert re.search(r"\b[0-9a-f]{64}\b", said), "the hash of the input"
    assert "kind: tendermint" in page.text("code") and "timeout_propose: 3 s" in page.text("code")
    if shutil.which("gnuplot"):
        assert len(page.all("svg")) >= 5 and "space_time" in said


def test_replications_have_intervals(folder):
    where = run(folder, "many", VARIED + "replicate: {count: 20}\n")
    posim("report", where)
    page = check_structure(read(where, "report.html"))
    said = page.text()
    assert "held in all 20 runs" in said and "up to 15 % of such runs" in said and "3/N with N = 20" in said
    assert "95 % interval" in said and "Hall's t" in said and "93 of 100 experiments" in said
    assert "Expectations" not in said
    summary = [line.split(",") for line in read(where, "summary.csv").splitlines()]
    mean = float(next(row for row in summary if row[1] == "block_interval_s")[4])
    assert f"{mean:.4g}" in said


def test_a_sweep(folder):
    where = swept(folder)
    posim("report", where)
    page = check_structure(read(where, "report.html"))
    check_links(page, where)
    said = page.text()
    assert "a sweep, 6 points of 6 runs each" in said and "up to 50 % of such runs at each point" in said
    assert all(f"point-{point}" in page.ids for point in range(6))
    points = next(table for table in page.all("table") if table.get("id") == page.all("form")[0]["data-table"])
    assert "sortable" in points["class"]
    assert [select["data-column"] for select in page.all("select")] == ["1", "2"]
    if shutil.which("gnuplot"):
        drawn = {name for name in files_under(os.path.join(where, "plots")) if name.endswith(".svg")}
        assert {"line.svg", "heat_map.svg", "pareto.svg", "violin.svg"} <= drawn and "success_curve.svg" not in drawn


def test_figures_are_those_of_the_scenario(folder):
    where = swept(folder, more="plots: [{kind: line, name: mine, y: block_interval_s}]\n")
    posim("report", where)
    if not shutil.which("gnuplot"):
        raise Skip("gnuplot is not installed")
    page = check_structure(read(where, "report.html"))
    assert len(page.all("svg")) == 1 and "plots/data/mine/line.csv" in check_links(page, where)


def test_a_comparison(folder):
    one = run(folder, "one", VARIED + "replicate: {count: 6}\n")
    slow = VARIED.replace("tendermint}", "tendermint, timeout_commit: 2 s}")
    other = run(folder, "other", slow + "replicate: {count: 6}\n")
    assert posim("report", one, other).stdout == os.path.join(one, "comparison.html") + "\n"
    page = check_structure(read(one, "comparison.html"))
    check_links(page, one)
    said = page.text()
    assert "one against other" in page.text("h1") and "corrected for looking at all of them" in said
    assert "protocol.timeout_commit" in said and "first is worse" in said and "not established" in said
    assert "same luck" in said
    # its numbers are those of posim compare
    table = posim("compare", one, other, "--csv").stdout.splitlines()
    interval = next(line for line in table if ",block_interval_s," in line).split(",")
    assert f"{float(interval[5]):.4g}" in said and f"{float(interval[7]):.4g}" in said


def test_points_of_one_sweep_are_compared(folder):
    where, page_file = swept(folder), os.path.join(folder, "points.html")
    posim("report", where + ":0", where + ":4", "-o", page_file)
    page = check_structure(read(page_file))
    check_links(page, folder)
    assert "waiting: point 0 against point 4" in page.text("h1")
    assert "The first: point 0 (network.latency.median 80 ms" in page.text()
    assert page.text().count("point 0 (network.latency.median 80 ms") == 2  # first of all in the head
    headings = re.findall(r'<th[^>]*scope="col"[^>]*>(?:<[^>]*>)*([^<]+)', read(page_file))
    assert headings.index("Outcome") == headings.index("Metric") + 1 < headings.index("Difference"), headings
    done = posim("report", where + ":0", where + ":9", code=USAGE)
    assert "has no point 9" in done.stderr


def test_a_suite(folder):
    met = small(folder, "met")
    refuted = run(folder, "refuted", SMALL + "expect: [{metric: finality_s_last_p50, min: 0.4, source: Nobody 1999}]\n",
                  code=EXPECTATION)
    open_one = run(folder, "open", VARIED + "replicate: {count: 3}\nexpect: [{metric: block_interval_s, max: 9}]\n")
    page_file = os.path.join(folder, "pages", "suite.html")
    os.mkdir(os.path.dirname(page_file))
    posim("report", met, refuted, open_one, "-o", page_file)
    page = check_structure(read(page_file))
    links = check_links(page, os.path.dirname(page_file))
    assert "../met/runs.csv" in links
    said = page.text()
    assert "2 of 4 published results are reproduced, 1 is inconclusive, 1 is refuted." in said
    assert "Nobody 1999" in said and "no source given" in said
    posim("report", met, "--suite")
    assert "Both" not in check_structure(read(met, "suite.html")).text("h1")


def test_the_same_results_give_the_same_page(folder):
    one = swept(folder, "same")
    elsewhere = os.path.join(folder, "below")
    os.mkdir(elsewhere)
    other = os.path.join(elsewhere, "same")
    shutil.copytree(one, other)
    posim("report", one)
    posim("report", ".", cwd=other)
    assert read(one, "report.html") == read(other, "report.html")
    posim("report", one)
    assert read(one, "report.html") == read(other, "report.html")


def test_what_users_write_stays_text(folder):
    quoted = '"' + HOSTILE.replace('"', '\\"') + '"'
    text = SMALL.replace("posim: 1", f"posim: 1\nname: {quoted}\ndescription: {quoted}") + (
        "faults: [{name: 'x<b>y', kind: crash, at: 5 s, for: 1 s, count: 1}]\n"
        f"expect: [{{metric: block_interval_s, max: 100, source: {quoted}}}]\n")
    where = run(folder, "a<i>b & c", text)
    posim("report", where)
    posim("report", where, where, "--suite")
    posim("report", where, where)
    hostile = HOSTILE.replace("\\\\", "\\")
    for name in ["report.html", "suite.html", "comparison.html"]:
        page = check_structure(read(where, name))
        check_links(page, where)
        assert "document.title" in page.text(), name
        assert not any(tag in ("b", "i") and "owned" in str(attributes) for tag, attributes, _ in page.elements)
        assert not any(attribute.startswith("on") for _, attributes, _ in page.elements for attribute in attributes)
    page = check_structure(read(where, "report.html"))
    assert hostile in "".join(data for tag, data in page.texts if tag == "h1"), page.text("h1")
    assert hostile in "".join(data for tag, data in page.texts if tag == "title")


def test_a_hand_made_manifest_stays_text(folder):
    where = small(folder)
    manifest = read(where, "manifest.json")
    for key in ["commit", "compiler", "seed", "glib"]:
        manifest = re.sub(rf'"{key}" : "[^"]*"', f'"{key}" : "<script>{key}</script>\\\\u0007"', manifest)
    manifest = manifest.replace('"run"', '"run", "; rm -rf $HOME <script>"', 1)
    write(where, "manifest.json", manifest)
    posim("report", where)
    page = check_structure(read(where, "report.html"))
    assert "<script>commit</script>\ufffd" in page.text()
    assert "posim run '; rm -rf $HOME <script>'" in page.text(), "the command line is quoted for a shell"


def test_directories_without_results_are_refused(folder):
    assert "holds no results of posim" in posim("report", folder, code=USAGE).stderr
    assert "name a results directory" in posim("report", code=USAGE).stderr
    where = small(folder)
    os.remove(os.path.join(where, "summary.csv"))
    done = posim("report", where, code=USAGE)
    assert "is not finished: it has no summary.csv" in done.stderr and "--resume" in done.stderr
    assert "report.html" not in os.listdir(where)


def test_without_its_scenario_a_page_says_so(folder):
    where = small(folder)
    write(where, "scenario.yaml", "posim: 1\nsomething_of_tomorrow: 3\n")
    done = posim("report", where)
    assert "without its scenario" in done.stderr
    page = check_structure(read(where, "report.html"))
    assert "could not be read by this version" in page.text()


def test_without_gnuplot_there_is_a_page_without_figures(folder):
    where = small(folder)
    done = posim("report", where, env={**os.environ, "PATH": folder})
    assert "there is no gnuplot" in done.stderr
    page = check_structure(read(where, "report.html"))
    assert not page.all("svg") and "there is no gnuplot" in page.text()


def test_force_removes_reports(folder):
    where = small(folder)
    posim("report", where)
    posim("report", where, "--tex")
    posim("report", where, where)
    mine = write(where, "mine.html", "")
    posim("run", os.path.join(folder, "small.yaml"), "-o", where, "--force", "--progress", "none")
    left = [name for name in files_under(where) if re.search(r"(report|comparison)\.(html|tex)$", name)]
    assert not left and os.path.exists(mine)


LATEX = r"""\documentclass{article}
\usepackage{graphicx,color}
%s
\begin{document}
\input{%s}
\end{document}
"""


def compile_fragment(folder, name, fragment, before=""):
    """The PDF that base LaTeX makes of it."""
    if not shutil.which("pdflatex"):
        raise Skip("pdflatex is not installed (Debian: apt-get install texlive-latex-base)")
    write(folder, name + ".tex", LATEX % (before, fragment))
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", name],
                          cwd=folder, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout[-3000:].decode("latin-1")
    assert os.path.getsize(os.path.join(folder, name + ".pdf")) > 5000


def test_latex_says_what_the_page_says(folder):
    where = swept(folder, more=EXPECTED, code=EXPECTATION)
    done = posim("report", where, "--tex")
    assert done.stdout == os.path.join(where, "report.tex") + "\n"
    text = read(where, "report.tex")
    assert "What do delays cost?" in text and "Buchman, Kwon, Milosevic 2018, lemma 7" in text
    assert text.count("\\begin{table}") == text.count("\\end{table}") == 2
    assert text.count("\\leavevmode\\box0") == 2  # in the middle of the line, as the caption is
    if shutil.which("gnuplot"):
        assert text.count("\\input{\\posimdir/plots/tex/") >= 4 and "_map.tex}" in text


def test_latex_compiles(folder):
    where, one = swept(folder), small(folder)
    for results in [where, one]:
        posim("report", results, "--tex")
    other = run(folder, "other", SWEPT.replace("20 s", "30 s"))
    posim("report", where, other, "--tex", "-o", os.path.join(folder, "both.tex"))
    posim("report", where, one, other, "--tex", "-o", os.path.join(folder, "suite.tex"))
    compile_fragment(folder, "a", "swept/report.tex", r"\newcommand{\posimdir}{swept}")
    compile_fragment(folder, "b", "small/report.tex", r"\newcommand{\posimdir}{small}")
    compile_fragment(folder, "c", "both.tex")
    compile_fragment(folder, "d", "suite.tex")
    compile_fragment(where, "e", "report.tex")


def test_latex_takes_any_text(folder):
    awkward = r"100 % of $a_b^c & {x} \\input #1 ~ <é> Δ “q”"
    text = SMALL.replace("posim: 1", f'posim: 1\nname: "{awkward}"\ndescription: "{awkward}"') + (
        f'expect: [{{metric: block_interval_s, max: 100, source: "{awkward}"}}]\n')
    where = run(folder, "awkward", text)
    posim("report", where, "--tex")
    compile_fragment(where, "a", "report.tex")


def test_latex_takes_any_letter(folder):
    """Letters that LaTeX has by other names have them; of others the numbers stand, and stderr says so, once."""
    names = "[Δ ≤ 3 µs], Gaži; x\u0304 – “q”", "* 東京 \U0001f600\ufe0f α"
    text = re.sub("(?m)^name: .*$", f'name: "{names[0]}"', SWEPT)
    text = re.sub("(?m)^description: .*$", f'description: "{names[1]}"', text)
    text += f'\nexpect: [{{metric: block_interval_s, max: 100, source: "{names[1]}"}}]\n'
    where = run(folder, "letters", text)
    done = posim("report", where, "--tex")
    assert "東 (U+6771), 京 (U+4EAC), \U0001f600 (U+1F600);" in done.stderr, done.stderr
    assert r"\posimletter{6771}\posimletter{4EAC} \posimletter{1F600} \ensuremath{\alpha}" in read(where, "report.tex")
    compile_fragment(where, "a", "report.tex")
    assert not posim("report", swept(folder), "--tex").stderr


if __name__ == "__main__":
    main(dict(globals()))
