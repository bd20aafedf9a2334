"""What is shown on stderr while we and the checkers are at work."""

import sys
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager, nullcontext
from importlib import import_module
from threading import Lock, Timer
from time import monotonic
from typing import Any

import click

from bgtasks.model import Run
from bgtasks.report.words import label, plural

# What takes less is neither shown nor told of. By then, too, the checkers have been started, and what
# shows it, which takes long to load, loads while they work.
WORTH_TELLING = 0.5


def moving() -> Any:
    """Load the module that shows things, with the library that it needs."""
    return import_module("bgtasks.report.moving")


@contextmanager
def show_stage(doing: str) -> Generator[None, None, None]:
    """Show what is being done, and say how long it took where that is worth a line."""
    began = monotonic()
    with shown_late(lambda: moving().Status(doing)) if sys.stderr.isatty() else nullcontext():
        yield
    took = monotonic() - began
    if took >= WORTH_TELLING:
        click.echo(f"{doing}: {took:.1f} s", err=True)


@contextmanager
def show_progress(
    checkers: Iterable[str], files: int, runs: int = 1
) -> Generator[Callable[[Run], None], None, None]:
    """
    Show which checkers read how many files, each in so many runs.

    Yields what is to be told of each run that has ended.
    """

    def say(run: Run) -> str:
        return f"{label(run)}: {'failed' if run.failure else 'done'} after {run.seconds:.1f} s"

    if not sys.stderr.isatty():
        yield lambda run: click.echo(say(run), err=True)
        return
    titles = {name: f"{name} reads {plural(files, 'file')}" for name in checkers}
    with shown_late(lambda: moving().Lines(titles, runs)) as get:
        yield lambda run: get().end(run.checker, say(run))


@contextmanager
def shown_late(make: Callable[[], Any]) -> Generator[Callable[[], Any], None, None]:
    """Show what `make` makes when it is asked for, which is what is yielded, or else in a while."""
    lock, made = Lock(), list[Any]()

    def get() -> Any:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    timer = Timer(WORTH_TELLING, get)
    timer.daemon = True
    timer.start()
    try:
        yield get
    finally:
        timer.cancel()
        timer.join()
        for each in made:
            each.stop()
