"""What checkers say of a small app: a source, and diagnostics that stand where a text does."""

import textwrap
from collections.abc import Sequence
from pathlib import Path

from bgtasks.check.ask.answers import Answer
from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Place
from bgtasks.model import Diagnostic, Kind, Run
from examples import parse

PATH = Path("app.py")


def read_sites(source: str) -> Sequence[Site]:
    """Return the call sites of `source`, behind the imports of `examples`."""
    return read_app([parse(textwrap.dedent(source))]).sites


def answer(checker: str, *said: Diagnostic) -> Answer:
    """Return what one checker says."""
    return Answer(Run(checker, "1.0", "3.13", 1, said), {})


def says(
    site: Site,
    at: str,
    message: str,
    kinds: frozenset[Kind] = frozenset(),
    rule: str = "rule",
    *,
    behind: int = 0,
) -> Diagnostic:
    """Return a diagnostic that stands where `at` does for the first time from `site` on, or `behind` it."""
    lines = site.module.source.split("\n")
    for number, line in enumerate(lines[site.place.line - 1 :], site.place.line):
        start = site.place.column - 1 if number == site.place.line else 0
        column = line.find(at, start)
        if column >= 0:
            return Diagnostic(PATH, number, rule, message, kinds, column + 1 + behind)
    raise ValueError(f"{at!r} is not there")


def text_at(place: Place, site: Site) -> str:
    """Return the source at `place`."""
    lines = site.module.source.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return " ".join(" ".join(lines).split())
