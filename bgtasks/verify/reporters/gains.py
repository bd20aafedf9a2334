"""What a plugin buys: the claims that a checker meets with it and not without."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.claims.model import Outcome, Verdict
from bgtasks.model import Run
from bgtasks.verify.model import Result
from bgtasks.verify.reporters.words import ALL

MEETS = {Outcome.MET, Outcome.CLOSED_GAP}


@dataclass(frozen=True, slots=True)
class Gain:
    """
    A run with a plugin beside the run without, for the same Python and platform.

    `won` are the verdicts of `run` on the claims that it alone meets, `lost` those on the claims
    that `plain` alone meets.
    """

    run: Run
    plain: Run
    won: tuple[Verdict, ...]
    lost: tuple[Verdict, ...]

    @property
    def plugin(self) -> str:
        """What stands behind the plus in the name of the profile."""
        return self.run.checker.partition("+")[2]

    def count(self, name: str) -> str:
        """Return how many claims of a kind are won and lost, such as "+3 -1", or "" for none."""
        counts = ((sign, tally(verdicts)[name]) for sign, verdicts in (("+", self.won), ("-", self.lost)))
        return " ".join(f"{sign}{count}" for sign, count in counts if count)


def gains(results: Sequence[Result]) -> tuple[Gain, ...]:
    """Return a gain for each run with a plugin whose checker has run without it too."""
    runs = {
        (result.run.checker, result.run.python_version, result.run.platform): result for result in results
    }
    found: list[Gain] = []
    for (name, python, platform), result in runs.items():
        program, plus, _ = name.partition("+")
        plain = runs.get((program, python, platform))
        if plus and plain and result.run.failure is None and plain.run.failure is None:
            both = met(result), met(plain)
            won, lost = both[0] - both[1], both[1] - both[0]
            found.append(Gain(result.run, plain.run, at(result, won), at(result, lost)))
    return tuple(found)


def differences(results: Sequence[Result]) -> tuple[Gain, ...]:
    """Return the gains that are any: where a plugin changes nothing, there is nothing to show."""
    return tuple(gain for gain in gains(results) if gain.won or gain.lost)


def winners(bought: Iterable[Gain]) -> Mapping[tuple[Path, int], str]:
    """Return the checkers that meet a claim with a plugin only, by the path and the line of the claim."""
    names: defaultdict[tuple[Path, int], dict[str, None]] = defaultdict(dict)
    for gain in bought:
        for verdict in gain.won:
            names[verdict.path, verdict.line][gain.run.checker] = None
    return {place: " and ".join(found) for place, found in names.items()}


def met(result: Result) -> set[tuple[Path, int]]:
    return {(one.path, one.line) for one in result.verdicts if one.claim and one.outcome in MEETS}


def at(result: Result, places: set[tuple[Path, int]]) -> tuple[Verdict, ...]:
    return tuple(one for one in result.verdicts if one.claim and (one.path, one.line) in places)


def tally(verdicts: Sequence[Verdict]) -> Counter[str]:
    return Counter(
        name for verdict in verdicts for name in (verdict.claim.group if verdict.claim else "", ALL)
    )
