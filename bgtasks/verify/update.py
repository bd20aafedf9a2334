"""Answer open claims: each question mark becomes what the checkers say of its statement."""

import difflib
import io
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.claims.match import excuses, is_spelled, narrow
from bgtasks.claims.model import Accept, Case, Expected, OpenClaim, Reason, Reject, Revealed, reject
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, write_whole
from bgtasks.model import Diagnostic, Kind
from bgtasks.verify.model import Result


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file: as many lines as before, with answers where there was a question mark."""

    path: Path
    before: str
    after: str


def propose(cases: Iterable[Case], results: Sequence[Result]) -> tuple[list[Change], list[str]]:
    """
    Return the files to change, and a line about each open claim that only a person can answer.

    What is written is the narrowest that every gating checker meets, but those with a gap: a kind that
    all take for a reason to reject the statement, or else several kinds, or else the rules of each;
    OK where all accept it; of a type, one spelling, or else that of each.
    """
    gating = [result for result in results if result.gates]
    changes: list[Change] = []
    left: list[str] = []
    for case in cases:
        lines = case.source.split("\n")
        for claim in case.open:
            asked = [result for result in gating if not excuses(claim.gaps, result.run)]
            answer = find_answer(case, claim, asked)
            if case.section:
                left.append(f"{case.path}:{claim.line}: left open, since a document is not rewritten")
                continue
            if answer is None:
                left.append(f"{case.path}:{claim.line}: left open, {explain(asked, case, claim)}")
                continue
            line = lines[claim.line - 1]
            after = line[claim.column + len(claim.text) :]
            lines[claim.line - 1] = line[: claim.column] + spell(answer, claim) + after
        after = "\n".join(lines)
        if after != case.source:
            changes.append(Change(case.path, case.source, after))
    return changes, left


def find_answer(case: Case, claim: OpenClaim, asked: Sequence[Result]) -> Expected | None:
    """Return what all who were asked meet, None where that takes a person."""
    if not asked or any(result.run.failure for result in asked):
        return None
    said = [(result.run.checker, spoken(result, case, claim)) for result in asked]
    if claim.text.startswith("revealed"):
        if not all(found for _, found in said):
            return None
        return choose_spelling([(name, one.revealed) for name, found in said for one in found])
    found = [[one for one in found if one.revealed is None] for _, found in said]
    if not any(found):
        return Accept()
    if not all(found):
        return None
    kinds = choose(found)
    return reject(*kinds) if kinds else Reject(own=tuple(own_reasons(said)))


def spell(answer: Expected, claim: OpenClaim) -> str:
    """Return what to write in the place of an open claim."""
    if isinstance(answer, Reject):
        head, _, _ = claim.text.partition(":")
        return f"{head}: {str(answer).removeprefix('E: ')}"
    return str(answer)


def spoken(result: Result, case: Case, claim: OpenClaim) -> list[Diagnostic]:
    return [
        narrow(one, claim.impossible)
        for one in result.run.diagnostics
        if one.path == case.key and claim.span.first <= one.line <= claim.span.last
    ]


def choose_spelling(said: Sequence[tuple[str, str | None]]) -> Revealed | None:
    """Return the spelling that all share, or else that of each; None where one has two, or an error."""
    own = {name: revealed for name, revealed in said if revealed is not None}
    if not own or any(own.get(name) != revealed for name, revealed in said):
        return None
    shortest = min(own.values(), key=len)
    if all(is_spelled(spelled, shortest) for spelled in own.values()):
        return Revealed(shortest)
    return Revealed(own=tuple(own.items()))


def own_reasons(said: Iterable[tuple[str, Iterable[Diagnostic]]]) -> Iterator[tuple[str, tuple[Reason, ...]]]:
    """Yield each checker with its rules, or the first line of what it says where that has no rule."""
    reasons: dict[str, dict[Reason, None]] = {}
    for checker, found in said:
        for one in found:
            words = "" if one.rule else one.message.partition("\n")[0]
            reasons.setdefault(checker, {})[Reason(rule=one.rule, words=words)] = None
    for checker, each in reasons.items():
        yield checker, tuple(each)


def choose(said: Sequence[Iterable[Diagnostic]]) -> list[Kind]:
    """
    Return the kinds that all may have meant: one, where one of them means one alone.

    No checker tells an unknown keyword from one that names a positional-only parameter; the first is
    the usual mistake.
    """
    meant = [frozenset[Kind]().union(*(diagnostic.kinds for diagnostic in found)) for found in said]
    shared = frozenset(Kind).intersection(*meant)
    if shared == frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD}):
        return [Kind.UNKNOWN_KEYWORD]
    if len(shared) > 1:
        single = (diagnostic.kinds for found in said for diagnostic in found if len(diagnostic.kinds) == 1)
        alone = shared & frozenset[Kind]().union(*single)
        return [next(kind for kind in Kind if kind in alone)] if alone else in_order(shared)
    return in_order(shared)


def in_order(kinds: Iterable[Kind]) -> list[Kind]:
    return [kind for kind in Kind if kind in kinds]


def explain(results: Iterable[Result], case: Case, claim: OpenClaim) -> str:
    said = "; ".join(
        dict.fromkeys(f"{result.run.checker} {words(result, case, claim)}" for result in results)
    )
    return f"{said or 'no checker was asked'}; write what is true, and a gap with its reason"


def words(result: Result, case: Case, claim: OpenClaim) -> str:
    found = spoken(result, case, claim)
    meant = frozenset[Kind]().union(*(diagnostic.kinds for diagnostic in found))
    if result.run.failure is not None:
        return "failed"
    if meant:
        return f"says {' or '.join(kind.value for kind in in_order(meant))}"
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
