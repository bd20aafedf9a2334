"""The words that all reports share."""

import re

from bgtasks.model import Run

# XML has no way to write these, and no reader of any format wants them.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def label(run: Run) -> str:
    return (
        f"{run.checker} {run.version}".strip()
        + f" on {run.python_version}"
        + (f" for {run.platform}" if run.platform else "")
    )


def printable(text: str) -> str:
    """Return `text` with what cannot be shown replaced."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
