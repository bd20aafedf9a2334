"""Wrong statements of every kind, in the forms in which checkers speak of them."""

from collections.abc import Callable
from functools import partial
from typing import ParamSpec, TypedDict, TypeVar, overload

from starlette.background import BackgroundTasks

P = ParamSpec("P")


class Options(TypedDict):
    retries: int


class Tasks(BackgroundTasks):
    def add_task(self, func: Callable[P, object], *args_: P.args, **kwargs_: P.kwargs) -> None: ...


def send(to: str, count: int = 1) -> None: ...
def resize(path: str, /, width: int, *, quality: int) -> None: ...
def retry(**options: int) -> None: ...
def total(prices: dict[str, float], names: list[str]) -> None: ...


@overload
def load(key: int) -> int: ...
@overload
def load(key: str) -> int: ...
def load(key: int | str) -> int:
    return 0


tasks = Tasks()
options: Options = {"retries": 1}

tasks.add_task(send)  # E: missing-argument
tasks.add_task(resize, "a.png", 1)  # E: missing-argument
tasks.add_task(resize, "a.png", quality=1)  # E: missing-argument
tasks.add_task(send, "a", 1, 2)  # E: too-many-positional
tasks.add_task(send, "a", cc="b")  # E: unknown-keyword
tasks.add_task(send, "a", **options)  # E: unknown-keyword
tasks.add_task(send, "a", to="b")  # E: multiple-values
tasks.add_task(resize, path="a.png", width=1, quality=1)  # E: positional-only-as-keyword
tasks.add_task(send, 1)  # E: argument-type
tasks.add_task(send, "a", count="1")  # E: argument-type
tasks.add_task(retry, first=1, second="2")  # E: argument-type
tasks.add_task(
    resize,
    "a.png",
    "1",  # E: argument-type
    quality=1,
)
tasks.add_task(load, b"a")  # E: argument-type  !pyrefly takes any call of an overload
tasks.add_task(lambda to: None)  # E: missing-argument  !pyrefly==1.4.1 fits a lambda to what it is given
tasks.add_task(1)  # E: not-callable
tasks.add_task(send("a"))  # E: not-callable
load(b"a")  # E: no-overload
send("a")("b")  # E: not-callable
total({"a": "b"}, ["c"])  # E: argument-type
total({"a": 1}, [2])  # E: argument-type
partial(send, "a")()  # OK
tasks.no_such_method()  # E: unknown-attribute
number: int = tasks.add_task(send, "a")  # E: assignment
text: str = 1  # E: assignment


def result() -> int:
    return tasks.add_task(send, "a")  # E: assignment


async def wait() -> None:
    await tasks.add_task(send, "a")  # E: pitfall


class Narrow(Tasks):
    def add_task(self, func: Callable[[], object]) -> None: ...  # E: override


class Removed(Tasks):
    add_task: int = 1  # E: override  !ty==0.0.50 leaves it unchecked


def hand_on(func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
    tasks.add_task(func, *args)  # E: missing-argument  !mypy==1.11.0 takes P.args without P.kwargs  !mypy+plugin==1.11.0 so does the direct call  !ty==0.0.50 so does ty
    tasks.add_task(func, *args, **kwargs)  # OK


T = TypeVar("T")


def call(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    return func(*args, **kwargs)


def size(path: str) -> int:
    return len(path)


word: str = call(size, "a")  # E: assignment
