"""The services of an app: the modules of each, where their imports start, and what they run with."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from bgtasks.check.model import Module
from bgtasks.check.report import Runtime
from bgtasks.files import absolute
from bgtasks.surroundings.environment import Environment, find_python, read_environment
from bgtasks.surroundings.frameworks import Frameworks
from bgtasks.surroundings.imports import read_imports
from bgtasks.surroundings.missing import Missing, find_missing
from bgtasks.surroundings.pins import find_files, read_frameworks
from bgtasks.surroundings.roots import Roots
from bgtasks.surroundings.services import find_services
from bgtasks.surroundings.trees import list_files


@dataclass(frozen=True, slots=True)
class Served:
    """
    One service.

    `parts` are its modules by what they are built on, which differs where some have pins of their own.
    """

    roots: Roots
    environment: Environment
    parts: Mapping[Frameworks, Sequence[Module]]

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
    environment_of = cache(read_environment)
    first = environment_of(python or find_python(absolute(paths[0])))
    by_path = {module.path: module for module in modules}
    services = find_services(paths, {path: module.tree for path, module in by_path.items()}, first.finds)
    for service in services:
        alone = python is not None or len(services) == 1
        folder = folder_of(service.paths, service.roots)
        environment = first if alone else environment_of(find_python(folder))
        own = [by_path[path] for path in service.paths]
        yield Served(service.roots, environment, split(own, service.roots, environment))


def folder_of(paths: Sequence[Path], roots: Roots) -> Path:
    """Return the deepest folder that imports start from, of those above all of `paths`."""
    if not paths:
        return roots.bases[-1]
    common = Path(os.path.commonpath([absolute(path).parent for path in paths]))
    return next((base for base in roots.bases if common.is_relative_to(base)), common)


def split(
    modules: Sequence[Module], roots: Roots, environment: Environment
) -> dict[Frameworks, list[Module]]:
    """Return `modules` by what each of them is built on."""

    @cache
    def frameworks_of(files: tuple[Path, ...]) -> Frameworks:
        return read_frameworks(files, environment)

    parts: dict[Frameworks, list[Module]] = {} if modules else {frameworks_of(()): []}
    for folder, there in by_folder(modules).items():
        top = next((tree for tree in roots.trees if folder.is_relative_to(tree)), folder)
        found = frameworks_of(tuple(find_files(folder, top)))
        parts.setdefault(found, []).extend(there)
    return parts


def find_lost(services: Sequence[Served]) -> Iterator[Missing]:
    """Yield what the modules of `services` import and what is not found."""
    for service in services:
        files = cache(partial(list_all, service.roots.trees))
        for module in service.modules:
            imports = list(read_imports(module.tree))
            yield from find_missing(module.path, imports, service.roots, files, service.environment.finds)


def list_all(trees: Sequence[Path]) -> list[Path]:
    return list(list_files(trees))


def by_folder(modules: Sequence[Module]) -> dict[Path, list[Module]]:
    folders: dict[Path, list[Module]] = {}
    for module in modules:
        folders.setdefault(absolute(module.path).parent, []).append(module)
    return folders
