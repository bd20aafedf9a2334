"""What each parameter of a call got, with its annotation; and which parameters are a call of their own."""

import inspect
from collections.abc import Generator, Mapping
from typing import Any, ParamSpecArgs, ParamSpecKwargs, get_args

import typing_extensions

from .hints import is_callable_hint, is_one_of, is_variable_tuple, strip
from .shape import RejectedError

P_ARGS = (ParamSpecArgs, typing_extensions.ParamSpecArgs)
P_KWARGS = (ParamSpecKwargs, typing_extensions.ParamSpecKwargs)


def pairs_of(
    parameter: inspect.Parameter, value: Any, hint: Any
) -> Generator[tuple[str, Any, Any], None, None]:
    """Yield what a parameter got, value by value, with what it must be."""
    unpacked = is_one_of(hint, "Unpack")
    name = parameter.name
    if isinstance(hint, P_ARGS + P_KWARGS):
        return
    if parameter.kind is parameter.VAR_POSITIONAL and unpacked:
        yield from spread(name, value, get_args(hint)[0])
    elif parameter.kind is parameter.VAR_KEYWORD and unpacked:
        yield from spread_keywords(value, get_args(hint)[0])
    elif parameter.kind is parameter.VAR_POSITIONAL:
        for each in value:
            yield name, each, hint
    elif parameter.kind is parameter.VAR_KEYWORD:
        for key, each in value.items():
            yield key, each, hint
    else:
        yield name, value, hint


def spread(name: str, value: tuple[Any, ...], hint: Any) -> Generator[tuple[str, Any, Any], None, None]:
    """Yield what `*name: Unpack[tuple[...]]` got, value by value."""
    if is_variable_tuple(hint):
        yield from ((name, each, hint) for each in value)
        return
    parts = list(get_args(hint))
    middle = next((part for part in parts if is_one_of(part, "Unpack")), None)
    if middle is None and Ellipsis not in parts:
        if len(value) != len(parts):
            kind = "missing-argument" if len(value) < len(parts) else "too-many-positional"
            raise RejectedError(kind, f"*{name}: {len(value)} arguments, not {len(parts)}")
        yield from ((name, each, part) for each, part in zip(value, parts, strict=True))
        return
    if middle is None:  # tuple[int, ...]
        yield from ((name, each, parts[0]) for each in value)
        return
    before = parts.index(middle)
    after = len(parts) - before - 1
    if len(value) < before + after:
        raise RejectedError("missing-argument", f"*{name}: {len(value)} arguments are too few")
    yield from zip([name] * before, value, parts, strict=False)
    yield from spread(name, value[before : len(value) - after], get_args(middle)[0])
    yield from zip([name] * after, value[len(value) - after :], parts[before + 1 :], strict=True)


def spread_keywords(value: Mapping[str, Any], hint: Any) -> Generator[tuple[str, Any, Any], None, None]:
    """Yield what `**kwargs: Unpack[TypedDict]` got, key by key."""
    fields = typing_extensions.get_type_hints(hint, include_extras=True)
    for key in value:
        if key not in fields:
            raise RejectedError("unknown-keyword", f"got an unexpected keyword argument {key!r}")
    for key in hint.__required_keys__:
        if key not in value:
            raise RejectedError("missing-argument", f"missing 1 required keyword-only argument: {key!r}")
    yield from ((key, each, fields[key]) for key, each in value.items())


def find_forward(
    signature: inspect.Signature, hints: Mapping[str, Any]
) -> tuple[str, list[Any], str, str] | None:
    """Return the parameter that is called in turn, what it gets first, and the names of the variadics."""
    star = next((name for name in signature.parameters if isinstance(hints.get(name), P_ARGS)), "")
    stars = next((name for name in signature.parameters if isinstance(hints.get(name), P_KWARGS)), "")
    if not star:
        return None
    spec = hints[star].__origin__
    for name in signature.parameters:
        hint = strip(hints.get(name))
        if is_callable_hint(hint):
            taken = get_args(hint)[0]
            parts = list(get_args(taken)) or [taken]
            if spec in parts:
                return name, [part for part in parts if part is not spec], star, stars
    return None


def place(signature: inspect.Signature, kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Return arguments by name as those that a signature takes, positional-only ones by position."""
    only = [
        name
        for name, parameter in signature.parameters.items()
        if parameter.kind is parameter.POSITIONAL_ONLY and name in kwargs
    ]
    return tuple(kwargs[name] for name in only), {
        key: each for key, each in kwargs.items() if key not in only
    }
