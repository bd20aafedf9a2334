"""Where a report goes: the terminal, and the files that the settings name."""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

import click
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from bgtasks.errors import BgtasksError
from bgtasks.files import write_into
from bgtasks.streams import tame

R = TypeVar("R")

STDOUT = Path("-")


class Directed(Protocol):
    """Settings that name outputs."""

    @property
    def outputs(self) -> tuple[tuple[str, Path], ...]:
        """The files to write, by format."""
        ...


def show(parts: Iterable[RenderableType], settings: Directed) -> None:
    """Print to stdout, or to stderr where a report goes to stdout."""
    console = Console(stderr=any(path == STDOUT for _, path in settings.outputs))
    for part in parts:
        console.print(Tame(part), soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Tame:
    """A part of a report in which nothing is obeyed by a terminal, or by the runner of a workflow."""

    part: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what the part yields; where a line begins is not always where a segment does."""
        begins = True
        for segment in console.render(self.part, options):
            if segment.control:
                yield segment
                continue
            before = "" if begins else "."
            text = tame(before + segment.text)[len(before) :]
            yield Segment(text, segment.style)
            last = text.rpartition("\n")[2]
            begins = not last.strip() and (begins or "\n" in text)


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print what may have come from elsewhere."""
    click.echo(tame(text), err=err, nl=nl)


def require_writable(settings: Directed, formats: Collection[str]) -> None:
    """Raise `BgtasksError` for an output of no known format, or with no place to be written to."""
    for name, path in settings.outputs:
        if name not in formats:
            raise BgtasksError(f"--output: {name!r} is no format; known are {', '.join(formats)}")
        if path != STDOUT and os.path.isdir(path):  # noqa: PTH112 - no error for what can be no path
            raise BgtasksError(f"{path}: cannot be written: it is a folder")
        if path != STDOUT and not os.path.isdir(path.parent):  # noqa: PTH112 - as above
            raise BgtasksError(f"{path}: cannot be written: there is no folder {path.parent}")


def write_outputs(
    report: R, outputs: Iterable[tuple[str, Path]], formats: Mapping[str, Callable[[R], str]]
) -> None:
    """Write `report` to each output, in its format. Raises `BgtasksError` where one cannot be written."""
    for name, path in outputs:
        write_output(path, formats[name](report))


def write_output(path: Path, text: str) -> None:
    """Write `text` to a file, or to stdout. Raises `BgtasksError` where it cannot be written."""
    if path == STDOUT:
        sys.stdout.write(text)
        return
    try:
        # In JSON this is how to write what is no character; the other formats have none.
        write_into(path, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise BgtasksError(f"{path}: cannot be written: {error.strerror}") from None
