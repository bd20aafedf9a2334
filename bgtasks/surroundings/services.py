"""Which modules are one service: those whose imports can all start from the same folders."""

import ast
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bgtasks.files import absolute
from bgtasks.surroundings.configured import find_configured
from bgtasks.surroundings.imports import Import, Lookup, find_told, read_imports
from bgtasks.surroundings.roots import Roots
from bgtasks.surroundings.trees import find_tree, is_package, is_project, list_files, outermost_package

# Of what bears such a name, each service has its own, and none imports it.
APART = {"__main__", "conftest", "docs", "examples", "manage", "noxfile", "setup", "test", "tests"}


@dataclass(frozen=True, slots=True)
class Service:
    """Modules of an app of which no two have one name, and where their imports start."""

    roots: Roots
    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Vote:
    """An import of a module is found in the file `target`, where imports start from `base`."""

    base: Path
    target: Path


@dataclass(frozen=True)
class Ground:
    """
    What is known of an app before its imports are: its trees, and where imports may start by its layout.

    `bases` has for each such folder the one whose modules import from there. `installed` tells of a
    top-level name whether it is installed in the environment of the app.
    """

    trees: tuple[Path, ...]
    tops: tuple[Path, ...]
    bases: Mapping[Path, Path]
    installed: Callable[[str], bool]
    lookup: Lookup

    @cached_property
    def files(self) -> list[Path]:
        """All Python files of the app."""
        return list(list_files(self.trees))

    @cached_property
    def libraries(self) -> list[Path]:
        """The folders that imports of the projects within the app start from."""
        folders = {folder for file in self.files for folder in file.parents}
        projects = sorted(folder for folder in folders - set(self.tops) if is_project(folder))
        return [start for each in projects for start in (*find_starts(each), each)]

    def above(self, file: Path) -> list[Path]:
        """Return the folders above `file` that its imports may start from, the nearest first."""
        return [each for each in file.parents if any(each.is_relative_to(top) for top in self.tops)]


def find_services(
    paths: Sequence[Path],
    modules: Mapping[Path, ast.Module],
    installed: Callable[[str], bool] = lambda _: False,
) -> list[Service]:
    """
    Return the services at `paths`, whose `modules` are files of them, parsed.

    Where an import is found tells where those of its module start; what lies where tells it of the
    rest.
    """
    ground = survey(paths, list(map(absolute, modules)), installed)
    votes = {
        path: [vote for each in read_imports(tree) if (vote := find_vote(absolute(path), each, ground))]
        for path, tree in modules.items()
    }
    cast = [vote for each in votes.values() for vote in each]
    voted = {vote.base for vote in cast}
    refuted = {base for vote in cast for base in between(vote) if base not in voted}
    bases = {base: ground.bases.get(base, base) for base in (*ground.bases, *voted) if base not in refuted}
    groups: dict[frozenset[Path], list[Path]] = {}
    for path in modules:
        groups.setdefault(frozenset(bases_of(absolute(path), votes[path], bases)), []).append(path)
    files = ground.files if len(groups) > 1 else []
    merged: list[Group] = []
    for starts, members in groups.items():
        group = Group(starts, members, [vote for path in members for vote in votes[path]])
        merge(group, merged, files)
    found = [Service(Roots(ground.trees, sort(group.bases)), tuple(group.paths)) for group in merged]
    return found or [Service(Roots(ground.trees, sort(bases)), ())]


