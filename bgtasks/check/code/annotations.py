"""What annotations say, of tasks above all."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bgtasks.check.code.names import Import, Names, Scope, last_name
from bgtasks.check.code.resolve import TASK, TASKS, External, Found, Located, Project

DEPENDS = {"fastapi.Depends", "fastapi.param_functions.Depends", "fastapi.params.Depends", "fastapi.Security"}
OPTIONAL = {"typing.Optional", "typing.Union", "typing_extensions.Optional", "typing_extensions.Union"}
ANNOTATED = {"typing.Annotated", "typing_extensions.Annotated"}
TRANSPARENT = {
    f"{module}.{name}" for module in ("typing", "typing_extensions") for name in ("Final", "ClassVar")
}
INJECTED = "bgtasks.fastapi.BackgroundTasksDep"
DEPTH = 20


class Family(Enum):
    """Which of Starlette's two classes a class is, or inherits from."""

    TASK = "BackgroundTask"
    TASKS = "BackgroundTasks"


@dataclass(frozen=True, slots=True)
class Annotation:
    """
    What an annotation says of a parameter.

    `kind` is its class. `optional` tells whether it may be something else, None included. `depends`
    is the `Depends(...)` in an `Annotated`, in the module of `names`.
    """

    kind: Found
    optional: bool = False
    depends: ast.Call | None = None
    names: Names | None = None


NOTHING = Annotation(None)


def family_of(kind: Found, project: Project, depth: int = 0) -> Family | None:
    """Return the family of a class, by itself or by what it inherits from."""
    match kind:
        case External(dotted=dotted):
            if dotted in TASKS or dotted == INJECTED:
                return Family.TASKS
            return Family.TASK if dotted in TASK else None
        case Located(node=ast.ClassDef(bases=bases), names=names) if depth < DEPTH:
            families = (family_of(project.resolve(base, names), project, depth + 1) for base in bases)
            return next((family for family in families if family), None)
        case _:
            return None


def is_known(kind: Found) -> bool:
    """Tell whether `kind` is Starlette's, FastAPI's or our class itself, and no subclass of it."""
    return isinstance(kind, External) and (kind.dotted in TASKS or kind.dotted in TASK)


def read_annotation(
    expression: ast.expr | None, names: Names, project: Project, scope: Scope | None = None, depth: int = 0
) -> Annotation:
    """Return what an annotation in the module of `names` says."""
    if expression is None or depth > DEPTH:
        return NOTHING
    scope = names.around.get(expression) or scope or names.top
    match expression:
        case ast.Constant(value=str(text)):
            read = read_annotation(parse_string(text), names, project, scope, depth + 1)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            read = read_union([left, right], names, project, scope, depth + 1)
        case ast.Subscript():
            read = read_subscript(expression, names, project, scope, depth + 1)
        case _:
            found = project.resolve(expression, names, scope)
            read = Annotation(found)
            if isinstance(found, Located) and isinstance(found.node, (ast.Subscript, ast.BinOp)):
                read = read_annotation(found.node, found.names, project, None, depth + 1)
    return read


def read_subscript(
    expression: ast.Subscript, names: Names, project: Project, scope: Scope, depth: int
) -> Annotation:
    found = project.resolve(expression.value, names, scope)
    dotted = found.dotted if isinstance(found, External) else ""
    parts = expression.slice.elts if isinstance(expression.slice, ast.Tuple) else [expression.slice]
    read = NOTHING
    if dotted in OPTIONAL:
        several = len(parts) > 1 or dotted.endswith("Optional")
        read = replace(read_union(parts, names, project, scope, depth), optional=several)
    elif dotted in ANNOTATED:
        read = read_annotated(parts, names, project, scope, depth)
    elif dotted in TRANSPARENT:
        read = read_annotation(expression.slice, names, project, scope, depth)
    return read


def read_union(parts: list[ast.expr], names: Names, project: Project, scope: Scope, depth: int) -> Annotation:
    """Of a union, return the part that is a class of tasks."""
    for part in parts:
        read = read_annotation(part, names, project, scope, depth)
        if family_of(read.kind, project):
            return replace(read, optional=True)
    return Annotation(None, optional=True)


def read_annotated(
    parts: list[ast.expr], names: Names, project: Project, scope: Scope, depth: int
) -> Annotation:
    first, *metadata = parts
    read = read_annotation(first, names, project, scope, depth)
    for part in metadata:
        if isinstance(part, ast.Call) and is_depends(part, names, project, scope):
            read = replace(read, depends=part, names=names)
    return read


def is_depends(node: ast.expr | None, names: Names, project: Project, scope: Scope | None = None) -> bool:
    if not isinstance(node, ast.Call) or not may_be(node.func, ("Depends", "Security"), names):
        return False
    found = project.resolve(node.func, names, scope)
    return isinstance(found, External) and found.dotted in DEPENDS


def may_be(func: ast.expr, spelled: Sequence[str], names: Names) -> bool:
    """Tell whether `func` may be one of those that are `spelled` so, without a look at other files."""
    name = last_name(func)
    return name in spelled or any(
        isinstance(each, Import) and each.dotted.rpartition(".")[2] in spelled
        for each in names.top.bindings.get(name, ())
    )


def parse_string(text: str) -> ast.expr | None:
    """Parse an annotation in quotes; None where it is no expression."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError):
        return None
