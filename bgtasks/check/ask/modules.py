"""What is wrong with the modules that an app imports."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bgtasks.check.ask.words import path_of, place_at, quote
from bgtasks.check.code import Found, Import, Located, Names, make_absolute, resolve

# A compiled module is known by the beginning of its name.
SUFFIXES = (".py", ".pyi", ".so", ".pyd")


@dataclass(frozen=True, slots=True, eq=False)
class Modules:
    """
    What is wrong with the modules that an app imports.

    `said` is what the checkers said of those that they could not import, `paths` is where the
    interpreter of the app finds what is installed, nothing where that is not known, and `bases` are
    the folders that imports of the app's own modules start from.
    """

    said: Mapping[str, str] = field(default_factory=dict[str, str])
    paths: Sequence[str] = ()
    bases: Sequence[Path] = ()

    def problem_of(self, dotted: str) -> str:
        """Return what is wrong with the module that `dotted` is of, "" where nothing is known to be."""
        top = dotted.partition(".")[0]
        own = top in sys.stdlib_module_names or any(has(base, [top]) for base in self.bases)
        found = [Path(path) for path in self.paths if has(Path(path), dotted.split("."))]
        if self.paths and not (own or found):
            return f"module {self.shortest_missing(dotted)} is not installed"
        for name in parents(dotted):
            if name in self.said:
                return f"module {name} {self.said[name]}"
        if not self.paths or top in sys.stdlib_module_names:
            return ""
        if own:
            return f"{dotted} is not found"
        typed = any((path / top / "py.typed").is_file() for path in found)
        stubs = any(Path(path, f"{top}-stubs").is_dir() for path in self.paths)
        return "" if typed or stubs else f"package {top} has no types"

    def shortest_missing(self, dotted: str) -> str:
        """Return where a dotted name leaves what is installed: a namespace is there with parts of it."""
        names = reversed([*parents(dotted)])
        return next(
            name for name in names if not any(has(Path(path), name.split(".")) for path in self.paths)
        )

    def blame_import(self, node: ast.expr, names: Names) -> str:
        """Return what is wrong with the import that a dotted name begins with, "" for nothing."""
        dotted, root = ast.unparse(node), root_of(node)
        if not isinstance(root, ast.Name) or root not in names.around:
            return ""
        found = resolve(node, names)
        for binding in names.bindings(root):
            if isinstance(binding, Import):
                absolute = make_absolute(binding.dotted + dotted[len(root.id) :], names.module)
                told = any(name in self.said for name in parents(absolute))
                problem = self.problem_of(absolute) if told or not is_made(node, names) else ""
                if problem:
                    return f"{problem}{whereabouts(found)} ({place_of_import(root.id, names)})"
        return ""

    def blame_undefined(self, node: ast.expr, names: Names) -> str:
        """Return why nothing is known to bind the name that a dotted name begins with, "" if something is."""
        root = root_of(node)
        unbound = isinstance(root, ast.Name) and root in names.around and not names.bindings(root)
        if not unbound or resolve(root, names) is not None:
            return ""
        for star in names.top.stars:
            if problem := self.problem_of(make_absolute(star, names.module)):
                return f"{problem} ({place_of_import('*', names)})"
        return "" if names.top.stars else f"{quote(root)} is not defined ({place_at(root, names)})"


def is_made(node: ast.expr, names: Names) -> bool:
    """Tell whether the app itself makes what a dotted name means, or that of which it is an attribute."""
    found = resolve(node, names)
    if isinstance(found, Located) or not isinstance(node, ast.Attribute):
        return isinstance(found, Located)
    owner = resolve(node.value, names)
    is_module = isinstance(owner, Located) and isinstance(owner.node, ast.Module)
    return not is_module and is_made(node.value, names)


def root_of(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node


def whereabouts(found: Found) -> str:
    """Tell where a module of the app's own lies that a checker did not find."""
    return f", though {path_of(found.names)} may be it" if isinstance(found, Located) else ""


def parents(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    return (".".join(parts[:count]) for count in range(len(parts), 0, -1))


def has(path: Path, parts: Sequence[str]) -> bool:
    """Tell whether the module that a dotted name begins with lies below `path`."""
    folder = path
    for part in parts:
        if (folder / part).is_dir():
            folder /= part
        elif any(file.suffix in SUFFIXES for file in folder.glob(f"{part}.*")):
            return True
        else:  # a name in a module, unless the folder is none
            return folder != path and (folder / "__init__.py").is_file()
    return True


def place_of_import(name: str, names: Names) -> str:
    """Return where the import stands that binds `name`."""
    tree = names.module.tree
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            if name in bound:
                return place_at(node, names)
    return place_at(tree, names)
