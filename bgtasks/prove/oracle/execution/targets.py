"""The recording target: what it is asked to call later is judged at once."""

import functools
import inspect
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from .hints import hints_of
from .parameters import find_forward, place
from .shape import MISSING, bind

if TYPE_CHECKING:
    from .hearing import Hearing


def nothing(*_: Any, **__: Any) -> None:
    """Stand in for a task, so that to run it does nothing."""


async def nothing_async(*_: Any, **__: Any) -> None:
    """Stand in for an async task."""


def record(hearing: "Hearing", one: Any) -> None:
    """
    Have what was imported judge the calls that it is asked to make.

    Those are the functions, and the methods of classes, with a ParamSpec that says which callable they
    hand their arguments to.
    """
    if isinstance(one, type):
        for cls in one.__mro__:
            record_class(hearing, cls)
    elif isinstance(one, ModuleType):
        for value in list(vars(one).values()):
            if isinstance(value, type):
                record(hearing, value)


def is_background(target: Any) -> bool:
    """Tell whether what it is given runs after a response, where a generator or a coroutine is lost."""
    mro: tuple[type, ...] = getattr(target, "__mro__", ())
    return any(cls.__module__ == "starlette.background" for cls in mro)


def record_class(hearing: "Hearing", cls: type) -> None:
    for name, func in list(vars(cls).items()):
        if isinstance(func, FunctionType) and func in hearing.recorded:
            continue
        original = ORIGINALS.get(func, func) if isinstance(func, FunctionType) else func
        if isinstance(original, FunctionType) and (
            found := find_forward(inspect.signature(original), hints_of(original))
        ):
            setattr(cls, name, recording(hearing, original, found))


ORIGINALS: dict[Any, Any] = {}
"""Of each function that records, the one in whose place it stands."""


def recording(hearing: "Hearing", original: Any, found: tuple[str, list[Any], str, str]) -> Any:
    name, _, star, stars = found
    signature = inspect.signature(original)

    @functools.wraps(original)
    def recorder(*args: Any, **kwargs: Any) -> Any:
        bound = bind(signature, args, kwargs)
        if bound[name] is nothing or bound[name] is nothing_async:  # on behalf of one that records
            return original(*args, **kwargs)
        hearing.judge(bound[name], bound[star], bound[stars])
        safe = nothing_async if hearing.is_async(bound[name]) else nothing
        given = {
            key: value for key, value in bound.items() if key not in {star, stars} and value is not MISSING
        }
        first, others = place(signature, {**given, name: safe})
        return original(*first, **others)

    hearing.recorded[recorder] = original
    ORIGINALS[recorder] = original
    return recorder
