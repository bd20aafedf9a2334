"""Setting aside the files at which a checker stops, so that they cost their own claims and no others."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from bgtasks.canary import CANARY
from bgtasks.checkers.processes import consult
from bgtasks.checkers.sandbox import copy_file, copy_to
from bgtasks.errors import StoppedError
from bgtasks.model import Checker
from bgtasks.verify.layout import Layout

# So many files, or tries to find them, are no accident of single files any more.
PATIENCE = 40


@dataclass(frozen=True, slots=True)
class Heard:
    """What a checker printed to stdout and to stderr, of which files, and which it could not read."""

    output: str
    complaint: str
    layout: Layout
    aside: tuple[tuple[Path, str], ...]


async def hear(
    checker: Checker,
    layout: Layout,
    command: Callable[[Layout], Sequence[str]],
    timeout: float,
) -> Heard:
    """
    Ask `checker`, and again without each file at which it stops.

    Such a file is one that it names, or else one that it stops at alone. Raises `RunError` where no
    file is to blame.
    """
    aside: dict[Path, str] = {}
    tries = count()

    async def attempt(files: Iterable[Path]) -> Heard:
        kept = set(files)
        if next(tries) >= PATIENCE:
            raise last
        here = layout if kept == set(layout.files) else narrow(layout, kept, checker, next(tries))
        output, complaint = await consult(command(here), here.sandbox, timeout)
        why = tuple((layout.files[copy].key, reason) for copy, reason in aside.items())
        return Heard(output, complaint, here, why)

    last = StoppedError(2, "", "", "")
    while True:
        left = set(layout.files) - set(aside)
        try:
            return await attempt(left)
        except StoppedError as stopped:
            last = stopped
            blamed = find_named(stopped, layout, left) or await find_alone(attempt, layout, left)
            if not blamed:
                raise
            for copy in blamed:
                aside[copy] = f"{layout.files[copy].path}: cannot be checked: {stopped}"


def narrow(layout: Layout, kept: Iterable[Path], checker: Checker, number: int) -> Layout:
    """Lay out the `kept` copies once more, for one checker alone."""
    old = layout.sandbox
    folder = old.folder / f"{checker.name}-{number}"
    sandbox = replace(old, folder=folder, project=folder / "project", cwd=folder / "cwd")
    sandbox.cwd.mkdir(parents=True, exist_ok=True)
    for name, text in checker.configs.items():
        copy_to(folder / name, text)
    moved = {copy: sandbox.project / copy.relative_to(old.project) for copy in kept}
    for copy, new in moved.items():
        copy_to(new, copy.read_text(encoding="utf-8"))
    beside = [path for path in layout.silent if path.is_relative_to(old.project)]
    for path in beside:
        copy_file(path, sandbox.project / path.relative_to(old.project))
    silent = [path for path in layout.silent if path not in beside]
    return Layout(
        sandbox, {new: layout.files[copy] for copy, new in moved.items()}, [*silent, sandbox.project]
    )


def find_named(stopped: StoppedError, layout: Layout, files: Iterable[Path]) -> list[Path]:
    """Return the file that a checker named when it stopped: first in its complaint, last in its output."""
    cases = [copy for copy in files if layout.files[copy].path != CANARY]
    for text, find, pick in ((stopped.complaint, str.find, min), (stopped.output, str.rfind, max)):
        places = {
            copy: find(text, name)
            for copy in cases
            if (name := f"project/{copy.relative_to(layout.sandbox.project).as_posix()}") in text
        }
        if places:
            return [pick(places, key=lambda copy: places[copy])]
    return []


async def find_alone(
    attempt: Callable[[Iterable[Path]], Awaitable[object]], layout: Layout, files: Iterable[Path]
) -> list[Path]:
    """Return the files at which a checker stops without any other but the canary."""
    canary = {copy for copy in files if layout.files[copy].path == CANARY}
    parts = [sorted(set(files) - canary)]
    alone: list[Path] = []
    while parts:
        part = parts.pop()
        half = len(part) // 2
        for some in [part[:half], part[half:]] if half else [part]:
            if not some:
                continue
            try:
                await attempt({*some, *canary})
            except StoppedError:
                if len(some) == 1:
                    alone += some
                else:
                    parts.append(some)
    return alone
