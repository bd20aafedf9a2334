"""A headless Chromium, driven over its DevTools pipe: no port, no driver, no package."""

import fcntl
import json
import os
import re
import select
import shutil
import signal
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-pipe",
)
TIMEOUT = 30


def find_chromium() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


class Chromium:
    """The two ends of the pipe: each message is JSON that ends in a zero byte."""

    def __init__(self, commands: int, answers: int) -> None:
        self.commands = commands
        self.answers = answers
        self.received = b""
        self.count = 0
        self.events: list[dict[str, Any]] = []

    def send(self, method: str, session: str | None = None, **params: Any) -> Any:
        self.count += 1
        message: dict[str, Any] = {"id": self.count, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        text = json.dumps(message).encode() + b"\0"
        while text:
            text = text[os.write(self.commands, text) :]
        while (answer := self.receive()).get("id") != self.count:
            self.events.append(answer)
        assert "error" not in answer, f"{method}: {answer['error']}"
        return answer["result"]

    def receive(self) -> dict[str, Any]:
        while b"\0" not in self.received:
            assert select.select([self.answers], [], [], TIMEOUT)[0], "Chromium does not answer"
            chunk = os.read(self.answers, 1 << 20)
            assert chunk, "Chromium has gone"
            self.received += chunk
        message, _, self.received = self.received.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer


class Page:
    """A page in a window of a given size; what it logs and what it requests is kept."""

    def __init__(
        self, chromium: Chromium, url: str, *, width: int, height: int, scheme: str, scripts: bool
    ) -> None:
        self.chromium = chromium
        self.target: str = chromium.send("Target.createTarget", url="about:blank")["targetId"]
        attached = chromium.send("Target.attachToTarget", targetId=self.target, flatten=True)
        self.session: str = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        self.resize(width, height)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.send("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.send("Page.navigate", url=url)
        end = time.monotonic() + TIMEOUT
        while not self.events("Page.loadEventFired"):
            assert time.monotonic() < end, f"{url} does not load"
            time.sleep(0.02)

    def resize(self, width: int, height: int) -> None:
        self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def close(self) -> None:
        self.chromium.send("Target.closeTarget", targetId=self.target)

    def send(self, method: str, **params: Any) -> Any:
        return self.chromium.send(method, self.session, **params)

    def evaluate(self, expression: str) -> Any:
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        end = time.monotonic() + TIMEOUT
        while not self.evaluate(expression):
            assert time.monotonic() < end, f"it never came true that {expression}"
            time.sleep(0.02)

    def tree(self) -> list[dict[str, Any]]:
        """Return what a screen reader is told, once it changes no more: Chromium makes it behind the page."""
        told: list[dict[str, Any]] = []
        while told != (now := self.send("Accessibility.getFullAXTree")["nodes"]):
            told = now
            time.sleep(0.2)
        return told

    def events(self, *methods: str) -> list[dict[str, Any]]:
        """Return what the page has reported so far."""
        self.send("Target.getTargetInfo")
        return [
            event["params"]
            for event in self.chromium.events
            if event.get("sessionId") == self.session and event["method"] in methods
        ]

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of the first element that `selector` finds."""
        x, y = self.evaluate(
            f"""(() => {{
                const element = document.querySelector({json.dumps(selector)});
                element.scrollIntoView({{block: "center"}});
                const box = element.getBoundingClientRect();
                return [box.x + box.width / 2, box.y + box.height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press(self, key: str, code: int, text: str = "") -> None:
        for kind in ("keyDown", "keyUp"):
            typed = {"text": text} if text and kind == "keyDown" else {}
            self.send(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **typed
            )


@contextmanager
def open_chromium(executable: str) -> Generator[Chromium, None, None]:
    """Start Chromium with a profile of its own; it reads commands from descriptor 3 and answers on 4."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        theirs_in, commands = os.pipe()
        answers, theirs_out = os.pipe()
        # Out of the way of 3 and 4, lest the one be closed in being put in the place of the other.
        moved = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (theirs_in, theirs_out)]
        process = os.posix_spawn(
            executable,
            [executable, *FLAGS, f"--user-data-dir={profile}"],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, moved[0], 3),
                (os.POSIX_SPAWN_DUP2, moved[1], 4),
                (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
            setsid=True,
        )
        for end in (theirs_in, theirs_out, *moved):
            os.close(end)
        try:
            yield Chromium(commands, answers)
        finally:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(commands)
            os.close(answers)


def stand_out(ink: str, ground: str) -> float:
    """Return how one colour, as CSS computes it, stands out from another, as WCAG reckons."""
    under = parts_of(ground)
    *over, alpha = [*parts_of(ink), 1.0][:4]
    mixed = [alpha * top + (1 - alpha) * below for top, below in zip(over, under, strict=False)]
    dark, light = sorted((luminance(mixed), luminance(under)))
    return (light + 0.05) / (dark + 0.05)


def parts_of(colour: str) -> list[float]:
    """Return red, green and blue, from 0 to 1, and how much covers what is below, where that is said."""
    found = [float(part) for part in re.findall(r"[\d.]+", colour)]
    return [*(part / 255 for part in found[:3]), *found[3:]]


def luminance(colour: Sequence[float]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
