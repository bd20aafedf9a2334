"""stdout and stderr, whatever they lead to: closed, full, or for ASCII only."""

import io
import os
import re
import sys
from typing import ClassVar

from bgtasks.errors import BgtasksError

# XML has no way to write these, no reader of any format wants them, and a terminal obeys some.
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# What a runner of GitHub takes for a command, in its new form and in its old.
COMMAND = re.compile(r"(?m)^(\s*):(?=:)")


class Stream(io.TextIOWrapper):
    """What cannot be encoded is escaped, and what cannot be written is no traceback."""

    matters: ClassVar[bool] = False

    def write(self, text: str) -> int:
        """Write `text`. Raises `BgtasksError` where that cannot be and matters."""
        try:
            return super().write(text)
        except OSError as error:
            return self.give_up(error)

    def flush(self) -> None:
        """Flush. Raises as `write`."""
        try:
            super().flush()
        except OSError as error:
            self.give_up(error)

    def give_up(self, error: OSError) -> int:
        """Write to nowhere from now on."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)
        if self.matters:
            raise BgtasksError(f"stdout cannot be written: {error.strerror}; not all was shown") from None
        return 0


class Stdout(Stream):
    """Reports go here, so that it matters what comes of them."""

    matters = True


def prepare() -> None:
    """Put streams that bear everything in the place of stdout and stderr."""
    for name, kind in (("stdout", Stdout), ("stderr", Stream)):
        stream = getattr(sys, name)
        if stream is None:  # it was closed when we were started
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - as long as we live
            setattr(sys, name, stream)
        elif type(stream) is io.TextIOWrapper:  # and not what somebody has put there to listen
            line_buffering = stream.line_buffering
            encoding = stream.encoding
            raw = kind(stream.detach(), encoding, "backslashreplace", line_buffering=line_buffering)
            setattr(sys, name, raw)


def printable(text: str) -> str:
    """Return `text` with what cannot be shown replaced."""
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def tame(text: str) -> str:
    """Return `text` so that neither a terminal nor the runner of a workflow obeys any of it."""
    return COMMAND.sub(r"\1: ", printable(text)).replace("\r", "\n").replace("##[", "## [")
