"""Which modules are one service: those whose imports can all start from the same folders."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from bgtasks.files import absolute, read_whole
from bgtasks.surroundings.ground import Vote, bases_of, between, find_votes, level_of, survey
from bgtasks.surroundings.imports import Import
from bgtasks.surroundings.roots import Roots

# Of what bears such a name, each service has its own, and none imports it.
APART = {"__main__", "conftest", "docs", "examples", "manage", "noxfile", "setup", "test", "tests"}

Name: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Service:
    """Modules of an app of which no two have one name, and where their imports start."""

    roots: Roots
    paths: tuple[Path, ...]


def find_services(
    paths: Sequence[Path],
    modules: Mapping[Path, Sequence[Import]],
    installed: Callable[[str], bool] = lambda _: False,
) -> list[Service]:
    """
    Return the services at `paths`, whose `modules` are files of them with what these import.

    Where an import is found tells where those of its module start; what lies where tells it of the
    rest. `installed` tells of a top-level name whether it is in the environment of the app.
    """
    ground = survey(paths, list(map(absolute, modules)), installed)
    votes = {path: list(find_votes(absolute(path), each, ground)) for path, each in modules.items()}
    voted = {vote.base for each in votes.values() for vote in each}
    refuted = {base for each in votes.values() for vote in each for base in between(vote)} - voted
    bases = {base: ground.bases.get(base, base) for base in (*ground.bases, *voted) if base not in refuted}
    groups: dict[frozenset[Path], Group] = {}
    for path in modules:
        starts = frozenset(bases_of(absolute(path), level_of(modules[path]), votes[path], bases))
        group = groups.setdefault(starts, Group(Naming(starts), [], []))
        group.paths.append(path)
        group.votes.extend(votes[path])
    files = ground.files if len(groups) > 1 else []
    merged: list[Group] = []
    for group in groups.values():
        merge(group, merged, files)
    found = [Service(Roots(ground.trees, sort(group.naming.bases)), tuple(group.paths)) for group in merged]
    return found or [Service(Roots(ground.trees, sort(bases)), ())]


def sort(bases: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(bases, key=lambda base: (-len(base.parts), base)))


class Naming:
    """How modules are named where imports start from some folders."""

    def __init__(self, bases: frozenset[Path]) -> None:
        self.bases = bases
        self.folders: dict[Path, tuple[Path, Name]] = {}

    def base_of(self, file: Path) -> Path:
        """Return the folder that a module is named from."""
        return self.find(file.parent)[0]

    def name_of(self, file: Path) -> Name:
        """Return the parts of the name of a module."""
        package = self.find(file.parent)[1]
        return package if file.stem == "__init__" else (*package, file.stem)

    def find(self, folder: Path) -> tuple[Path, Name]:
        if folder not in self.folders:
            if folder in self.bases or folder == folder.parent:
                self.folders[folder] = folder, ()
            else:
                base, name = self.find(folder.parent)
                self.folders[folder] = base, (*name, folder.name)
        return self.folders[folder]


@dataclass(frozen=True, slots=True)
class Group:
    """Modules whose imports start from the same folders, and where they are found."""

    naming: Naming
    paths: list[Path]
    votes: list[Vote]


def merge(group: Group, groups: list[Group], files: Sequence[Path]) -> None:
    """Add `group` to the first of `groups` whose modules keep their names, and get theirs, beside it."""
    for index, other in enumerate(groups):
        naming = Naming(group.naming.bases | other.naming.bases)
        joined = Group(naming, [*other.paths, *group.paths], [*other.votes, *group.votes])
        if keeps(group, naming) and keeps(other, naming) and not is_doubled(joined, files):
            groups[index] = joined
            return
    groups.append(group)


def keeps(group: Group, naming: Naming) -> bool:
    """Tell whether imports are found by `naming` as they are in `group` alone."""
    return all(
        naming.base_of(vote.target) == vote.base
        for vote in group.votes
        if group.naming.base_of(vote.target) == vote.base
    )


def is_doubled(group: Group, files: Sequence[Path]) -> bool:
    """Tell whether two modules have one name, and may be imported by that."""
    own = set(map(absolute, group.paths))
    named: dict[Name, Path] = {}
    for file in (*own, *files):
        name = group.naming.name_of(file)
        other = named.setdefault(name, file)
        if other != file and group.naming.base_of(file) != group.naming.base_of(other):
            if file in own or other in own:
                return True
            if name and name[0] not in APART and not is_same(file, other):
                return True
    return False


def is_same(file: Path, other: Path) -> bool:
    try:
        return read_whole(file) == read_whole(other)
    except OSError:
        return False
