"""`# bgtasks: ignore[CODE]`: what somebody has looked at and wants to hear no more of."""

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bgtasks.check.model import Finding, Module, Place, Rule
from bgtasks.claims.model import Span, find_span
from bgtasks.claims.spans import read_spans, statements

UNUSED_IGNORE = Rule("BGT901", "unused-ignore", "an ignore comment that nothing is left of to ignore")

MARK = "bgtasks:"
COMMENT = re.compile(r"#\s*bgtasks:\s*ignore\b(?:\[(?P<codes>[^\]]*)\])?")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One code of one ignore comment; "" where the comment names none."""

    place: Place
    code: str


def read_ignores(module: Module) -> Iterator[Ignore]:
    """Yield what the comments of `module` ignore, from the top down."""
    if MARK not in module.source:
        return
    for token in tokenize.generate_tokens(io.StringIO(module.source).readline):
        match = COMMENT.search(token.string) if token.type == tokenize.COMMENT else None
        if match:
            line, column = token.start
            place = Place(module.path, line, column + match.start() + 1, line, column + match.end() + 1)
            for code in re.split(r"[,\s]+", (match["codes"] or "").strip()):
                yield Ignore(place, code)


def apply_ignores(
    findings: Sequence[Finding], modules: Iterable[Module], asked: AbstractSet[str]
) -> list[Finding]:
    """
    Return the findings that no comment in `modules` ignores.

    A comment binds the line that it stands on, and the statement that begins or ends there. One that
    ignores nothing is a finding itself, as long as its code is among those that were `asked` for, or
    is none at all.
    """
    by_path: dict[Path, list[Finding]] = {}
    for finding in findings:
        by_path.setdefault(finding.place.path, []).append(finding)
    kept: list[Finding] = []
    for module in modules:
        ignores = list(read_ignores(module))
        found = by_path.pop(module.path, [])
        if not ignores:
            kept += found
            continue
        used: set[Ignore] = set()
        spans = read_spans(statements(module.tree))
        for finding in found:
            lines = bound_lines(finding.place, spans) | bound_lines(finding.call or finding.place, spans)
            binding = {
                ignore for ignore in ignores if ignore.code in finding.codes and ignore.place.line in lines
            }
            used |= binding
            kept += [] if binding else [finding]
        kept += [
            unused(ignore, asked) for ignore in ignores if ignore not in used and is_judged(ignore, asked)
        ]
    return [*kept, *(finding for found in by_path.values() for finding in found)]


def bound_lines(place: Place, spans: Sequence[Span]) -> set[int]:
    span = find_span(spans, place.line)
    return {place.line} | ({span.first, span.last} if span else set())


def is_judged(ignore: Ignore, asked: AbstractSet[str]) -> bool:
    """Tell whether it could have been used: a code that was not asked for had nothing to ignore."""
    return ignore.code in asked or not re.fullmatch(r"BGT\d+", ignore.code)


def unused(ignore: Ignore, asked: AbstractSet[str]) -> Finding:
    if ignore.code in asked:
        return Finding(UNUSED_IGNORE, ignore.place, f"there is no {ignore.code} here to ignore; take it away")
    what = f"{ignore.code!r} is no code" if ignore.code else "this names no code"
    return Finding(UNUSED_IGNORE, ignore.place, f"{what}; write one such as ignore[BGT109]")
