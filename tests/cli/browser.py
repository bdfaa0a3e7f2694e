# SPDX-License-Identifier: MIT
"""A headless Chromium that opens pages from files, told what to do over a pipe: the DevTools protocol, one JSON message
after the other, each ended by a zero byte. Python's standard library only."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
           "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe"]
PATIENCE_S = 60


def program():
    """The browser's path, or None."""
    return next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)


class Browser:
    """One page of a browser with a profile of its own, closed at the end of a `with`."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="posim-chromium-")
        reads_here, writes_there = os.pipe()
        reads_there, writes_here = os.pipe()
        self.process = subprocess.Popen(  # the browser reads from 3 and writes to 4
            ["sh", "-c", f'exec "$@" 3<&{reads_there} 4>&{writes_there}', "sh", program(), *OPTIONS,
             f"--user-data-dir={self.profile}", "about:blank"],
            pass_fds=(reads_there, writes_there), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.profile})
        os.close(reads_there)
        os.close(writes_there)
        self.reading, self.writing = reads_here, writes_here
        self.buffer, self.number, self.session, self.events = b"", 0, None, []
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Runtime", "Log", "Network"]:
            self.ask(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.writing)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.reading)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _receive(self):
        deadline = time.monotonic() + PATIENCE_S
        while b"\0" not in self.buffer:
            ready = select.select([self.reading], [], [], max(0, deadline - time.monotonic()))[0]
            more = os.read(self.reading, 1 << 20) if ready else b""
            if not more:
                raise AssertionError("the browser does not answer")
            self.buffer += more
        message, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **params):
        """Sends one command and returns its result; what happens in between is kept in `events`."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._receive()
            if answer.get("id") == self.number:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self._receive())

    def open(self, path, width=1280, height=900, scheme="light"):
        """Shows a file in a window of that size, to a reader who likes it light or dark."""
        self.events.clear()
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                 mobile=width < 600)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.ask("Page.navigate", url="file://" + os.path.abspath(path))
        self.wait_for("Page.loadEventFired")

    def run(self, script):
        """The value of an expression in the page."""
        done = self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in done, done["exceptionDetails"]
        return done["result"].get("value")

    def complaints(self):
        """What the page wrote to the console, threw, or asked of anybody but the file itself."""
        said = []
        for event in self.events:
            method, params = event.get("method"), event.get("params", {})
            if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
                said.append(json.dumps(params))
            elif method == "Network.requestWillBeSent" and not params["request"]["url"].startswith("file:"):
                said.append("asked for " + params["request"]["url"])
        return said

    def picture(self, path, whole=True):
        """A screenshot, of the whole page or of what the window shows."""
        done = self.ask("Page.captureScreenshot", captureBeyondViewport=whole)
        with open(path, "wb") as file:
            file.write(base64.b64decode(done["data"]))

    def paper(self):
        """The page as PDF."""
        return base64.b64decode(self.ask("Page.printToPDF", printBackground=True, preferCSSPageSize=True)["data"])
