"""What the command line of `pytest --bgtasks` says, and what is said of it."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import read_case
from bgtasks.errors import BgtasksError
from bgtasks.settings import seconds
from bgtasks.verify.find import read_text
from bgtasks.verify.settings import (
    Settings,
    read_any_checkers,
    read_paths,
    read_platforms,
    read_target,
    read_versions,
    split_config,
)

# typetests/partials.py::31[mypy]
PLACE = re.compile(r"(?P<file>.+\.py)::(?P<line>[0-9]{1,9})(?P<rest>(\[.*)?)")


def read_options(config: pytest.Config, saved: Settings) -> Settings:
    """Return the settings, with what the command line says in their place."""
    target, checkers = config.getoption("--bgtasks-target"), config.getoption("--bgtasks-checkers")
    python, versions = config.getoption("--bgtasks-python"), config.getoption("--bgtasks-python-version")
    platforms, timeout = config.getoption("--bgtasks-platform"), config.getoption("--bgtasks-timeout")
    paths, ignores = config.getoption("--bgtasks-path"), config.getoption("--bgtasks-ignores-are-claims")
    return replace(
        saved,
        config=split_config(config.getoption("--bgtasks-config") or ()) or saved.config,
        target=read_target(target) if target else saved.target,
        checkers=read_any_checkers([*filter(None, checkers.split(","))]) if checkers else saved.checkers,
        paths=read_paths([Path(path) for path in paths]) if paths else saved.paths,
        ignores_are_claims=ignores or saved.ignores_are_claims,
        python=Path(python) if python else saved.python,
        python_versions=read_versions(versions) if versions else saved.python_versions,
        platforms=read_platforms(platforms) if platforms else saved.platforms,
        timeout=saved.timeout if timeout is None else seconds(timeout),
    )


def aim(argument: str, folder: Path, *, ignores: bool) -> str:
    """Return `file::line` with the line of the claim for any line of its statement; all else as it is."""
    found = PLACE.fullmatch(argument)
    if found is None:
        return argument
    file = folder / found["file"]
    with suppress(BgtasksError):  # the collection tells
        case = read_case(file, Path(file.name), read_text(file), frozenset(NAMES), ignores=ignores)
        span = case.span_at(int(found["line"]))
        for claim in case.claims:
            if claim.span == span:
                return f"{found['file']}::{claim.line}{found['rest']}"
    return argument


def as_options(line: str) -> str:
    """Return `line` with the options of `bgtasks verify` that it names called as they are here."""
    return re.sub(
        r"(?<!\S)--(?=(checkers|config|path|platform|python|python-version|target|timeout)\b)",
        "--bgtasks-",
        line,
    )
