"""What a module imports, and the file that an import leads to from a folder."""

import ast
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from bgtasks.documents import from_python
from bgtasks.files import read_whole

MISSING = {"ImportError", "ModuleNotFoundError", "Exception"}
SUFFIXES = (".py", ".pyi")


@dataclass(frozen=True, slots=True)
class Import:
    """
    An import, and the names that it takes from there.

    `optional` tells that the app goes on without it, and `level` is as many dots as it begins with.
    """

    dotted: str
    names: tuple[str, ...]
    line: int
    optional: bool = False
    level: int = 0

    @property
    def top(self) -> str:
        """The first part of the name."""
        return self.dotted.partition(".")[0]


def read_imports(tree: ast.Module) -> Iterator[Import]:
    """Yield what a module imports."""
    tried: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Try() if is_fallback(node):
                tried.update(each for statement in node.body for each in ast.walk(statement))
            case ast.Import(names=names, lineno=line):
                for alias in names:
                    yield Import(alias.name, (), line, node in tried)
            case ast.ImportFrom(level=level, module=dotted, names=names, lineno=line):
                taken = tuple(alias.name for alias in names)
                yield Import(dotted or "", taken, line, node in tried, level)
            case _:
                pass


def is_fallback(node: ast.Try) -> bool:
    kinds = [kind for handler in node.handlers for kind in ast.walk(handler.type or ast.Name("Exception"))]
    return any(isinstance(kind, ast.Name) and kind.id in MISSING for kind in kinds)


@dataclass(frozen=True, slots=True)
class Lookup:
    """Looks for modules below folders, and remembers what it has seen."""

    found: dict[tuple[Path, str], Path | None] = field(default_factory=dict[tuple[Path, str], Path | None])

    def target(self, folder: Path, wanted: Import) -> Path | None:
        """
        Return the file of what is imported, where imports start from `folder`; None where there is none.

        A folder without files of its own is no module: of that, one of the names must be there.
        """
        file = self.module(folder, wanted.dotted)
        if file is None or not file.is_dir():
            return file
        below = (self.module(file, name) for name in wanted.names)
        return next((each for each in below if each is not None and not each.is_dir()), None)

    def module(self, folder: Path, dotted: str) -> Path | None:
        """Return the file of a module, or the folder of a namespace package."""
        key = folder, dotted
        if key not in self.found:
            place: Path | None = folder
            for name in dotted.split("."):
                if place is not None:
                    place = find_module(place.parent if place.name == "__init__.py" else place, name)
            self.found[key] = place
        return self.found[key]


def find_module(folder: Path, name: str) -> Path | None:
    stem = os.path.join(folder, name)  # noqa: PTH118 - Path takes several times as long
    for end in (os.sep + "__init__.py", *SUFFIXES):
        if os.path.isfile(stem + end):  # noqa: PTH113 - the same
            return Path(stem + end)
    return Path(stem) if os.path.isdir(stem) else None  # noqa: PTH112 - the same


def find_told(wanted: Import, file: Path, folder: Path, lookup: Lookup, *, surely: bool) -> Path | None:
    """
    Return what an import in `file` may mean if imports start from `folder`, of which nothing else says so.

    A module that itself imports others of its name, which are not there, is only named like a package
    of somebody else's. `surely` asks that all names that are imported are there.
    """
    target = lookup.target(folder, wanted)
    if target is None or target == file:
        return None
    try:
        tree = from_python(read_whole(target))
    except (OSError, SyntaxError, ValueError):
        return None if surely else target
    for each in read_imports(tree):
        if each.top == wanted.top and not each.level and lookup.target(folder, each) in {None, target}:
            return None
    return target if not surely or has_all(wanted, target, tree, lookup) else None


def has_all(wanted: Import, target: Path, tree: ast.Module, lookup: Lookup) -> bool:
    """Tell whether the module `target` has what is imported from it."""
    bound = {name for node in ast.walk(tree) for name in names_of(node)}
    if target.stem == "__init__":
        bound |= {name for name in wanted.names if lookup.module(target.parent, name)}
    if not wanted.names:
        return "." in wanted.dotted
    return "*" in bound or {target.stem, *bound} >= set(wanted.names) - {"*"}


def names_of(node: ast.AST) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return {name}
        case ast.Name(id=name, ctx=ast.Store()):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {alias.asname or alias.name.partition(".")[0] for alias in names}
        case _:
            return set()


def follow_imports(wanted: Iterable[tuple[Path, Import]], starts: Sequence[Path]) -> Iterator[Path]:
    """
    Yield the files that imports lead to, and those that these import, once each.

    With each import comes the file that it stands in.
    """
    lookup, seen = Lookup(), set[Path]()
    left = list(wanted)
    while left:
        file, each = left.pop()
        above = list(file.parents)[each.level - 1 : each.level]
        for start in above if each.level else starts:
            for found in follow(lookup, start, each):
                if found not in seen:
                    seen.add(found)
                    yield found
                    left += ((found, further) for further in imports_of(found))


def imports_of(file: Path) -> Sequence[Import]:
    try:
        return list(read_imports(from_python(read_whole(file))))
    except (OSError, SyntaxError, ValueError):
        return []


def follow(lookup: Lookup, start: Path, wanted: Import) -> Iterator[Path]:
    """Yield the files that an import from `start` leads to, packages first, each stub for its source."""
    parts = wanted.dotted.split(".") if wanted.dotted else []
    found = [lookup.module(start, name) for name in accumulate(parts, "{}.{}".format)]
    last = found[-1] if found else start
    if last is not None:
        package = last.parent if last.stem == "__init__" else last
        found += [lookup.module(package, name) for name in wanted.names]
    yield from filter(None, map(read_first, found))


def read_first(module: Path | None) -> Path | None:
    """Return the file that checkers read of a module, a stub before a source, None where there is none."""
    if module is None:
        return None
    stub = module / "__init__.pyi" if module.is_dir() else module.with_suffix(".pyi")
    return next((file for file in (stub, module) if file.is_file()), None)
