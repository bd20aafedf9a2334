"""
Nothing is left behind: temporary files and processes that end with us, whatever ends us.

A signal is heard by the command line from its first line to its last. Where nobody can hear, as with
SIGKILL, a shell beside us sees that we are gone, and clears away.
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from pathlib import Path
from types import FrameType
from typing import ClassVar, NoReturn

ENDING: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
    if hasattr(signal, name)
)
"""The signals that ask us to end."""

PATHS: dict[Path, None] = {}
GROUPS: dict[int, None] = {}
WATCHDOGS: list["subprocess.Popen[bytes]"] = []
# How often what just lost its process is tried again, and after how many seconds.
TRIES, PAUSE = 50, 0.02
LARGEST_ANSWER = 4 * 1024 * 1024

WATCHDOG = """\
groups=
while read -r sign group; do
    left=
    for one in $groups; do [ "$one" = "$group" ] || left="$left $one"; done
    [ "$sign" = + ] && left="$left $group"
    groups=$left
done
for one in $groups; do kill -s KILL -- "-$one"; done
rm -rf -- "$1" || { sleep 1; rm -rf -- "$1"; }
"""


class Hearing:
    """Whether a signal is acted on at once; one that comes while it is not is acted on afterwards."""

    held: int = 0
    heard: bool = False
    leave: ClassVar[list[Callable[[], NoReturn]]] = []


def listen(leave: Callable[[], NoReturn]) -> None:
    """From now on have a signal clear away and then `leave`; one that is ignored so far stays ignored."""
    Hearing.leave[:] = [leave]
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(ValueError):  # only the main thread may
                signal.signal(number, hear)


def hear(_number: int, _frame: FrameType | None) -> None:
    Hearing.heard = True
    if not Hearing.held and Hearing.leave:
        for number in ENDING:  # the first one counts
            signal.signal(number, signal.SIG_IGN)
        clear_away()
        Hearing.leave[0]()


@contextmanager
def held() -> Generator[None, None, None]:
    """Let no signal strike between the start of a process and its record."""
    Hearing.held += 1
    try:
        yield
    finally:
        Hearing.held -= 1
        if Hearing.heard:
            hear(0, None)


@contextmanager
def temporary(path: Path, *, watched: bool = False) -> Generator[Path, None, None]:
    """
    Remove what is made at `path`, a file or a folder, at the end of the block.

    If it is `watched`, it is also removed, and processes that are `recorded` are ended, where we are killed.
    """
    PATHS[path] = None
    try:
        with watchdog(path) if watched and sys.platform != "win32" else nullcontext():
            try:
                yield path
            finally:
                remove(path)
    finally:
        PATHS.pop(path, None)


@contextmanager
def watchdog(path: Path) -> Generator[None, None, None]:
    with subprocess.Popen(
        ["/bin/sh", "-c", WATCHDOG, "sh", path],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    ) as shell:
        WATCHDOGS.append(shell)
        try:
            yield
        finally:
            WATCHDOGS.remove(shell)
            shell.kill()


@contextmanager
def recorded(pid: int) -> Generator[None, None, None]:
    """Know of a process that leads a session; at the end of the block nothing that it started lives on."""
    GROUPS[pid] = None
    tell(f"+ {pid}\n")
    try:
        yield
    finally:
        kill(pid)
        GROUPS.pop(pid, None)
        tell(f"- {pid}\n")


def run(command: Sequence[str | Path], timeout: float) -> tuple[int, str]:
    """
    Return the exit code of a process that lives no longer than we do, and what it printed to stdout.

    Raises `OSError` where it cannot be started, prints without end, or is not done in `timeout` seconds.
    """
    with ExitStack() as stack:
        with held():
            process = stack.enter_context(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
            stack.enter_context(recorded(process.pid))
        late = threading.Event()

        def end() -> None:
            late.set()
            kill(process.pid)

        timer = threading.Timer(timeout, end)
        timer.start()
        stack.callback(timer.cancel)
        output = process.stdout.read(LARGEST_ANSWER + 1) if process.stdout else b""
        if len(output) > LARGEST_ANSWER:
            raise OSError(errno.EFBIG, "it prints without end")
        code = process.wait()
        if late.is_set():
            raise OSError(errno.ETIMEDOUT, "no answer")
    return code, output.decode(errors="replace")


def kill(pid: int) -> None:
    """Kill a process and its children, which share its session."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            os.kill(pid, signal.SIGTERM)
        else:
            os.killpg(pid, signal.SIGKILL)


def tell(line: str) -> None:
    for shell in WATCHDOGS:
        with suppress(OSError):
            assert shell.stdin is not None
            shell.stdin.write(line.encode())
            shell.stdin.flush()


def clear_away() -> None:
    """End every process that is recorded, and remove all that is temporary."""
    for pid in list(GROUPS):
        kill(pid)
    for path in list(PATHS):
        remove(path)
    for shell in WATCHDOGS:
        shell.kill()


def remove(path: Path) -> None:
    """Remove a file or a folder as far as that can be done."""
    for _ in range(TRIES):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        if not os.path.lexists(path):
            return
        for folder, _, _ in os.walk(path):  # of the folders only: a file may have a second name elsewhere
            with suppress(OSError):
                Path(folder).chmod(0o700)
        time.sleep(PAUSE)
