"""Commands that a GitHub workflow reads in what a step prints."""

from bgtasks.report.words import printable

IN_MESSAGE = "%\r\n"


IN_PROPERTY = "%\r\n:,"


def command(name: str, message: str, **properties: str) -> str:
    """Return a workflow command; https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts."""
    pairs = ",".join(f"{key}={escape(value, IN_PROPERTY)}" for key, value in properties.items())
    return f"::{name}{' ' if pairs else ''}{pairs}::{escape(message, IN_MESSAGE)}"


def escape(text: str, special: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in special else char for char in printable(text))


def plain(text: str) -> str:
    """Return `text` as one line that no runner takes for a command, in its old form or its new."""
    return "| " + " ".join(printable(text).split()).replace("##[", "## [")
