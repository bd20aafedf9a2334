"""The closed set of types that generated parameters have, with what is known to be assignable to each."""

from bgtasks.prove.calls.model import Type

HEAD = """\
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from functools import partial, wraps
from typing import Any, Concatenate, Generic, Literal, NamedTuple, NewType, ParamSpec
from typing import Protocol, TypeVar, overload

from typing_extensions import Self, TypedDict

from {module} import {name}

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
B = TypeVar("B", bound="Animal")
S = TypeVar("S", int, str)
Id = NewType("Id", int)


class Color(Enum):
    RED = 1


class Animal: ...


class Cat(Animal): ...


class Other: ...


class Options(TypedDict):
    size: int


class Closes(Protocol):
    def close(self) -> None: ...


class File:
    def close(self) -> None: ...


class Session: ...


def an_int() -> int:
    return 1


def a_str() -> str:
    return "a"


def a_maybe() -> int | None:
    return None


def some_ints() -> list[int]:
    return [1]


def some_bools() -> list[bool]:
    return [True]


def some_strs() -> list[str]:
    return ["a"]


def a_dict() -> dict[str, int]:
    return {{"a": 1}}


def an_options() -> Options:
    return {{"size": 1}}


def flag() -> bool:
    return True


def write(number: int) -> str:
    return str(number)


def read(text: str) -> int:
    return int(text)


def logged(func: Callable[P, R]) -> Callable[P, R]:
    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)

    return wrapper


def with_session(func: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(Session(), *args, **kwargs)

    return wrapper


class Registered(type):
    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return super().__call__(*args, **kwargs)


{target}
"""

INT = Type("int", ("1", "an_int()", "True"), ('"a"', "None", "1.5", "a_maybe()"))
STR = Type("str", ('"a"', "a_str()"), ("1", "None", 'b"a"'))
TYPES = (
    INT,
    STR,
    Type("bytes", ('b"a"',), ('"a"', "None")),
    Type("bool", ("True",), ('"a"', "1", "an_int()")),
    Type("float", ("1.5", "1", "an_int()"), ('"a"', "None", "a_maybe()")),
    Type("int | None", ("1", "None", "a_maybe()"), ('"a"', "1.5")),
    Type("int | str", ("1", '"a"', "a_str()"), ("None", "1.5", "a_maybe()")),
    Type("list[int]", ("some_ints()",), ("some_strs()", "some_bools()", '"a"', "None"), ("[1, 2]", "[]")),
    Type("list[float]", (), ("some_ints()", "some_strs()", '["a"]'), ("[1, 2]", "[]", "[1.5]")),
    Type("Sequence[float]", ("some_ints()", "(1, 2.5)"), ("some_strs()", "1"), ("[1, 2.5]", "[]")),
    Type("Iterable[str]", ('"ab"', "some_strs()"), ("some_ints()", "1"), ('["a"]', "[]")),
    Type("dict[str, int]", ("a_dict()",), ("some_ints()", '{"a": "b"}'), ('{"a": 1}', "{}")),
    Type("dict[str, float]", (), ("a_dict()", '{"a": "b"}'), ('{"a": 1}', "{}")),
    Type("Mapping[str, float]", ("a_dict()",), ("some_ints()", "1"), ('{"a": 1}', "{}")),
    Type("tuple[int, str]", ('(1, "a")',), ("(1, 2)", "(1,)", '"ab"')),
    Type('Literal["a", "b"]', ('"a"', '"b"'), ('"c"', "a_str()", "1")),
    Type("Color", ("Color.RED",), ('"RED"', "1", "Color")),
    Type("Animal", ("Animal()", "Cat()"), ("object()", '"a"', "None", "Cat")),
    Type("type[Animal]", ("Animal", "Cat"), ("Cat()", "int")),
    Type("Callable[[int], str]", ("write",), ("read", "1", "an_int"), ("lambda number: str(number)",)),
    Type("Id", ("Id(1)",), ("1", "an_int()")),
    Type("Options", ("an_options()",), ("a_dict()", '{"size": "a"}', "{}"), ('{"size": 1}',)),
    Type("Closes", ("File()",), ("Cat()", "1")),
    Type("date", ("date(2024, 1, 1)", "datetime(2024, 1, 1)"), ('"2024"', "date")),
    Type("object", ("1", "None", "Cat()")),
)
PLAIN = tuple(each for each in TYPES if each.right)
"""Those with values whose type is known without the annotation."""
APART = tuple(each for each in PLAIN if each.text != "object")
"""Those that no `Other` is assignable to, so that an overload for it is matched."""

# All values of one variable are of one type, so that there is a solution.
GENERIC = (
    Type("T", ("an_int()",)),
    Type("list[T]", ("some_ints()",), ("1", "None")),
    Type("B", ("Animal()", "Cat()"), ("1", '"a"', "None")),
    Type("S", ("an_int()",), ('b"a"', "None", "Cat()")),
)
# Checkers take the type of a lambda's parameter from its default.
ANYTHING = (Type("", ("1",)),)
"""Of what has no annotation."""
