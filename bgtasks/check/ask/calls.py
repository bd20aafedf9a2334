"""Wrong calls: what the checkers say at the call sites, said once where several say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from bgtasks.check.ask.answers import Answer
from bgtasks.check.model import CallSite, Finding, Place, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind

WRONG_CALL = Rule("BGT100", "wrong-call", "a task is called with what it does not take, or cannot be called")
TYPE_ERROR = Rule("BGT101", "type-error", "another type error in a call that makes a task")
CALL_RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in (WRONG_CALL, TYPE_ERROR)})

ABOUT_CALLS = CALL_KINDS | {Kind.PITFALL}
# What a checker means that rejects the task and not its arguments.
AS_A_WHOLE = {Kind.NOT_CALLABLE, Kind.PITFALL}
# What our mypy plugin says of `background=tasks.add_task(...)`, which may well work: see BGT205.
NONE_AS_BACKGROUND = "returns None, not a background task"
ADD = '"add_task"'
# These are asked not to be strict, so that what they say is wrong.
LENIENT = {"mypy", "pyright"}


def find_wrong_calls(
    sites: Sequence[CallSite], answers: Sequence[Answer], pitfalls: Sequence[Finding] = ()
) -> Iterator[Finding]:
    """
    Yield `pitfalls`, which rules of ours found, and what `answers` say at `sites`.

    Where several checkers mean the same, it is one finding in the words of the first of `answers`;
    where they mean the pitfall, it is that.
    """
    by_path: dict[Path, list[CallSite]] = {}
    for site in sites:
        by_path.setdefault(site.place.path, []).append(site)
    said: dict[CallSite, list[tuple[str, Diagnostic]]] = {}
    for answer in answers:
        for diagnostic in answer.run.diagnostics:
            around = find_site(diagnostic, by_path.get(diagnostic.path, ()))
            if around is not None and counts(diagnostic, answer.run.checker):
                said.setdefault(around, []).append((answer.run.checker, diagnostic))
    left = dict.fromkeys(pitfalls)
    for site, diagnostics in said.items():
        here = [pitfall for pitfall in left if holds(site.place, pitfall.place)]
        for pitfall in here:
            del left[pitfall]
        yield from merge(site, diagnostics, here)
    yield from left


def merge(
    site: CallSite, said: Iterable[tuple[str, Diagnostic]], pitfalls: Iterable[Finding]
) -> Iterator[Finding]:
    found: list[tuple[Finding, AbstractSet[Kind]]] = [(pitfall, AS_A_WHOLE) for pitfall in pitfalls]
    for checker, diagnostic in said:
        for index, (finding, kinds) in enumerate(found):
            known = kinds is AS_A_WHOLE or checker not in finding.by
            if known and mean_the_same(kinds, diagnostic.kinds):
                found[index] = replace(finding, by=tuple(dict.fromkeys((*finding.by, checker)))), kinds
                break
        else:
            found.append((finding_of(diagnostic, site, checker), diagnostic.kinds))
    yield from (finding for finding, _ in found)


def holds(outer: Place, inner: Place) -> bool:
    return outer.path == inner.path and (
        (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )


def find_site(diagnostic: Diagnostic, sites: Sequence[CallSite]) -> CallSite | None:
    """Return the innermost call that `diagnostic` is in; of several on its line, the first."""
    line, at = diagnostic.line, (diagnostic.line, diagnostic.column)
    around = [site for site in sites if site.place.line <= line <= site.place.end_line]
    within = [
        site
        for site in around
        if diagnostic.column
        and (site.place.line, site.place.column) <= at < (site.place.end_line, site.place.end_column)
    ]
    return min(within or around, key=size, default=None)


def size(site: CallSite) -> tuple[int, int]:
    place = site.place
    lines = place.end_line - place.line
    return lines, 0 if lines else place.end_column - place.column


def counts(diagnostic: Diagnostic, checker: str) -> bool:
    message = diagnostic.message
    match diagnostic.rule:
        # What is done with the call, and whether there are tasks at all, is for rules of ours to say.
        case "func-returns-value":
            ours = message.startswith(ADD)
        case "background-task":
            ours = NONE_AS_BACKGROUND in message
        case "union-attr" | "reportOptionalMemberAccess":
            ours = ADD in message and '"None"' in message
        case _:
            ours = False
    return not ours and (checker in LENIENT or bool(diagnostic.kinds & ABOUT_CALLS))


def mean_the_same(kinds: AbstractSet[Kind], others: AbstractSet[Kind]) -> bool:
    return bool(kinds & others) or not (kinds or others)


def finding_of(diagnostic: Diagnostic, site: CallSite, checker: str) -> Finding:
    rule = WRONG_CALL if diagnostic.kinds & ABOUT_CALLS else TYPE_ERROR
    line, *more = diagnostic.message.split("\n")
    # mypy's hints are for those who run mypy; of pyright's reasons the first says enough.
    reason = f" ({more[0].strip()})" if more and checker != "mypy" else ""
    return Finding(rule, site.place, f"{line.rstrip('.')}{reason} [{diagnostic.rule}]", (checker,))
