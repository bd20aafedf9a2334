"""Values against annotations, as a run-time type checker sees them; and what Python erases of them."""

import contextlib
import inspect
import typing
from collections.abc import Collection, Iterator, Mapping, MutableMapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import product
from types import UnionType
from typing import Any, ParamSpec, get_args, get_origin

import typing_extensions
from typeguard import CollectionCheckStrategy, TypeCheckError, check_type

from .notes import ANY, CALLABLE, CONTENTS, INVARIANCE, LITERAL, NEW_TYPE, NO_ANNOTATION, VARIABLE
from .shape import MISSING, RejectedError

EMPTY = inspect.Parameter.empty
QUALIFIERS = (typing.Annotated, typing_extensions.Annotated, typing.Final, typing.ClassVar)
INVARIANT = (list, dict, set)
# Of all others only the object is seen: what an iterator yields is lost when it is looked at.
LOOKED_INTO = (
    *INVARIANT,
    tuple,
    frozenset,
    type,
    Mapping,
    MutableMapping,
    Sequence,
    Collection,
    AbstractSet,
    UnionType,
)
SPECS = (ParamSpec, typing_extensions.ParamSpec)


def hints_of(func: Any) -> dict[str, Any]:
    """Return the annotations of a callable as objects; none where they cannot be evaluated."""
    target = getattr(func, "__func__", func)
    if isinstance(target, type):
        made = [vars(cls).get(name) for cls in target.__mro__ for name in ("__init__", "__new__")]
        found = next((one for one in made if hasattr(one, "__annotations__")), None)
        target = getattr(found, "__func__", found) or vars(object)["__init__"]
    elif not inspect.isroutine(target) and not hasattr(target, "__annotations__"):
        target = type(target).__call__
    with contextlib.suppress(Exception):
        return typing_extensions.get_type_hints(target, include_extras=True)
    return {}


def is_typed_dict(hint: Any) -> bool:
    return typing_extensions.is_typeddict(hint)


def is_new_type(hint: Any) -> bool:
    return hasattr(hint, "__supertype__")


def is_variable_tuple(hint: Any) -> bool:
    return type(hint).__name__ == "TypeVarTuple"


def is_variable(hint: Any) -> bool:
    """Tell whether this is a type variable; before Python 3.11 `isinstance` takes Unpack[Ts] for one."""
    return type(hint).__name__ == "TypeVar"


def is_callable_hint(hint: Any) -> bool:
    """Tell whether an annotation is Callable[...], however it is imported."""
    return getattr(get_origin(hint), "__name__", "") == "Callable"


def is_one_of(hint: Any, *kinds: str) -> bool:
    """Tell whether an annotation is one of typing's special forms, such as Unpack[...], by its name."""
    origin = get_origin(hint)
    return getattr(origin, "_name", getattr(origin, "__name__", "")) in kinds


def strip(hint: Any) -> Any:
    """Return what an annotation says of the value: without metadata and qualifiers."""
    while True:
        if get_origin(hint) in QUALIFIERS or is_one_of(hint, "Required", "NotRequired"):
            hint = get_args(hint)[0]
        elif type(hint).__name__ == "InitVar":
            hint = hint.type
        else:
            return hint


def is_list(part: Any) -> bool:
    """Tell whether this is a list, such as the parameters in Callable[[int], str]."""
    return isinstance(part, list)


def parts_of(hint: Any) -> list[Any]:
    """Return what stands in the brackets of an annotation, the parameters of a Callable one by one."""
    parts: list[Any] = []
    for part in get_args(hint):
        parts += part if is_list(part) else [part]
    return [part for part in parts if part is not Ellipsis]


def variables(hint: Any) -> Iterator[Any]:
    """Yield the type variables in an annotation."""
    if is_variable(hint):
        yield hint
    for part in parts_of(hint):
        yield from variables(part)


def substitute(hint: Any, solved: Mapping[Any, Any]) -> Any:
    """Return an annotation with type variables replaced."""
    if is_variable(hint):
        return solved.get(hint, hint)
    parameters = getattr(hint, "__parameters__", ())
    if isinstance(hint, type) or not any(one in solved for one in parameters):
        return hint
    return hint[tuple(solved.get(one, one) for one in parameters)]


def erased(hint: Any) -> Iterator[str]:
    """Yield what an annotation says that a value does not carry."""
    hint = strip(hint)
    if note := note_of(hint):
        yield note
    if note != LITERAL:
        for part in parts_of(hint):
            yield from erased(part)


def note_of(hint: Any) -> str | None:
    origin = get_origin(hint)
    notes = {
        NO_ANNOTATION: hint is EMPTY,
        ANY: hint is Any,
        VARIABLE: is_variable(hint) or is_variable_tuple(hint),
        NEW_TYPE: is_new_type(hint),
        CALLABLE: is_callable_hint(hint),
        INVARIANCE: origin in INVARIANT,
        CONTENTS: isinstance(origin, type) and origin not in LOOKED_INTO,
        LITERAL: origin in {typing.Literal, typing_extensions.Literal},
    }
    return next((note for note, holds in notes.items() if holds), None)


def check(value: Any, hint: Any, name: str = "") -> None:
    """Raise `RejectedError` where a value does not have the type that an annotation names."""
    hint = strip(hint)
    while is_new_type(hint):
        hint = hint.__supertype__
    if value is MISSING or hint is EMPTY or hint is Any or is_variable(hint) or is_variable_tuple(hint):
        return
    try:
        check_type(value, hint, collection_check_strategy=CollectionCheckStrategy.ALL_ITEMS)
    except TypeCheckError as error:
        raise RejectedError("argument-type", f"{name}: {error}" if name else str(error)) from None
    except (NameError, TypeError):
        return  # what the run-time checker cannot read


def check_all(pairs: Sequence[tuple[str, Any, Any]], known: Mapping[Any, Any]) -> None:
    """
    Check each (name, value, annotation) with one solution for all type variables.

    `known` are those that are solved already. Raises `RejectedError`.
    """
    free = list(dict.fromkeys(one for _, _, hint in pairs for one in variables(hint) if one not in known))
    choices = [one.__constraints__ or (one.__bound__ or Any,) for one in free]
    failure: RejectedError | None = None
    for choice in product(*choices):
        solved = {**known, **dict(zip(free, choice, strict=True))}
        try:
            for name, value, hint in pairs:
                check(value, substitute(hint, solved), name)
        except RejectedError as error:
            failure = failure or error
        else:
            return
    if failure:
        raise failure
