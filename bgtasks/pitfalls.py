"""Tasks that can be added and yet never run: what gives them away, and what is said about them."""

import sys
import warnings
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache, partial
from inspect import (
    CO_ASYNC_GENERATOR,
    CO_COROUTINE,
    CO_GENERATOR,
    CORO_CREATED,
    GEN_CREATED,
    getcoroutinestate,
    getgeneratorstate,
    unwrap,
)
from types import (
    AsyncGeneratorType,
    BuiltinFunctionType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    MethodWrapperType,
)
from typing import Any

from bgtasks.wording import OF_FUTURES, SCHEDULING, Pitfall, describe

__all__ = ["BackgroundTaskWarning"]

Place = tuple[str, int, str]
"""Where a task was added: the file, the line, and the name of the module."""


class BackgroundTaskWarning(RuntimeWarning):
    """A background task that will not run, or that has not run, without an error to show it."""


@contextmanager
def nothing() -> Generator[None, None, None]:
    yield


@asynccontextmanager
async def nothing_async() -> AsyncGenerator[None, None]:
    yield


LAZY: tuple[tuple[int, Pitfall], ...] = (
    (CO_GENERATOR, Pitfall.GENERATOR),
    (CO_ASYNC_GENERATOR, Pitfall.ASYNC_GENERATOR),
    (CO_COROUTINE, Pitfall.UNAWAITED),
)
FLAGS: int = CO_GENERATOR | CO_ASYNC_GENERATOR | CO_COROUTINE
CONTEXT_MANAGERS: tuple[tuple[CodeType, Pitfall], ...] = (
    (nothing.__code__, Pitfall.CONTEXT_MANAGER),
    (nothing_async.__code__, Pitfall.ASYNC_CONTEXT_MANAGER),
)
AWAITING = 'an "async def" that awaits it'
MARKING: str = "fastapi.params"
"""Where FastAPI defines what tells it how to fill a parameter: `Depends`, `Query` and their like."""
PLAIN: dict[int, object] = {}
"""The defaults of functions that are known to hold none of these, by their identity."""
HARMLESS: CodeType = (lambda: None).__code__
"""What builtin functions and classes, which have no code, are judged by."""
ASYNCIO_MARK = "_is_coroutine"
INSPECT_MARK = "_is_coroutine_marker"
"""The attributes by which asyncio, and inspect.markcoroutinefunction, make coroutine functions of others."""
MARKS: frozenset[str] = frozenset({ASYNCIO_MARK, INSPECT_MARK})
SUSPECTS: frozenset[str] = SCHEDULING | {code.co_name for code, _ in CONTEXT_MANAGERS}
GENERATED: tuple[type, ...] = (GeneratorType, AsyncGeneratorType, type(nothing()), type(nothing_async()))
CACHED: type = type(lru_cache(nothing))
INNER: dict[type, str] = {partial: "func", MethodType: "__func__", CACHED: "__wrapped__"}
"""The attribute in which a callable of this type keeps the one that it calls."""

ELSEWHERE: defaultdict[str, dict[str, Any]] = defaultdict(dict)
"""What stands for the module of code that is in none, by its path."""
MOST_ELSEWHERE: int = 64
"""So many are kept of what may be made anew without end."""

# Documented, though its name is private; inspect.currentframe() takes twice the time.
get_frame: Callable[[int], FrameType] = getattr(sys, "_getframe")  # noqa: B009
# Where references are not counted, nobody can tell whether a result is dropped: none is then.
count_references: Callable[[object], int] = getattr(sys, "getrefcount", lambda _: 0)
ALONE: int = 2
"""The references to what is held by one list and given to `count_references`."""


def warn(message: str, place: Place) -> None:
    """
    Warn of the task that was added at `place`: once per place, unless the filters say otherwise.

    Raises `BackgroundTaskWarning` where they make it an error.
    """
    path, line, module = place
    names = vars(sys.modules[module]) if module in sys.modules else find_elsewhere(path)
    registry = names.setdefault("__warningregistry__", {})
    warnings.warn_explicit(message, BackgroundTaskWarning, path, line, module, registry)


