"""What several commands take, and how it is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from bgtasks.checkers import GATING, NAMES
from bgtasks.cli.completion import Pairs, Values
from bgtasks.errors import BgtasksError
from bgtasks.settings import LONGEST
from bgtasks.verify.settings import PLATFORMS

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

S = TypeVar("S")
T = TypeVar("T")
D = TypeVar("D", bound="DataclassInstance")
F = TypeVar("F", bound=Callable[..., Any])


class Option(Protocol):
    """A decorator that gives an option to a command."""

    def __call__(self, command: F, /) -> F: ...


class Seconds(click.FloatRange):
    """How long to wait at most; nan is no such number, nor is what no timer takes."""

    def __init__(self) -> None:
        super().__init__(min=0.1, max=LONGEST)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a number."""
        number = super().convert(value, param, ctx)
        return number if number == number else self.fail(f"{value!r} is no number.", param, ctx)  # noqa: PLR0124


PATH: click.Path = click.Path(path_type=Path)

target: Option = click.option(
    "--target",
    metavar="MODULE:NAME",
    help="The class, function or method under test; replaces the one that the settings name, "
    "or else bgtasks:BackgroundTasks, where the cases import that. Without, all that they import is proved.",
)
stubs: Option = click.option(
    "--stubs", type=PATH, metavar="DIR", help="A folder of *-stubs packages to lay over the environment."
)
python: Option = click.option(
    "--python",
    type=PATH,
    metavar="FILE",
    help="The interpreter in whose environment imports resolve.",
    show_default="python in the settings, or else the one that runs bgtasks",
)
python_version: Option = click.option(
    "--python-version",
    multiple=True,
    metavar="X.Y",
    help="A Python version to check for; can be given more than once.",
    show_default="that of --python",
)
platform: Option = click.option(
    "--platform",
    multiple=True,
    type=Values(PLATFORMS, several=False),
    metavar="NAME",
    help="A platform to check for: linux, darwin or win32; can be given more than once.",
    show_default="this one",
)
timeout: Option = click.option(
    "--timeout",
    type=Seconds(),
    metavar="SECONDS",
    help="The time limit of each checker.",
    show_default="300",
)
executor: Option = click.option(
    "--executor",
    type=Values(["local", "dask://"], several=False),
    default="local",
    metavar="WHERE",
    help="Where the checkers run: local, or dask://HOST:PORT of a Dask scheduler.",
    show_default=True,
)


def checkers(known: Iterable[str] = NAMES, default: str = ",".join(GATING)) -> Option:
    """Return the option that names checkers, all of them `known`."""
    names = list(known)
    return click.option(
        "--checkers",
        multiple=True,
        type=Values([*names, "all"]),
        metavar="NAME[,NAME]",
        help=f"The checkers to ask, of {', '.join(names)}, or all.",
        show_default=default,
    )


def output(formats: Iterable[str], more: str = "") -> Option:
    """Return the option that names reports, in one of `formats`; `more` is said of them besides."""
    return click.option(
        "--output",
        multiple=True,
        type=Pairs(formats),
        metavar="FORMAT=PATH",
        help=f"Write a report, as {', '.join(formats)}; - is stdout.{more}",
    )


def split(names: Sequence[str]) -> Sequence[str]:
    return names and [name for part in names for name in part.split(",") if name]


def named(option: str, read: Callable[[S], T], value: S | None) -> T | None:
    """Read what was given for an option, if anything; an error names the option."""
    if value is None or value == ():
        return None
    try:
        return read(value)
    except BgtasksError as error:
        raise BgtasksError(f"{option}: {error}") from None


def override(settings: D, **given: Any) -> D:
    return replace(settings, **{key: value for key, value in given.items() if value is not None})


def refuse(given: Mapping[str, object], why: str) -> None:
    """Raise `BgtasksError` for the first of the options that was given."""
    for option, value in given.items():
        if value:
            raise BgtasksError(f"{why}; leave out {option}")
