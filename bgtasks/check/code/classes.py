"""Of which class a value is, as far as the source alone shows it."""

import ast
from collections.abc import Mapping, Sequence

from bgtasks.check.code.annotations import read_annotation
from bgtasks.check.code.names import (
    Assignment,
    Binding,
    External,
    Found,
    Located,
    Names,
    guarded,
    remembered,
    without_fallbacks,
)
from bgtasks.check.code.resolution import follow, method, only, resolve
from bgtasks.check.code.syntax import FUNCTION, Function, Parameter, is_none, last_name

PROPERTIES = {"property", "cached_property"}


@guarded
def class_of(expression: ast.expr, names: Names) -> Found:
    """Return the class that `expression`, which stands in the module of `names`, is an instance of."""
    kind: Found = None
    match expression:
        case ast.Call(func=func):
            kind = called_class(func, names)
        case ast.Name(id=name):
            found = names.around[expression].find(name)
            bound = found.bindings.get(name, []) if found else []
            kind = class_of_bindings(bound, names)
        case ast.Attribute(value=value, attr=name):
            owner = owner_of(value, names)
            if isinstance(owner, Located) and isinstance(owner.node, ast.ClassDef):
                kind = class_of_attribute(owner.node, owner.names, name)
            else:
                kind = class_of_value(resolve(expression, names))
        case ast.Await(value=ast.Call(func=func)):
            kind = awaited_class(func, names)
        case ast.NamedExpr(value=value):
            kind = class_of(value, names)
        case ast.BoolOp(op=ast.Or(), values=values):
            kind = only(class_of(value, names) for value in values)
        case _:
            pass
    return kind


def called_class(func: ast.expr, names: Names) -> Found:
    """Return the class of what a call of `func` makes."""
    match resolve(func, names):
        case Located(node=ast.ClassDef()) as kind:
            return kind
        case External() as kind:
            return kind
        case Located(node=ast.FunctionDef()) as called:
            return class_returned(called)
        case None if isinstance(func, ast.Attribute):
            found = method(owner_of(func.value, names), func.attr)
            return class_returned(found) if found is not None else None
        case _:
            return None


def awaited_class(func: ast.expr, names: Names) -> Found:
    """Return the class of what a call of `func` gives when it is awaited."""
    called = resolve(func, names)
    if called is None and isinstance(func, ast.Attribute):
        called = method(owner_of(func.value, names), func.attr)
    return class_returned(called, awaited=True) if isinstance(called, Located) else None


def class_returned(called: Located, *, awaited: bool = False) -> Found:
    """Return the class that a function says it returns; of an `async def`, when it is awaited."""
    node = called.node
    if not isinstance(node, FUNCTION) or node.decorator_list or called.node in called.names.generators:
        return None
    read = read_annotation(node.returns, called.names)
    return None if read.optional or isinstance(node, ast.AsyncFunctionDef) != awaited else read.kind


def owner_of(receiver: ast.expr, names: Names) -> Found:
    """Return the class of a receiver, `self` among them."""
    function = names.enclosing(receiver) if isinstance(receiver, ast.Name) else None
    if isinstance(function, FUNCTION) and isinstance(receiver, ast.Name):
        first = next(iter([*function.args.posonlyargs, *function.args.args]), None)
        owner = names.parents.get(function)
        if first is not None and first.arg == receiver.id and isinstance(owner, ast.ClassDef):
            return Located(owner, names)
    return class_of(receiver, names)


def class_of_bindings(bound: Sequence[Binding], names: Names) -> Found:
    """Return the class that all values have that a name is bound to."""
    return only(class_of_binding(binding, names) for binding in without_fallbacks(bound))


def class_of_binding(binding: Binding, names: Names) -> Found:
    match binding:
        case Parameter(node=ast.arg(annotation=annotation)):
            return read_annotation(annotation, names).kind
        case Assignment(annotation=ast.expr() as annotation):
            return read_annotation(annotation, names).kind
        case Assignment(value=ast.expr() as value):
            return class_of(value, names)
        case ast.FunctionDef(decorator_list=[decorator], returns=returns) if (
            last_name(decorator) in PROPERTIES
        ):
            return read_annotation(returns, names).kind
        case _:
            return class_of_value(follow([binding], names))


def class_of_value(found: Found) -> Found:
    """Return the class of a value that a name of another module stands for."""
    match found:
        case Located(node=ast.Call() as value, names=there):
            return class_of(value, there)
        case _:
            return None


@guarded
def class_of_attribute(owner: ast.ClassDef, names: Names, name: str) -> Found:
    """Return the class of the attribute `name` of an instance of `owner`."""
    bound: list[Binding] = list(names.within[owner].bindings.get(name, []))
    for function in owner.body:
        if isinstance(function, FUNCTION):
            bound += assigned_to_self(function, names, name)
    annotated = [each for each in bound if isinstance(each, Assignment) and each.annotation is not None]
    if bound:
        return class_of_bindings(annotated or bound, names)
    for base in owner.bases:
        found = resolve(base, names)
        if isinstance(found, Located) and isinstance(found.node, ast.ClassDef):
            kind = class_of_attribute(found.node, found.names, name)
            if kind is not None:
                return kind
    return None


def assigned_to_self(method: Function, names: Names, name: str) -> Sequence[Assignment]:
    """Return what a method assigns to the attribute `name` of its object, but for None."""
    return read_assigned(method, names).get(name, ())


@remembered
def read_assigned(method: Function, _: Names) -> Mapping[str, Sequence[Assignment]]:
    args = [*method.args.posonlyargs, *method.args.args]
    own = args[0].arg if args else None
    found: dict[str, list[Assignment]] = {}
    for node in ast.walk(method):
        match node:
            case ast.Assign(targets=[ast.Attribute(value=ast.Name(id=receiver), attr=attr)], value=value):
                assignment = Assignment(value)
            case ast.AnnAssign(target=ast.Attribute(value=ast.Name(id=receiver), attr=attr)):
                assignment = Assignment(node.value, node.annotation)
            case _:
                continue
        if receiver == own and not is_none(assignment.value):
            found.setdefault(attr, []).append(assignment)
    return found