def find_elsewhere(path: str) -> dict[str, Any]:
    """Return what stands for the module of code at `path`; of generated code there may be ever more."""
    if path not in ELSEWHERE and len(ELSEWHERE) >= MOST_ELSEWHERE:
        ELSEWHERE.pop(next(iter(ELSEWHERE)), None)
    return ELSEWHERE[path]


def find_place(tasks: object) -> Place:
    """Return the line that called the `add_task` which calls this, or an override that calls that one."""
    try:
        caller = get_frame(2)
    except ValueError:  # called by no code in Python
        return "sys", 1, "sys"  # as warnings.warn has it
    while caller.f_code.co_name == "add_task" and is_override(caller.f_code, tasks) and caller.f_back:
        caller = caller.f_back
    return caller.f_code.co_filename, caller.f_lineno, caller.f_globals.get("__name__", "<string>")


def is_override(code: CodeType, tasks: object) -> bool:
    methods = (vars(kind).get("add_task") for kind in type(tasks).__mro__)
    return any(getattr(method, "__code__", None) is code for method in methods)


def find_code(func: Any) -> CodeType | None:
    """
    Return the code that a call of `func` runs, if its flags alone tell whether that is a coroutine function.

    It is so for functions, methods, classes, objects with a `__call__`, sync functions with a cache,
    and partials of these, unless they bear a mark. Of whatever else the answer is None.
    """
    while type(func) is partial:
        func = func.func
    if type(func) is CACHED and not is_marked(func):
        code = find_code(getattr(func, INNER[CACHED]))
        # What is cached of an "async def" is a coroutine, and the cache itself no coroutine function.
        return None if code is None or code.co_flags & CO_COROUTINE else code
    if type(func) is BuiltinFunctionType:
        return HARMLESS
    if type(func) is type:
        return HARMLESS if type(func.__call__) is MethodWrapperType and not is_marked(func) else None
    if type(func) is MethodType:
        func = func.__func__
    elif type(func) is not FunctionType and callable(func):
        method = func.__call__
        if type(method) is not MethodType or is_marked(func):
            return None
        func = method.__func__
    return func.__code__ if type(func) is FunctionType and MARKS.isdisjoint(func.__dict__) else None


def is_marked(func: object) -> bool:
    return hasattr(func, ASYNCIO_MARK) or hasattr(func, INSPECT_MARK)


def is_suspect(code: CodeType) -> bool:
    """Tell whether a function with this code, if it is no coroutine function, needs a closer look."""
    return bool(code.co_flags & FLAGS) or code.co_name in SUSPECTS


def find_pitfall(func: Any, args: tuple[Any, ...] = ()) -> str | None:
    """Say why `func`, which is no coroutine function, will not run as a task, and what to write instead."""
    if not callable(func):
        write = f"write add_task({name_call(func)}, ...)"
        return describe(Pitfall.NOT_CALLABLE, f'"{type(func).__name__}"', write)
    function = find_definition(func)
    if function is None or not is_suspect(function.__code__):
        return None
    code = function.__code__
    if code.co_name in SCHEDULING and function.__module__ == "asyncio.tasks":
        from asyncio import isfuture  # noqa: PLC0415 - it is loaded by now, and elsewhere not needed

        given = [*getattr(func, "args", ()), *args]
        if code.co_name in OF_FUTURES and isfuture(next(iter(given), None)):
            return None
        write = f"write add_task({name_call(*given[:1])}, ...)"
        return describe(Pitfall.NEEDS_LOOP, f'"asyncio.{code.co_name}"', write)
    found = [pitfall for known, pitfall in CONTEXT_MANAGERS if code is known]
    found += [pitfall for flag, pitfall in LAZY if code.co_flags & flag]
    return describe(found[0], spell(function)) if found else None


