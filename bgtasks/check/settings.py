"""[tool.bgtasks.check] in the user's pyproject.toml."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bgtasks.check.codes import ALL, CODES, GROUPS, MEMBERS
from bgtasks.check.pages import find_near
from bgtasks.checkers import CHECKERS, GATING
from bgtasks.errors import BgtasksError
from bgtasks.settings import OURS, load_values, read_checkers, seconds, shorten, table, text, texts

KEYS = (*OURS, "check")
# mypy is always asked with our plugin here.
NAMES: tuple[str, ...] = tuple(name for name in CHECKERS if "+" not in name)
PERCENT = 100


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """
    What a project says of how its background tasks are checked; a path is relative to its pyproject.toml.

    `select` and `ignore` are codes or what codes begin with; an empty `select` is all that is on by
    itself. `min_coverage` is in percent, None for
    none. `baseline` is the file of what is known already. `python` is None where it is to be found.
    """

    paths: tuple[Path, ...] = (Path(),)
    python: Path | None = None
    checkers: tuple[str, ...] = GATING
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    min_coverage: float | None = None
    baseline: Path | None = None
    timeout: float = 300
    outputs: tuple[tuple[str, Path], ...] = ()

    def selects(self, code: str, was: str = "") -> bool:
        """
        Tell whether `code` is reported: of all that it begins with, the longest decides.

        `was` is the group that it belongs to, if it does to one: more than what it begins with, less
        than the code itself.
        """
        asked = self.rank(self.select, code, was) if self.select else int(ALL[code].on)
        return asked > self.rank(self.ignore, code, was)

    @property
    def asked(self) -> frozenset[str]:
        """The codes that are reported, and the groups of which all that are on by themselves are."""
        group_of = {code: group for group, codes in MEMBERS.items() for code in codes}
        asked = {code for code in CODES if self.selects(code, group_of.get(code, ""))}
        return frozenset(asked | {group for group, codes in MEMBERS.items() if codes <= asked})

    def hides(self, code: str, was: str = "") -> bool:
        """Tell whether `code` is not reported only because it is off by itself."""
        return not self.select and not CODES[code].on and not self.rank(self.ignore, code, was)

    @staticmethod
    def rank(prefixes: Iterable[str], code: str, was: str) -> float:
        in_group = [len(was) - 0.5 for prefix in prefixes if was in GROUPS and prefix == was]
        return max((*in_group, *(len(prefix) for prefix in prefixes if code.startswith(prefix))), default=0)


def load_check_settings(folder: Path, others: Iterable[str]) -> CheckSettings:
    """
    Return the settings of the nearest pyproject.toml at or above `folder`, or the defaults.

    `others` are the keys of [tool.bgtasks] that other commands read. Raises `BgtasksError`, with the
    file and the key, for one that says what it may not, and for one that nobody reads.
    """
    return replace(CheckSettings(), **load_values(folder, KEYS, READERS, others))


def read_codes(codes: Sequence[str]) -> tuple[str, ...]:
    """Read codes, or what codes begin with."""
    for code in codes:
        if not code or not any(known.startswith(code) for known in ALL):
            near = find_near(code)
            hint = f"did you mean {near.code}?" if near else "`bgtasks rule` lists them all"
            raise BgtasksError(f"{code!r} is no code, and no code begins with it; {hint}")
    return tuple(dict.fromkeys(codes))


def read_percentage(value: object) -> float:
    """Read a number from 0 to 100."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= PERCENT:
        raise BgtasksError(f"{shorten(value)} is not a percentage from 0 to 100")
    return value


READERS: Mapping[str, Callable[[object, Path], object]] = {
    "paths": lambda value, folder: tuple(folder / path for path in texts(value)),
    "python": lambda value, folder: folder / text(value),
    "checkers": lambda value, _: read_checkers(texts(value), NAMES),
    "select": lambda value, _: read_codes(texts(value)),
    "ignore": lambda value, _: read_codes(texts(value)),
    "min-coverage": lambda value, _: read_percentage(value),
    "baseline": lambda value, folder: folder / text(value),
    "timeout": lambda value, _: seconds(value),
    "outputs": lambda value, folder: tuple(
        (name, folder / text(path)) for name, path in table(value).items()
    ),
}
