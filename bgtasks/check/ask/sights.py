"""What a checker knows of each call site, read from what it revealed in the witness."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bgtasks.check.ask.witness import QUESTIONS
from bgtasks.check.facts.forwarders import erases
from bgtasks.check.facts.sites import Forwarder, Site
from bgtasks.check.model import Grade

UNKNOWN = {"Any", "Unknown"}
# tuple[Any, bgtasks_witness.Site0] of mypy, tuple[Unknown, Site0] of pyright
UNKNOWN_TASK = re.compile(r"tuple\[(Any|Unknown),")
# Overload(def (a: int), def (b: str)) of mypy, Overload[(a: int) -> None, (b: str) -> None] of pyright
OVERLOAD = re.compile(r"Overload[(\[]")
# def [T] (a: T, b: Any =) of mypy, (a: T, b: Unknown = 1) -> None of pyright
SIGNATURE = re.compile(r"(?:def )?(?:\[.*?\] )?\(")
OPEN, CLOSED = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Sight:
    """
    What a checker knows of one call site.

    `ours` tells whether the call is Starlette's or FastAPI's, None where the checker cannot tell.
    `untyped` are the parameters of which it knows no type. `adder` is how much is known of what takes
    the task: at most that is known of the call.
    """

    ours: bool | None
    grade: Grade
    untyped: tuple[str, ...] = ()
    adder: Grade = Grade.TYPED


def read_sights(
    sites: Sequence[Site], revealed: Mapping[int, Mapping[int, str]]
) -> Iterator[tuple[Site, Sight]]:
    """Yield what a checker knows of `sites`; `revealed` are its types by line and column of the witness."""
    by_line: dict[int, list[Site]] = {}
    for site in sites:
        by_line.setdefault(site.place.line, []).append(site)
    for line, there in by_line.items():
        texts = [text for _, text in sorted(revealed.get(line + 1, {}).items())]
        if len(texts) == QUESTIONS * len(there):
            for index, site in enumerate(there):
                answers = texts[QUESTIONS * index : QUESTIONS * (index + 1)]
                sight = read_sight(*answers, forwarder=site.forwarder)
                if site.background and sight.grade is not Grade.ANY:  # nothing calls it with arguments
                    sight = Sight(sight.ours, Grade.TYPED)
                handed_on = site.task is None and not isinstance(site.call, ast.Call)
                yield site, replace(sight, grade=worst([sight.grade, Grade.ERASED])) if handed_on else sight


def read_sight(
    maker: str, adder: str, task: str, parameters: str, *, forwarder: Forwarder | None = None
) -> Sight:
    ours = True if "background" in maker else False if "foreign" in maker else None
    if ours is None or UNKNOWN_TASK.match(task):
        return Sight(ours, Grade.ANY)
    taken = worst(grade_adder(listed, forwarder) for listed in read_signatures(adder))
    graded = [grade_parameters(listed) for listed in read_signatures(parameters)]
    known = worst(grade for grade, _ in graded)
    untyped = next(untyped for grade, untyped in graded if grade is known)
    return Sight(ours, worst([known, taken]), untyped, taken)


def worst(grades: Iterable[Grade]) -> Grade:
    return max(grades, key=list(Grade).index)


def read_signatures(text: str) -> list[list[str]]:
    """Return the parameters in what was revealed, of each overload."""
    overload = OVERLOAD.match(text)
    texts = split_parameters(text[overload.end() :]) if overload else [text]
    found = [SIGNATURE.match(each) for each in texts]
    return [list(split_parameters(match.string[match.end() :])) if match else ["..."] for match in found]


def grade_adder(parameters: Sequence[str], forwarder: Forwarder | None = None) -> Grade:
    """Grade what takes a task, by what it knows of what stands behind the task."""
    if forwarder is not None:
        return grade_forwarder(parameters, forwarder)
    stars = ("*", "...")
    behind = parameters[1:] if parameters and not parameters[0].startswith(stars) else parameters
    return grade_parameters(behind)[0]


def grade_forwarder(parameters: Sequence[str], forwarder: Forwarder) -> Grade:
    """Grade a function that has other parameters, too, by those for the task and for what that is given."""
    if erases(forwarder):
        return Grade.ERASED
    asked = {forwarder.parameter.node.arg, *(each.node.arg for each in forwarder.given)}
    spelled = [part for part in parameters if part.startswith(("*", "...")) or name_of(part) in asked]
    unknown = any(part == "..." or kind_of(part) in UNKNOWN for part in spelled)
    return Grade.ERASED if unknown else Grade.TYPED


def name_of(parameter: str) -> str:
    return parameter.partition(":")[0]


def split_parameters(text: str) -> Iterator[str]:
    """Yield the parameters in `text`, which begins behind the bracket that opens their list."""
    depth, start, quote = 0, 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in OPEN:
            depth += 1
        elif (char in CLOSED and depth == 0) or (char == "," and depth == 0):
            if part := text[start:index].strip():
                yield part
            start = index + 1
            if char in CLOSED:
                return
        elif char in CLOSED:
            depth -= 1


def grade_parameters(parameters: Sequence[str]) -> tuple[Grade, tuple[str, ...]]:
    # pyright writes the "*" of a partial with keywords as "...", with others behind it
    bars = {"*", "/"} | ({"..."} if parameters and parameters[-1] != "..." else set[str]())
    real = [part for part in parameters if part not in bars]
    untyped = [part for part in real if part == "..." or kind_of(part) in UNKNOWN]
    if untyped and all(part == "..." or part.startswith("*") for part in real):
        return Grade.ERASED, ()
    if {kind_of(part).rpartition(".")[2] for part in real if part.startswith("*")} == {"Hashable"}:
        return Grade.ERASED, ()  # what functools.cache makes of every function
    names = tuple(part.partition(":")[0] for part in untyped)
    return (Grade.PARTLY, names) if untyped else (Grade.TYPED, ())


def kind_of(parameter: str) -> str:
    """Return the type in `a: int = 1`, `b: Any =`, `*Any` or `str`."""
    kind = parameter.partition(": ")[2] or parameter.lstrip("*")
    return kind.partition(" =")[0].strip()
