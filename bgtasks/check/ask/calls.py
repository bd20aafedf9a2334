"""Wrong calls: what the checkers say at the call sites, said once where several say it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from bgtasks.check.ask.answers import Answer
from bgtasks.check.model import Finding, Place, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind
from bgtasks.wording import Pitfall, find_pitfall

WRONG_CALL = Rule("BGT100", "wrong-call", "a task is called with what it does not take, or cannot be called")
TYPE_ERROR = Rule("BGT101", "type-error", "another type error in a call that makes a task")
CALL_RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in (WRONG_CALL, TYPE_ERROR)})

ABOUT_CALLS = CALL_KINDS | {Kind.PITFALL}
ADD = '"add_task"'
# These are asked not to be strict, so that what they say is wrong.
LENIENT = {"mypy", "pyright"}


def find_wrong_calls(
    sites: Sequence[Place], answers: Sequence[Answer], pitfalls: Sequence[Finding] = ()
) -> Iterator[Finding]:
    """
    Yield `pitfalls`, which rules of ours found, and what `answers` say at `sites`, the places of the calls.

    Where several checkers mean the same, it is one finding in the words of the first of `answers`;
    where they mean the pitfall, it is that.
    """
    by_path: dict[Path, list[Place]] = {}
    for site in sites:
        by_path.setdefault(site.path, []).append(site)
    said: dict[Place, list[tuple[str, Diagnostic]]] = {}
    for answer in answers:
        for diagnostic in answer.run.diagnostics:
            around = find_site(diagnostic, by_path.get(diagnostic.path, ()))
            if around is not None and counts(diagnostic, answer.run.checker):
                said.setdefault(around, []).append((answer.run.checker, diagnostic))
    left = dict.fromkeys(pitfalls)
    for site, diagnostics in said.items():
        here = [pitfall for pitfall in left if holds(site, pitfall.place)]
        for pitfall in here:
            del left[pitfall]
        yield from merge(site, diagnostics, here)
    yield from left


def merge(
    site: Place, said: Iterable[tuple[str, Diagnostic]], pitfalls: Iterable[Finding]
) -> Iterator[Finding]:
    found: list[tuple[Finding, AbstractSet[Kind]]] = [(each, each.rule.also) for each in pitfalls]
    for checker, diagnostic in said:
        for index, (finding, kinds) in enumerate(found):
            known = bool(finding.rule.also) or checker not in finding.by
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


def find_site(diagnostic: Diagnostic, sites: Sequence[Place]) -> Place | None:
    """Return the innermost call that `diagnostic` is in; of several on its line, the first."""
    line, at = diagnostic.line, (diagnostic.line, diagnostic.column)
    around = [site for site in sites if site.line <= line <= site.end_line]
    within = [
        site
        for site in around
        if diagnostic.column and (site.line, site.column) <= at < (site.end_line, site.end_column)
    ]
    return min(within or around, key=size, default=None)


def size(site: Place) -> tuple[int, int]:
    lines = site.end_line - site.line
    return lines, 0 if lines else site.end_column - site.column


def counts(diagnostic: Diagnostic, checker: str) -> bool:
    message = diagnostic.message
    match diagnostic.rule:
        # What is done with the call, and whether there are tasks at all, is for rules of ours to say.
        case "func-returns-value":
            ours = message.startswith(ADD)
        case "background-task":
            ours = find_pitfall(message) is Pitfall.NONE  # which may well work: see BGT205
        case "union-attr" | "reportOptionalMemberAccess":
            ours = ADD in message and '"None"' in message
        case _:
            ours = False
    return not ours and (checker in LENIENT or bool(diagnostic.kinds & ABOUT_CALLS))


def mean_the_same(kinds: AbstractSet[Kind], others: AbstractSet[Kind]) -> bool:
    return bool(kinds & others) or not (kinds or others)


def finding_of(diagnostic: Diagnostic, site: Place, checker: str) -> Finding:
    rule = WRONG_CALL if diagnostic.kinds & ABOUT_CALLS else TYPE_ERROR
    line, *more = diagnostic.message.split("\n")
    # mypy's hints are for those who run mypy; of pyright's reasons the first says enough.
    reason = f" ({more[0].strip()})" if more and checker != "mypy" else ""
    return Finding(rule, site, f"{line.rstrip('.')}{reason} [{diagnostic.rule}]", (checker,))