def sort(bases: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(sorted(bases, key=lambda base: (-len(base.parts), base)))


def survey(paths: Sequence[Path], modules: Sequence[Path], installed: Callable[[str], bool]) -> Ground:
    trees: dict[Path, None] = {}
    tops: dict[Path, None] = {}
    bases: dict[Path, Path] = {}
    for start in paths:
        tree, base = find_tree(absolute(start))
        trees[tree] = tops[base] = None
        bases[base] = base
        if tree == base:
            bases.update(dict.fromkeys(find_starts(base), base))
    folders = dict.fromkeys(module.parent for module in modules)
    for folder in folders:
        for here in (folder, *folder.parents):
            if here in tops or not any(here.is_relative_to(top) for top in tops):
                break
            if is_project(here):
                bases.update(dict.fromkeys((here, *find_starts(here)), here))
    sources = [base for base, owner in bases.items() if base != owner]
    for start in {outermost_package(folder).parent for folder in folders if is_package(folder)}:
        if not any(source in start.parents for source in sources):
            bases.setdefault(start, start)
    outermost = [tree for tree in trees if not any(other in tree.parents for other in trees)]
    return Ground(tuple(outermost), tuple(tops), bases, installed, Lookup())


def find_starts(project: Path) -> Iterator[Path]:
    """Yield where imports start in a project by its settings and by its layout."""
    yield from find_configured(project)
    source = project / "src"
    if source.is_dir() and not is_package(source):
        yield source


def find_vote(file: Path, wanted: Import, ground: Ground) -> Vote | None:
    """Return where an import in `file` is found, None where it is not the app's own."""
    if wanted.top in sys.stdlib_module_names:
        return None
    above = ground.above(file)
    near = [base for base, owner in ground.bases.items() if owner in above]
    for base in sorted(near, key=lambda base: above.index(base) if base in above else len(above)):
        target = ground.lookup.target(base, wanted)
        if target is not None and target != file:
            return Vote(base, target)
    installed = ground.installed(wanted.top)
    for folder in above:
        surely = installed or is_package(folder)
        if target := find_told(wanted, file, folder, ground.lookup, surely=surely):
            return Vote(folder, target)
    if not installed:
        for folder in ground.libraries:
            if target := find_told(wanted, file, folder, ground.lookup, surely=True):
                return Vote(folder, target)
    return None


def between(vote: Vote) -> Iterator[Path]:
    """Yield the folders from which the target of `vote` would have another name."""
    for folder in vote.target.parents:
        if folder == vote.base:
            return
        yield folder


def bases_of(file: Path, votes: Sequence[Vote], bases: Mapping[Path, Path]) -> Iterator[Path]:
    """Yield those of `bases` that the imports in `file` start from."""
    found = {vote.base for vote in votes}
    inner = Counter(vote.base for vote in votes)
    outer = Counter(folder for vote in votes for folder in between(vote))
    above = set(file.parents)
    for base, owner in bases.items():
        if (owner in above or base in found) and not 0 < outer[base] >= inner[base]:
            yield base


@dataclass(frozen=True, slots=True)
class Group:
    """Modules whose imports start from the same `bases`, and where they are found."""

    bases: frozenset[Path]
    paths: list[Path]
    votes: list[Vote]


def merge(group: Group, groups: list[Group], files: Sequence[Path]) -> None:
    """Add `group` to the first of `groups` whose modules keep their names, and get theirs, beside it."""
    for index, other in enumerate(groups):
        bases = group.bases | other.bases
        joined = Group(bases, [*other.paths, *group.paths], [*other.votes, *group.votes])
        if keeps(group, bases) and keeps(other, bases) and not is_doubled(joined, files):
            groups[index] = joined
            return
    groups.append(group)


def keeps(group: Group, bases: frozenset[Path]) -> bool:
    """Tell whether imports are found from `bases` as they are from those of `group`."""
    before, after = Roots((), sort(group.bases)), Roots((), sort(bases))
    return all(
        after.base_of(vote.target) == vote.base
        for vote in group.votes
        if before.base_of(vote.target) == vote.base
    )


def is_doubled(group: Group, files: Sequence[Path]) -> bool:
    """Tell whether two modules have one name, and may be imported by that."""
    roots = Roots((), sort(group.bases))
    named: dict[tuple[str, ...], Path] = {}
    for file in [*map(absolute, group.paths), *files]:
        base = roots.base_of(file)
        name = name_from(base, file)
        other = named.setdefault(name, file)
        if other != file and roots.base_of(other) != base and matters(name, file, other, group):
            return True
    return False


def name_from(base: Path, file: Path) -> tuple[str, ...]:
    parts = file.parts[len(base.parts) : -1]
    return parts if file.stem == "__init__" else (*parts, file.stem)


def matters(name: tuple[str, ...], file: Path, other: Path, group: Group) -> bool:
    if {file, other} & set(map(absolute, group.paths)):
        return True
    if not name or name[0] in APART:
        return False
    try:
        return file.read_bytes() != other.read_bytes()
    except OSError:
        return True
