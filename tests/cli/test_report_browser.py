# SPDX-License-Identifier: MIT
"""Reports in a browser: no complaints, nothing asked of anybody, tables that sort and filter by mouse and keyboard, no
page wider than its window, text that stands out from what is behind it, and paper."""

import os
import shutil
import subprocess

from browser import Browser, program
from harness import EXPECTATION, Skip, main, posim
from report_results import EXPECTED, HOSTILE, LONG, SWEPT, VARIED, run, small, swept

WIDTHS, SCHEMES = [360, 1440], ["light", "dark"]

# Text whose contrast with what is behind it is below what WCAG 2.2 asks at level AA: 4.5, of large text 3.
CONTRAST = """(() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = (colour) => {
        const [r, g, b] = numbers(colour).slice(0, 3).map((part) => {
            const share = part / 255;
            return share <= .04045 ? share / 12.92 : ((share + .055) / 1.055) ** 2.4;
        });
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = getComputedStyle(at).backgroundColor;
            const parts = numbers(colour);
            if (parts.length < 4 || parts[3] > 0) {
                return colour;
            }
        }
        return 'rgb(255, 255, 255)';
    };
    const weak = [];
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    for (const element of document.body.querySelectorAll('*')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || element.closest('svg, script') || !element.getClientRects().length) {
            continue;
        }
        const style = getComputedStyle(element);
        const [one, other] = [light(style.color), light(behind(element))];
        const ratio = (Math.max(one, other) + .05) / (Math.min(one, other) + .05);
        const size = parseFloat(style.fontSize);
        if (ratio < (size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5)) {
            weak.push(`${element.tagName} ${element.className} ${ratio.toFixed(2)}`);
        }
    }
    return weak;
})()"""
# How wide the page is, with all that is folded away.
WIDTH = """(() => {
    document.querySelectorAll('details').forEach((details) => { details.open = true; });
    return document.documentElement.scrollWidth;
})()"""
COLUMN = """[...document.querySelector('#points table').tBodies[0].rows].filter((row) => !row.hidden)
    .map((row) => Number(row.cells[%d].dataset.value))"""
HEADING = "document.querySelector('#points table').tHead.rows[0].cells[%d]"


def pages(folder):
    """A page of each kind, by its name."""
    sweep = swept(folder, more=EXPECTED, code=EXPECTATION)
    one, other = small(folder), run(folder, "varied", VARIED + "replicate: {count: 6}\n")
    made = {"run": [one], "replications": [other], "sweep": [sweep], "comparison": [other, one],
            "points": [sweep + ":0", sweep + ":4"], "suite": [one, other, sweep],
            "long": [run(folder, "long", LONG)]}
    for name, directories in made.items():
        file = os.path.join(folder, name + ".html")
        posim("report", *directories, "-o", file)
        made[name] = file
    return made


def in_browser(test):
    """A test that gets pages and a browser."""
    def with_browser(folder):
        if not program():
            raise Skip("there is no Chromium (Debian: apt-get install chromium)")
        made = pages(folder)
        with Browser() as browser:
            test(made, browser)
    return with_browser


@in_browser
def test_pages_load_without_a_word(made, browser):
    for name, file in made.items():
        for scheme in SCHEMES:
            browser.open(file, scheme=scheme)
            assert not browser.complaints(), (name, browser.complaints())
            assert browser.run("document.title") and browser.run("document.querySelectorAll('h1').length") == 1


@in_browser
def test_no_page_is_wider_than_its_window(made, browser):
    for name, file in made.items():
        for width in WIDTHS:
            for scheme in SCHEMES:
                browser.open(file, width=width, scheme=scheme)
                assert browser.run(WIDTH) <= width, (name, width, browser.run(WIDTH))


@in_browser
def test_text_stands_out(made, browser):
    for name, file in made.items():
        for scheme in SCHEMES:
            browser.open(file, scheme=scheme)
            weak = browser.run(CONTRAST)
            assert not weak, (name, scheme, weak)


