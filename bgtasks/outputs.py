"""Where a report goes: the terminal, and the files that the settings name."""

import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console, RenderableType

from bgtasks.errors import BgtasksError
from bgtasks.files import write_whole
from bgtasks.model import Report
from bgtasks.reporters import FORMATS
from bgtasks.settings import Settings

STDOUT = Path("-")


def show(parts: Iterable[RenderableType], settings: Settings) -> None:
    """Print to stdout, or to stderr where a report goes to stdout."""
    console = Console(stderr=any(path == STDOUT for _, path in settings.outputs))
    for part in parts:
        console.print(part, soft_wrap=True)


def write_outputs(report: Report, settings: Settings) -> None:
    """Write every output of the settings. Raises `BgtasksError` where one cannot be written."""
    for name, path in settings.outputs:
        text = FORMATS[name](report)
        if path == STDOUT:
            sys.stdout.write(text)
            continue
        try:
            write_whole(path, text.encode())
        except OSError as error:
            raise BgtasksError(f"{path}: cannot be written: {error.strerror}") from None
