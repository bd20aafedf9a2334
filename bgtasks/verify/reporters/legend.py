"""What the words and signs of a report mean."""

from collections.abc import Iterator

from bgtasks.claims.model import OPTIONAL, REJECTED, REVEALED, TYPE, Outcome
from bgtasks.model import Kind
from bgtasks.verify.model import Report
from bgtasks.verify.reporters.gains import differences
from bgtasks.verify.reporters.words import ALL, UNCLAIMED

KINDS = {
    "OK": "claims that a call is right: the checker has to be silent",
    Kind.PITFALL.value: "claims that the call would do, and the task never run: the checker has to reject it",
    REJECTED: "claims that the checker has to reject it, for whatever reason",
    OPTIONAL: "claims that the checker may reject it, and need not",
    TYPE: "claims what a type is, as assert_type does",
    REVEALED: "claims what reveal_type shows",
}
MEANINGS = {
    Outcome.MISSED: "a rejection, or a type, is claimed and did not come",
    Outcome.WRONG_KIND: "rejected for another reason than the claim says",
    Outcome.UNEXPECTED: "rejected where nothing is claimed, or that it is right",
    Outcome.CLOSED_GAP: "marked as a gap and met; take the mark away",
}


def meanings(report: Report) -> Iterator[tuple[str, str]]:
    """Yield what there is in a report that needs to be explained, each with its meaning."""
    judged = [result for result in report.results if result.run.failure is None]
    seen = {verdict.outcome for result in judged for verdict in result.verdicts}
    claimed = {claim.group for case in report.cases for claim in case.claims}
    yield from ((kind, words) for kind, words in KINDS.items() if kind in claimed)
    if claimed - set(KINDS):
        yield (
            "any other kind",
            "claims that the call is wrong, and why: the checker has to reject it for that",
        )
    yield UNCLAIMED, "statements that nothing is said of: the checker has to be silent"
    if Outcome.MET in seen:
        yield "all, met", "what the claim says came true"
    if Outcome.GAP in seen:
        yield "gap, g", "the claim itself says that this checker does not meet it, and why"
    if any(not outcome.ok and outcome is not Outcome.NOT_LOOKED_AT for outcome in seen):
        yield "not met, -", "the verdict is one of those that follow"
    yield from ((outcome.value, words) for outcome, words in MEANINGS.items() if outcome in seen)
    if Outcome.ELSEWHERE in seen:
        yield "elsewhere, e", "not reached in this run, and looked at in another one"
    if Outcome.NOT_LOOKED_AT in seen:
        yield "not looked at, ?", "reached in no run, so nothing is known of it"
    bought = "".join(gain.count(ALL) for gain in differences(judged))
    if "+" in bought:
        yield "+N", "so many claims are met with the plugin and not without it"
    if "-" in bought:
        yield "-N", "so many claims are met without the plugin and not with it"
