"""Modules imported by another name, line for line, so that many versions of one can stand side by side."""

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bgtasks.documents import from_python
from bgtasks.prove.mutants.modules import absolute


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands between two columns, counted in bytes, from one line to another, and what replaces it."""

    first: int
    begin: int
    last: int
    end: int
    text: str


def rename_modules(
    source: str,
    names: Mapping[str, str],
    package: str = "",
    is_module: Callable[[str], object] = lambda _: False,
) -> str:
    """
    Return `source` with each module of `names` imported by its new name, bound and used as before.

    Relative imports start from `package` and become absolute. `is_module` tells which dotted names are
    modules, also of those that keep their names.
    """
    if not any(name.rpartition(".")[2] in source for name in names) and "from ." not in source:
        return source
    tree = from_python(source)
    lines = [line.encode() for line in source.split("\n")]
    edits = [*rename_imports(tree, names, package), *rename_uses(tree, names, is_module)]
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.begin), reverse=True):
        before, after = lines[edit.first - 1][: edit.begin], lines[edit.last - 1][edit.end :]
        empty = [b""] * (edit.last - edit.first)
        lines[edit.first - 1 : edit.last] = [before + edit.text.encode() + after, *empty]
    return b"\n".join(lines).decode()


def rename_imports(tree: ast.Module, names: Mapping[str, str], package: str) -> Iterator[Edit]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            base = absolute("." * node.level + (node.module or ""), package)
            statements = [rename_alias(base, alias, names) for alias in node.names]
        elif isinstance(node, ast.Import):
            base = ""
            statements = [text for alias in node.names for text in rename_import(alias, names)]
        else:
            continue
        renamed = base in names or any(
            (f"{base}.{alias.name}" if base else alias.name) in names for alias in node.names
        )
        # One that leads out of the package stays as wrong as it is.
        if renamed or (isinstance(node, ast.ImportFrom) and node.level and base):
            yield replace_node(node, "; ".join(statements))


def rename_alias(base: str, alias: ast.alias, names: Mapping[str, str]) -> str:
    bound = alias.asname or alias.name
    if new := names.get(f"{base}.{alias.name}"):
        return f"import {new} as {bound}"
    asname = f" as {alias.asname}" if alias.asname else ""
    return f"from {names.get(base, base)} import {alias.name}{asname}"


def rename_import(alias: ast.alias, names: Mapping[str, str]) -> Iterator[str]:
    new = names.get(alias.name)
    if alias.asname:
        yield f"import {new or alias.name} as {alias.asname}"
    else:
        # What else is used through the old name stays where it is.
        yield f"import {alias.name}"
        if new:
            yield f"import {new}"


def rename_uses(
    tree: ast.Module, names: Mapping[str, str], is_module: Callable[[str], object]
) -> Iterator[Edit]:
    """Yield an edit for each dotted name of a module, where it is used in full and imported so."""
    imported = {
        alias.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
        if not alias.asname
    }
    longest: dict[tuple[int, int], tuple[str, ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            name = dotted(node)
            place = node.lineno, node.col_offset
            if name.partition(".")[0] in imported and (name in names or is_module(name)):
                longest[place] = max(
                    longest.get(place, ("", node)), (name, node), key=lambda use: len(use[0])
                )
    yield from (replace_node(node, names[name]) for name, node in longest.values() if name in names)


def dotted(node: ast.expr) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""


def replace_node(node: ast.stmt | ast.expr, text: str) -> Edit:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return Edit(node.lineno, node.col_offset, node.end_lineno, node.end_col_offset, text)
