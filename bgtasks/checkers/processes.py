"""Ask every checker once, all together, and judge what they say."""

import importlib.metadata
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import anyio
import anyio.abc

from bgtasks.checkers.canary import prove
from bgtasks.checkers.mypy import find_blocker
from bgtasks.checkers.sandbox import open_sandbox
from bgtasks.claims.match import match
from bgtasks.errors import Interrupted, RunError, StoppedError
from bgtasks.model import Case, Checker, Diagnostic, Plan, Result, Run, Sandbox

T = TypeVar("T")


def verify(
    plan: Plan,
    checkers: Sequence[Checker],
    *,
    gating: AbstractSet[str] = frozenset(),
    python_versions: Sequence[str] = (),
    timeout: float = 300,
    ended: Callable[[Result], None] = lambda _: None,
) -> tuple[Result, ...]:
    """
    Check what `plan` says with every checker, for every Python version.

    `gating` names the checkers that gate, all of them where it names none of those asked. Without
    `python_versions` the interpreter's own is the one checked for. `timeout` is in seconds, for
    each run. `ended` hears of each result as its run ends. Raises `BgtasksError` when there is no
    way to check it, and `Interrupted` when SIGINT or SIGTERM ends it early.
    """
    configs = {name: text for checker in checkers for name, text in checker.configs.items()}
    gates = gating & {checker.name for checker in checkers} or {checker.name for checker in checkers}
    with open_sandbox(plan, configs) as sandbox:
        versions = python_versions or (sandbox.python_version,)
        questions = [(checker, version) for version in versions for checker in checkers]

        async def answer(checker: Checker, python_version: str) -> Result:
            run = await ask(checker, python_version, sandbox, timeout)
            result = judge(run, plan.cases, gates=checker.name in gates)
            ended(result)
            return result

        return tuple(anyio.run(ask_all, questions, answer))


async def ask_all(
    questions: Sequence[tuple[Checker, str]], ask_one: Callable[[Checker, str], Awaitable[T]]
) -> list[T]:
    """Return the results in the order of the questions."""
    results: dict[int, T] = {}
    # One more than there are cores keeps these at work until the end, when the last to start is alone.
    lanes = anyio.CapacityLimiter((os.cpu_count() or 1) + 1)

    async def answer(index: int, checker: Checker, python_version: str) -> None:
        async with lanes:
            results[index] = await ask_one(checker, python_version)

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


async def ask(checker: Checker, python_version: str, sandbox: Sandbox, timeout: float) -> Run:
    """Run one checker over the sandbox, and believe it only when the canaries are as they must be."""
    began = time.monotonic()
    run = Run(checker.name, "", python_version, 0)
    try:
        executable, version = find(checker)
        run = replace(run, version=version)
        command = [executable, *checker.arguments(sandbox, python_version)]
        output, complaint = await execute(command, sandbox, timeout)
        run = replace(run, diagnostics=prove(read(checker, output, complaint), sandbox))
    except RunError as error:
        run = replace(run, failure=str(error))
    return replace(run, seconds=time.monotonic() - began)


def find(checker: Checker) -> tuple[str, str]:
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


def read(checker: Checker, output: str, complaint: str) -> Sequence[Diagnostic]:
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


def judge(run: Run, cases: Iterable[Case], *, gates: bool) -> Result:
    """Return what `run` is worth: a verdict for each claim, and each statement spoken of uncalled."""
    if run.failure is not None:
        return Result(run, gates=gates)
    spoken: defaultdict[Path, list[Diagnostic]] = defaultdict(list)
    for diagnostic in run.diagnostics:
        spoken[diagnostic.path].append(diagnostic)
    verdicts = tuple(verdict for case in cases for verdict in match(case, run, spoken[case.path]))
    return Result(run, verdicts, gates)
