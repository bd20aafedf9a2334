"""Witnesses: values of an annotated type, with which a function that holds claims is called."""

import asyncio
import enum
import inspect
import threading
import typing
from collections.abc import Callable, Sequence
from itertools import islice, product
from types import NoneType, UnionType
from typing import Any, get_args, get_origin

import typing_extensions

from .hints import (
    EMPTY,
    SPECS,
    hints_of,
    is_callable_hint,
    is_list,
    is_new_type,
    is_typed_dict,
    is_variable,
    strip,
)

MOST = 32
# A type that needs a value of itself has none.
DEEPEST = 5
PLAIN: dict[Any, list[Any]] = {
    bool: [True, False],
    int: [1],
    str: ["ada"],
    bytes: [b"ada"],
    float: [1.5],
    NoneType: [None],
    None: [None],
    object: [object()],
}
ANYTHING = (EMPTY, Any, typing_extensions.Any)


class Anything:
    """A value of which nothing is known."""

    def __getattr__(self, name: str) -> Any:
        """Return anything."""
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def __call__(self, *_: Any, **__: Any) -> Any:
        """Take everything."""
        return Anything()


def finish(made: Any) -> Any:
    """Return what a coroutine returns, in a thread with an event loop of its own."""
    if not inspect.iscoroutine(made):
        return made
    done: list[Any] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(asyncio.run(made))
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    return done[0]


def values(hint: Any, depth: int = 0) -> list[Any]:
    """Return values of a type, one for each way in which it can be had; none where nobody knows one."""
    marker = next((one for one in getattr(hint, "__metadata__", ()) if hasattr(one, "dependency")), None)
    hint = strip(hint)
    if marker is not None:
        return injected(marker, hint, depth)
    if depth > DEEPEST:
        return []
    if any(hint is one for one in ANYTHING):
        return [Anything()]
    return values_of_generic(hint, depth) if get_origin(hint) else values_of_plain(hint, depth)


def values_of_generic(hint: Any, depth: int) -> list[Any]:  # noqa: PLR0911 - a line a form of annotation
    origin, args = get_origin(hint), get_args(hint)
    if origin in {typing.Union, UnionType}:
        return [value for part in args for value in values(part, depth + 1)]
    if origin in {typing.Literal, typing_extensions.Literal}:
        return list(args)
    if origin is type:
        return [args[0]]
    if is_callable_hint(hint):
        taken: Any = args[0]
        prefix: list[Any] = taken if is_list(taken) else []
        if get_origin(taken):  # Concatenate[str, P]
            prefix = [part for part in get_args(taken) if not isinstance(part, SPECS)]
        return [callable_of(prefix, result=args[1], anything=taken is Ellipsis)]
    first = [one for part in args if part is not Ellipsis for one in values(part, depth + 1)[:1]]
    match getattr(origin, "__name__", ""):
        case "list" | "Sequence" | "Iterable" | "Collection":
            return [first]
        case "tuple":
            return [tuple(first)]
        case "set" | "frozenset":
            return [origin(first)]
        case "dict" | "Mapping":
            return [{}]
        case _:
            return []


def values_of_plain(hint: Any, depth: int) -> list[Any]:  # noqa: PLR0911 - as above
    if is_variable(hint):
        return values(hint.__bound__ or (hint.__constraints__ or (int,))[0], depth + 1)
    if is_new_type(hint):
        return values(hint.__supertype__, depth + 1)
    if is_typed_dict(hint):
        fields = typing_extensions.get_type_hints(hint)
        return [{name: value for name, field in fields.items() for value in values(field, depth + 1)[:1]}]
    if hint in PLAIN:
        return PLAIN[hint]
    if not isinstance(hint, type) or getattr(hint, "_is_protocol", False):
        return []
    if issubclass(hint, enum.Enum):
        return list(hint)
    return [hint(**arguments) for arguments in islice(calls(hint, depth + 1), 1)]


def injected(marker: Any, hint: Any = None, depth: int = 0) -> list[Any]:
    """Return what FastAPI hands in for a `Depends`: what it, or else the type itself, returns."""
    made = getattr(marker, "dependency", None) or hint
    if made is None:
        return []
    return [finish(made(**arguments)) for arguments in islice(calls(made, depth + 1), 1)]


def calls(func: Any, depth: int = 0, *, skip: int = 0) -> list[dict[str, Any]]:
    """Return arguments, by name, with which a callable can be called: what it requires, all combinations."""
    hints = hints_of(func)
    parameters = list(inspect.signature(func).parameters.items())[skip:]
    required = {
        name: injected(parameter.default) or values(hints.get(name, EMPTY), depth)
        for name, parameter in parameters
        if (parameter.default is EMPTY or hasattr(parameter.default, "dependency"))
        and parameter.kind not in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}
    }
    return [dict(zip(required, choice, strict=True)) for choice in islice(product(*required.values()), MOST)]


def callable_of(
    prefix: Sequence[Any],
    more: Sequence[tuple[str, Any]] = (),
    *,
    result: Any = None,
    anything: bool = False,
) -> Callable[..., Any]:
    """
    Return a callable that takes `prefix` by position, and then `more`, all but the first by name only.

    It returns a value of the type `result`; its signature tells what it takes.
    """

    def made(*_: Any, **__: Any) -> Any:
        return (values(result) or [None])[0]

    kinds = inspect.Parameter
    taken = [kinds(f"p{n}", kinds.POSITIONAL_ONLY, annotation=hint) for n, hint in enumerate(prefix)]
    for index, (name, hint) in enumerate(more):
        how = kinds.KEYWORD_ONLY if index else kinds.POSITIONAL_OR_KEYWORD
        taken.append(kinds(name, how, annotation=hint))
    if anything:
        taken += [
            kinds("args", kinds.VAR_POSITIONAL, annotation=Any),
            kinds("kwargs", kinds.VAR_KEYWORD, annotation=Any),
        ]
    vars(made)["__signature__"] = inspect.Signature(taken)
    made.__annotations__ = {one.name: one.annotation for one in taken}
    return made
