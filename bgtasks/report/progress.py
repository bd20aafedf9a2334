"""What is shown on stderr while checkers are at work."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from time import monotonic

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bgtasks.model import Run
from bgtasks.report.words import label, plural

# What takes less is told only while it lasts.
WORTH_TELLING = 0.5


@contextmanager
def show_stage(doing: str) -> Generator[None, None, None]:
    """Show what is being done, and say how long it took where that is worth a line."""
    console = Console(stderr=True)
    began = monotonic()
    with console.status(doing):
        yield
    took = monotonic() - began
    if took >= WORTH_TELLING:
        console.print(f"{doing}: {took:.1f} s", highlight=False)


@contextmanager
def show_progress(
    checkers: Iterable[str], files: int, runs: int = 1
) -> Generator[Callable[[Run], None], None, None]:
    """
    Show which checkers read how many files, each in so many runs.

    Yields what is to be told of each run that has ended.
    """
    with Progress(
        SpinnerColumn(finished_text=" "),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
        refresh_per_second=4,
    ) as progress:
        tasks = {
            name: progress.add_task(f"{name} reads {plural(files, 'file')}", total=runs) for name in checkers
        }

        def ended(run: Run) -> None:
            progress.advance(tasks[run.checker])
            verb = "failed" if run.failure else "done"
            line = f"{label(run)}: {verb} after {run.seconds:.1f} s"
            progress.console.print(line, highlight=False)

        yield ended
