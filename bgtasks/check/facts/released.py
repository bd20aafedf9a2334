"""What FastAPI, or a middleware, closes before the tasks run."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    External,
    Found,
    Function,
    Located,
    Names,
    Parameter,
    ancestors,
    method,
    own_nodes,
    read_annotation,
    read_parameters,
    resolve,
)
from bgtasks.check.facts.app import App
from bgtasks.check.facts.closing import given_by, lent_by
from bgtasks.check.facts.held import Path, asked_of, gives
from bgtasks.check.facts.reaches import Reach
from bgtasks.check.facts.regenerated import is_handed_on
from bgtasks.check.facts.resources import RELEASES, Resource
from bgtasks.check.facts.routes import Called, Depends, depends_in, fill
from bgtasks.check.facts.vocabulary import UPLOADS

# A dependency ends before the response is sent, and so before the tasks run; or behind them.
ENDS_BEFORE = (">=0.106,<0.118",)
ENDS_AFTER = ("<0.106", ">=0.118")
UPLOAD = Resource(frozenset({"file"}))
UPLOADED = Resource(frozenset({"file"}), many=True)
LISTS = {"builtins.list", "builtins.tuple", "typing.List", "typing.Sequence", "collections.abc.Sequence"}
REQUESTS = {"fastapi.Request", "fastapi.requests.Request", "starlette.requests.Request"}
LONGEST_CHAIN = 10
MIDDLEWARE = "a middleware"


@dataclass(frozen=True, slots=True)
class Released:
    """
    A resource that is closed before the tasks run, who closes it, and what a task holds of it.

    `kept` tells that it is what an object keeps which a dependency gives.
    """

    resource: Resource
    by: str
    path: Path = ()
    kept: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """What stands around the functions that FastAPI calls: `on_state` is closed by a middleware."""

    app: App
    called: Mapping[Function, Called]
    on_state: frozenset[str]

    @property
    def leaving_before(self) -> str | None:
        """The app's FastAPI, where that leaves dependencies with a `yield` before the tasks run."""
        return self.app.fastapi.when(*ENDS_BEFORE)


def read_surroundings(app: App) -> Surroundings:
    on_state = frozenset(attr for names in app.modules for attr in find_on_state(names))
    return Surroundings(app, {called.function: called for called in app.called}, on_state)


def find_released(reach: Reach, around: Surroundings) -> Released | None:
    """Return what a task holds of what FastAPI gives to a function, and what is closed before it runs."""
    names, path = reach.names, reach.path
    match names.bindings(reach.name):
        case [Parameter(function=ast.FunctionDef() | ast.AsyncFunctionDef() as function) as parameter]:
            pass
        case _:
            return None
    if is_request(parameter, names) and path[:1] == ("state",) and path[1:2]:
        return Released(Resource(), MIDDLEWARE, path[2:]) if path[1] in around.on_state else None
    if function in around.called and (released := filled_with(parameter, names, around, path)):
        return released
    owner, first = names.parents.get(function), next(iter(read_parameters(function)), None)
    if path and isinstance(owner, ast.ClassDef) and first == parameter:
        return kept_by(owner, path[0], names, around, path[1:])
    return None


def filled_with(
    parameter: Parameter, names: Names, around: Surroundings, path: Path, left: int = LONGEST_CHAIN
) -> Released | None:
    """Return what a task holds at `path` of what FastAPI gives to a parameter, if that is closed by then."""
    filled = fill(parameter, names)
    if filled.depends is not None:
        return provided(filled.depends, filled.annotation.kind, around, path, left)
    upload = read_upload(parameter.node.annotation, names)
    before = around.leaving_before
    return Released(upload, before, path) if upload is not None and before is not None else None


def provided(depends: Depends, kind: Found, around: Surroundings, path: Path, left: int) -> Released | None:
    """Return what is held at `path` of what a dependency gives, if it is closed before the tasks run."""
    found = resolve(depends.provider, depends.names) if depends.provider is not None else kind
    wanted, rest = asked_of(found, path)
    if isinstance(found, Located) and isinstance(found.node, ast.ClassDef):
        found = method(found, "__init__")
    if not isinstance(found, Located) or not isinstance(found.node, FUNCTION) or not is_handed_on(found):
        return None
    function, names = found.node, found.names
    ends = around.app.fastapi.when("") if depends.scope == "function" else around.leaving_before
    lent = lent_by(function, names) if ends is not None and function in names.generators else None
    if lent is not None and ends is not None:
        return Released(lent, ends, path)
    if any(attr in around.on_state for attr in taken_from_state(function, names)):
        return Released(Resource(), MIDDLEWARE, path)
    for parameter in read_parameters(function) if left else ():
        for inner in sorted(gives(function, names, parameter.node.arg, wanted, rest) or ()):
            if released := filled_with(parameter, names, around, inner, left - 1):
                return replace(released, kept=released.kept or inner != path)
    return None


