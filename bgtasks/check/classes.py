"""Of which class a value is, as far as the source alone shows it."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bgtasks.check.names import (
    FUNCTION,
    Assignment,
    Binding,
    Function,
    Import,
    Names,
    Parameter,
    Scope,
    last_name,
)
from bgtasks.check.project import (
    TASK,
    TASKS,
    External,
    Found,
    Located,
    Project,
    is_none,
    only,
    without_fallbacks,
)

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


def class_of(expression: ast.expr, names: Names, project: Project, depth: int = 0) -> Found:
    """Return the class that `expression`, which stands in the module of `names`, is an instance of."""
    kind: Found = None
    match expression:
        case _ if depth > DEPTH:
            pass
        case ast.Call(func=func):
            kind = called_class(func, names, project, depth + 1)
        case ast.Name(id=name):
            found = names.around[expression].find(name)
            bound = found.bindings.get(name, []) if found else []
            kind = class_of_bindings(bound, names, project, depth + 1)
        case ast.Attribute(value=value, attr=name):
            owner = owner_of(value, names, project, depth + 1)
            if isinstance(owner, Located) and isinstance(owner.node, ast.ClassDef):
                kind = class_of_attribute(owner.node, owner.names, name, project, depth + 1)
            else:
                kind = class_of_value(project.resolve(expression, names), project, depth + 1)
        case ast.NamedExpr(value=value):
            kind = class_of(value, names, project, depth + 1)
        case ast.BoolOp(op=ast.Or(), values=values):
            kind = only(class_of(value, names, project, depth + 1) for value in values)
        case _:
            pass
    return kind


def called_class(func: ast.expr, names: Names, project: Project, depth: int) -> Found:
    """Return the class of what a call of `func` makes."""
    match project.resolve(func, names):
        case Located(node=ast.ClassDef()) as kind:
            return kind
        case External() as kind:
            return kind
        case Located(node=ast.FunctionDef(returns=ast.expr() as returns, decorator_list=[]), names=there):
            read = read_annotation(returns, there, project, None, depth + 1)
            return None if read.optional else read.kind
        case _:
            return None


def owner_of(receiver: ast.expr, names: Names, project: Project, depth: int = 0) -> Found:
    """Return the class of a receiver, `self` among them."""
    function = names.enclosing(receiver) if isinstance(receiver, ast.Name) else None
    if isinstance(function, FUNCTION) and isinstance(receiver, ast.Name):
        first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
        owner = names.parents.get(function)
        if first is not None and first.arg == receiver.id and isinstance(owner, ast.ClassDef):
            return Located(owner, names)
    return class_of(receiver, names, project, depth)


def class_of_bindings(bound: Sequence[Binding], names: Names, project: Project, depth: int) -> Found:
    """Return the class that all values have that a name is bound to."""
    return only(class_of_binding(binding, names, project, depth) for binding in without_fallbacks(bound))


def class_of_binding(binding: Binding, names: Names, project: Project, depth: int) -> Found:
    match binding:
        case Parameter(node=ast.arg(annotation=annotation)):
            return read_annotation(annotation, names, project, None, depth).kind
        case Assignment(annotation=ast.expr() as annotation):
            return read_annotation(annotation, names, project, None, depth).kind
        case Assignment(value=ast.expr() as value):
            return class_of(value, names, project, depth)
        case _:
            return class_of_value(project.follow([binding], names, depth), project, depth)


def class_of_value(found: Found, project: Project, depth: int) -> Found:
    """Return the class of a value that a name of another module stands for."""
    match found:
        case Located(node=ast.Call() as value, names=there):
            return class_of(value, there, project, depth)
        case _:
            return None


def class_of_attribute(owner: ast.ClassDef, names: Names, name: str, project: Project, depth: int) -> Found:
    """Return the class of the attribute `name` of an instance of `owner`."""
    bound: list[Binding] = list(names.within[owner].bindings.get(name, []))
    for method in owner.body:
        if isinstance(method, FUNCTION):
            bound += assigned_to_self(method, name)
    annotated = [each for each in bound if isinstance(each, Assignment) and each.annotation is not None]
    if bound:
        return class_of_bindings(annotated or bound, names, project, depth)
    for base in owner.bases:
        found = project.resolve(base, names)
        if isinstance(found, Located) and isinstance(found.node, ast.ClassDef) and depth < DEPTH:
            kind = class_of_attribute(found.node, found.names, name, project, depth + 1)
            if kind is not None:
                return kind
    return None


def assigned_to_self(method: Function, name: str) -> Iterator[Assignment]:
    args = [*method.args.posonlyargs, *method.args.args]
    own = args[0].arg if args else None
    for node in ast.walk(method):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=receiver), attr=attr)], value=value):
                assignment = Assignment(value)
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id=receiver), attr=attr)):
                assignment = Assignment(node.value, node.annotation)
            case _:
                continue
        if receiver == own and attr == name and not is_none(assignment.value):
            yield assignment
