"""Write the kinds of new claims: each `# E: ?` gets the kind for which the checkers reject its statement."""

import difflib
import io
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.claims.cases import OpenClaim, open_claims
from bgtasks.claims.match import excuses
from bgtasks.claims.model import Case
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, write_whole
from bgtasks.model import Diagnostic, Kind
from bgtasks.verify.model import Result


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file: as many lines as before, with kinds where there was a question mark."""

    path: Path
    before: str
    after: str


def propose(cases: Iterable[Case], results: Sequence[Result]) -> tuple[list[Change], list[str]]:
    """
    Return the files to change, and a line about each open claim whose kind only a person can tell.

    A kind is written when every gating checker, but those with a gap, takes it for a reason to
    reject the statement, and when it is the only such kind or one of them says nothing else.
    """
    gating = [result for result in results if result.gates]
    changes: list[Change] = []
    left: list[str] = []
    for case in cases:
        lines = case.source.split("\n")
        for claim in open_claims(case):
            asked = [result for result in gating if not excuses(claim.gaps, result.run)]
            kind = choose([spoken(result, case, claim) for result in asked])
            if kind is None or any(result.run.failure for result in asked):
                left.append(f"{case.path}:{claim.line}: left open, {explain(asked, case, claim)}")
                continue
            line = lines[claim.line - 1]
            lines[claim.line - 1] = line[: claim.column] + kind.value + line[claim.column + 1 :]
        after = "\n".join(lines)
        if after != case.source:
            changes.append(Change(case.path, case.source, after))
    return changes, left


def spoken(result: Result, case: Case, claim: OpenClaim) -> tuple[Diagnostic, ...]:
    """Return what was said of the statement; to `match` it had no claim."""
    for verdict in result.verdicts:
        if verdict.claim is None and (verdict.path, verdict.line) == (case.path, claim.span.first):
            return verdict.diagnostics
    return ()


def choose(said: Sequence[Iterable[Diagnostic]]) -> Kind | None:
    """
    Return the kind that all who said something may have meant.

    Where they may all have meant several, one of them has to mean one alone. No checker tells an
    unknown keyword from one that names a positional-only parameter; the first is the usual mistake.
    """
    meant = [frozenset[Kind]().union(*(diagnostic.kinds for diagnostic in found)) for found in said]
    shared = frozenset(Kind).intersection(*meant) if meant else frozenset[Kind]()
    if shared == frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD}):
        return Kind.UNKNOWN_KEYWORD
    if len(shared) > 1:
        alone = (diagnostic.kinds for found in said for diagnostic in found if len(diagnostic.kinds) == 1)
        shared &= frozenset[Kind]().union(*alone)
    return next((kind for kind in Kind if kind in shared), None)


def explain(results: Iterable[Result], case: Case, claim: OpenClaim) -> str:
    said = "; ".join(
        dict.fromkeys(f"{result.run.checker} {words(result, case, claim)}" for result in results)
    )
    return f"{said or 'no checker was asked'}; write the kind that is true, and a gap with its reason"


def words(result: Result, case: Case, claim: OpenClaim) -> str:
    found = spoken(result, case, claim)
    meant = frozenset[Kind]().union(*(diagnostic.kinds for diagnostic in found))
    if result.run.failure is not None:
        return "failed"
    if meant:
        return f"says {' or '.join(kind.value for kind in Kind if kind in meant)}"
    return f"says {found[0]}" if found else "accepts it"


def diff(change: Change) -> str:
    """Return a change as a unified diff."""
    name = str(change.path)
    parts = difflib.unified_diff(lines_of(change.before), lines_of(change.after), name, name)
    return "".join(
        part if part.endswith("\n") else f"{part}\n\\ No newline at end of file\n" for part in parts
    )


def lines_of(text: str) -> list[str]:
    # Only what ends a line for Python; str.splitlines knows more.
    return list(io.StringIO(text, newline=""))


def apply(change: Change) -> None:
    """
    Write a file, whole or not at all; its encoding, its line ends and its mode stay.

    Raises `BgtasksError` when it cannot be written, or when it is no longer what was read.
    """
    file = change.path.resolve()
    if not file.is_relative_to(change.path.parent.resolve()):
        raise BgtasksError(f"{change.path}: is a link out of its folder; update {file} itself")
    try:
        content = read_whole(file)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        lines = lines_of(content.decode(encoding))
        if "".join(unify(lines)) != change.before:
            raise BgtasksError(f"{change.path}: has changed since it was checked; run it again")
        ends = [line[len(line.rstrip("\r\n")) :] for line in lines]
        after = "".join(
            line.rstrip("\n") + end for line, end in zip(lines_of(change.after), ends, strict=True)
        )
        write_whole(file, after.encode(encoding))
    except OSError as error:
        raise BgtasksError(f"{change.path}: cannot be written: {error.strerror}") from None
    except (SyntaxError, UnicodeDecodeError):
        raise BgtasksError(f"{change.path}: has changed since it was checked; run it again") from None


def unify(lines: Iterable[str]) -> Iterator[str]:
    """Yield each line with the end that it had when the case was read."""
    for line in lines:
        text = line.rstrip("\r\n")
        yield f"{text}\n" if text != line else line
