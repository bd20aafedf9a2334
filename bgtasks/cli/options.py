"""What several commands take, and how it is read."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from bgtasks.errors import BgtasksError
from bgtasks.settings import Settings

S = TypeVar("S")
T = TypeVar("T")

Target = Annotated[
    str | None,
    typer.Option(
        metavar="MODULE:CLASS",
        help="The class under test; replaces the one that the settings name, "
        "or else bgtasks:BackgroundTasks, where the cases import that.",
    ),
]
Checkers = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME[,NAME]", help="The checkers to ask, or all.", show_default="mypy,pyright"),
]
Stubs = Annotated[
    Path | None, typer.Option(metavar="DIR", help="A folder of *-stubs packages to lay over the environment.")
]
Python = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The interpreter in whose environment imports resolve.",
        show_default="the one that runs bgtasks",
    ),
]
Versions = Annotated[
    list[str] | None,
    typer.Option(
        metavar="X.Y",
        help="A Python version to check for; can be given more than once.",
        show_default="that of --python",
    ),
]
Timeout = Annotated[
    float | None,
    typer.Option(metavar="SECONDS", min=0.1, help="The time limit of each checker.", show_default="300"),
]


def split(names: list[str] | None) -> list[str] | None:
    return names and [name for part in names for name in part.split(",") if name]


def named(option: str, read: Callable[[S], T], value: S | None) -> T | None:
    """Read what was given for an option, if anything; an error names the option."""
    if value is None:
        return None
    try:
        return read(value)
    except BgtasksError as error:
        raise BgtasksError(f"{option}: {error}") from None


def override(settings: Settings, **given: Any) -> Settings:
    return replace(settings, **{key: value for key, value in given.items() if value is not None})
