"""The services of an app: the modules of each, where their imports start, and what they run with."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from packaging.utils import canonicalize_name

from bgtasks.check.model import Module
from bgtasks.check.report import Runtime
from bgtasks.files import absolute
from bgtasks.surroundings.environment import Environment, find_python, read_environment
from bgtasks.surroundings.frameworks import Frameworks
from bgtasks.surroundings.imports import read_imports
from bgtasks.surroundings.missing import Missing, find_missing
from bgtasks.surroundings.pins import Asked, list_folders, read_asked, read_frameworks
from bgtasks.surroundings.roots import Roots
from bgtasks.surroundings.services import Service, find_services


@dataclass(frozen=True, slots=True)
class Served:
    """
    One service.

    `parts` are its modules by what they are built on, which differs where some have pins of their own,
    and `missing` what they import and is not found.
    """

    roots: Roots
    environment: Environment
    parts: Mapping[Frameworks, Sequence[Module]]
    missing: Sequence[Missing]

    @property
    def modules(self) -> list[Module]:
        """All its modules."""
        return [module for part in self.parts.values() for module in part]

    @property
    def runtimes(self) -> list[Runtime]:
        """What it runs with, part by part."""
        python, version = self.environment.python, self.environment.version
        return [
            Runtime(folder_of([module.path for module in part], self.roots), python, version, frameworks)
            for frameworks, part in self.parts.items()
        ]


def read_services(paths: Sequence[Path], modules: Sequence[Module], python: Path | None) -> Iterator[Served]:
    """
    Yield the services that `modules` make up, which were found at `paths`.

    Each runs in the environment of `python`, or in that which is found from its own folder. Raises
    `BgtasksError` where that has no interpreter.
    """
    environment_of, asked_in = cache(read_environment), cache(partial(collect, read_asked))
    first = environment_of(first_python(paths, python))
    by_path = {module.path: module for module in modules}
    imports = {module.path: list(read_imports(module.tree)) for module in modules}
    services = find_services(paths, imports, cache(first.finds))
    for service in services:
        own_python = find_python(around(service.paths)) if service.paths and python is None else None
        environment = environment_of(own_python) if own_python else first
        parts: dict[Frameworks, list[Module]] = {}
        for path, frameworks in find_frameworks(service, environment, asked_in):
            parts.setdefault(frameworks, []).append(by_path[path])
        own = {path: imports[path] for path in service.paths}

        def asked(path: Path, name: str, roots: Roots = service.roots) -> bool:
            return asks_for(name, folders_around(path, roots), asked_in)

        missing = find_missing(own, service.roots, cache(environment.finds), asked)
        yield Served(service.roots, environment, parts, tuple(missing))


def first_python(paths: Sequence[Path], python: Path | None) -> Path:
    """Return the interpreter of what lies at the first of `paths`, which is `python` if that is named."""
    return python or find_python(absolute(paths[0]))


def folder_of(paths: Sequence[Path], roots: Roots) -> Path:
    """Return the deepest folder that imports start from, of those above all of `paths`."""
    if not paths:
        return roots.bases[-1]
    common = around(paths)
    return next((base for base in roots.bases if common.is_relative_to(base)), common)


def around(paths: Sequence[Path]) -> Path:
    """Return the deepest folder that all of `paths` lie in."""
    return Path(os.path.commonpath([absolute(path).parent for path in paths]))


def find_frameworks(
    service: Service, environment: Environment, asked_in: Callable[[Path], Sequence[Asked]]
) -> Iterator[tuple[Path, Frameworks]]:
    """Yield the modules of a service with what each is built on."""
    known: dict[tuple[Path, ...], Frameworks] = {}
    for path in service.paths:
        folders = tuple(here for here in folders_around(path, service.roots) if asked_in(here))
        if folders not in known:
            asked = [each for here in folders for each in asked_in(here)]
            known[folders] = read_frameworks(asked, environment)
        yield path, known[folders]


def folders_around(path: Path, roots: Roots) -> Sequence[Path]:
    """Return the folders of the project that the module at `path` lies in, the nearest first."""
    folder = absolute(path).parent
    return list_folders(folder, next((tree for tree in roots.trees if folder.is_relative_to(tree)), folder))


def asks_for(name: str, folders: Sequence[Path], asked_in: Callable[[Path], Sequence[Asked]]) -> bool:
    """Tell whether a file in `folders` asks for a package that is called `name`."""
    wanted = canonicalize_name(name)
    return any(
        canonicalize_name(each.name) == wanted
        for here in folders
        for _, requirements in asked_in(here)
        for each in requirements
    )


def collect(read: Callable[[Path], Iterable[Asked]], folder: Path) -> Sequence[Asked]:
    return list(read(folder))
