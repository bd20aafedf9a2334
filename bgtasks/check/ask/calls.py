"""Wrong calls: what the checkers say at the call sites, said once where several say it."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from bgtasks.check.ask.answers import Answer
from bgtasks.check.ask.consequences import without_consequences
from bgtasks.check.ask.faults import MISSING, Fault, finding_of, holds
from bgtasks.check.ask.kinds import ABOUT_CALLS
from bgtasks.check.ask.parameters import value_of
from bgtasks.check.ask.shapes import names_in
from bgtasks.check.ask.spots import Parts, Spot, find_spot, kinds_of, read_columns, read_parts
from bgtasks.check.code import find_function, match, read_given
from bgtasks.check.facts.sites import Forwarder, Site, place_of
from bgtasks.check.model import Finding, Place, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind
from bgtasks.wording import Pitfall, find_pitfall

ADD = '"add_task"'
# These are asked not to be strict, so that what they say is wrong.
LENIENT = {"mypy", "pyright"}
NO_RULES: Mapping[Pitfall, Rule] = MappingProxyType({})


def find_wrong_calls(
    sites: Sequence[Site],
    answers: Sequence[Answer],
    pitfalls: Sequence[Finding] = (),
    rules: Mapping[Pitfall, Rule] = NO_RULES,
) -> Iterator[Finding]:
    """
    Yield `pitfalls`, which rules of ours found, and what `answers` say at `sites`.

    Where several checkers mean the same, it is one finding in the words of the first of `answers`, at
    what is nearest to the fault; where they mean the pitfall, it is that. `rules` are those of the
    pitfalls that a checker with our plugin knows by itself.
    """
    by_path: dict[Path, list[Site]] = {}
    for site in sites:
        by_path.setdefault(site.place.path, []).append(site)
    said: dict[Site, list[tuple[str, Diagnostic]]] = {}
    for answer in answers:
        checker = answer.run.checker
        for diagnostic in answer.run.diagnostics:
            around = find_site(diagnostic, checker, by_path.get(diagnostic.path, ()))
            if around is not None and counts(diagnostic, checker):
                said.setdefault(around, []).append((checker, diagnostic))
    left = dict.fromkeys(pitfalls)
    for site, diagnostics in said.items():
        here = [pitfall for pitfall in left if holds(site.place, pitfall.place)]
        for pitfall in here:
            del left[pitfall]
        yield from merge(site, diagnostics, here, rules)
    yield from left


def merge(
    site: Site,
    said: Sequence[tuple[str, Diagnostic]],
    pitfalls: Iterable[Finding],
    rules: Mapping[Pitfall, Rule],
) -> Iterator[Finding]:
    parts = read_parts(site)
    known = list(pitfalls)
    faults: list[Fault] = []
    for checker, diagnostic in said:
        spot = find_spot(diagnostic, checker, parts)
        same = next((index for index, each in enumerate(known) if is_pitfall(each, diagnostic, spot)), None)
        if same is not None:
            by = tuple(dict.fromkeys((*known[same].by, checker)))
            known[same] = replace(known[same], by=by)
        elif concerns_task(spot, site, diagnostic) and not is_said_better(
            diagnostic, spot, said, checker, parts
        ):
            add(faults, checker, diagnostic, spot)
    yield from known
    for fault in without_consequences(faults, site):
        yield finding_of(fault, site, rules)


def concerns_task(spot: Spot, site: Site, diagnostic: Diagnostic) -> bool:
    """Tell whether something is wrong with a task: a function that adds one may take other things as well."""
    if site.forwarder is None or (spot.owner is site.call and kinds_of(diagnostic) - {Kind.ARGUMENT_TYPE}):
        return True
    place = place_of(site.module, value_of(spot.node))
    return not any(holds(place_of(site.module, value), place) for value in find_others(site, site.forwarder))


def find_others(site: Site, forwarder: Forwarder) -> Iterator[ast.expr]:
    """Yield what a function that adds a task is given for itself."""
    callee = find_function(site.call.func, site.names) if isinstance(site.call, ast.Call) else None
    if callee is None or not isinstance(site.call, ast.Call):
        return
    own = {each.node.arg for each in (forwarder.parameter, *forwarder.given)}
    given = read_given(site.call.args, site.call.keywords)
    for name, value in match(given, forwarder.parameter.function, bound=callee.bound).items():
        if name not in own:
            yield value


def add(faults: list[Fault], checker: str, diagnostic: Diagnostic, spot: Spot) -> None:
    """Let the faults that `diagnostic` tells of know it; one that is not there yet is added."""
    same = [each for each in faults if is_same(each, checker, diagnostic, spot)]
    # One checker names all that is missing at once, another one by one.
    for fault in same if MISSING in kinds_of(diagnostic) else same[:1]:
        fault.join(checker, diagnostic, spot)
    if not same:
        faults.append(Fault(spot, kinds_of(diagnostic), [(checker, diagnostic)]))


def is_pitfall(pitfall: Finding, diagnostic: Diagnostic, spot: Spot) -> bool:
    here = not spot.nested or holds(pitfall.place, spot.place)
    return here and bool(pitfall.rule.also & diagnostic.kinds)


def is_said_better(
    diagnostic: Diagnostic,
    spot: Spot,
    said: Iterable[tuple[str, Diagnostic]],
    checker: str,
    parts: Parts,
) -> bool:
    """Tell whether the same checker says, too, that the None which a call returns is of the wrong type."""
    return diagnostic.rule == "func-returns-value" and any(
        other is not diagnostic
        and by == checker
        and other.kinds == frozenset({Kind.ARGUMENT_TYPE})
        and find_spot(other, by, parts).place == spot.place
        for by, other in said
    )


def is_same(fault: Fault, checker: str, diagnostic: Diagnostic, spot: Spot) -> bool:
    """Tell whether `diagnostic` tells of `fault`."""
    kinds, others = fault.kinds, kinds_of(diagnostic)
    if fault.spot.owner is not spot.owner or not (kinds & others or not (kinds or others)):
        return False
    if not (holds(fault.spot.place, spot.place) or holds(spot.place, fault.spot.place)):
        return False
    if checker not in fault.by:
        return True
    if MISSING in kinds & others:
        return names_in(diagnostic, spot.owner) <= fault.names
    as_a_whole = CALL_KINDS in (kinds, others) or Kind.TOO_MANY_POSITIONAL in kinds & others
    return as_a_whole or (spot.node is fault.spot.node and spot.node is not spot.owner)


def find_site(diagnostic: Diagnostic, checker: str, sites: Sequence[Site]) -> Site | None:
    """Return the innermost call that `diagnostic` is in; where no column is known, the first of its line."""
    line = diagnostic.line
    around = [site for site in sites if site.place.line <= line <= site.place.end_line]
    if not around:
        return None
    points = [(line, column) for column in read_columns(checker, diagnostic, around[0].module)]
    within = [site for site in around if any(is_in(point, site.place) for point in points)]
    # What is awaited, or handed on, is the call, though the column is that of what does so.
    return min(
        within or ([] if points and not diagnostic.kinds & ABOUT_CALLS else around), key=size, default=None
    )


def is_in(point: tuple[int, int], place: Place) -> bool:
    return (place.line, place.column) <= point < (place.end_line, place.end_column)


def size(site: Site) -> tuple[int, int]:
    place = site.place
    lines = place.end_line - place.line
    return lines, 0 if lines else place.end_column - place.column


def counts(diagnostic: Diagnostic, checker: str) -> bool:
    """Tell whether what a checker says is its business, and about the call."""
    message = diagnostic.message
    match diagnostic.rule:
        # What is done with the call, and whether there are tasks at all, is for rules of ours to say.
        case "func-returns-value":
            ours = message.startswith(ADD)
        case "background-task":
            ours = find_pitfall(message) is Pitfall.NONE  # which may well work: see BGT205
        case "attr-defined" | "union-attr" | "reportAttributeAccessIssue" | "reportOptionalMemberAccess":
            ours = ADD in message and '"None"' in message
        case _:
            ours = False
    # mypy's words for what is annotated with the function `callable`, by which all mean Callable.
    meant = "callable?" in message
    return not (ours or meant) and (checker in LENIENT or bool(diagnostic.kinds & ABOUT_CALLS))
