"""Which functions FastAPI calls: endpoints and dependencies, and what it fills their parameters with."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeGuard

from bgtasks.check.code import (
    FUNCTION,
    Annotation,
    External,
    Found,
    Function,
    Located,
    Names,
    Parameter,
    ancestors,
    class_of,
    is_string,
    may_be,
    method,
    read_annotation,
    read_parameters,
    resolve,
)
from bgtasks.check.facts.vocabulary import DEPENDS, INJECTED, ROUTERS, Family, family_of, is_known

METHODS = {"get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route"}


@dataclass(frozen=True, slots=True)
class Depends:
    """A `Depends(...)`, which may name the function that it calls, in the module of `names`."""

    call: ast.Call
    names: Names

    @property
    def provider(self) -> ast.expr | None:
        named = [keyword.value for keyword in self.call.keywords if keyword.arg == "dependency"]
        return next(iter([*self.call.args, *named]), None)

    @property
    def scope(self) -> object:
        """The scope as it is written out, None where it is not."""
        values = [keyword.value for keyword in self.call.keywords if keyword.arg == "scope"]
        return next((each.value for each in values if isinstance(each, ast.Constant)), None)


@dataclass(frozen=True, slots=True)
class Filled:
    """
    A parameter of a function that FastAPI calls, and what it is filled with.

    `depends` is the dependency that fills it; without one, FastAPI goes by the annotation.
    """

    parameter: Parameter
    annotation: Annotation
    depends: Depends | None


@dataclass(frozen=True, slots=True, eq=False)
class Called:
    """
    A function that FastAPI calls.

    `shown` tells whether the source shows that it does, and does not merely look like it. `bare`
    tells that no decorator stands between the two. `depends` are the `Depends` that name it, none
    for an endpoint.
    """

    function: Function
    names: Names
    shown: bool
    bare: bool
    depends: tuple[Depends, ...] = ()


def find_called(modules: Iterable[Names]) -> list[Called]:
    """Return the endpoints and the dependencies in `modules`; each function once, as what it is first."""
    modules = list(modules)
    found: dict[Function, Called] = {}
    for names in modules:
        for function in names.functions:
            routes = [is_route(each, names) for each in function.decorator_list]
            if any(shown is not None for shown in routes):
                found[function] = Called(function, names, shown=True in routes, bare=None not in routes)
    for names in modules:
        for called in find_added(names):
            found.setdefault(called.function, called)
    dependencies: dict[Function, list[tuple[Depends, Names]]] = {}
    for names in modules:
        for depends, provider in find_depends(names):
            if isinstance(provider.node, FUNCTION):
                dependencies.setdefault(provider.node, []).append((depends, provider.names))
    for function, pairs in dependencies.items():
        every = tuple(depends for depends, _ in pairs)
        found.setdefault(function, Called(function, pairs[0][1], True, not function.decorator_list, every))
    return list(found.values())


def is_route(decorator: ast.expr, names: Names) -> bool | None:
    """Tell whether a decorator is that of a route: True shown, False by its looks, None not at all."""
    match decorator:
        case ast.Call(func=ast.Attribute(value=receiver, attr=attr)) if attr in METHODS:
            pass
        case _:
            return None
    kind = class_of(receiver, names)
    if is_router(kind):
        return True
    path = decorator.args[0] if decorator.args else None
    return False if kind is None and is_string(path) else None


def is_router(kind: Found) -> bool:
    return any(isinstance(each, External) and each.dotted in ROUTERS for each in ancestors(kind))


def find_added(names: Names) -> Iterator[Called]:
    """Yield the endpoints that are added by `add_api_route`."""
    for call in names.calls:
        match call:
            case ast.Call(
                func=ast.Attribute(value=receiver, attr="add_api_route"), args=[_, endpoint, *_]
            ) if is_router(class_of(receiver, names)):
                found = resolve(endpoint, names)
                if isinstance(found, Located) and isinstance(found.node, FUNCTION):
                    yield Called(found.node, found.names, True, not found.node.decorator_list)
            case _:
                pass


def find_depends(names: Names) -> Iterator[tuple[Depends, Located]]:
    """Yield each `Depends(...)` with the function that it calls, that of a class being its `__init__`."""
    for call in names.calls:
        if not is_depends(call, names):
            continue
        depends = Depends(call, names)
        provider = depends.provider
        found = resolve(provider, names) if provider is not None else None
        if isinstance(found, Located) and isinstance(found.node, ast.ClassDef):
            found = method(found, "__init__")
        if isinstance(found, Located):
            yield depends, found


def is_depends(node: ast.AST | None, names: Names) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call) or not may_be(node.func, ("Depends", "Security"), names):
        return False
    found = resolve(node.func, names)
    return isinstance(found, External) and found.dotted in DEPENDS


def read_filled(called: Called) -> list[Filled]:
    """Return the parameters that FastAPI fills, in order; `self`, `*args` and `**kwargs` are none of them."""
    names, function = called.names, called.function
    skipped = {arg for arg in (function.args.vararg, function.args.kwarg) if arg is not None}
    parameters = [each for each in read_parameters(function) if each.node not in skipped]
    if isinstance(names.parents.get(function), ast.ClassDef) and function.name == "__init__":
        parameters = parameters[1:]
    return [fill(parameter, names) for parameter in parameters]


def fill(parameter: Parameter, names: Names) -> Filled:
    annotation = read_annotation(parameter.node.annotation, names)
    return Filled(parameter, annotation, depends_in(parameter.default, annotation, names))


def depends_in(default: ast.expr | None, annotation: Annotation, names: Names) -> Depends | None:
    """Return the `Depends(...)` that is a default, or stands in the `Annotated` beside it."""
    found = resolve(default, names) if isinstance(default, ast.Name | ast.Attribute) else None
    written = [found] if isinstance(found, Located) else []
    written += [Located(default, names)] if default is not None else []
    for part in (*written, *reversed(annotation.metadata)):
        if is_depends(part.node, part.names):
            return Depends(part.node, part.names)
    return None


def is_injected(filled: Filled) -> bool:
    """Tell whether a parameter is filled with the tasks that run after the response."""
    annotation = filled.annotation
    if annotation.kind == External(INJECTED):
        return True
    tasks = is_known(annotation.kind) and family_of(annotation.kind) is Family.TASKS
    return tasks and not annotation.optional and filled.depends is None
