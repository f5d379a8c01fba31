"""devtools.py - Chromium without a window, driven by its DevTools protocol over two pipes
(https://chromedevtools.github.io/devtools-protocol/): documents end in NUL. For the tests
beside it.
"""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

NAMES = ("chromium", "chromium-browser", "google-chrome")
LIMIT_S = 60
QUIET = ("--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-default-apps", "--disable-extensions", "--disable-gpu",
         "--disable-dev-shm-usage", "--hide-scrollbars", "--mute-audio",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")

# How often each word of four bytes, red first, is there.
COLORS = """(async () => {
  const image = await createImageBitmap(await (await fetch("data:image/png;base64,%s")).blob());
  const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
  pen.drawImage(image, 0, 0);
  const words = new Uint32Array(pen.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  words.forEach(word => counts.set(word, (counts.get(word) || 0) + 1));
  return [image.width, image.height, [...counts]];
})()"""


def program():
    return next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One browser with one page; what it reported since is in events."""

    def __init__(self, path):
        self.profile = tempfile.mkdtemp(prefix="ipcmark-html-")
        there, self.to = os.pipe()
        self.from_, back = os.pipe()
        # The protocol wants descriptors 3 and 4; --no-sandbox, as root has none.
        self.process = subprocess.Popen(
            ["/bin/sh", "-c", f"exec \"$0\" \"$@\" 3<&{there} 4>&{back}", path, "--headless",
             "--no-sandbox", "--remote-debugging-pipe", f"--user-data-dir={self.profile}",
             *QUIET], pass_fds=(there, back), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(there)
        os.close(back)
        self.pending, self.events, self.count, self.session = b"", [], 0, None
        self.desk, self.session = self.blank_page(), None
        self.session = self.blank_page()
        for domain in ("Page", "Runtime", "Log", "Network", "DOM", "Accessibility"):
            self.call(f"{domain}.enable")

    def blank_page(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        return self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def message(self, until):
        while b"\0" not in self.pending:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.from_], [], [], left)[0]:
                raise TimeoutError("the browser does not answer")
            piece = os.read(self.from_, 1 << 20)
            if not piece:
                raise EOFError("the browser has ended")
            self.pending += piece
        document, _, self.pending = self.pending.partition(b"\0")
        return json.loads(document)

    def call(self, method, **params):
        self.count += 1
        words = {"id": self.count, "method": method, "params": params}
        if self.session:
            words["sessionId"] = self.session
        os.write(self.to, json.dumps(words).encode() + b"\0")
        until = time.monotonic() + LIMIT_S
        while True:
            found = self.message(until)
            if found.get("id") == self.count:
                if "error" in found:
                    raise RuntimeError(f"{method}: {found['error']}")
                return found["result"]
            self.events.append(found)

    def wait(self, method):
        until = time.monotonic() + LIMIT_S
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message(until))

    def open(self, url):
        self.events = []
        self.call("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def run(self, script):
        """The value of an expression in the page; its policy does not bind the debugger."""
        found = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"]["description"])
        return found["result"].get("value")

    def look(self, width, height, mode):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": mode},
                            {"name": "prefers-reduced-motion", "value": "reduce"}])

    def colors(self):
        """(width, height, {colour "#rrggbb": how many pixels}) of what is seen. Another page
        counts them: the policy of this one may forbid it."""
        picture = self.call("Page.captureScreenshot", format="png")["data"]
        seen, self.session = self.session, self.desk
        found = self.call("Runtime.evaluate", expression=COLORS % picture, awaitPromise=True,
                          returnByValue=True)["result"]["value"]
        self.session = seen
        width, height, counts = found
        return width, height, {f"#{word & 255:02x}{word >> 8 & 255:02x}{word >> 16 & 255:02x}": count
                               for word, count in counts}

    def press(self, key, code, text=""):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key,
                      windowsVirtualKeyCode=code, text=text if kind == "keyDown" else "")

    def close(self):
        try:
            self.session = None
            self.call("Browser.close")
        except (OSError, EOFError, TimeoutError):
            self.process.kill()
        self.process.wait(LIMIT_S)
        os.close(self.to)
        os.close(self.from_)
        shutil.rmtree(self.profile, ignore_errors=True)
