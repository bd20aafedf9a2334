"""Answer open claims: each question mark becomes what the checkers say of its statement."""

import difflib
import io
import tokenize
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case, Expected, OpenClaim
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, resolve, write_whole
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.verify.answers import KNOWN, Heard, find_answer, hear, in_order, spell
from bgtasks.verify.model import Result
from bgtasks.verify.run import judge_run, own_up


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one file: as many lines as before, with answers where there was a question mark."""

    path: Path
    before: str
    after: str


def propose(cases: Iterable[Case], results: Sequence[Result]) -> tuple[list[Change], list[str]]:
    """
    Return the files to change, and a line about each open claim that only a person can answer.

    All runs have a say, but those of a checker with a gap there; what is written is the narrowest that
    each run meets by the answer that it gave.
    """
    changes: list[Change] = []
    left: list[str] = []
    for case in cases:
        answers: dict[OpenClaim, Expected] = {}
        for claim in case.open:
            answer = find(case, claim, results)
            if isinstance(answer, str):
                left.append(f"{case.path}:{claim.line}: left open, {answer}")
            else:
                answers[claim] = answer
        after, dropped = settle(case, answers, results)
        left += [
            f"{case.path}:{claim.line}: left open, since {spell(answers[claim], claim)!r}, which all say, "
            "is not met beside the other claims; write what is true"
            for claim in dropped
        ]
        if after != case.source:
            changes.append(Change(case.path, case.source, after))
    return changes, left


def find(case: Case, claim: OpenClaim, results: Sequence[Result]) -> Expected | str:
    """Return what to claim, or why that takes a person."""
    if case.section:
        return "since a document is not rewritten"
    heard = hear(case, claim, results)
    if not heard.asked().said:
        return "no checker was asked; write what is true, and a gap with its reason"
    lost = any(run.failure or case.key in dict(run.aside) for run, _ in heard.said)
    if not lost and (answer := find_answer(heard)):
        return answer
    return explain(heard)


def explain(heard: Heard) -> str:
    """Return what stands against any answer: what each checker says, or that a gap is none."""
    asked, claim = heard.asked(), heard.claim
    said = dict.fromkeys(f"{run.checker} {words(heard.case, run, found)}" for run, found in asked.said)
    if len(said) == len(asked.checkers) and find_answer(asked):
        closed = [name for name in heard.checkers if name not in asked.checkers]
        return f"since {' or '.join(closed)} meets what all others say; take its gap out"
    if claim.obstacle and not any(found for _, found in asked.said):
        return f"all accept it, but {claim.obstacle}"
    return f"{'; '.join(said)}; write what is true, and a gap with its reason"


def words(case: Case, run: Run, found: Sequence[Diagnostic]) -> str:
    if run.failure is not None:
        return f"failed: {run.failure}"
    if case.key in dict(run.aside):
        return f"could not read the file: {dict(run.aside)[case.key]}"
    errors = [one for one in found if one.revealed is None]
    meant = frozenset[Kind]().union(*(one.kinds for one in errors))
    if meant:
        return f"says {' or '.join(kind.value for kind in in_order(meant))}"
    if errors:
        return f"says {errors[0]}"
    return f"reveals {' and '.join(str(one.revealed) for one in found)}" if found else "accepts it"


def settle(
    case: Case, answers: Mapping[OpenClaim, Expected], results: Sequence[Result]
) -> tuple[str, list[OpenClaim]]:
    """Return the text of a case with its answers, and those left out, which are not met beside others."""
    kept = dict(answers)
    while kept:
        after = write(case, kept)
        written = read_case(case.path, case.module, after, KNOWN, update=True, ignores=bool(case.silenced))
        verdicts = own_up([judge_run(result.run, [written], gates=result.gates) for result in results])
        missed = {
            verdict.line for result in verdicts for verdict in result.verdicts if not verdict.outcome.ok
        }
        unmet = [claim for claim in kept if claim.line in missed]
        if not unmet:
            break
        kept = {claim: answer for claim, answer in kept.items() if claim not in unmet}
    return write(case, kept), [claim for claim in answers if claim not in kept]


def write(case: Case, answers: Mapping[OpenClaim, Expected]) -> str:
    lines = case.source.split("\n")
    for claim, answer in answers.items():
        line = lines[claim.line - 1]
        behind = line[claim.column + len(claim.text) :]
        lines[claim.line - 1] = f"{line[: claim.column]}{spell(answer, claim)}{behind}"
    return "\n".join(lines)


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
    file = resolve(change.path)
    if not file.is_relative_to(resolve(change.path.parent)):
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
    except UnicodeEncodeError as error:
        wrong = error.object[error.start]
        raise BgtasksError(
            f"{change.path}: cannot be written: {wrong!r} is not in {error.encoding}"
        ) from None
    except (SyntaxError, UnicodeDecodeError):
        raise BgtasksError(f"{change.path}: has changed since it was checked; run it again") from None


def unify(lines: Iterable[str]) -> Iterator[str]:
    """Yield each line with the end that it had when the case was read."""
    for line in lines:
        text = line.rstrip("\r\n")
        yield f"{text}\n" if text != line else line
