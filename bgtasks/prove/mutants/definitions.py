"""What a module defines that others can see, each name with all that defines it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)

# Blocks that hold definitions without a scope of their own.
TRANSPARENT = (ast.If, ast.Try, ast.With)


@dataclass(frozen=True, slots=True)
class Definition:
    """
    The statements that define one name: a function with its overloads, a class, or a variable.

    `name` is qualified, such as "BackgroundTasks.add_task". `bound` says that a function's first
    parameter is filled in by the call.
    """

    name: str
    nodes: tuple[ast.stmt, ...]
    bound: bool = False


def find_definitions(tree: ast.Module) -> Iterator[Definition]:
    """Yield what `tree` defines for others: what `__all__` names or, without one, what is not private."""
    exported = read_all(tree)
    for definition in find_in(tree.body, ""):
        top = definition.name.partition(".")[0]
        if top in exported if exported is not None else True:
            yield definition


def find_in(body: Sequence[ast.stmt], within: str) -> Iterator[Definition]:
    for name, group in groupby(body, key=name_of):
        nodes = tuple(group)
        if name and not is_private(name):
            qualified = f"{within}{name}"
            for part in split(nodes):
                yield Definition(qualified, part, bound=bool(within) and is_bound(part[0]))
            for node in nodes:
                if isinstance(node, ast.ClassDef):
                    yield from find_in(node.body, f"{qualified}.")
        for node in nodes:
            if isinstance(node, TRANSPARENT):
                for block in ("body", "orelse", "finalbody"):
                    yield from find_in(getattr(node, block, []), within)


def split(nodes: tuple[ast.stmt, ...]) -> Iterator[tuple[ast.stmt, ...]]:
    """Keep overloads together with what implements them, and part all else, as a property and its setter."""
    if any(is_overload(node) for node in nodes):
        yield nodes
    else:
        yield from ((node,) for node in nodes)


def name_of(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name
        case ast.AnnAssign(ast.Name(name)):
            return name
        case _:
            return ""


def read_all(tree: ast.Module) -> set[str] | None:
    """Return the names in `__all__`, None where there is none or where it is no plain list."""
    names: set[str] | None = None
    for node in tree.body:
        match node:
            case ast.Assign([ast.Name("__all__")], ast.List(items) | ast.Tuple(items)) | ast.AnnAssign(
                ast.Name("__all__"), value=ast.List(items) | ast.Tuple(items)
            ):
                names = {
                    item.value
                    for item in items
                    if isinstance(item, ast.Constant) and isinstance(item.value, str)
                }
            case _:
                pass
    return names


def is_private(name: str) -> bool:
    return name.startswith("_") and not (name.startswith("__") and name.endswith("__"))


def is_bound(node: ast.stmt) -> bool:
    """Tell whether the call of a method fills in its first parameter."""
    return isinstance(node, FUNCTIONS) and not has_decorator(node, "staticmethod")


def is_overload(node: ast.stmt) -> bool:
    return has_decorator(node, "overload")


def has_decorator(node: ast.stmt, name: str) -> bool:
    return isinstance(node, FUNCTIONS) and any(
        ast.unparse(decorator).rpartition(".")[2] == name for decorator in node.decorator_list
    )
