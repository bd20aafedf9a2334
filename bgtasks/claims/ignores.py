"""Comments that tell a checker what to ignore, read as claims: there it must report just that."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from bgtasks.claims.comments import Remark
from bgtasks.claims.model import Case, Reason, Reject
from bgtasks.model import Diagnostic

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
# Switches of single rules for a file: what else a file may say would be the options of a suite.
OPTION = re.compile(
    r"#\s*(?:(?:based)?pyright:(?P<rules>(?:\s*report\w+\s*=\s*\w+\s*,?)+)"
    r"|mypy:\s*disable-error-code\s*=\s*(?P<codes>\"?[\w-]+(?:\s*,\s*[\w-]+)*\"?))\s*"
)
# What proves that a file was looked at.
PROVING = re.compile(r"\b(?:attr-defined|assignment|reportAttributeAccessIssue|reportAssignmentType)\b")
# By this code mypy is told that it may report the others, and need not.
UNUSED = "unused-ignore"
# What is said of the head of a block ends with the block.
BLOCK = re.compile(
    r"\s*(?:@|(?:async|def|class|if|elif|else|for|while|with|try|except|finally|match|case)\b)"
)


def read_ignores(comment: str) -> Reject | None:
    """
    Return what a comment claims of the checkers that it is for, None where it ignores nothing.

    `# type: ignore` is for all of them. With codes, which are mypy's, others may reject the statement;
    but each that has a comment of its own must, by the rules that stand there, unless one of these says
    that it may be unused.
    """
    own: dict[str, tuple[Reason, ...]] = {}
    everyone = found = False
    for one in COMMENT.finditer(comment):
        found = True
        rules = [rule.strip() for rule in (one["rules"] or "").split(",") if rule.strip()]
        everyone |= one["tool"] == "type" and not rules
        if UNUSED in rules:
            continue
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
        silent = comment.text if is_option(comment.text) else silence(comment.text)
        if silent != comment.text:
            before, after = lines[line - 1][:column], lines[line - 1][column + len(silent) :]
            lines[line - 1] = f"{before}{silent}{after}"
            if read_ignores(comment.text) is None:
                notes.append(f"{path}:{line}: {comment.text.strip()!r} is not obeyed; options are a suite's")
    return "\n".join(lines)


def find_obeyed(source: str, *, options: bool) -> int:
    """Return the line of the first comment that a checker obeys, 0 where none is but for `options`."""
    if IGNORE.search(source) is None:
        return 0
    # zuban obeys even what stands in a string.
    for number, line in enumerate(source.split("\n"), 1):
        if IGNORE.search(line) and not (options and is_option(line)):
            return number
    return 0


def is_option(comment: str) -> bool:
    """Tell whether a comment switches single rules for its file, none of which a proof needs."""
    return OPTION.fullmatch(comment.strip()) is not None and PROVING.search(comment) is None


def at_comments(case: Case, said: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield what is `said` on the line of the comment that would hide it, which is any that it spans."""
    lines = sorted(claim.line for claim in case.claims if claim.span == (claim.line, claim.line))
    source = case.source.split("\n")
    for one in said:
        spans = one.last > one.line and one.line not in lines and not BLOCK.match(source[one.line - 1])
        line = next((line for line in lines if one.line < line <= one.last), 0) if spans else 0
        yield one._replace(line=line) if line else one