def kept_by(
    owner: ast.ClassDef, attr: str, names: Names, around: Surroundings, path: Path
) -> Released | None:
    """Return the resource that `self.attr` is, by the class or by what its `__init__` is filled with."""
    for statement in owner.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=spelled)) if spelled == attr:
                annotation = read_annotation(statement.annotation, names)
                depends = depends_in(statement.value, annotation, names)
                kind = annotation.kind
                return provided(depends, kind, around, path, LONGEST_CHAIN) if depends else None
            case _:
                pass
    made = method(Located(owner, names), "__init__")
    if made is None or not isinstance(made.node, FUNCTION) or made.node not in around.called:
        return None
    for node in own_nodes(made.node):
        match node:
            case ast.Assign(targets=[ast.Attribute(attr=spelled)], value=ast.Name() as value) if (
                spelled == attr
            ):
                bound = made.names.bindings(value)
                if len(bound) == 1 and isinstance(bound[0], Parameter):
                    return filled_with(bound[0], made.names, around, path)
            case _:
                pass
    return None


def read_upload(annotation: ast.expr | None, names: Names) -> Resource | None:
    """Return what FastAPI fills a parameter with that is annotated as an upload, or as several."""
    kind = read_annotation(annotation, names).kind
    if isinstance(kind, External) and kind.dotted in UPLOADS:
        return UPLOAD
    match annotation:
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            return read_upload(left, names) or read_upload(right, names)
        case ast.Subscript(value=value, slice=inner):
            outer = resolve(value, names)
            dotted = outer.dotted if isinstance(outer, External) else ""
            if isinstance(inner, ast.Tuple) and inner.elts:
                inner = inner.elts[0]
            found = read_upload(inner, names)
            return UPLOADED if found is not None and dotted in LISTS else found
        case ast.Name() | ast.Attribute():
            alias = resolve(annotation, names)
            if isinstance(alias, Located) and isinstance(alias.node, ast.Subscript):
                return read_upload(alias.node, alias.names)
            return None
        case _:
            return None


def is_request(parameter: Parameter, names: Names) -> bool:
    kind = read_annotation(parameter.node.annotation, names).kind
    return isinstance(kind, External) and kind.dotted in REQUESTS


def taken_from_state(function: Function, names: Names) -> Iterator[str]:
    """Yield what a dependency hands on of the state of the request, be it by a name for it."""
    requests = {each.node.arg for each in read_parameters(function) if is_request(each, names)}
    for node in own_nodes(function):
        match node:
            case ast.Return(value=value) | ast.Yield(value=value):
                match names.bindings(value) if isinstance(value, ast.Name) else []:
                    case [Assignment(value=ast.expr() as assigned)]:
                        value = assigned
                    case _:
                        pass
                attr = state_of(value, requests) if value is not None else None
                yield from [attr] if attr is not None else []
            case _:
                pass


def state_of(value: ast.expr, requests: set[str]) -> str | None:
    """Return the `db` of `request.state.db`."""
    match value:
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id=request), attr="state"), attr=attr) if (
            request in requests
        ):
            return attr
        case _:
            return None


def find_on_state(names: Names) -> Iterator[str]:
    """Yield what a middleware closes, behind the call of the app, of the state of the request."""
    for function in names.functions:
        if not is_middleware(function, names):
            continue
        args = [each.arg for each in function.args.args][-2:]
        called = [
            node.lineno
            for node in own_nodes(function)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == args[-1]
        ]
        last = max(called, default=0)
        for node in own_nodes(function) if called else ():
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=attr)) if attr in RELEASES:
                    if node.lineno > last:
                        yield from held_on_state(value, function, args[0])
                case ast.With(items=items) | ast.AsyncWith(items=items) if is_around(node, last):
                    for item in items:
                        bound = item.optional_vars
                        if bound is not None and given_by(item.context_expr, names) is not None:
                            yield from held_on_state(bound, function, args[0])
                case _:
                    pass


def is_around(block: ast.With | ast.AsyncWith, line: int) -> bool:
    return block.lineno < line <= (block.end_lineno or block.lineno)


def held_on_state(value: ast.expr, function: Function, request: str) -> Iterator[str]:
    """Yield the `db` of `request.state.db` where that is `value`, or the name of it."""
    attr = state_of(value, {request})
    if attr is not None:
        yield attr
    for node in own_nodes(function) if isinstance(value, ast.Name) else ():
        match node:
            case ast.Assign(targets=targets, value=assigned):
                spelled = {each.id for each in (*targets, assigned) if isinstance(each, ast.Name)}
                if isinstance(value, ast.Name) and value.id in spelled:
                    yield from (each for each in (state_of(one, {request}) for one in targets) if each)
            case _:
                pass


def is_middleware(function: Function, names: Names) -> bool:
    """Tell whether a function is one that `@app.middleware("http")` or BaseHTTPMiddleware calls."""
    if len(function.args.args) not in {2, 3}:
        return False
    decorated = any(
        isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "middleware"
        for each in function.decorator_list
    )
    owner = names.parents.get(function)
    based = isinstance(owner, ast.ClassDef) and any(
        isinstance(each, External) and each.dotted == "starlette.middleware.base.BaseHTTPMiddleware"
        for each in ancestors(Located(owner, names))
    )
    return decorated or (based and function.name == "dispatch")
