"""What to claim of a statement: the narrowest that each run meets by the very answer that it gave."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bgtasks.checkers import NAMES
from bgtasks.claims.grammar import find_claim, read_comment
from bgtasks.claims.match import excuses, judge_claim, narrow
from bgtasks.claims.model import (
    Accept,
    Case,
    Claim,
    Expected,
    OpenClaim,
    Outcome,
    Reason,
    Reject,
    Revealed,
    reject,
)
from bgtasks.errors import BgtasksError
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.verify.model import Result

KNOWN = frozenset(NAMES)
ALIKE = frozenset({Kind.UNKNOWN_KEYWORD, Kind.POSITIONAL_ONLY_AS_KEYWORD})


@dataclass(frozen=True, slots=True)
class Heard:
    """An open claim of a case, and what each run said of its statement, for kinds that it may have."""

    case: Case
    claim: OpenClaim
    said: tuple[tuple[Run, tuple[Diagnostic, ...]], ...]

    def asked(self) -> "Heard":
        """Return it without the checkers that are known not to meet the claim."""
        said = tuple(one for one in self.said if not excuses(self.claim.gaps, one[0]))
        return replace(self, said=said)

    def of(self, checker: str) -> "Heard":
        """Return it with the runs of one checker only."""
        return replace(self, said=tuple(one for one in self.said if one[0].checker == checker))

    @property
    def checkers(self) -> list[str]:
        """The checkers, each once."""
        return list(dict.fromkeys(run.checker for run, _ in self.said))

    def meets(self, expected: Expected) -> bool:
        """Tell whether no run misses what is `expected`, and each checker has looked at it in one of them."""
        span, gaps = self.claim.span, self.claim.gaps
        claim = Claim(self.claim.line, span, expected, gaps, self.claim.needs)
        outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
        for run, said in self.said:
            reached = None if run.reached is None else run.reached.get(self.case.key, frozenset[int]())
            outcomes[run.checker].append(judge_claim(claim, run, said, reached)[1])
        return all(
            all(one.ok for one in found) and any(one is not Outcome.ELSEWHERE for one in found)
            for found in outcomes.values()
        )


def hear(case: Case, claim: OpenClaim, results: Iterable[Result]) -> Heard:
    """Return what all runs said of the statement of an open claim."""
    first, last = claim.span
    said = (
        (
            result.run,
            tuple(
                narrow(one, claim.impossible)
                for one in result.run.diagnostics
                if one.path == case.key and first <= one.line <= last
            ),
        )
        for result in results
    )
    return Heard(case, claim, tuple(said))


def find_answer(heard: Heard) -> Expected | None:
    """
    Return the narrowest claim that all runs meet, None where there is none.

    That is one kind, or two, for which all may have rejected the statement; the rules of each checker,
    where its runs share them; or a rejection for whatever reason. Of a type it is one spelling, or
    that of each checker.
    """
    return next((one for one in propose(heard) if is_writable(one, heard.claim) and heard.meets(one)), None)


def propose(heard: Heard) -> Iterator[Expected]:
    """Yield what might be claimed by what the checkers without a gap say, the narrowest first."""
    asked = heard.asked()
    if heard.claim.text.startswith("revealed"):
        yield from by_spelling(asked)
        return
    found = [tuple(one for one in said if one.revealed is None) for _, said in asked.said]
    if not any(found):
        if not heard.claim.obstacle:
            yield Accept()
        return
    yield from by_kind(list(filter(None, found)))
    yield by_rule(asked)
    yield Reject()


def by_kind(found: Sequence[Iterable[Diagnostic]]) -> Iterator[Reject]:
    """
    Yield one kind, then two, of those that all may have meant.

    No checker tells an unknown keyword from one that names a positional-only parameter; the first is
    the usual mistake. Of other kinds that a message leaves open, none is taken for what was meant but
    where another checker says so, or where only two are left.
    """
    meant = [frozenset[Kind]().union(*(one.kinds for one in said)) for said in found]
    shared = frozenset(Kind).intersection(*meant)
    single = (one.kinds for said in found for one in said if len(one.kinds) == 1)
    sure = shared & frozenset[Kind]().union(*single)
    if shared == ALIKE:
        yield reject(Kind.UNKNOWN_KEYWORD)
    kinds = in_order(sure or shared)
    if sure or len(kinds) == 1:
        yield from (reject(kind) for kind in kinds)
    if sure or len(kinds) == 2:  # noqa: PLR2004 - as many as a claim may name
        yield from (reject(*pair) for pair in combinations(kinds, 2))


def by_rule(asked: Heard) -> Reject:
    """Return a rejection by the rules, or the words without a rule, that all runs of a checker share."""
    own: list[tuple[str, tuple[Reason, ...]]] = []
    for checker in asked.checkers:
        found = {
            Reason(rule=one.rule, words="" if one.rule else first_line(one.message)): None
            for _, said in asked.of(checker).said
            for one in said
            if one.revealed is None
        }
        # As they are written: rules first, in one pair of brackets.
        reasons = tuple(sorted(found, key=lambda reason: not reason.rule))
        if reasons and meets(asked, checker, Reject(own=((checker, reasons),))):
            own.append((checker, reasons))
    return Reject(own=tuple(own))


def by_spelling(asked: Heard) -> Iterator[Revealed]:
    """Yield the spelling of a type that most checkers share, with that of each other; then that of each."""
    spelled = sorted({one.revealed: None for _, said in asked.said for one in said if one.revealed}, key=len)
    shared = {one: [name for name in asked.checkers if meets(asked, name, Revealed(one))] for one in spelled}
    own: dict[str, str] = {}
    for name in asked.checkers:
        for one in spelled:
            if meets(asked, name, Revealed(own=((name, one),))):
                own.setdefault(name, one)
    common = max(spelled, key=lambda one: len(shared[one]), default="")
    if common and len(shared[common]) >= min(2, len(asked.checkers)):
        yield Revealed(common, tuple((name, one) for name, one in own.items() if name not in shared[common]))
    yield Revealed(own=tuple(own.items()))


def meets(asked: Heard, checker: str, expected: Expected) -> bool:
    """Tell whether all runs of a checker meet what can be written."""
    return is_writable(expected, asked.claim) and asked.of(checker).meets(expected)


def first_line(message: str) -> str:
    return " ".join(message.partition("\n")[0].split())


def in_order(kinds: Iterable[Kind]) -> list[Kind]:
    return [kind for kind in Kind if kind in kinds]


def spell(answer: Expected, claim: OpenClaim) -> str:
    """Return what to write in the place of an open claim."""
    if not isinstance(answer, Reject):
        return str(answer)
    head = claim.text.partition(":")[0].rstrip()
    return head if answer == Reject() else f"{head}: {str(answer).removeprefix('E: ')}"


def is_writable(answer: Expected, claim: OpenClaim) -> bool:
    """Tell whether an answer is read as what it is, once it is written."""
    text = f"# {spell(answer, claim)}"
    found = find_claim(text)
    if found is None or not text.isprintable():
        return False
    try:
        read = read_comment(text, found, KNOWN)
    except BgtasksError:
        return False
    expected = read.expected
    if isinstance(expected, Reject):
        expected = replace(expected, tag="", several=False)
    return expected == answer and not read.gaps
