"""The environment that an app runs in: where it is, and what is installed there."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from bgtasks.checkers.sandbox import ask_python
from bgtasks.errors import BgtasksError

EXECUTABLES = ("bin/python", "Scripts/python.exe", "python.exe")
INSTALLED = {"site-packages", "dist-packages"}


@dataclass(frozen=True, slots=True)
class Environment:
    """What an app runs with; `paths` is where its interpreter finds what is installed."""

    python: Path
    version: str
    paths: tuple[str, ...]

    def version_of(self, distribution: str) -> str | None:
        """Return the version of what is installed there under a name."""
        found = metadata.distributions(name=distribution, path=list(self.paths))
        return next((one.version for one in found), None)

    def has(self, package: str) -> bool:
        """Tell whether a package is installed there."""
        return any(Path(path, package).is_dir() for path in self.paths)


def read_environment(python: Path) -> Environment:
    """Ask an interpreter about itself. Raises `BgtasksError` where it does not answer as Python."""
    version, paths = ask_python(python)
    return Environment(python, version, tuple(paths))


def find_python(project: Path) -> Path:
    """
    Return the interpreter that an app in the folder `project` runs with, as far as can be told.

    It is that of the environment that `project` is installed in, that is active, or that lies in
    `project` or above it; else the one that runs us. An environment is not taken for the app's only
    because we run in it: pre-commit makes one for each hook. Raises `BgtasksError` where the active
    environment has none.
    """
    return next(filter(None, map(executable_in, find_environments(project))), Path(sys.executable))


def find_environments(project: Path) -> Iterator[Path]:
    """Yield the folders of the environments that may be meant, the likeliest first."""
    for parent in (project, *project.parents):
        if parent.name in INSTALLED:  # lib/python3.12/site-packages, or Lib/site-packages
            yield from parent.parents[1:3]
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        active = os.environ.get(variable)
        if active and Path(active) != Path(sys.prefix):
            if executable_in(Path(active)) is None:
                raise BgtasksError(f"{variable} is {active}, where no Python lies; name one with --python")
            yield Path(active)
    for folder in (project, *project.parents):
        for name in (".venv", "venv", "env"):
            if (folder / name / "pyvenv.cfg").is_file():
                yield folder / name


def executable_in(environment: Path) -> Path | None:
    return next((path for name in EXECUTABLES if (path := environment / name).is_file()), None)
