"""What Python makes of `func(*args, **kwargs)`, and of what the task would do with the result."""

import functools
import inspect
from collections import defaultdict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, get_args, get_origin

from .hints import (
    EMPTY,
    check,
    check_all,
    erased,
    hints_of,
    is_callable_hint,
    is_new_type,
    is_typed_dict,
    strip,
    substitute,
)
from .notes import NO_SIGNATURE, NOT_RUN, SUPPLE
from .parameters import find_forward, pairs_of
from .shape import MISSING, RejectedError, bind, kind_of
from .values import finish, values

# A NewType takes one value, whatever its signature says.
ONE = inspect.Signature([inspect.Parameter("value", inspect.Parameter.POSITIONAL_ONLY)])
VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


OVERLOADS: defaultdict[tuple[str, str], list[Any]] = defaultdict(list)
"""The overloads of functions by module and name."""


def overload(func: Any) -> Any:
    """Stand in for `typing.overload`, which before Python 3.11 keeps nothing."""
    inner = unwrap(func)
    OVERLOADS[inner.__module__, inner.__qualname__].append(inner)
    return func


def unwrap(func: Any) -> Any:
    """Return the function under a bound method."""
    return getattr(func, "__func__", func)


def known(functions: Mapping[Any, Any], func: Any) -> Any:
    """Return what is known of a function, or of the one under a bound method; None for all else."""
    func = unwrap(func)
    return functions.get(func) if inspect.isfunction(func) else None


def find_in_class(cls: type[Any], name: str) -> Any:
    """Return an attribute as it stands in the class that defines it, None where there is none."""
    return next((vars(each)[name] for each in cls.__mro__ if name in vars(each)), None)


