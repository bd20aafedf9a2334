"""The version of what an app runs with: by its lock file or pin, by what is installed, or not known."""

from collections.abc import Iterator, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import TypeAlias

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from bgtasks.files import absolute, read_whole, relative
from bgtasks.surroundings.environment import Environment
from bgtasks.surroundings.frameworks import Framework, Frameworks, read_version
from bgtasks.surroundings.locks import LOCKS
from bgtasks.surroundings.requirements import PROJECTS, read_requirements
from bgtasks.surroundings.trees import is_project

REQUIREMENTS = "requirements.txt"
MORE = ("requirements*.txt", "requirements*.in", "constraints*.txt")
LARGEST = 16 * 1024 * 1024
INSTALLED = "installed"

# A file, and what it asks for.
Asked: TypeAlias = tuple[Path, list[Requirement]]
READERS = {**LOCKS, **PROJECTS}


def read_frameworks(asked: Sequence[Asked], environment: Environment) -> Frameworks:
    """
    Return what an app is built on, by what files ask for, the nearest and surest first.

    The first of them that allows one version tells it, or else what is installed in `environment`, if
    that is what the nearest ask for.
    """
    fastapi = read_framework("FastAPI", asked, environment)
    starlette = read_framework("Starlette", asked, environment)
    other = fastapi.source and fastapi.version != read_version(environment.version_of("fastapi"))
    if starlette.source == INSTALLED and other:  # it goes with another FastAPI than the app's
        starlette = Framework("Starlette")
    return Frameworks(fastapi, starlette)


def read_framework(name: str, asked: Sequence[Asked], environment: Environment) -> Framework:
    allowed, source, nearest = SpecifierSet(), "", None
    installed = read_version(environment.version_of(name.lower()))
    for file, requirements in asked:
        found = [each for each in requirements if is_meant(each, name, environment)]
        versions = list({version for each in found if (version := pinned(each))})
        if len(versions) == 1 and allowed.contains(str(versions[0]), prereleases=True):
            return Framework(name, versions[0], source=relative(file).as_posix())
        if len(versions) > 1 and installed not in versions:
            return Framework(name, source=relative(file).as_posix())
        ranges = [each.specifier for each in found if each.specifier]
        if ranges and nearest in {None, file.parent} and not versions:
            nearest = file.parent
            source = source or relative(file).as_posix()
            for each in ranges:
                allowed &= each
    if installed is not None and allowed.contains(str(installed), prereleases=True):
        return Framework(name, installed, source=INSTALLED)
    return Framework(name, None, allowed, source)


def read_asked(folder: Path) -> Iterator[Asked]:
    """Yield the files in `folder` that may name versions, the surest first, with what they ask for."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return
    found = [name for pattern in (*LOCKS, REQUIREMENTS) for name in names if fnmatch(name, pattern)]
    if "requirements" in names:
        found += [f"requirements/{path.name}" for path in sorted((folder / "requirements").glob("*.txt"))]
    found += [name for pattern in (*MORE, *PROJECTS) for name in names if fnmatch(name, pattern)]
    for name in dict.fromkeys(found):
        yield from read_file(folder / name)


def list_folders(folder: Path, top: Path) -> Sequence[Path]:
    """Return `folder` and those above it, up to the repository or else to the outermost project or `top`."""
    folders = [folder, *folder.parents]
    end = next((index for index, here in enumerate(folders) if (here / ".git").exists()), None)
    if end is None:
        end = max((index for index, here in enumerate(folders) if here == top or is_project(here)), default=0)
    return folders[: end + 1]


def read_file(file: Path, above: frozenset[Path] = frozenset()) -> Iterator[Asked]:
    """
    Yield `file` with what it has, and each that it includes.

    What cannot be read has nothing: it is the business of its own tool.
    """
    reader = next((READERS[name] for name in READERS if fnmatch(file.name, name)), None)
    try:
        content = read_whole(file, LARGEST)
        requirements, included = (list(reader(content)), []) if reader else read_requirements(content)
    except (OSError, ValueError):
        return
    yield file, requirements
    for other in included:
        path = absolute(file.parent / other)
        if path not in above | {file}:
            yield from read_file(path, above | {file})


def is_meant(requirement: Requirement, name: str, environment: Environment) -> bool:
    """Tell whether it is a requirement of `name` for the Python of `environment`."""
    if canonicalize_name(requirement.name) != name.lower():
        return False
    if requirement.marker is None:
        return True
    version = environment.version
    told = {"python_version": version, "python_full_version": f"{version}.0", "extra": ""}
    try:
        return requirement.marker.evaluate(told)
    except (UndefinedComparison, UndefinedEnvironmentName):
        return True


def pinned(requirement: Requirement) -> Version | None:
    """Return the one version that a requirement allows; None where it allows several."""
    for each in requirement.specifier:
        if each.operator in {"==", "==="} and not each.version.endswith(".*"):
            return read_version(each.version)
    return None
