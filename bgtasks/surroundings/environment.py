"""The environment that code runs in: where it is, what is installed there, and its interpreter asked."""

import glob
import os
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from bgtasks import leftovers
from bgtasks.documents import from_json
from bgtasks.errors import BgtasksError
from bgtasks.files import MIB, absolute, read_whole

EXECUTABLES = ("bin/python", "Scripts/python.exe", "python.exe")
VERSION = re.compile(r"[23]\.[0-9]{1,3}")
INSTALLED = {"site-packages", "dist-packages"}
METADATA = ("{}-*.dist-info/METADATA", "{}-*.egg-info/PKG-INFO", "{}.egg-info/PKG-INFO")
STATED = re.compile(r"^Version:[ \t]*(\S+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Environment:
    """What an app runs with; `paths` is where its interpreter finds what is installed."""

    python: Path
    version: str
    paths: tuple[str, ...]

    def version_of(self, distribution: str) -> str | None:
        """Return the version of what is installed there under a name."""
        return read_version(distribution, self.paths)

    def finds(self, name: str) -> bool:
        """Tell whether a package or a module of a name, or stubs for it, can be imported there."""
        for path in self.paths:
            stem = os.path.join(path, name)  # noqa: PTH118 - Path takes several times as long
            if any(map(os.path.exists, (stem, f"{stem}-stubs", f"{stem}.py"))) or any(
                Path(path).glob(f"{glob.escape(name)}.*")
            ):
                return True
        return False

    def has(self, package: str) -> bool:
        """Tell whether a package is installed there."""
        return any(Path(path, package).is_dir() for path in self.paths)


def read_version(distribution: str, paths: Iterable[str]) -> str | None:
    """
    Return the version of what is installed in one of `paths`, None where that is not recorded.

    importlib.metadata would read whatever lies there, and takes longer to load than all that is read here.
    Source: <https://packaging.python.org/en/latest/specifications/recording-installed-packages/>
    """
    for path in paths:
        for pattern in METADATA:
            for file in sorted(Path(path).glob(pattern.format(distribution))):
                with suppress(OSError):
                    if stated := STATED.search(read_whole(file, MIB).decode(errors="replace")):
                        return stated[1]
    return None


def read_environment(python: Path) -> Environment:
    """
    Return what is installed where an interpreter is.

    That of a virtual environment is not run, for it may have come with the code that is checked; any
    other is asked about itself. Raises `BgtasksError` where it does not answer as Python.
    """
    folder = absolute(python).parent.parent
    version, paths = read_venv(folder) if (folder / "pyvenv.cfg").is_file() else ask_python(python)
    return Environment(python, version, tuple(paths))


def read_venv(folder: Path) -> tuple[str, list[str]]:
    """Return what `ask_python` does of the virtual environment in `folder`, read off its files."""
    try:
        lines = read_whole(folder / "pyvenv.cfg").decode(errors="replace").splitlines()
    except OSError as error:
        raise BgtasksError(f"{folder / 'pyvenv.cfg'}: cannot be read: {error.strerror}") from None
    told = {key.strip().lower(): value.strip() for key, _, value in (line.partition("=") for line in lines)}
    ours = "{}.{}".format(*sys.version_info)
    match = VERSION.match(told.get("version_info") or told.get("version", ""))
    version = match[0] if match else ours
    homes = [folder]
    if told.get("include-system-site-packages", "").lower() == "true":
        homes += [Path(home).parent for home in [told.get("home", "")] if home and is_path(home)]
    patterns = [f"lib*/python{version}/*-packages", "Lib/site-packages"]
    sites = dict.fromkeys(
        site for home in homes for pattern in patterns for site in sorted(home.glob(pattern))
    )
    return version, [str(path) for site in sites for path in (site, *read_paths(site))]


def read_paths(site: Path) -> Iterator[Path]:
    """Yield the folders that the .pth files in `site` name; a line of code in one is not run."""
    for file in sorted(site.glob("*.pth")):
        with suppress(OSError):
            for line in read_whole(file).decode(errors="replace").splitlines():
                if line.strip() and not line.startswith(("#", "import ", "import\t")):
                    path = Path(os.path.normpath(site / line.rstrip()))
                    if is_path(str(path)) and os.path.isdir(path):  # noqa: PTH112 - no error for an odd name
                        yield path


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


def ask_python(python: Path) -> tuple[str, list[str]]:
    """Return the version of an interpreter, such as "3.12", and where it finds what is installed."""
    code = (
        "import json, sys; own = set(sys.path); import site; site.main();"
        "added = [path for path in sys.path if path not in own];"
        "print(json.dumps(['{}.{}'.format(*sys.version_info), added]))"
    )
    match ask(python, "-S", "-c", code):
        case [str(version), [*paths]] if VERSION.fullmatch(version) and all(map(is_path, paths)):
            return version, cast("list[str]", paths)
        case _:
            raise BgtasksError(f"{python}: does not answer as Python; name one with --python")


def is_path(value: object) -> bool:
    return isinstance(value, str) and not set(value) & set("\0\r\n")


def run_python(python: Path, *arguments: str) -> str:
    try:
        code, output = leftovers.run([python, "-I", *arguments], 60)
        why = f"exit code {code}"
    except (OSError, ValueError) as error:
        code, output, why = -1, "", getattr(error, "strerror", None) or "no such path"
    if code:
        raise BgtasksError(f"{python}: cannot be run as Python ({why}); name one with --python")
    return output


def ask(python: Path, *arguments: str) -> Any:
    """Return what an interpreter answers in JSON."""
    try:
        return from_json(run_python(python, *arguments))
    except ValueError:
        raise BgtasksError(f"{python}: does not answer as Python; name one with --python") from None
