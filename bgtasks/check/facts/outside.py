"""Functions that get no tasks of a response: endpoints of websockets, exception handlers, middlewares."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from bgtasks.check.code import FUNCTION, External, Function, Located, Names, ancestors, class_of, resolve
from bgtasks.check.facts.vocabulary import APPS


class Place(Enum):
    """What calls a function, and how many arguments it gives; None where FastAPI fills the parameters."""

    WEBSOCKET = "websocket endpoint", None
    HANDLER = "exception handler", 2
    MIDDLEWARE = "middleware", 2

    def __init__(self, spelled: str, given: int | None) -> None:
        self.spelled = spelled
        self.given = given


DECORATORS = {
    "websocket": Place.WEBSOCKET,
    "exception_handler": Place.HANDLER,
    "middleware": Place.MIDDLEWARE,
}
ADDERS = {
    "add_api_websocket_route": Place.WEBSOCKET,
    "add_exception_handler": Place.HANDLER,
}
ROUTES = {"fastapi.routing.APIWebSocketRoute": Place.WEBSOCKET}


@dataclass(frozen=True, slots=True, eq=False)
class Outside:
    """A function that something else calls than an endpoint of HTTP is called by."""

    function: Function
    names: Names
    place: Place


def find_outside(modules: Iterable[Names]) -> list[Outside]:
    """Return the functions in `modules` that get no tasks of a response, each once."""
    found: dict[Function, Outside] = {}
    for names in modules:
        for function in names.functions:
            for decorator in function.decorator_list:
                place = place_by_decorator(decorator, names)
                if place is not None and len(function.decorator_list) == 1:
                    found[function] = Outside(function, names, place)
        for located, place in find_added(names):
            if isinstance(located.node, FUNCTION) and not located.node.decorator_list:
                found.setdefault(located.node, Outside(located.node, located.names, place))
    return list(found.values())


def place_by_decorator(decorator: ast.expr, names: Names) -> Place | None:
    match decorator:
        case ast.Call(func=ast.Attribute(value=receiver, attr=attr)) if attr in DECORATORS:
            return DECORATORS[attr] if is_app(receiver, names) else None
        case _:
            return None


def is_app(receiver: ast.expr, names: Names) -> bool:
    kinds = ancestors(class_of(receiver, names))
    return any(isinstance(each, External) and each.dotted in APPS for each in kinds)


def find_added(names: Names) -> Iterator[tuple[Located, Place]]:
    """Yield the functions that a call adds to an app or a router."""
    for spelled, place in ADDERS.items():
        for call in names.calls_of.get(spelled, ()):
            if isinstance(call.func, ast.Attribute) and is_app(call.func.value, names):
                yield from added_by(call, place, names)
    for dotted, place in ROUTES.items():
        for call in names.calls_of.get(dotted.rpartition(".")[2], ()):
            if resolve(call.func, names) == External(dotted):
                yield from added_by(call, place, names)


def added_by(call: ast.Call, place: Place, names: Names) -> Iterator[tuple[Located, Place]]:
    named = [each.value for each in call.keywords if each.arg in {"endpoint", "handler"}]
    for value in [*call.args[1:2], *named]:
        found = resolve(value, names)
        if isinstance(found, Located):
            yield found, place
