"""Where the imports of an app are found: by its layout and settings, and by what each of them names."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from bgtasks.files import absolute
from bgtasks.surroundings.configured import find_configured
from bgtasks.surroundings.imports import Import, Lookup, find_told
from bgtasks.surroundings.trees import find_tree, is_package, is_project, list_files, outermost_package


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
        outermost = max(
            (len(file.relative_to(top).parts) for top in self.tops if top in file.parents), default=0
        )
        return list(file.parents)[:outermost]


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
    starts = [outermost_package(folder).parent for folder in folders if is_package(folder)]
    for start in dict.fromkeys(starts):
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


def find_votes(file: Path, imports: Sequence[Import], ground: Ground) -> Iterator[Vote]:
    """Yield where the `imports` in `file` are found, those left out that are not the app's own."""
    around = ground.above(file)
    within, above = around[: level_of(imports)], around[level_of(imports) :]
    near = [base for base, owner in ground.bases.items() if owner in around and base not in within]
    near.sort(key=lambda base: above.index(base) if base in above else len(above))
    for each in imports:
        absolute = not each.level and each.top not in sys.stdlib_module_names
        if absolute and (vote := find_vote(file, each, above, near, ground)):
            yield vote


def level_of(imports: Sequence[Import]) -> int:
    """Return how many folders around a module are packages, as its relative imports tell."""
    return max((each.level for each in imports), default=0)


def find_vote(
    file: Path, wanted: Import, above: Sequence[Path], near: Sequence[Path], ground: Ground
) -> Vote | None:
    for base in near:
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


def bases_of(file: Path, level: int, votes: Sequence[Vote], bases: Mapping[Path, Path]) -> Iterator[Path]:
    """
    Yield those of `bases` that the imports in `file` start from; `level` folders around it are packages.

    Where it lies in all of them so deep, it is the folder above those packages.
    """
    found = {vote.base for vote in votes}
    inner = Counter(vote.base for vote in votes)
    outer = Counter(folder for vote in votes for folder in between(vote))
    above, within = set(file.parents), set(file.parents[:level])
    left = {base: owner for base, owner in bases.items() if base not in within}
    if above.isdisjoint(left) and level < len(file.parents):
        yield file.parents[level]
    for base, owner in left.items():
        if (owner in above or base in found) and not 0 < outer[base] >= inner[base]:
            yield base
