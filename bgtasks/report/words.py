"""The words that all reports share."""

import re

from bgtasks.model import Run
from bgtasks.streams import printable

__all__ = ["fold", "label", "plural", "printable"]


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def label(run: Run) -> str:
    platform = f" for {run.platform}" if run.platform else ""
    return f"{run.checker} {run.version}".strip() + f" on {run.python_version}{platform}"


def fold(name: str) -> list[str]:
    """Part the name of a checker where it may be broken."""
    return re.split(r"(?<=.)(?=\+|pyright)", name)
