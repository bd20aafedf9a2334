"""The source of a finding, with what is wrong marked in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bgtasks.check.model import Place
from bgtasks.check.report import CheckReport
from bgtasks.check.reporters.words import excerpt

TAB = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A line of source: what stands before what is marked, that, and what stands behind it."""

    number: int
    before: str
    marked: str
    behind: str

    @property
    def carets(self) -> str:
        """What to write below, so that it points at what is marked."""
        return " " * len(self.before) + "^" * len(self.marked)


def mark(report: CheckReport, place: Place) -> list[Line]:
    """Return the first lines at `place`, without the indentation that they share and without tabs."""
    lines = list(split(report, place))
    texts = [before + marked + behind for _, before, marked, behind in lines]
    shared = min((len(text) - len(text.lstrip()) for text in texts if text.strip()), default=0)
    return [Line(number, before[shared:], marked, behind) for number, before, marked, behind in lines]


def split(report: CheckReport, place: Place) -> Iterator[tuple[int, str, str, str]]:
    for number, source in excerpt(report, place):
        text = source.expandtabs(TAB)
        begin = len(text) - len(text.lstrip())
        end = len(text.rstrip())
        if number == place.line:
            begin = len(source[: place.column - 1].expandtabs(TAB))
        if number == place.end_line:
            end = len(source[: place.end_column - 1].expandtabs(TAB))
        yield number, text[:begin], text[begin:end], text[end:]
