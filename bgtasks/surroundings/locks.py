"""The lock files of uv, Poetry, PDM, Pipenv and PEP 751, read as requirements of one version each."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias, cast

from packaging.requirements import Requirement

from bgtasks.documents import from_json, from_toml
from bgtasks.surroundings.requirements import parse

Table: TypeAlias = Mapping[str, Any]


def read_uv(content: bytes) -> Iterator[Requirement]:
    """
    Yield what a uv.lock has.

    Where it has one package in several versions, for one Python each or for what different members of
    a workspace ask for, each is one of them.
    """
    for package in tables(from_toml(content), "package"):
        forks = package.get("resolution-markers")
        for marker in cast("list[object]", forks) if isinstance(forks, list) else [None]:
            yield from locked(package, marker)


def read_poetry(content: bytes) -> Iterator[Requirement]:
    """Yield what a poetry.lock has; `markers` is there from Poetry 2 on, for each group where they differ."""
    for package in tables(from_toml(content), "package"):
        markers = package.get("markers")
        if isinstance(markers, Mapping):
            markers = cast("Table", markers).get("main")
        yield from locked(package, markers)


def read_pdm(content: bytes) -> Iterator[Requirement]:
    """Yield what a pdm.lock has."""
    for package in tables(from_toml(content), "package"):
        yield from locked(package, package.get("marker"))


def read_pylock(content: bytes) -> Iterator[Requirement]:
    """Yield what a pylock.toml has: <https://packaging.python.org/en/latest/specifications/pylock-toml/>."""
    for package in tables(from_toml(content), "packages"):
        yield from locked(package, package.get("marker"))


def read_pipfile_lock(content: bytes) -> Iterator[Requirement]:
    """Yield what a Pipfile.lock has, what the app runs with before what it is developed with."""
    document = from_json(content)
    for section in ("default", "develop") if isinstance(document, Mapping) else ():
        packages = cast("Table", document).get(section)
        for name, told in cast("Table", packages).items() if isinstance(packages, Mapping) else ():
            if isinstance(told, Mapping):
                entry = cast("Table", told)
                version = str(entry.get("version", "")).removeprefix("==")
                yield from locked({"name": name, "version": version}, entry.get("markers"))


LOCKS: Mapping[str, Callable[[bytes], Iterator[Requirement]]] = MappingProxyType(
    {
        "uv.lock": read_uv,
        "pylock.toml": read_pylock,
        "pylock.*.toml": read_pylock,
        "poetry.lock": read_poetry,
        "pdm.lock": read_pdm,
        "Pipfile.lock": read_pipfile_lock,
    }
)
"""How each lock file is read; one that cannot be read is a `ValueError`."""


def tables(document: Table, key: str) -> Iterator[Table]:
    found = document.get(key)
    for table in cast("list[object]", found) if isinstance(found, list) else ():
        if isinstance(table, Mapping):
            yield cast("Table", table)


def locked(package: Table, marker: object) -> Iterator[Requirement]:
    """Yield the requirement of one version; nothing where that is not told, as of a local package."""
    condition = f" ; {marker}" if isinstance(marker, str) and marker else ""
    yield from parse(f"{package.get('name')}=={package.get('version')}{condition}")
