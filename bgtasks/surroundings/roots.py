"""Which project a file is part of, and the folders that its imports start from."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from bgtasks.files import absolute
from bgtasks.surroundings.configured import find_configured
from bgtasks.surroundings.environment import INSTALLED

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


@dataclass(frozen=True, slots=True)
class Roots:
    """
    Where an app lies.

    `trees` are the files and folders that its own modules lie in, `bases` the folders that imports
    start from, the deepest first; a module is named from the first base that it lies in.
    """

    trees: tuple[Path, ...]
    bases: tuple[Path, ...]


def find_roots(paths: Sequence[Path], modules: Mapping[Path, ast.Module]) -> Roots:
    """Return the roots of the code at `paths`, whose `modules` are files of it, parsed."""
    trees: dict[Path, None] = {}
    bases: dict[Path, None] = {}
    for start in paths:
        top, base = find_tree(absolute(start))
        trees[top] = None
        bases[base] = None
        if top == base:
            bases.update(dict.fromkeys(find_configured(base)))
            if (base / "src").is_dir() and not (base / "src" / "__init__.py").exists():
                bases[base / "src"] = None
    spelled = frozenset(name for tree in modules.values() for name in imported(tree))
    for path, tree in modules.items():
        bases.update(dict.fromkeys(find_bases(absolute(path), tree, tuple(bases), spelled)))
    outermost = [tree for tree in trees if not any(other in tree.parents for other in trees)]
    return Roots(tuple(outermost), tuple(sorted(bases, key=lambda base: -len(base.parts))))


def is_project(folder: Path) -> bool:
    return any((folder / marker).exists() for marker in MARKERS)


def project_of(start: Path) -> Path:
    """Return the folder of a project: the nearest one at or above `start` with a marker, or else `start`."""
    here = start.resolve()
    return next(filter(is_project, (here, *here.parents)), here)


def folders_above(folder: Path) -> Iterator[Path]:
    """
    Yield where imports in `folder` may start by where it lies, the nearest first.

    That is every folder up to that of the project that is no package, and the `src` in it.
    """
    for here in (folder, *folder.parents):
        if not (here / "__init__.py").exists():
            yield here
            yield here / "src"
        if is_project(here):
            return


def starts_of(folder: Path, bases: Sequence[Path]) -> tuple[Path, ...]:
    """Return where imports in `folder` may start, of an app with these `bases`, the likeliest first."""
    above = [base for base in bases if folder.is_relative_to(base)]
    return tuple(dict.fromkeys((*above, *folders_above(folder), *bases)))


def find_tree(path: Path) -> tuple[Path, Path]:
    """Return what to copy for the code at `path`, and the folder that its imports start from."""
    folder = path if path.is_dir() else path.parent
    tree = path
    for here in (folder, *folder.parents):
        if here.name in INSTALLED:
            return tree, here
        if is_project(here):
            return here, here
        tree = here
    if not (folder / "__init__.py").exists():
        return folder, folder
    tree = outermost_package(folder)
    return tree, tree.parent


def outermost_package(folder: Path) -> Path:
    while (folder.parent / "__init__.py").exists():
        folder = folder.parent
    return folder


def find_bases(
    file: Path, tree: ast.Module, known: Sequence[Path], spelled: AbstractSet[str]
) -> Iterator[Path]:
    """
    Yield the folders above `file` that its package, or what it imports, is found in.

    `spelled` are the top-level names that any file of the app imports. A folder of such a name is
    part of a package though it has no `__init__.py` (PEP 420).
    """
    above = [parent for parent in file.parents if any(parent.is_relative_to(base) for base in known)]
    if (file.parent / "__init__.py").exists():
        start = outermost_package(file.parent).parent
        folders = [start.relative_to(base).parts[:1] for base in known if start.is_relative_to(base)]
        if not any(folder and folder[0] in spelled for folder in folders):
            yield start
    for name in imported(tree) - sys.stdlib_module_names:
        if not any(has(base, name) for base in known):
            yield from [parent for parent in above if has(parent, name)][:1]


def has(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").is_file() or (folder / name).is_dir()


def imported(tree: ast.Module) -> set[str]:
    """Return the names of the top-level modules that are imported."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names
