"""What a tree says by itself, without a look at what its names stand for."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = Function | ast.ClassDef
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
# The fields of nodes that hold no node which anybody asks for.
LEAVES = {"arg", "asname", "attr", "ctx", "id", "kind", "level", "module", "op", "ops", "type_comment"}
FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of `function`, with the default it has."""

    node: ast.arg
    default: ast.expr | None
    function: Function | ast.Lambda


def read_parameters(function: Function | ast.Lambda) -> Iterator[Parameter]:
    """Yield the parameters that have a name of their own, and then `*args` and `**kwargs`."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    without = [None] * (len(positional) - len(args.defaults))
    for node, default in zip(positional, [*without, *args.defaults], strict=True):
        yield Parameter(node, default, function)
    for node, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield Parameter(node, default, function)
    for star in (args.vararg, args.kwarg):
        if star is not None:
            yield Parameter(star, None, function)


def children_of(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.iter_child_nodes` yields, but for operators and contexts, which nodes share."""
    kind = type(node)
    fields = FIELDS.get(kind)
    if fields is None:
        fields = FIELDS[kind] = tuple(name for name in node._fields if name not in LEAVES)
    children: list[ast.AST] = []
    for name in fields:
        value: Any = getattr(node, name, None)
        if isinstance(value, list):
            children += [item for item in cast("list[object]", value) if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            children.append(value)
    return children


def own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yield the nodes of a function without those of the functions in it."""
    stack: list[ast.AST] = list(function.body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, (*FUNCTION, ast.Lambda, ast.ClassDef)):
            stack.extend(children_of(node))


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, "" of what is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def spell(node: ast.expr) -> str:
    """Return the name in an expression as the user wrote it."""
    parts: list[str] = []
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=inner, attr=name):
                parts.append(name)
            case ast.Call(func=inner) | ast.Await(value=inner):
                pass
            case _:
                return ".".join(["function", *reversed(parts)])
        node = inner
    return ".".join([node.id, *reversed(parts)])


def is_name(value: ast.expr) -> bool:
    """Tell whether `value` is a name, dotted or not."""
    while isinstance(value, ast.Attribute):
        value = value.value
    return isinstance(value, ast.Name)


def is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def is_string(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
