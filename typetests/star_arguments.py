"""Arguments unpacked at the call: tuples, lists, dicts and typed dicts."""

from typing import TypeVar

from typing_extensions import NotRequired, TypedDict, Unpack

from bgtasks import BackgroundTasks

T = TypeVar("T")

tasks = BackgroundTasks()


class Letter(TypedDict):
    to: str
    body: str


class Partial(TypedDict):
    body: str
    copies: NotRequired[int]


class Wrong(TypedDict):
    to: str
    body: int


class Surplus(Letter):
    stamp: str


def send(to: str, body: str, copies: int = 1) -> None: ...


def greet(to: str, text: str) -> None: ...


def resize_image(path: str, /, *, width: int, height: int = 480) -> None: ...


async def log(level: int, *messages: str) -> None: ...


def repeat(value: T, times: int) -> list[T]:
    return [value] * times


def store(**fields: int) -> None: ...


pair: tuple[str, str] = ("ada", "hello")
single: tuple[str] = ("ada",)
mixed: tuple[str, int] = ("ada", 1)
row: tuple[int, Unpack[tuple[str, ...]]] = (1, "a", "b")
words: list[str] = ["ada", "hello"]
numbers: list[int] = [1, 2]
texts: dict[str, str] = {"to": "ada", "body": "hello"}
counts: dict[str, int] = {"width": 1, "height": 2}
letter: Letter = {"to": "ada", "body": "hello"}
body: Partial = {"body": "hello"}
wrong: Wrong = {"to": "ada", "body": 1}
surplus: Surplus = {"to": "ada", "body": "hello", "stamp": "red"}

tasks.add_task(send, *pair, copies=2)  # OK
tasks.add_task(send, *single, "hello")  # OK
tasks.add_task(send, *single)  # E: missing-argument
tasks.add_task(send, *pair, *pair)  # E: too-many-positional
tasks.add_task(send, *mixed)  # E: argument-type
tasks.add_task(send, *pair, to="bob")  # E: multiple-values

tasks.add_task(greet, *words)  # OK
tasks.add_task(greet, *numbers)  # E: argument-type

tasks.add_task(repeat, *mixed)  # OK  !mypy does not spread a tuple over a generic
tasks.add_task(repeat, *pair)  # E: argument-type

tasks.add_task(send, **letter)  # OK
tasks.add_task(send, "ada", **body)  # OK
tasks.add_task(send, **body)  # E: missing-argument
tasks.add_task(send, **surplus)  # E: unknown-keyword
tasks.add_task(send, **wrong)  # E: argument-type
tasks.add_task(send, "ada", **letter)  # E: multiple-values
tasks.add_task(
    send, *single, **letter
)  # E: multiple-values  !mypy,mypy+plugin does not hold **TypedDict against *tuple

tasks.add_task(send, **texts)  # E: argument-type
tasks.add_task(store, **counts)  # OK
tasks.add_task(resize_image, "cat.png", **counts)  # OK

tasks.add_task(log, *row)  # OK
tasks.add_task(log, 1, *words)  # OK
tasks.add_task(log, *words)  # E: argument-type

both = (send, "ada", "hello")
lonely = (send, "ada")
tasks.add_task(*both)  # OK  !mypy does not find func in a star argument  !ty takes all of it for func
tasks.add_task(*lonely)  # E: missing-argument
