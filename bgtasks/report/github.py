"""Commands that a GitHub workflow reads in what a step prints."""

import re
from collections.abc import Mapping
from pathlib import Path

from bgtasks.report.places import in_repository
from bgtasks.report.words import printable

# app/main.py:3: syntax error
NAMED = re.compile(r"(?P<file>.*?\.(?:py|pyi|pyw|ipynb|md))(?::(?P<line>[0-9]+))?: ")
IN_MESSAGE = "%\r\n"


IN_PROPERTY = "%\r\n:,"


def command(name: str, message: str, **properties: str) -> str:
    """Return a workflow command; https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts."""
    pairs = ",".join(f"{key}={escape(value, IN_PROPERTY)}" for key, value in properties.items())
    return f"::{name}{' ' if pairs else ''}{pairs}::{escape(message, IN_MESSAGE)}"


def named(line: str) -> Mapping[str, str]:
    """Return where a line that begins with a file, as ours do that tell what is wrong there, is shown."""
    match = NAMED.match(line)
    if match is None:
        return {}
    file = {"file": in_repository(Path(match["file"])).as_posix()}
    return file | ({"line": match["line"]} if match["line"] else {})


def escape(text: str, special: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in special else char for char in printable(text))


def plain(text: str) -> str:
    """Return `text` as one line that no runner takes for a command, in its old form or its new."""
    return "| " + " ".join(printable(text).split()).replace("##[", "## [")
