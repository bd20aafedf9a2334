"""What belongs to the code at a path: the tree that it is part of, and the Python files in that."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from bgtasks.files import OF_ENVIRONMENT, is_searched, resolve
from bgtasks.surroundings.environment import INSTALLED

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


def is_project(folder: Path) -> bool:
    return any((folder / marker).exists() for marker in MARKERS)


def project_of(start: Path) -> Path:
    """Return the folder of a project: the nearest one at or above `start` with a marker, or else `start`."""
    here = resolve(start)
    return next(filter(is_project, (here, *here.parents)), here)


def is_package(folder: Path) -> bool:
    return (folder / "__init__.py").exists()


def outermost_package(folder: Path) -> Path:
    while is_package(folder.parent):
        folder = folder.parent
    return folder


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
    if not is_package(folder):
        return folder, folder
    tree = outermost_package(folder)
    return tree, tree.parent


def list_files(trees: Iterable[Path]) -> Iterator[Path]:
    """Yield every Python file of `trees`, without a look behind links to folders."""
    for tree in trees:
        if tree.is_file():
            yield tree
        for folder, below, names in os.walk(tree):
            here = Path(folder)
            foreign = OF_ENVIRONMENT if "pyvenv.cfg" in names and here != tree else set[str]()
            below[:] = [name for name in sorted(below) if is_searched(name) and name not in foreign]
            yield from (here / name for name in sorted(names) if name.endswith((".py", ".pyi")))
