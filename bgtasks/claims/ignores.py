"""Comments that tell a checker what to ignore, read as claims: there it must report just that."""

import re
from collections.abc import Iterable
from pathlib import Path

from bgtasks.claims.comments import Remark
from bgtasks.claims.model import Reason, Reject

# What one checker is told to ignore, others ignore too, so a claim beside it proves nothing.
IGNORE = re.compile(r"#\s*(type:\s*ignore|(mypy|pyright|basedpyright|ty|pyrefly|zuban):)")
# The checkers that a comment is for. What is written for mypy, zuban reports under codes of its own.
CODED: dict[str, tuple[str, ...]] = {
    "type": ("mypy", "mypy+plugin"),
    "mypy": ("mypy", "mypy+plugin"),
    "pyright": ("pyright", "basedpyright"),
    "basedpyright": ("basedpyright",),
    "ty": ("ty",),
    "pyrefly": ("pyrefly",),
    "zuban": ("zuban",),
}
COMMENT = re.compile(
    r"#\s*(?P<tool>type|mypy|pyright|basedpyright|ty|pyrefly|zuban):\s*ignore(?:\[(?P<rules>[^\]]*)\])?(?![\w-])"
)


def read_ignores(comment: str) -> Reject | None:
    """
    Return what a comment claims of the checkers that it is for, None where it ignores nothing.

    `# type: ignore` is for all of them. With codes, which are mypy's, others may reject the statement;
    but each that has a comment of its own must, by the rules that stand there.
    """
    own: dict[str, tuple[Reason, ...]] = {}
    everyone = found = False
    for one in COMMENT.finditer(comment):
        found = True
        rules = [rule.strip() for rule in (one["rules"] or "").split(",") if rule.strip()]
        everyone |= one["tool"] == "type" and not rules
        if one["tool"] == "type" and rules:
            own.setdefault("zuban", ())
        if one["tool"] != "type" or rules:
            for checker in CODED[one["tool"]]:
                own[checker] = (*own.get(checker, ()), *(Reason(rule=rule) for rule in rules))
    return Reject(own=tuple(own.items()), optional=not everyone) if found else None


def silence(comment: str) -> str:
    """Return a comment, as long as it was, that no checker obeys."""
    return IGNORE.sub(lambda found: found[0].replace(":", " "), comment)


def silence_all(path: Path, source: str, comments: Iterable[Remark], notes: list[str]) -> str:
    """Return `source` without comments that a checker obeys; `notes` gets a line for each option."""
    lines = source.split("\n")
    for comment in comments:
        line, column = comment.line, comment.column
        silent = silence(comment.text)
        if silent != comment.text:
            before, after = lines[line - 1][:column], lines[line - 1][column + len(silent) :]
            lines[line - 1] = f"{before}{silent}{after}"
            if read_ignores(comment.text) is None:
                notes.append(f"{path}:{line}: {comment.text.strip()!r} is not obeyed; options are a suite's")
    return "\n".join(lines)
