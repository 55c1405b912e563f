"""Firefox and WebKit as the distribution has them, driven through the standards they speak.

Playwright brings patched builds of its own for these; here it is what people have. Firefox speaks
WebDriver BiDi over a WebSocket; WebKitGTK has a server that speaks classic WebDriver.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from tests.waiting import PATIENCE, until

NEEDS = {
    "firefox": ("firefox-esr or firefox, and pulseaudio", ["pulseaudio"]),
    "webkit": ("webkit2gtk-driver and xvfb", ["WebKitWebDriver", "Xvfb"]),
}


def missing(name):
    """Return what has to be installed for a browser, in words, or None where all is there."""
    words, programs = NEEDS[name]
    there = firefox_path() if name == "firefox" else minibrowser_path()
    return None if there and all(map(shutil.which, programs)) else words


def firefox_path():
    return shutil.which("firefox-esr") or shutil.which("firefox")


def minibrowser_path():
    found = sorted(Path("/usr").glob("lib*/**/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, environment, log):
    """Run a program for as long as the block lasts."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextlib.contextmanager
def sound_device(folder):
    """Run a sound server whose one device goes nowhere: Firefox plays nothing without one."""
    address = folder / "pulse.socket"
    environment = {**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)}
    command = [
        "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
        "--load=module-null-sink", "--load=module-native-protocol-unix auth-anonymous=1 "
        f"socket={address}",
    ]  # fmt: skip
    with running(command, environment, folder / "pulseaudio.log"):
        until(address.exists)
        yield {"PULSE_SERVER": f"unix:{address}"}


class Visit:
    """What `StudioPage` and `LivePage` ask of a page, as Playwright's pages have it."""

    def wait_for_function(self, condition, timeout=PATIENCE * 1000):
        until(lambda: self.evaluate(f"Boolean({condition})"), timeout / 1000)

    def wait_for_selector(self, selector):
        self.wait_for_function(f"document.querySelector({json.dumps(selector)})")


