"""Where a report goes: the terminal, and the files that the settings name."""

import os
import sys
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Protocol, TypeVar

import click

from bgtasks.errors import BgtasksError
from bgtasks.files import write_into
from bgtasks.settings import name_known
from bgtasks.streams import tame

R = TypeVar("R")

STDOUT = Path("-")


class Directed(Protocol):
    """Settings that name outputs."""

    @property
    def outputs(self) -> tuple[tuple[str, Path], ...]:
        """The files to write, by format."""
        ...


def show(parts: Iterable[object], settings: Directed) -> None:
    """Print what rich can render to stdout, or to stderr where a report goes to stdout."""
    screen = import_module("bgtasks.report.screen")  # only now, for rich takes longer to load than all else
    screen.show(parts, err=any(path == STDOUT for _, path in settings.outputs))


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print what may have come from elsewhere."""
    click.echo(tame(text), err=err, nl=nl)


def require_writable(settings: Directed, formats: Collection[str]) -> None:
    """Raise `BgtasksError` for an output of no known format, or with no place of its own to be written to."""
    taken = dict[str, str]()
    for name, path in settings.outputs:
        place = "stdout" if path == STDOUT else os.path.realpath(path)
        if place in taken:
            shown = place if path == STDOUT else path
            raise BgtasksError(f"--output: {taken[place]} and {name} cannot both go to {shown}")
        taken[place] = name
        if name not in formats:
            raise BgtasksError(f"--output: {name!r} is no format; {name_known(name, formats)}")
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
