"""Read the claims of a case, and tie each to its statement."""

import ast
import sys
import tokenize
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bgtasks.claims.calls import find_typed, rule_out
from bgtasks.claims.comments import Remark, find_remarks
from bgtasks.claims.grammar import CLAIM, find_claim, read_comment
from bgtasks.claims.ignores import find_obeyed, read_ignores, silence_all
from bgtasks.claims.model import (
    Accept,
    Asserted,
    Case,
    Claim,
    Expected,
    Gap,
    OpenClaim,
    Reject,
    Span,
    find_span,
)
from bgtasks.claims.probes import NUMBER, place_probes
from bgtasks.claims.skipped import find_skipped
from bgtasks.claims.slips import find_slip
from bgtasks.claims.spans import Statement, read_spans, statements
from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError


@dataclass(frozen=True, slots=True)
class Read:
    """A claim as it was read, on the `statement` that it stands on; an open one expects nothing yet."""

    line: int
    statement: Span
    expected: Expected | None
    gaps: tuple[Gap, ...] = ()
    column: int = 0
    text: str = ""


class CaseError(BgtasksError):
    """A case that cannot be read; line 0 is the file as a whole."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        self.path = path
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {message}")


def dotted(module: Path) -> tuple[str, ...]:
    """Return the parts of a module's name; a package is named without its `__init__`."""
    parts = module.with_suffix("").parts
    return parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts


def read_case(
    path: Path,
    module: Path,
    source: str,
    checkers: frozenset[str],
    *,
    update: bool = False,
    ignores: bool = False,
) -> Case:
    """
    Read one case from its `source`.

    With `update` a claim may be open, and its statement then is one without. With `ignores`, comments
    that tell a checker what to ignore are claims. Raises `CaseError` for a syntax error or a broken claim.
    """
    tree, comments = parse(path, source)
    notes: list[str] = []
    silenced = silence_all(path, source, comments, notes) if ignores else source
    if line := find_obeyed(silenced, options=ignores):
        raise CaseError(path, line, "an ignore comment hides what checkers say; claim it, or mark the gap")
    if ours := NUMBER.search(source):
        line = source.count("\n", 0, ours.start()) + 1
        raise CaseError(path, line, f"{ours[0]} is a name that proves something to us; rename it")
    nodes = statements(tree)
    spans = read_spans(nodes)
    read = list(read_claims(path, comments, spans, checkers, notes))
    if not update:
        require_answers(path, read)
    read += asserted(nodes, source, spans, read)
    parted, bound = bind(spans, read)
    closed = [(one, span, one.expected) for one, span in bound if one.expected is not None]
    # An open claim has the probes that it will have when it is answered.
    placement = place_probes(tree, nodes, list(dict.fromkeys(one.statement for one, _ in bound)))
    needs = {line: tuple(dict.fromkeys(groups)) for line, groups in placement.needs.items()}
    silent = [one for one, _ in bound if isinstance(one.expected, Accept | Asserted | None)]
    asserts = {one.statement for one in silent if isinstance(one.expected, Asserted)}
    skipped = find_skipped(nodes, source, {one.statement for one in silent} - asserts, asserts)
    obstacles = {
        one: obstacle
        for one in silent
        if (obstacle := find_obstacle(one, needs.get(one.statement.first, ()), skipped.get(one.statement)))
    }
    for one, obstacle in obstacles.items():
        if one.expected is not None:
            raise CaseError(path, *obstacle)
    # What is still open may be rejected.
    rejects = [one.statement for one in read if one.expected is None or isinstance(one.expected, Reject)]
    impossible = rule_out(nodes, source, rejects)
    rejected = {span.first for span in rejects}
    return Case(
        path,
        module,
        source,
        parted,
        tuple(
            Claim(
                one.line,
                span,
                expected,
                one.gaps,
                shown(one, needs),
                impossible.get(one.statement, frozenset()),
            )
            for one, span, expected in closed
        ),
        tuple(placement.probes.values()),
        tuple(notes),
        tuple(
            OpenClaim(
                one.line,
                one.column,
                one.text,
                span,
                one.gaps,
                shown(one, needs),
                impossible[one.statement],
                obstacles[one][1] if one in obstacles else "",
            )
            for one, span in bound
            if one.expected is None
        ),
        tuple(dict.fromkeys(find_imports(tree, rejected))),
        silenced if silenced != source else "",
    )


def find_imports(tree: ast.Module, rejected: AbstractSet[int]) -> Iterator[str]:
    """Yield the modules that are imported whatever may be, but for what is claimed to be rejected."""
    for node in tree.body:
        if isinstance(node, ast.Import) and node.lineno not in rejected:
            yield from (alias.name for alias in node.names)
        elif (
            isinstance(node, ast.ImportFrom)
            and node.level == 0
            and node.module
            and node.lineno not in rejected
        ):
            yield node.module


