# SPDX-License-Identifier: MIT
"""Results for the tests of `posim report`: a run, a sweep, two to compare, and what a page is read with."""

import os
from html.parser import HTMLParser

from harness import SMALL, posim, write

EXPECTED = """expect:
  - {metric: safety_violations, max: 0, source: "Buchman, Kwon, Milosevic 2018, lemma 7"}
  - {metric: finality_s_last_p50, min: 0.3, max: 0.3, source: "three delays"}
"""
# Runs that differ from each other.
VARIED = SMALL.replace("constant, delay: 100 ms", "lognormal, median: 80 ms, sigma: 0.4")
SWEPT = """posim: 1
name: waiting
description: What do delays cost?
protocol: {kind: tendermint}
validators: {count: 4}
network: {latency: {model: lognormal, median: 80 ms, sigma: 0.4}}
time: {duration: 20 s}
sweep: {grid: {network.latency.median: [80 ms, 160 ms, 40 ms], validators.count: [4, 7]}}
replicate: {count: 6}
"""
UNBROKEN = "averyveryverylongnamewithoutasingleblankinitthatnobodycanbreak"
LONG = f"""posim: 1
name: {UNBROKEN}atall
description: {UNBROKEN.capitalize()}?
protocol: {{kind: tendermint}}
validators: {{count: 4}}
time: {{duration: 20 s}}
sweep:
  grid:
    network.latency:
      - {{label: {UNBROKEN}, model: constant, delay: 10 ms}}
      - {{label: short, model: constant, delay: 20 ms}}
replicate: {{count: 3}}
faults: [{{name: {UNBROKEN}, kind: crash, at: 1 s, for: 2 s, count: 1}}]
expect: [{{metric: safety_violations, max: 0, source: {UNBROKEN}{UNBROKEN}}}]
"""
HOSTILE = "</pre></script><script>document.title='owned'</script><img src=x onerror=alert(1)>&amp;\" '@BODY@ `x` \\\\"


def run(folder, name, text, *arguments, code=0):
    """Runs a scenario and returns the path of its results."""
    os.makedirs(folder, exist_ok=True)
    where = os.path.join(folder, name)
    posim("run", write(folder, name + ".yaml", text), "-o", where, "--progress", "none", *arguments, code=code)
    return where


def small(folder, name="small", more=EXPECTED, **options):
    return run(folder, name, SMALL.replace("posim: 1", f"posim: 1\nname: {name}") + more, **options)


def swept(folder, name="swept", more="", **options):
    return run(folder, name, SWEPT + more, **options)


class Page(HTMLParser):
    """What a page is made of; complains where elements do not nest, or an id comes twice."""

    VOID = {"meta", "br", "hr", "input", "wbr", "col"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.ids, self.texts = [], [], set(), []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), (tag, attrs)
        self.elements.append((tag, attributes, list(self.open)))
        if "id" in attributes:
            assert attributes["id"] not in self.ids, attributes["id"]
            self.ids.add(attributes["id"])
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
        self.open.pop()

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def all(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def text(self, *tags):
        """All text in elements of these kinds, or all that a reader sees."""
        return " ".join(data for tag, data in self.texts
                        if (tag in tags if tags else tag not in ("style", "script")))