class Firefox(Visit):
    """One tab of Firefox, over WebDriver BiDi."""

    def __init__(self, port):
        from websockets.sync.client import connect

        self._last = 0
        self.events = []
        self._open = contextlib.ExitStack()
        sockets = []

        def connects():
            with contextlib.suppress(OSError):
                socket = connect(f"ws://127.0.0.1:{port}/session", max_size=None)
                sockets.append(self._open.enter_context(socket))
            return sockets

        until(connects)
        self._socket = sockets[0]
        self._ask("session.new", capabilities={})
        self._ask("session.subscribe", events=["log.entryAdded"])
        tree = self._ask("browsingContext.getTree")
        self._tab = tree["contexts"][0]["context"]
        self._ask("browsingContext.setViewport", context=self._tab,
                  viewport={"width": 1440, "height": 900})  # fmt: skip

    def goto(self, address):
        self._ask("browsingContext.navigate", context=self._tab, url=address, wait="complete")

    def evaluate(self, expression):
        """Return what an expression is, or what its promise resolves to."""
        answer = self._ask(
            "script.evaluate",
            expression=f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            target={"context": self._tab},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def click(self, selector):
        """Click as a person does: with the mouse, in the middle."""
        element = self._ask(
            "browsingContext.locateNodes",
            context=self._tab,
            locator={"type": "css", "value": selector},
        )["nodes"][0]
        self.evaluate(f"document.querySelector({json.dumps(selector)}).scrollIntoView()")
        origin = {"type": "element", "element": {"sharedId": element["sharedId"]}}
        mouse = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "mouse", "actions": mouse}
        self._ask("input.performActions", context=self._tab, actions=[pointer])

    @property
    def errors(self):
        """Errors of scripts."""
        return [
            entry["text"]
            for entry in self.events
            if entry.get("level") == "error" and entry.get("type") == "javascript"
        ]

    def close(self):
        with contextlib.suppress(Exception):
            self._ask("browser.close")
        self._open.close()

    def _ask(self, method, **params):
        self._last += 1
        self._socket.send(json.dumps({"id": self._last, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=PATIENCE))
            if answer.get("type") == "event":
                self.events.append(answer["params"])
            elif answer.get("id") == self._last:
                assert "error" not in answer, answer
                return answer["result"]


class WebKit(Visit):
    """One window of WebKitGTK's own small browser, over WebDriver."""

    def __init__(self, port):
        self._home = f"http://127.0.0.1:{port}"
        until(self._answers)
        options = {"binary": minibrowser_path(), "args": ["--automation"]}
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = self._ask("session", {"capabilities": capabilities})
        self._home += f"/session/{session['sessionId']}"
        self._ask("timeouts", {"script": PATIENCE * 1000})
        self._ask("window/rect", {"width": 1440, "height": 900})

    def goto(self, address):
        self._ask("url", {"url": address})
        self.evaluate(
            "(window.scriptErrors = [], addEventListener('error',"
            " event => scriptErrors.push(event.message)), 0)"
        )

    def evaluate(self, expression):
        """Return what an expression is, or what its promise resolves to."""
        script = (
            "const done = arguments[0];"
            f"(async () => JSON.stringify((await ({expression})) ?? null))()"
            ".then(text => done({text}), error => done({error: String(error)}));"
        )
        answer = self._ask("execute/async", {"script": script, "args": []})
        assert "error" not in answer, answer["error"]
        return json.loads(answer["text"])

    def click(self, selector):
        """Click as a person does: with the mouse, in the middle."""
        found = self._ask("element", {"using": "css selector", "value": selector})
        (identity,) = found.values()
        self._ask(f"element/{identity}/click", {})

    @property
    def errors(self):
        """Errors of scripts."""
        return self.evaluate("window.scriptErrors")

    def close(self):
        with contextlib.suppress(Exception):
            self._ask("", method="DELETE")

    def _answers(self):
        with contextlib.suppress(OSError):
            return self._ask("status", method="GET")["ready"]

    def _ask(self, path, body=None, method="POST"):
        data = None if method != "POST" else json.dumps(body).encode()
        request = urllib.request.Request(f"{self._home}/{path}".rstrip("/"), data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=2 * PATIENCE) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read().decode()}") from None


@contextlib.contextmanager
def opened(name, folder):
    """Start a browser by its name, with a screen and a sound device of its own."""
    port = free_port()
    home = {**os.environ, "HOME": str(folder)}
    with contextlib.ExitStack() as stack:
        if shutil.which("pulseaudio"):
            home |= stack.enter_context(sound_device(folder))
        if name == "firefox":
            profile = folder / "profile"
            profile.mkdir()
            command = [
                firefox_path(), "--headless", "--no-remote", "--profile", str(profile),
                "--remote-debugging-port", str(port), "about:blank",
            ]  # fmt: skip
            stack.enter_context(running(command, home, folder / "firefox.log"))
            driver = Firefox(port)
        else:
            home |= stack.enter_context(screen(folder))
            command = ["WebKitWebDriver", f"--port={port}"]
            stack.enter_context(running(command, home, folder / "webkit.log"))
            driver = WebKit(port)
        stack.callback(driver.close)
        yield driver


@contextlib.contextmanager
def screen(folder):
    """Run an X server without a screen; it finds a free number by itself."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1440x1000x24", "-nolisten", "tcp"]
    with (folder / "xvfb.log").open("wb") as log:
        process = subprocess.Popen(command, pass_fds=[write], stdout=log, stderr=log)
        os.close(write)
        with os.fdopen(read) as told:
            number = told.readline().strip()
        try:
            assert number, "Xvfb did not start"
            yield {"DISPLAY": f":{number}", "GDK_BACKEND": "x11"}
        finally:
            process.terminate()
            process.wait()