class Court:
    """
    Judges calls: code of the case is run, and all other code has a stand-in.

    `own` are the functions of the case with what they check for, `owners` the classes of its methods,
    `recorded` the functions of the target, `solved` the type variables that are known. Of the statement
    that is executed, `notes` are what could not be judged, and `judged` tells whether a task was called.
    """

    def __init__(self, namespace: dict[str, Any], file: str) -> None:
        self.namespace = namespace
        self.file = file
        self.own: dict[Any, Any] = {}
        self.owners: dict[Any, type] = {}
        self.recorded: dict[Any, Any] = {}
        self.standing: dict[Any, Any] = {}
        self.solved: dict[Any, Any] = {}
        self.notes: dict[str, None] = {}
        self.background: bool = False
        self.judged: bool = False

    def is_recorded(self, func: Any) -> bool:
        """Tell whether a call of `func` is one that hands a callable on to be judged."""
        func = getattr(func, "__init__", None) if isinstance(func, type) else func
        return known(self.recorded, func) is not None

    def is_own(self, func: Any) -> bool:
        """Tell whether `func` is code of the case, which is run."""
        if isinstance(func, type):
            return bool(func.__module__ == self.namespace["__name__"])
        func = unwrap(func)
        for _ in range(20):
            if any(known(each, func) is not None for each in (self.own, self.recorded, self.standing)):
                return True
            if getattr(getattr(func, "__code__", None), "co_filename", "") == self.file:
                return True
            if not hasattr(func, "__wrapped__"):
                break
            func = func.__wrapped__
        return not inspect.isroutine(func) and bool(type(func).__module__ == self.namespace["__name__"])

    def judge(self, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Raise `TypeError`, or what else Python does, where the call is wrong."""
        origin = get_origin(func)
        if not callable(func):
            raise RejectedError("not-callable", f"{type(func).__name__!r} object is not callable")
        if isinstance(func, functools.partial):
            self.judge(func.func, (*func.args, *args), {**func.keywords, **kwargs})
        elif is_new_type(func):
            check(bind(ONE, args, kwargs)["value"], func)
        elif is_typed_dict(func):
            check(func(*args, **kwargs), func)
        elif isinstance(origin, type):
            with self.solving(dict(zip(getattr(origin, "__parameters__", ()), get_args(func), strict=False))):
                self.judge(origin, args, kwargs)
        elif self.is_own(func):
            self.judged = True
            self.run(func, args, kwargs)
        else:
            self.stand(func, args, kwargs)

    @contextmanager
    def solving(self, solved: dict[Any, Any]) -> Generator[None, None, None]:
        before = self.solved
        self.solved = {**before, **solved}
        try:
            yield
        finally:
            self.solved = before

    def run(self, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Call what the case has written, and see what a background task would do with the result."""
        try:
            result = func(*args, **kwargs)
            if inspect.iscoroutine(result):
                if self.background and not self.is_async(func):
                    result.close()
                    raise RejectedError("pitfall", "returns a coroutine that nobody awaits")
                finish(result)
        except RuntimeError as error:
            if "no running event loop" in str(error) and self.background:
                raise RejectedError("pitfall", str(error)) from None
            return
        if not self.background:
            return
        made: Any = getattr(result, "gen", result)  # what @contextmanager makes of a generator function
        if inspect.isgenerator(made) or inspect.isasyncgen(made):
            raise RejectedError("pitfall", "returns what nobody iterates over, so nothing in it runs")

    def is_async(self, func: Any) -> bool:
        """Tell what Starlette would: whether `func` is awaited."""
        while True:
            func = func.func if isinstance(func, functools.partial) else unwrap(func)
            inner = known(self.own, func) or known(self.standing, func)
            if inner is None:
                break
            func = inner
        called = find_in_class(func.__class__, "__call__")
        called = self.own.get(called, called)
        return inspect.iscoroutinefunction(func) or inspect.iscoroutinefunction(called)

    def stand(self, func: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Judge a call of what others have written, by its signature and annotations, without a run."""
        try:
            signature = inspect.signature(func)
        except (TypeError, ValueError):
            self.notes[NO_SIGNATURE] = None
            return
        self.notes[NOT_RUN] = None
        hints = hints_of(func)
        bound = self.fit(signature, hints, args, kwargs)
        self.forward(signature, hints, bound)

    def forward(
        self, signature: inspect.Signature, hints: Mapping[str, Any], bound: Mapping[str, Any]
    ) -> None:
        """Judge the call that a callable makes of another, where its ParamSpec says which."""
        found = find_forward(signature, hints)
        if found is None:
            if any(parameter.kind in VARIADIC for parameter in signature.parameters.values()):
                self.notes[SUPPLE] = None
            return
        func, prefix, star, stars = found
        self.judge(
            bound[func], (*(values(part)[0] for part in prefix), *bound.get(star, ())), bound.get(stars, {})
        )

    def admit(self, func: Any, owner: type | None, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        """Raise `TypeError` where a function of the case, or each of its overloads, refuses a call."""
        variants = OVERLOADS.get((func.__module__, func.__qualname__), ())
        refused: list[BaseException] = []
        for variant in variants:
            inner = self.own.get(variant, variant)
            signature = inspect.signature(inner, follow_wrapped=False)
            try:
                self.fit(signature, hints_of(inner), args, kwargs, owner)
            except TypeError as error:
                refused.append(error)
            else:
                return
        if not variants:
            self.fit(inspect.signature(func, follow_wrapped=False), hints_of(func), args, kwargs, owner)
            return
        kinds = {kind_of(error) for error in refused}
        [kind] = kinds if len(kinds) == 1 and kinds != {"argument-type"} else ["no-overload"]
        raise RejectedError(kind, "; ".join(map(str, refused)))

    def fit(
        self,
        signature: inspect.Signature,
        hints: Mapping[str, Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        owner: type | None = None,
    ) -> dict[str, Any]:
        """Return the values of the parameters. Raises `TypeError` where they do not fit."""
        bound = bind(signature, args, kwargs)
        pairs: list[tuple[str, Any, Any]] = []
        for index, (name, parameter) in enumerate(signature.parameters.items()):
            value, hint = bound[name], hints.get(name, EMPTY)
            if index == 0 and hint is EMPTY and owner is not None:
                if not isinstance(value, owner) and value is not owner and not isinstance(value, type):
                    raise RejectedError("argument-type", f"{name}: {value!r} is no {owner.__name__}")
                continue
            pairs += list(pairs_of(parameter, value, hint))
        check_all(pairs, self.solved)
        for _, value, hint in pairs:
            if value is not MISSING:
                self.notes.update(dict.fromkeys(erased(substitute(hint, self.solved))))
        return bound

    def declare(self, value: Any, hint: Any) -> Any:
        """Return a callable that takes only what its declared type takes; any other value as it is."""
        hint = strip(hint)
        if not is_callable_hint(hint) or not isinstance(get_args(hint)[0], list) or not callable(value):
            return value
        taken: Any = get_args(hint)[0]
        kind = inspect.Parameter.POSITIONAL_ONLY
        names = [f"a{n}" for n in range(len(taken))]
        signature = inspect.Signature([inspect.Parameter(name, kind) for name in names])
        hints = dict(zip(names, taken, strict=True))

        def standing(*args: Any, **kwargs: Any) -> Any:
            self.fit(signature, hints, args, kwargs)
            return value(*args, **kwargs)

        vars(standing)["__signature__"] = signature
        self.standing[standing] = value
        return standing
