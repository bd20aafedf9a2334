"""What came of generated calls: the disagreements, their causes, and whether the gate holds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.model import Target
from bgtasks.prove.calls.judging import Answers
from bgtasks.prove.calls.model import Call, Form
from bgtasks.prove.calls.through import DEFAULT, Through


@dataclass(frozen=True, slots=True)
class Disagreement:
    """
    A call that a checker judges wrongly through the target.

    It is `lost` where the same checker judges the direct call rightly: then the target is to blame, and
    else the checker.
    """

    checker: str
    number: int
    call: Call
    lost: bool

    @property
    def group(self) -> tuple[str, str, str, bool]:
        """What disagreements of one cause have in common."""
        return self.checker, self.call.construct.name, str(self.call.kind), self.lost


@dataclass(frozen=True, slots=True)
class Cause:
    """The smallest call that was found for some disagreements, and whether each checker loses it."""

    call: Call
    checkers: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """
    All that came of the calls that a seed made.

    `gating` names the checkers that may disagree on no core call.
    """

    target: Target
    seed: int
    calls: tuple[Call, ...]
    answers: tuple[Answers, ...]
    gating: frozenset[str]
    causes: tuple[Cause, ...] = ()
    through: Through = DEFAULT

    @property
    def failures(self) -> tuple[Answers, ...]:
        """The checkers from which nothing can be concluded."""
        return tuple(each for each in self.answers if each.run.failure or each.run.aside)

    @property
    def broken(self) -> tuple[tuple[str, int], ...]:
        """The core calls on which a gating checker disagrees, in either form, by checker and number."""
        return tuple(
            (each.run.checker, number)
            for each in self.judged()
            if each.run.checker in self.gating
            for number, call in enumerate(self.calls)
            if call.construct.core and any(each.is_wrong(number, call, form) for form in Form)
        )

    @property
    def unequal(self) -> tuple[tuple[str, int], ...]:
        """The calls of which a checker with a plugin says another thing than without of the direct call."""
        plain = {each.run.checker: each for each in self.judged()}
        return tuple(
            (name, number)
            for name, each in plain.items()
            if "+" in name and name.partition("+")[0] in plain
            for number in range(len(self.calls))
            if texts(each, number, Form.TARGET) != texts(plain[name.partition("+")[0]], number, Form.DIRECT)
        )

    @property
    def exit_code(self) -> int:
        """0 when the gate holds, 1 when it does not, 2 when nothing can be concluded."""
        if self.failures or not self.answers:
            return 2
        return 1 if self.broken or self.unequal else 0

    def judged(self) -> Iterator[Answers]:
        """Yield the answers from which something can be concluded."""
        return (each for each in self.answers if each not in self.failures)


def texts(answers: Answers, number: int, form: Form) -> list[str]:
    return sorted(map(str, answers.said[number, form]))


def disagreements(calls: Sequence[tuple[int, Call]], answers: Answers) -> Iterator[Disagreement]:
    """Yield the calls that a checker judges wrongly through the target."""
    if answers.said:
        for number, call in calls:
            if answers.is_wrong(number, call, Form.TARGET):
                lost = not answers.is_wrong(number, call, Form.DIRECT)
                yield Disagreement(answers.run.checker, number, call, lost)
