"""`bgtasks convert`."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from bgtasks.claims.model import Case
from bgtasks.cli.options import PATH
from bgtasks.convert.write import convert as make
from bgtasks.convert.write import write
from bgtasks.report.outputs import say
from bgtasks.report.words import plural
from bgtasks.verify.around import find_starts
from bgtasks.verify.settings import load_settings

# The word for what is not said: the note 'x', the option y = 1
WHAT = re.compile(r": (?:the|it) (note|pattern|mark|flag|option|section|type|key|comment|need)s?\b")


@click.command()
@click.argument("paths", nargs=-1, type=PATH, required=True)
@click.option("--to", "folder", type=PATH, required=True, metavar="DIR", help="A new folder for the cases.")
def convert(paths: tuple[Path, ...], folder: Path) -> None:
    """
    Turn type tests of other tools into cases of `bgtasks verify`.

    PATHS are files, or folders that are searched for them: pytest-mypy-plugins' YAML, mypy's own test
    data (.test), ty's Markdown suites (.md), and Python files with the comments of typing's conformance
    tests (`# E: ...`) or with comments that tell checkers what to ignore.

    In DIR lie `cases`, which are checked together; `suites`, a folder for each test that has files of
    its own, and for tests with the same options; and `apart`, tests that cannot be checked here: they
    need mypy's own fixtures, are no Python, or have a checker ignore a whole file. A pyproject.toml there
    has the settings of all, and where imports start in the project that the tests come from, so `bgtasks
    verify` in DIR checks them. What no claim can say is told.

    Exit codes: 0 all is said by claims; 1 something is not, and is told; 2 nothing was written.
    """
    made = make(paths)
    cases = (
        Case(folder / place, Path(*place.parts[1:]), text, (), ())
        for place, text in made.files.items()
        if place.suffix in {".py", ".pyi"}
    )
    made.starts = find_starts(paths, cases, load_settings(Path()).python)
    write(made, folder)
    for line in made.untold:
        say(f"not said: {line}")
    together = sum(place.parts[0] == "cases" for place in made.files)
    say(
        f"Wrote {plural(len(made.files), 'file')}: {plural(together, 'case')} to check together, "
        f"{plural(len(made.suites), 'suite')} with options or files of their own, "
        f"{plural(made.apart, 'test')} that cannot be checked here."
    )
    if made.untold:
        say(f"No claim says {summarise(made.untold)}: each is told above.")
    say(f"To check them: cd {shlex.quote(str(folder))} && bgtasks verify")
    raise SystemExit(1 if made.untold else 0)


def summarise(untold: Iterable[str]) -> str:
    """Return how many things of each sort no claim says."""
    found = Counter(match[1] if (match := WHAT.search(line)) else "other thing" for line in untold)
    return ", ".join(plural(count, what) for what, count in found.most_common())
