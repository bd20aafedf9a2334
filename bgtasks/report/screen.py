"""What a terminal shows of a report."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment

from bgtasks.streams import tame


def show(parts: Iterable[RenderableType], *, err: bool) -> None:
    """Print to stdout, or to stderr."""
    console = Console(stderr=err, markup=False, emoji=False, highlight=False)
    for part in parts:
        console.print(Tame(part), soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Tame:
    """A part of a report in which nothing is obeyed by a terminal, or by the runner of a workflow."""

    part: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield what the part yields; where a line begins is not always where a segment does."""
        begins = True
        for segment in console.render(self.part, options):
            if segment.control:
                yield segment
                continue
            before = "" if begins else "."
            text = tame(before + segment.text)[len(before) :]
            yield Segment(text, segment.style)
            last = text.rpartition("\n")[2]
            begins = not last.strip() and (begins or "\n" in text)
