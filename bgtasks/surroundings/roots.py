"""Where an app lies, and the folders that its imports start from."""

import ast
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.files import absolute, is_searched
from bgtasks.surroundings.configured import find_configured
from bgtasks.surroundings.environment import INSTALLED

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
# A module of such a name would take the place of what the stubs and the canaries need.
RESERVED = frozenset(sys.stdlib_module_names) | {"fastapi", "starlette", "typing_extensions"}


@dataclass(frozen=True, slots=True)
class Roots:
    """
    What the checkers are to see of an app.

    `trees` are the files and folders that its own modules lie in, `bases` the folders that imports
    start from, the deepest first. A module is named from the first base that it lies in.
    """

    trees: tuple[Path, ...]
    bases: tuple[Path, ...]

    def files(self) -> Iterator[Path]:
        """Yield every Python file of the trees, without a look behind links to folders."""
        for tree in self.trees:
            if tree.is_file():
                yield tree
            for folder, below, names in os.walk(tree):
                here = Path(folder)
                foreign = "pyvenv.cfg" in names and here != tree
                below[:] = [] if foreign else [name for name in sorted(below) if is_searched(name)]
                if not foreign:
                    yield from (here / name for name in sorted(names) if name.endswith((".py", ".pyi")))

    def place(self, file: Path) -> Path:
        """Return where `file` goes in a copy that has one base, as a relative path."""
        base = next((base for base in self.bases if file.is_relative_to(base)), Path(file.anchor))
        stems = [*file.parts[len(base.parts) : -1], file.stem]
        if stems[0] in RESERVED:
            stems[0] += "_"
        stems = [stem if stem.isidentifier() else re.sub(r"\W|^(?=\d)", "_", stem) for stem in stems]
        return Path(*stems[:-1], stems[-1] + file.suffix)


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
    for path, tree in modules.items():
        bases.update(dict.fromkeys(find_bases(absolute(path), tree, tuple(bases))))
    outermost = [tree for tree in trees if not any(other in tree.parents for other in trees)]
    return Roots(tuple(outermost), tuple(sorted(bases, key=lambda base: -len(base.parts))))


def find_tree(path: Path) -> tuple[Path, Path]:
    """Return what to copy for the code at `path`, and the folder that its imports start from."""
    folder = path if path.is_dir() else path.parent
    tree = path
    for here in (folder, *folder.parents):
        if here.name in INSTALLED:
            return tree, here
        if any((here / marker).exists() for marker in MARKERS):
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


def find_bases(file: Path, tree: ast.Module, known: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders above `file` that its package, or what it imports, is found in."""
    above = [parent for parent in file.parents if any(base in (parent, *parent.parents) for base in known)]
    if (file.parent / "__init__.py").exists():
        yield outermost_package(file.parent).parent
    for name in imported(tree):
        if not any(has(base, name) for base in known):
            yield from [parent for parent in above if has(parent, name)][:1]


def has(folder: Path, name: str) -> bool:
    return (folder / f"{name}.py").is_file() or (folder / name).is_dir()


def imported(tree: ast.Module) -> Iterable[str]:
    """Return the names of the top-level modules that are imported."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.partition(".")[0])
    return names
