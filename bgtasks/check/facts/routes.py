"""Which functions FastAPI calls: endpoints and dependencies, and what it fills their parameters with."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bgtasks.check.code.annotations import (
    INJECTED,
    Annotation,
    Family,
    family_of,
    is_depends,
    is_known,
    read_annotation,
)
from bgtasks.check.code.classes import class_of
from bgtasks.check.code.names import FUNCTION, Function, Names, Parameter, read_parameters
from bgtasks.check.code.resolve import External, Found, Located, Project

METHODS = {"get", "post", "put", "patch", "delete", "options", "head", "trace", "api_route"}
ROUTERS = {
    "fastapi.APIRouter",
    "fastapi.FastAPI",
    "fastapi.applications.FastAPI",
    "fastapi.routing.APIRouter",
}
DEPTH = 20


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


def find_called(modules: Iterable[Names], project: Project) -> list[Called]:
    """Return the endpoints and the dependencies in `modules`; each function once, as what it is first."""
    modules = list(modules)
    found: dict[Function, Called] = {}
    for names in modules:
        for function in names.functions:
            routes = [is_route(each, names, project) for each in function.decorator_list]
            if any(shown is not None for shown in routes):
                found[function] = Called(function, names, shown=True in routes, bare=None not in routes)
    for names in modules:
        for called in find_added(names, project):
            found.setdefault(called.function, called)
    dependencies: dict[Function, list[tuple[Depends, Names]]] = {}
    for names in modules:
        for depends, provider in find_depends(names, project):
            if isinstance(provider.node, FUNCTION):
                dependencies.setdefault(provider.node, []).append((depends, provider.names))
    for function, pairs in dependencies.items():
        every = tuple(depends for depends, _ in pairs)
        found.setdefault(function, Called(function, pairs[0][1], True, not function.decorator_list, every))
    return list(found.values())


def is_route(decorator: ast.expr, names: Names, project: Project) -> bool | None:
    """Tell whether a decorator is that of a route: True shown, False by its looks, None not at all."""
    match decorator:
        case ast.Call(func=ast.Attribute(value=receiver, attr=attr)) if attr in METHODS:
            pass
        case _:
            return None
    kind = class_of(receiver, names, project)
    if is_router(kind, project):
        return True
    path = decorator.args[0] if decorator.args else None
    return False if kind is None and is_string(path) else None


def is_router(kind: Found, project: Project, depth: int = 0) -> bool:
    match kind:
        case External(dotted=dotted):
            return dotted in ROUTERS
        case Located(node=ast.ClassDef(bases=bases), names=names) if depth < DEPTH:
            return any(is_router(project.resolve(base, names), project, depth + 1) for base in bases)
        case _:
            return False


def find_added(names: Names, project: Project) -> Iterator[Called]:
    """Yield the endpoints that are added by `add_api_route`."""
    for call in names.calls:
        match call:
            case ast.Call(
                func=ast.Attribute(value=receiver, attr="add_api_route"), args=[_, endpoint, *_]
            ) if is_router(class_of(receiver, names, project), project):
                found = project.resolve(endpoint, names)
                if isinstance(found, Located) and isinstance(found.node, FUNCTION):
                    yield Called(found.node, found.names, True, not found.node.decorator_list)
            case _:
                pass


def find_depends(names: Names, project: Project) -> Iterator[tuple[Depends, Located]]:
    """Yield each `Depends(...)` with the function that it calls, that of a class being its `__init__`."""
    for call in names.calls:
        if not is_depends(call, names, project):
            continue
        depends = Depends(call, names)
        provider = depends.provider
        found = project.resolve(provider, names) if provider is not None else None
        if isinstance(found, Located) and isinstance(found.node, ast.ClassDef):
            member = project.member(found, "__init__")
            if member is not None and isinstance(member[0], FUNCTION):
                yield depends, Located(member[0], member[1])
        elif isinstance(found, Located):
            yield depends, found


def read_filled(called: Called, project: Project) -> list[Filled]:
    """Return the parameters that FastAPI fills, in order; `self`, `*args` and `**kwargs` are none of them."""
    names, function = called.names, called.function
    skipped = {arg for arg in (function.args.vararg, function.args.kwarg) if arg is not None}
    parameters = [each for each in read_parameters(function) if each.node not in skipped]
    if isinstance(names.parents.get(function), ast.ClassDef) and function.name == "__init__":
        parameters = parameters[1:]
    return [fill(parameter, names, project) for parameter in parameters]


def fill(parameter: Parameter, names: Names, project: Project) -> Filled:
    annotation = read_annotation(parameter.node.annotation, names, project)
    if is_depends(parameter.default, names, project):
        assert isinstance(parameter.default, ast.Call)
        return Filled(parameter, annotation, Depends(parameter.default, names))
    if annotation.depends is not None and annotation.names is not None:
        return Filled(parameter, annotation, Depends(annotation.depends, annotation.names))
    return Filled(parameter, annotation, None)


def is_injected(filled: Filled, project: Project) -> bool:
    """Tell whether a parameter is filled with the tasks that run after the response."""
    annotation = filled.annotation
    if annotation.kind == External(INJECTED):
        return True
    tasks = is_known(annotation.kind) and family_of(annotation.kind, project) is Family.TASKS
    return tasks and not annotation.optional and filled.depends is None


def is_string(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)