def parse(path: Path, source: str) -> tuple[ast.Module, list[Remark]]:
    """Return the tree of a source, and its comments. Raises `CaseError`."""
    try:
        return from_python(source), list(find_remarks(source))
    except SyntaxError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CaseError(path, error.lineno or 0, f"syntax error for Python {version}: {error.msg}") from None
    except (ValueError, tokenize.TokenError) as error:
        raise CaseError(path, 0, f"not Python source: {error}") from None


def read_claims(
    path: Path,
    comments: Iterable[Remark],
    spans: Sequence[Span],
    checkers: frozenset[str],
    notes: list[str],
) -> Iterator[Read]:
    """Yield the claims in comments; `notes` gets a line for each that stands in commented-out code."""
    for comment in comments:
        line = comment.line
        found = find_claim(comment.text)
        if found is None:
            ignored, span = read_ignores(comment.text), find_span(spans, line)
            if ignored and span:
                yield Read(line, span, ignored)
            elif not comment.alone and (slip := find_slip(comment.text, checkers)):
                written, meant = slip
                raise CaseError(
                    path, line, f"{written!r} is nearly a claim; write {meant!r}, or a remark in other words"
                )
            continue
        if comment.alone and found.start():
            notes.append(f"{path}:{line}: a claim in commented-out code, so it is not judged")
            continue
        if CLAIM.search(found.string, found.end("rest")):
            raise CaseError(path, line, "a line bears one claim, and here are two; keep the one that is true")
        span = find_span(spans, line)
        if span is None:
            raise CaseError(path, line, "this claim stands on no statement; put it behind one")
        try:
            said = read_comment(comment.text, found, checkers)
        except BgtasksError as error:
            raise CaseError(path, line, str(error)) from None
        yield Read(line, span, said.expected, said.gaps, comment.column + said.column, said.text)


def shown(one: Read, needs: Mapping[int, tuple[frozenset[int], ...]]) -> tuple[frozenset[int], ...]:
    """Return the groups of probes that show that the statement of a claim is looked at."""
    return tuple(filter(None, needs.get(one.statement.first, ())))


def find_obstacle(one: Read, needs: Sequence[frozenset[int]], skipped: int | None) -> tuple[int, str] | None:
    """
    Return the line and the reason for which no checker can be shown to evaluate a statement, if there is one.

    `skipped` is the line of what is evaluated only as the case may be.
    """
    if skipped:
        what = "assert_type" if isinstance(one.expected, Asserted) else "OK"
        return (
            skipped,
            f"this may be skipped, so that {what} says nothing of it; make it a statement of its own",
        )
    if not all(needs):
        return (
            one.line,
            "no checker can be shown to look at this; put simple statements around it, in its block",
        )
    return None


def require_answers(path: Path, claims: Iterable[Read]) -> None:
    for claim in claims:
        if claim.expected is None:
            what = "type" if claim.text.startswith("revealed") else "kind"
            raise CaseError(
                path, claim.line, f"the {what} is still open; have it written by bgtasks verify --update"
            )


def asserted(
    nodes: Sequence[Statement], source: str, spans: Sequence[Span], claims: Iterable[Read]
) -> Iterator[Read]:
    """Yield what assert_type claims on each statement that has no other claim."""
    taken = {claim.statement for claim in claims}
    for line, expected in find_typed(nodes, source):
        span = find_span(spans, line)
        if span and span not in taken:
            yield Read(line, span, expected)


def bind(spans: Sequence[Span], claims: Iterable[Read]) -> tuple[tuple[Span, ...], list[tuple[Read, Span]]]:
    """
    Tie claims to what they bind: one to its statement, several in one statement each to its line.

    Returns all spans, those statements parted into their lines, and the claims from the top down.
    """
    together: defaultdict[Span, list[Read]] = defaultdict(list)
    for claim in claims:
        together[claim.statement].append(claim)
    several = {span for span, found in together.items() if len({claim.line for claim in found}) > 1}
    bound: list[tuple[Read, Span]] = []
    for span, found in together.items():
        lines = {claim.line: claim for claim in reversed(found)}
        bound += [(claim, Span(line, line) if span in several else span) for line, claim in lines.items()]
    parted = (part for span in spans for part in (part_lines(span) if span in several else [span]))
    return tuple(parted), sorted(bound, key=lambda pair: pair[0].line)


def part_lines(span: Span) -> list[Span]:
    return [Span(line, line) for line in range(span.first, span.last + 1)]
