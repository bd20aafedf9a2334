"""Ask every checker once, all together, and judge what they say."""

import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

import anyio
import anyio.abc

from bgtasks.checkers.mypy import find_blocker
from bgtasks.errors import Interrupted, RunError, StoppedError
from bgtasks.model import Checker, Diagnostic, Sandbox

T = TypeVar("T")
Q = TypeVar("Q")


async def ask_all(
    questions: Sequence[tuple[Checker, Q]], ask_one: Callable[[Checker, Q], Awaitable[T]]
) -> list[T]:
    """Return the results in the order of the questions."""
    results: dict[int, T] = {}
    # One more than there are cores keeps these at work until the end, when the last to start is alone.
    lanes = anyio.CapacityLimiter((os.cpu_count() or 1) + 1)

    async def answer(index: int, checker: Checker, how: Q) -> None:
        async with lanes:
            results[index] = await ask_one(checker, how)

    async def answer_all() -> None:
        async with anyio.create_task_group() as group:
            for index, question in enumerate(questions):
                group.start_soon(answer, index, *question)
        watch.cancel()

    async with anyio.create_task_group() as group:
        watch = group.cancel_scope
        group.start_soon(answer_all)
        # A signal that is received here cannot strike between the start of a process and its record.
        with anyio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
            async for _ in signals:
                watch.cancel()
    if len(results) < len(questions):
        raise Interrupted("interrupted; nothing was checked")
    return [results[index] for index in range(len(questions))]


def find_executable(checker: Checker) -> tuple[str, str]:
    """Return the executable of a checker, ours before one on PATH, and its version."""
    ours = shutil.which(checker.program, path=sysconfig.get_path("scripts"))
    if ours:
        with suppress(importlib.metadata.PackageNotFoundError):
            return ours, importlib.metadata.version(checker.program)
    found = ours or shutil.which(checker.program)
    if found is None:
        raise RunError(f"is not installed; pip install 'typed-bgtasks[{checker.extra}]'")
    try:
        done = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise RunError(f"{found} cannot be run: {error}") from None
    version = re.search(r"\d+(\.\d+)+", done.stdout)
    if version is None:
        raise RunError(f"{found} --version names no version: {first_line(done.stdout)!r}")
    return found, version[0]


async def execute(command: Sequence[str], sandbox: Sandbox, timeout: float) -> tuple[str, str]:
    """
    Return what `command` prints to stdout and to stderr.

    Raises `RunError` when it fails, or is not done in `timeout` seconds.
    """
    output: list[bytes] = []
    complaint: list[bytes] = []
    try:
        async with start(command, sandbox) as process:
            with anyio.fail_after(timeout):
                async with anyio.create_task_group() as group:
                    group.start_soon(drain, process.stdout, output)
                    group.start_soon(drain, process.stderr, complaint)
                code = await process.wait()
    except TimeoutError:
        raise RunError(f"gave no answer within {timeout:g} s; allow it more with --timeout") from None
    except OSError as error:
        raise RunError(f"cannot be started: {error}") from None
    text, cry = (b"".join(chunks).decode(errors="replace") for chunks in (output, complaint))
    if code not in {0, 1}:
        said = cry if cry.strip() else text
        raise StoppedError(code, text, cry, find_blocker(said) or first_line(said))
    return text, cry


@asynccontextmanager
async def start(command: Sequence[str], sandbox: Sandbox) -> AsyncGenerator[anyio.abc.Process, None]:
    """Start a process. Whatever ends the block, nothing that the process started lives on."""
    with anyio.CancelScope(shield=True) as scope:
        process = await anyio.open_process(
            command,
            stdin=subprocess.DEVNULL,
            cwd=sandbox.cwd,
            env=sandbox.environment,
            start_new_session=True,
        )
        try:
            scope.shield = False
            yield process
        finally:
            scope.shield = True
            kill(process)
            await process.aclose()


def read_output(checker: Checker, output: str, complaint: str) -> Sequence[Diagnostic]:
    try:
        return checker.read(output)
    except RunError as error:
        cry = first_line(complaint)
        raise RunError(f"{error}; it complained: {cry}" if cry else str(error)) from None


async def drain(stream: anyio.abc.ByteReceiveStream | None, chunks: list[bytes]) -> None:
    if stream is not None:
        chunks.extend([chunk async for chunk in stream])


def kill(process: anyio.abc.Process) -> None:
    """Kill a process and its children, which share its session."""
    with suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def first_line(text: str) -> str:
    return next((line.strip()[:300] for line in text.splitlines() if line.strip()), "")
