"""The comments of a source, without a token for all that is none."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass

# In what has been parsed, a quote opens a string that is closed, and any other # begins a comment.
PART = re.compile(
    r"""
    "{3}(?:[^"\\]|\\.|"(?!""))*"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    | "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*'
    | (?P<comment>\#[^\n]*)
    """,
    re.DOTALL | re.VERBOSE,
)
# Since PEP 701 these may hold strings with the same quotes, and comments.
FORMATTED = re.compile(r"\b(?:[ft]r?|r[ft])[\"']", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment, at a `line` from 1 and a `column` from 0; `alone` where no code is before it."""

    line: int
    column: int
    text: str
    alone: bool


def find_remarks(source: str) -> Iterator[Remark]:
    """Yield the comments of a source that can be parsed. Raises `tokenize.TokenError` if it cannot."""
    if FORMATTED.search(source):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                yield Remark(line, column, token.string, not token.line[:column].strip())
        return
    line, counted = 1, 0
    for part in PART.finditer(source):
        if text := part["comment"]:
            line += source.count("\n", counted, part.start())
            counted = part.start()
            begin = source.rfind("\n", 0, counted) + 1
            yield Remark(line, counted - begin, text, not source[begin:counted].strip())
