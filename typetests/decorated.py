"""Decorated functions: what counts is the signature the decorator leaves."""

from collections.abc import Awaitable, Callable
from functools import lru_cache, wraps
from typing import Concatenate, Generic, ParamSpec, TypeVar

from bgtasks import BackgroundTasks

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M")

tasks = BackgroundTasks()


class Session: ...


def logged(func: Callable[P, R]) -> Callable[P, R]:
    @wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)

    return wrapper


def retried(times: int) -> Callable[[Callable[P, Awaitable[R]]], Callable[P, Awaitable[R]]]:
    def decorator(func: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
        async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            return await func(*args, **kwargs)

        return wrapper

    return decorator


def with_session(func: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return func(Session(), *args, **kwargs)

    return wrapper


def for_user(func: Callable[P, R]) -> Callable[Concatenate[str, P], R]:
    def wrapper(user: str, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return func(*args, **kwargs)

    return wrapper


def guarded(method: Callable[Concatenate[M, P], R]) -> Callable[Concatenate[M, P], R]:
    def wrapper(self: M, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return method(self, *args, **kwargs)

    return wrapper


class Job(Generic[P, R]):
    def __init__(self, func: Callable[P, R]) -> None:
        self.func = func

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.func(*args, **kwargs)


@logged
def send(to: str, body: str = "") -> None: ...


@retried(3)
async def charge(customer: str, *, cents: int) -> bool:
    return True


@with_session
def store(session: Session, key: str, value: int = 0) -> None: ...


@for_user
def notify(text: str) -> None: ...


@Job
def export(path: str, rows: int) -> None: ...


@lru_cache
def lookup(name: str) -> int:
    return 1


class Mailer:
    @guarded
    def send(self, to: str, body: str) -> None: ...


tasks.add_task(send, "ada", body="hello")  # OK
tasks.add_task(send)  # E: missing-argument
tasks.add_task(send, "ada", subject="hello")  # E: unknown-keyword
tasks.add_task(send, 1)  # E: argument-type

tasks.add_task(charge, "ada", cents=500)  # OK
tasks.add_task(charge, "ada")  # E: missing-argument
tasks.add_task(charge, "ada", 500)  # E: too-many-positional

tasks.add_task(store, "ada", value=36)  # OK
tasks.add_task(store, Session(), "ada", 36)  # E: too-many-positional

tasks.add_task(notify, "ada", "hello")  # OK
tasks.add_task(notify, "ada")  # E: missing-argument
tasks.add_task(notify, user="ada", text="hello")  # E: positional-only-as-keyword

tasks.add_task(export, "rows.csv", rows=3)  # OK
tasks.add_task(export, "rows.csv")  # E: missing-argument
tasks.add_task(export, "rows.csv", "3")  # E: argument-type

tasks.add_task(lookup, "ada")  # OK
tasks.add_task(lookup, 1)  # E: argument-type  !plain,mypy+plugin python/typeshed#11280

tasks.add_task(Mailer().send, "ada", "hello")  # OK
tasks.add_task(Mailer().send, "ada", 1)  # E: argument-type
tasks.add_task(Mailer.send, Mailer(), "ada", body="hello")  # OK
tasks.add_task(logged(notify), "ada")  # E: missing-argument