@in_browser
def test_drawings_are_turned_over_in_the_dark(made, browser):
    filters = {}
    for scheme in SCHEMES:
        browser.open(made["run"], scheme=scheme)
        filters[scheme] = browser.run("getComputedStyle(document.querySelector('svg.drawing')).filter")
    assert filters["light"] == "none" and "invert" in filters["dark"], filters


@in_browser
def test_tables_sort_when_clicked(made, browser):
    browser.open(made["sweep"])
    column, order = 5, lambda: browser.run(COLUMN % 5)  # the first metric
    before = order()
    assert len(before) == 6 and before != sorted(before)
    assert browser.run((HEADING % column) + ".getAttribute('aria-sort')") == "none"
    browser.run((HEADING % column) + ".click()")
    assert order() == sorted(before)
    assert browser.run((HEADING % column) + ".getAttribute('aria-sort')") == "ascending"
    browser.run((HEADING % column) + ".click()")
    assert order() == sorted(before, reverse=True)
    browser.run((HEADING % 0) + ".click()")
    assert order() == before
    assert browser.run((HEADING % column) + ".getAttribute('aria-sort')") == "none"
    assert not browser.complaints()


@in_browser
def test_tables_sort_by_keyboard(made, browser):
    browser.open(made["sweep"])
    before = browser.run(COLUMN % 5)
    browser.run((HEADING % 5) + ".querySelector('button').focus()")
    assert "sort by" in browser.run("document.activeElement.getAttribute('aria-label')")
    for kind in ["keyDown", "keyUp"]:
        browser.ask("Input.dispatchKeyEvent", type=kind, key="Enter", code="Enter", text="\r",
                    windowsVirtualKeyCode=13)
    assert browser.run(COLUMN % 5) == sorted(before)


@in_browser
def test_tables_filter(made, browser):
    browser.open(made["sweep"])
    change = """(() => {
        const field = document.querySelector('form.filter %s');
        field.value = '%s';
        field.dispatchEvent(new Event('input', {bubbles: true}));
        return document.querySelector('form.filter output').textContent;
    })()"""
    assert browser.run("document.querySelector('form.filter').hidden") is False
    assert browser.run("document.querySelector('form.filter output').textContent") == "6 of 6 rows"
    assert browser.run(change % ("select", "80")) == "2 of 6 rows"
    assert browser.run(COLUMN % 1) == [0.08, 0.08]
    assert browser.run(change % ("select:nth-of-type(1)", "")) == "6 of 6 rows"
    assert browser.run(change % ("input", "no such text")) == "0 of 6 rows"
    assert browser.run(change % ("input", "")) == "6 of 6 rows"


@in_browser
def test_pages_print(made, browser):
    for name, file in made.items():
        browser.open(file, scheme="dark")
        paper = browser.paper()
        assert paper.startswith(b"%PDF-") and len(paper) > 20_000, name
        assert browser.run("document.querySelectorAll('details[open]').length") == 0, "folded again after printing"
        if shutil.which("pdftotext"):
            said = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True).stdout.decode()
            assert "What this does not say" in said, name
            folded = "timeout_commit" if name in ("run", "replications", "sweep") else "SHA-256"
            assert folded in said, (name, "what is folded away is printed")


@in_browser
def test_nothing_that_users_write_acts(made, browser):
    folder = os.path.dirname(made["run"])
    quoted = '"' + HOSTILE.replace('"', '\\"') + '"'
    where = run(folder, "hostile", SWEPT.replace("name: waiting", f"name: {quoted}")
                .replace("What do delays cost?", quoted))
    posim("report", where)
    browser.open(os.path.join(where, "report.html"))
    assert not browser.complaints(), browser.complaints()
    assert browser.run("document.title").startswith("</pre>")
    assert browser.run("document.querySelectorAll('img').length") == 0


if __name__ == "__main__":
    main(dict(globals()))
