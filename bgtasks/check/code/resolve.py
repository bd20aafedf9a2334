"""What an expression names, through imports and aliases, across the files of the app."""

import ast
import builtins
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from bgtasks.check.code.imports import file_at, find_roots, make_absolute
from bgtasks.check.code.names import Assignment, Binding, Definition, Import, Names, Scope, without_fallbacks
from bgtasks.check.code.reading import read_names
from bgtasks.check.files.source import SourceError, parse
from bgtasks.check.model import Module

TASKS = frozenset(
    {
        "starlette.background.BackgroundTasks",
        "fastapi.BackgroundTasks",
        "fastapi.background.BackgroundTasks",
        "bgtasks.BackgroundTasks",
        "bgtasks.background.BackgroundTasks",
    }
)


TASK = frozenset(
    {"starlette.background.BackgroundTask", "bgtasks.BackgroundTask", "bgtasks.background.BackgroundTask"}
)


KNOWN: frozenset[str] = TASKS | TASK | {"bgtasks.fastapi.BackgroundTasksDep"}
LARGEST_DEFINING = 1024 * 1024
DEPTH = 20
BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class External:
    """What is not the app's own, by its dotted name; builtins are `builtins.print` and their like."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Located:
    """What is written out in the app: a module, a class, a function, or the value behind a name."""

    node: ast.Module | Definition | ast.expr
    names: Names


Found: TypeAlias = External | Located | None


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """The files that have been read, those that define what the modules import among them."""

    read: dict[Path, Names | None] = field(default_factory=dict[Path, Names | None])
    roots: dict[Path, tuple[Path, ...]] = field(default_factory=dict[Path, tuple[Path, ...]])
    located: dict[tuple[Path, str], Found] = field(default_factory=dict[tuple[Path, str], Found])
    files: dict[tuple[Path, str], Path | None] = field(default_factory=dict[tuple[Path, str], Path | None])

    def names_of(self, module: Module) -> Names:
        path = module.path.absolute()
        known = self.read.get(path)
        if known is None or known.module is not module:
            known = self.read[path] = read_names(module)
        return known

    def load(self, path: Path) -> Names | None:
        """Return the names of the module at `path`; None where it cannot be read."""
        if path not in self.read:
            try:
                content = path.read_bytes()
                module = parse(path, content) if len(content) <= LARGEST_DEFINING else None
                self.read[path] = read_names(module) if module else None
            except (OSError, SourceError):
                self.read[path] = None
        return self.read[path]

    def resolve(
        self, expression: ast.expr, names: Names, scope: Scope | None = None, depth: int = 0
    ) -> Found:
        """
        Return what `expression` surely names.

        It stands in the module of `names`; what was parsed out of a string stands in `scope`.
        """
        scope = names.around.get(expression) or scope or names.top
        match expression:
            case _ if depth > DEPTH:
                return None
            case ast.Name(id=name):
                found = scope.find(name)
                if found is None:
                    return self.look_in_stars(name, names, depth + 1)
                return self.follow(found.bindings.get(name, []), names, depth + 1)
            case ast.Attribute(value=value, attr=name):
                return self.attribute(self.resolve(value, names, scope, depth + 1), name, depth + 1)
            case _:
                return None

    def follow(self, bound: Sequence[Binding], names: Names, depth: int) -> Found:
        """Return what a name surely stands for that is bound to all of `bound`."""
        if depth > DEPTH:
            return None
        return only(self.follow_one(binding, names, depth) for binding in without_fallbacks(bound))

    def follow_one(self, binding: Binding, names: Names, depth: int) -> Found:
        match binding:
            case Import(dotted=dotted):
                return self.locate(dotted, names, depth)
            case Assignment(value=ast.expr() as value):
                found = self.resolve(value, names, None, depth + 1) if is_name(value) else None
                return found or Located(value, names)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                dotted = f"{names.module.name}.{binding.name}"
                return External(dotted) if dotted in KNOWN else Located(binding, names)
            case _:
                return None

    def attribute(self, owner: Found, name: str, depth: int) -> Found:
        match owner:
            case External(dotted=dotted):
                return External(f"{dotted}.{name}")
            case Located(node=ast.Module(), names=names):
                dotted = f"{names.module.name}.{name}"
                return External(dotted) if dotted in KNOWN else self.member_of_module(names, name, depth)
            case Located(node=ast.ClassDef()):
                found = self.member(owner, name, depth)
                return None if found is None else self.follow_one(found[0], found[1], depth)
            case _:
                return None

    def member_of_module(self, names: Names, name: str, depth: int) -> Found:
        bound = names.top.bindings.get(name, [])
        if bound:
            return self.follow(bound, names, depth + 1)
        package = names.module.path.parent if names.module.path.stem == "__init__" else None
        below = file_at(package, [name]) if package else None
        loaded = self.load(below) if below else None
        if loaded:
            return Located(loaded.module.tree, loaded)
        return self.look_in_stars(name, names, depth + 1)

    def look_in_stars(self, name: str, names: Names, depth: int) -> Found:
        if depth > DEPTH:
            return None
        for star in names.top.stars:
            module = self.locate(star, names, depth + 1)
            if isinstance(module, External) and f"{module.dotted}.{name}" in KNOWN:
                return External(f"{module.dotted}.{name}")
            found = self.attribute(module, name, depth + 1) if isinstance(module, Located) else None
            if found is not None:
                return found
        return External(f"builtins.{name}") if not names.top.stars and name in BUILTINS else None

    def member(self, owner: Located, name: str, depth: int = 0) -> tuple[Binding, Names] | None:
        """Return what a class binds `name` to, itself or in a base; None where that is not sure."""
        if not isinstance(owner.node, ast.ClassDef) or depth > DEPTH:
            return None
        bound = without_fallbacks(owner.names.within[owner.node].bindings.get(name, []))
        if bound:
            return (bound[0], owner.names) if len(bound) == 1 else None
        for base in owner.node.bases:
            found = self.resolve(base, owner.names, None, depth + 1)
            if not isinstance(found, Located):
                return None
            inherited = self.member(found, name, depth + 1)
            if inherited is not None:
                return inherited
        return None

    def locate(self, dotted: str, names: Names, depth: int = 0) -> Found:
        """Return what `dotted` is, imported in the module of `names`."""
        key = (names.module.path, dotted)
        if key not in self.located and depth <= DEPTH:
            self.located[key] = self.look_up(dotted, names, depth)
        return self.located.get(key)

    def look_up(self, dotted: str, names: Names, depth: int) -> Found:
        absolute = make_absolute(dotted, names.module)
        if absolute in KNOWN:
            return External(absolute)
        parts = absolute.split(".")
        roots: tuple[Path, ...]
        if dotted.startswith("."):
            level = len(dotted) - len(dotted.lstrip("."))
            folder = names.module.path.absolute().parents[level - 1]
            parts, roots = [part for part in dotted.lstrip(".").split(".") if part], (folder,)
        elif parts[0] in sys.stdlib_module_names:
            return External(absolute)
        else:
            folder = names.module.path.absolute().parent
            if folder not in self.roots:
                self.roots[folder] = tuple(find_roots(folder))
            roots = self.roots[folder]
        for count in range(len(parts), -1 if dotted.startswith(".") else 0, -1):
            file = self.find(roots, parts[:count])
            loaded = self.load(file) if file else None
            if loaded is None:
                continue
            found: Found = Located(loaded.module.tree, loaded)
            for name in parts[count:]:
                found = self.attribute(found, name, depth + 1)
            return found
        return External(absolute)

    def find(self, roots: Sequence[Path], parts: Sequence[str]) -> Path | None:
        """Return the file of the module that `parts` name, below the first of `roots` that has it."""
        dotted = ".".join(parts)
        for root in roots:
            key = (root, dotted)
            if key not in self.files:
                # Of most imports nothing is the app's own, not even the first part.
                known = not parts[1:] or (root / parts[0]).is_dir()
                self.files[key] = file_at(root, parts) if known else None
            if (file := self.files[key]) is not None:
                return file
        return None


def only(found: Iterable[Found]) -> Found:
    """Return what all of `found` are, None where they differ; it looks no further than it must."""
    first: Found = None
    for each in found:
        if each is None or first not in {None, each}:
            return None
        first = each
    return first


def is_name(value: ast.expr) -> bool:
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name)
