"""What is shown on stderr while checkers are at work."""

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from bgtasks.model import Run
from bgtasks.report.words import label, plural

if TYPE_CHECKING:
    from bgtasks.report.spinner import Spinner

# By then the checkers have been started, and rich loads while they work.
DELAY = 0.5


@contextmanager
def show_progress(
    checkers: Iterable[str], files: int, runs: int = 1
) -> Generator[Callable[[Run], None], None, None]:
    """
    Show which checkers read how many files, each in so many runs.

    Yields what is to be told of each run that has ended.
    """
    lock, spinners = Lock(), list["Spinner"]()
    titles = {name: f"{name} reads {plural(files, 'file')}" for name in checkers}

    def start() -> "Spinner":
        from bgtasks.report.spinner import Spinner  # noqa: PLC0415 - see DELAY

        with lock:
            if not spinners:
                spinners.append(Spinner(titles, runs))
            return spinners[0]

    def ended(run: Run) -> None:
        verb = "failed" if run.failure else "done"
        start().end(run.checker, f"{label(run)}: {verb} after {run.seconds:.1f} s")

    timer = Timer(DELAY, start)
    timer.daemon = True
    timer.start()
    try:
        yield ended
    finally:
        timer.cancel()
        timer.join()
        for spinner in spinners:
            spinner.stop()
