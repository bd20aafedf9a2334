"""Where a report goes: the terminal, and the files that the settings name."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol, TypeVar

from rich.console import Console, RenderableType

from bgtasks.errors import BgtasksError
from bgtasks.files import write_whole

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
        console.print(part, soft_wrap=True)


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
        write_whole(path, text.encode())
    except OSError as error:
        raise BgtasksError(f"{path}: cannot be written: {error.strerror}") from None
