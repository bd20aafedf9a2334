"""Wrong calls: what the checkers say at the call sites, said once where several say it."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from types import MappingProxyType

from bgtasks.check.ask import Answer
from bgtasks.check.model import CallSite, Finding, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind

WRONG_CALL = Rule("BGT100", "wrong-call", "a task is called with what it does not take, or cannot be called")
TYPE_ERROR = Rule("BGT101", "type-error", "another type error in a call that makes a task")
CALL_RULES: Mapping[str, Rule] = MappingProxyType({rule.code: rule for rule in (WRONG_CALL, TYPE_ERROR)})

ABOUT_CALLS = CALL_KINDS | {Kind.PITFALL}
# These are asked not to be strict, so that what they say is wrong.
LENIENT = {"mypy", "pyright"}


def find_wrong_calls(sites: Sequence[CallSite], answers: Sequence[Answer]) -> Iterator[Finding]:
    """
    Yield what `answers` say at `sites`, which are those of one module.

    Where several checkers mean the same, it is one finding in the words of the first of `answers`.
    """
    said: dict[CallSite, list[tuple[str, Diagnostic]]] = {}
    for answer in answers:
        for diagnostic in answer.run.diagnostics:
            site = find_site(diagnostic, sites)
            if site is not None and counts(diagnostic, answer.run.checker):
                said.setdefault(site, []).append((answer.run.checker, diagnostic))
    for site, diagnostics in said.items():
        found: list[tuple[Finding, AbstractSet[Kind]]] = []
        for checker, diagnostic in diagnostics:
            for index, (finding, kinds) in enumerate(found):
                if checker not in finding.by and mean_the_same(kinds, diagnostic.kinds):
                    found[index] = replace(finding, by=(*finding.by, checker)), kinds
                    break
            else:
                found.append((finding_of(diagnostic, site, checker), diagnostic.kinds))
        yield from (finding for finding, _ in found)


def find_site(diagnostic: Diagnostic, sites: Sequence[CallSite]) -> CallSite | None:
    """Return the innermost call that the line of `diagnostic` is in; of several on one line, the first."""
    around = [
        site
        for site in sites
        if site.place.path == diagnostic.path and site.place.line <= diagnostic.line <= site.place.end_line
    ]
    return min(around, key=lambda site: site.place.end_line - site.place.line, default=None)


def counts(diagnostic: Diagnostic, checker: str) -> bool:
    if diagnostic.rule == "func-returns-value" and diagnostic.message.startswith('"add_task"'):
        return False  # a matter of what is done with the call: there are rules of ours for that
    return checker in LENIENT or bool(diagnostic.kinds & ABOUT_CALLS)


def mean_the_same(kinds: AbstractSet[Kind], others: AbstractSet[Kind]) -> bool:
    return bool(kinds & others) or not (kinds or others)


def finding_of(diagnostic: Diagnostic, site: CallSite, checker: str) -> Finding:
    rule = WRONG_CALL if diagnostic.kinds & ABOUT_CALLS else TYPE_ERROR
    line, *more = diagnostic.message.split("\n")
    # mypy's hints are for those who run mypy; of pyright's reasons the first says enough.
    reason = f" ({more[0].strip()})" if more and checker != "mypy" else ""
    return Finding(rule, site.place, f"{line.rstrip('.')}{reason} [{diagnostic.rule}]", (checker,))