def find_unfilled(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str | None:
    """Say which parameter of a task is left a default that only FastAPI fills, as `Depends(...)`."""
    given, named = len(args), kwargs
    while (kind := type_of(func)) in INNER:
        if kind is partial:
            given, named = given + len(func.args), {**func.keywords, **named}
        given += kind is MethodType
        func = getattr(func, INNER[kind])
    if kind is not FunctionType or not has_markers(func):
        return None
    code, defaults = func.__code__, func.__defaults__ or ()
    names = code.co_varnames[: code.co_argcount]
    behind = dict(zip(names[len(names) - len(defaults) :], defaults, strict=True))
    left = {name: value for name, value in behind.items() if name not in names[:given]}
    left.update(func.__kwdefaults__ or {})
    for name, value in left.items():
        if name not in named and type_of(value).__module__ == MARKING:
            where = f', the {type_of(value).__name__} of "{name}"'
            return describe(Pitfall.UNFILLED, spell(func), f'give it "{name}"', where=where)
    return None


def has_markers(function: FunctionType) -> bool:
    keyword = function.__kwdefaults__ or {}
    values = (*(function.__defaults__ or ()), *keyword.values())
    if any(type_of(value).__module__ == MARKING for value in values):
        return True
    if len(PLAIN) >= MOST_ELSEWHERE:
        PLAIN.clear()
    defaults = function.__defaults__ or keyword
    PLAIN[id(defaults)] = defaults
    return False


def call(func: Callable[..., object], place: Place, /, *args: object, **kwargs: object) -> None:
    """
    Call a task, and warn if what its body would have done is lost with what it returns.

    Raises what `func` raises, and what `warn` raises.
    """
    results = [func(*args, **kwargs)]
    # Somebody else who holds the result may yet await it.
    if count_references(results[0]) == ALONE and (loss := find_loss(func, results[0])):
        if type(results[0]) is CoroutineType:
            results[0].close()  # Python would warn as well, at a line of somebody else's.
        warn(loss, place)


def find_loss(func: Callable[..., object], result: Any) -> str | None:
    """Say why `func`, which returned `result`, has not done its work, and what to write instead."""
    kind, function = type_of(result), find_definition(func)
    name = spell(function or func)
    if kind is CoroutineType:
        itself = "" if spell(result) == name else f"add {spell(result)} itself, or {AWAITING}"
        loss = describe(Pitfall.LOST, f"{name} returned a coroutine of {spell(result)} that", itself)
        return loss if getcoroutinestate(result) == CORO_CREATED else None
    if issubclass(kind, Awaitable):
        loss = describe(Pitfall.LOST, f"{name} returned {spell(kind)}, which")
        # A future can be told whom to call back, and runs already.
        return None if hasattr(result, "add_done_callback") else loss
    if function is None or kind not in GENERATED:
        return None
    generator = getattr(result, "gen", result)
    started = type_of(generator) is GeneratorType and getgeneratorstate(generator) != GEN_CREATED
    # A decorator may well iterate over what it wraps. This one did not.
    inner = unwrap(function, stop=lambda function: find_pitfall(function) is not None)
    return None if started or inner is function else find_pitfall(inner)


def find_definition(func: Any) -> FunctionType | None:
    """Return the function that a call of `func` runs, if it is defined in Python."""
    while (kind := type_of(func)) in INNER:
        func = getattr(func, INNER[kind])
    function = func if kind is FunctionType else kind.__call__
    return function if type(function) is FunctionType else None


def type_of(thing: object) -> Any:
    """Return the class of what may claim to be of another, as mocks and proxies do."""
    return type(thing)


def name_call(*given: Any) -> str:
    return str(given[0].__name__) if given and type(given[0]) is CoroutineType else "function"


def spell(named: Any) -> str:
    """Return the name of a function, a coroutine or a class as the user has written it."""
    name = str(getattr(named, "__qualname__", type(named).__qualname__))
    name = name.rpartition("<locals>.")[2].removesuffix(".__call__")
    return "The lambda" if name == "<lambda>" else f'"{name}"'
