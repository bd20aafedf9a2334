"""What each checker said of one claim, which may still be open."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from bgtasks.claims.model import Case, Claim, OpenClaim
from bgtasks.model import Diagnostic
from bgtasks.report.words import label
from bgtasks.verify.answers import hear, in_order
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters import words
from bgtasks.verify.update import propose


def explain(report: Report) -> Iterator[RenderableType]:
    """Yield the statement of a report on one claim and, run by run, all that was said of it."""
    [case] = report.cases
    for claim in case.claims:
        yield head(case, claim, str(claim))
        for result in report.results:
            said = ((one.outcome.value, one.diagnostics) for one in result.verdicts)
            yield from tell(result, *next(said, ("", ())))
    for open_claim in case.open:
        yield from explain_open(report, case, open_claim)


def explain_open(report: Report, case: Case, claim: OpenClaim) -> Iterator[RenderableType]:
    """Yield what was said of the statement of an open claim, and what would be written there."""
    yield head(case, claim, claim.text)
    heard = hear(case, claim, report.results)
    for result, (_, found) in zip(report.results, heard.said, strict=True):
        kinds = in_order({kind for one in found for kind in one.kinds})
        why = f", for {' or '.join(kind.value for kind in kinds)}" if kinds else ""
        rejects = any(one.revealed is None for one in found)
        yield from tell(result, f"rejects it{why}" if rejects else "accepts it", found)
    changes, left = propose(report.cases, report.results)
    for change in changes:
        source = words.statement(change.after.split("\n"), claim.span)
        yield Text(f"\nbgtasks verify --update writes:\n{source}", "bold")
    yield from (Text(f"\n{line}", "bold") for line in left)


def head(case: Case, claim: Claim | OpenClaim, said: str) -> Text:
    source = words.statement(case.source.split("\n"), claim.span)
    return Text(f"{case.path}:{claim.line} claims {said}\n{source}", "bold")


def tell(result: Result, made: str, found: Iterable[Diagnostic]) -> Iterator[Text]:
    """Yield what a run made of a statement, and what it said there, or why nothing is known of that."""
    run = result.run
    if why := run.failure or next((why for _, why in run.aside), ""):
        yield Text(f"\n{label(run)}: {why}", "red")
        return
    yield Text(f"\n{label(run)}: {made}", "bold")
    yield Text(words.messages(found) or "said nothing")
