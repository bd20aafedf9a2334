"""What an expression names, through imports and aliases, across the files of the app."""

import ast
import builtins
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from bgtasks.check.code.imports import file_at, make_absolute
from bgtasks.check.code.names import (
    Assignment,
    Binding,
    External,
    Found,
    Import,
    Located,
    Names,
    Project,
    guarded,
    without_fallbacks,
)
from bgtasks.check.code.reading import read_names
from bgtasks.check.code.syntax import FUNCTION, is_name
from bgtasks.check.files.source import SourceError, parse
from bgtasks.check.model import Module
from bgtasks.files import read_whole
from bgtasks.surroundings.roots import starts_of

LARGEST_DEFINING = 1024 * 1024
BUILTINS = frozenset(dir(builtins))


def open_module(module: Module, project: Project) -> Names:
    """Return the names of `module`, which becomes part of `project`."""
    path = module.path.absolute()
    known = project.read.get(path)
    if known is None or known.module is not module:
        known = project.read[path] = read_names(module, project)
    return known


def load(path: Path, project: Project) -> Names | None:
    """Return the names of the module at `path`; None where it cannot be read."""
    if path not in project.read:
        try:
            module = parse(path, read_whole(path, LARGEST_DEFINING))
            project.read[path] = read_names(module, project)
        except OSError:
            project.read[path] = None
        except SourceError as error:
            project.read[path] = None
            project.broken[path] = error
    return project.read[path]


def resolve(expression: ast.expr, names: Names) -> Found:
    """Return what `expression`, which stands in the module of `names`, surely names."""
    match expression:
        case ast.Name(id=name):
            scope = names.around[expression].find(name)
            if scope is None:
                return look_in_stars(name, names) if names.top.stars else builtin(name)
            return follow(scope.bindings.get(name, []), names)
        case ast.Attribute(value=value, attr=name):
            return attribute(resolve(value, names), name)
        case _:
            return None


def follow(bound: Sequence[Binding], names: Names) -> Found:
    """Return what a name surely stands for that is bound to all of `bound`."""
    return only(follow_one(binding, names) for binding in without_fallbacks(bound))


def follow_one(binding: Binding, names: Names) -> Found:
    match binding:
        case Import(dotted=dotted):
            return follow_import(dotted, names)
        case Assignment(value=ast.expr() as value):
            return (resolve_value(value, names) if is_name(value) else None) or Located(value, names)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            dotted = f"{names.module.name}.{binding.name}"
            return External(dotted) if is_subject(dotted, names) else Located(binding, names)
        case _:
            return None


@guarded
def resolve_value(value: ast.expr, names: Names) -> Found:
    return resolve(value, names)


def is_subject(dotted: str, names: Names) -> bool:
    return dotted in names.project.vocabulary.subjects


def attribute(owner: Found, name: str) -> Found:
    match owner:
        case External(dotted=dotted):
            return External(f"{dotted}.{name}")
        case Located(node=ast.Module(), names=names):
            dotted = f"{names.module.name}.{name}"
            return External(dotted) if is_subject(dotted, names) else member_of_module(names, name)
        case Located(node=ast.ClassDef()):
            found = member(owner, name)
            return None if found is None else follow_one(*found)
        case _:
            return None


def member_of_module(names: Names, name: str) -> Found:
    bound = names.top.bindings.get(name, [])
    if bound:
        return follow(bound, names)
    package = names.module.path.parent if names.module.path.stem == "__init__" else None
    below = file_at(package, [name], stubs=names.project.stubs) if package else None
    loaded = load(below, names.project) if below else None
    if loaded:
        return Located(loaded.module.tree, loaded)
    return look_in_stars(name, names) if names.top.stars else builtin(name)


@guarded
def look_in_stars(name: str, names: Names) -> Found:
    for star in names.top.stars:
        module = follow_import(star, names)
        if isinstance(module, External) and is_subject(f"{module.dotted}.{name}", names):
            return External(f"{module.dotted}.{name}")
        found = attribute(module, name) if isinstance(module, Located) else None
        if found is not None:
            return found
    return None


def builtin(name: str) -> Found:
    return External(f"builtins.{name}") if name in BUILTINS else None


def member(owner: Found, name: str) -> tuple[Binding, Names] | None:
    """
    Return what a class of the app's own binds `name` to, itself or in a base, and in which module.

    None where it has no such member, where that is not sure, and where `owner` is no class.
    """
    match owner:
        case Located(node=ast.ClassDef() as node, names=names):
            return member_of_class(node, names, name)
        case _:
            return None


@guarded
def member_of_class(owner: ast.ClassDef, names: Names, name: str) -> tuple[Binding, Names] | None:
    bound = without_fallbacks(names.within[owner].bindings.get(name, []))
    if bound:
        return (bound[0], names) if len(bound) == 1 else None
    for base in owner.bases:
        found = resolve(base, names)
        if not isinstance(found, Located):
            return None
        inherited = member(found, name)
        if inherited is not None:
            return inherited
    return None


def method(owner: Found, name: str) -> Located | None:
    """Return the function that is the member `name` of a class of the app's own, as `member` does."""
    found = member(owner, name)
    return Located(found[0], found[1]) if found is not None and isinstance(found[0], FUNCTION) else None


def ancestors(kind: Found) -> Sequence[Found]:
    """
    Return a class and all that it inherits from, depth first.

    There is None for a base that is not known. Of a class that is not the app's own, its bases are
    not known either; `vocabulary.bases` has those that matter.
    """
    found: list[Found] = []
    left: list[Found] = [kind]
    while left:
        each = left.pop(0)
        if each in found:
            continue
        found.append(each)
        if isinstance(each, Located) and isinstance(each.node, ast.ClassDef):
            left[:0] = [resolve(base, each.names) for base in each.node.bases]
    return found


def follow_import(dotted: str, names: Names) -> Found:
    """Return what `dotted` is, imported in the module of `names`."""
    located, key = names.project.located, (names.module.path, dotted)
    if key not in located:
        located[key] = None  # until it is known: an import may lead back to itself
        located[key] = look_up(dotted, names)
    return located[key]


def look_up(dotted: str, names: Names) -> Found:
    absolute = make_absolute(dotted, names.module)
    if is_subject(absolute, names):
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
        if folder not in names.project.starts:
            names.project.starts[folder] = starts_of(folder, names.project.bases)
        roots = names.project.starts[folder]
    for count in range(len(parts), -1 if dotted.startswith(".") else 0, -1):
        file = find_file(roots, parts[:count], names.project)
        loaded = load(file, names.project) if file else None
        if loaded is None:
            continue
        found: Found = Located(loaded.module.tree, loaded)
        for name in parts[count:]:
            found = attribute(found, name)
        return found
    return External(absolute)


def find_file(roots: Sequence[Path], parts: Sequence[str], project: Project) -> Path | None:
    """Return the file of the module that `parts` name, below the first of `roots` that has it."""
    dotted = ".".join(parts)
    for root in roots:
        key = (root, dotted)
        if key not in project.files:
            # Of most imports nothing is the app's own, not even the first part.
            known = not parts[1:] or project.stubs or (root / parts[0]).is_dir()
            project.files[key] = file_at(root, parts, stubs=project.stubs) if known else None
        if (file := project.files[key]) is not None:
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
