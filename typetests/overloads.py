"""Overloaded functions, methods and constructors: one overload has to fit."""

from typing import Literal, overload

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


@overload
def render(page: int) -> bytes: ...
@overload
def render(page: str, dpi: int) -> bytes: ...
def render(page: int | str, dpi: int = 72) -> bytes:
    return b""


@overload
async def fetch(url: str, *, raw: Literal[True]) -> bytes: ...
@overload
async def fetch(url: str, *, raw: Literal[False] = ...) -> str: ...
async def fetch(url: str, *, raw: bool = False) -> bytes | str:
    return url


@overload
def schedule(job: str, /) -> None: ...
@overload
def schedule(job: str, at: int, /) -> None: ...
@overload
def schedule(job: str, /, *, every: int) -> None: ...
def schedule(job: str, at: int = 0, /, *, every: int = 0) -> None: ...


@overload
def plot(values: list[float]) -> None: ...
@overload
def plot(values: str, color: int) -> None: ...
def plot(values: list[float] | str, color: int = 0) -> None: ...


class Store:
    @overload
    def __init__(self, path: str) -> None: ...
    @overload
    def __init__(self, path: None, *, size: int) -> None: ...
    def __init__(self, path: str | None, *, size: int = 0) -> None: ...

    @overload
    def put(self, key: str, value: str) -> None: ...
    @overload
    def put(self, key: int, value: bytes) -> None: ...
    def put(self, key: str | int, value: str | bytes) -> None: ...

    @overload
    def __call__(self, key: str) -> None: ...
    @overload
    def __call__(self, key: int, limit: int) -> None: ...
    def __call__(self, key: str | int, limit: int = 0) -> None: ...


store = Store("here")

tasks.add_task(render, 1)  # OK
tasks.add_task(render, "cover", 300)  # OK
tasks.add_task(render)  # E: missing-argument  !pyrefly facebook/pyrefly#2355
tasks.add_task(
    render, "cover"
)  # E: no-overload  !pyright,basedpyright,ty judges one overload  !pyrefly facebook/pyrefly#2355
tasks.add_task(
    render, 1, 300
)  # E: no-overload  !pyright,basedpyright,ty judges one overload  !pyrefly facebook/pyrefly#2355
tasks.add_task(render, 1, 2, 3)  # E: too-many-positional  !pyrefly facebook/pyrefly#2355

tasks.add_task(fetch, "/")  # OK
tasks.add_task(fetch, "/", raw=True)  # OK
tasks.add_task(
    fetch, "/", raw="yes"
)  # E: no-overload  !pyright,basedpyright,ty judges one overload  !pyrefly facebook/pyrefly#2355
tasks.add_task(
    fetch, raw=True
)  # E: missing-argument  !mypy accepts what no single overload takes  !pyrefly facebook/pyrefly#2355

tasks.add_task(schedule, "backup")  # OK
tasks.add_task(schedule, "backup", every=3)  # OK
tasks.add_task(
    schedule, "backup", 3, every=3
)  # E: no-overload  !pyright,basedpyright,ty judges one overload  !pyrefly facebook/pyrefly#2355
tasks.add_task(schedule, "backup", at=3)  # E: positional-only-as-keyword  !pyrefly facebook/pyrefly#2355

tasks.add_task(plot, [1.5])  # OK
tasks.add_task(plot, [1, 2])  # OK  !mypy,zuban takes [1, 2] for a list[int] first
tasks.add_task(
    plot, ["1"]
)  # E: no-overload  !mypy+plugin,pyright,basedpyright,ty says argument-type  !pyrefly facebook/pyrefly#2355

tasks.add_task(Store, None, size=1)  # OK
tasks.add_task(
    Store, None
)  # E: no-overload  !pyright,basedpyright,ty judges one overload  !pyrefly facebook/pyrefly#2355
tasks.add_task(
    Store, "here", size=1
)  # E: no-overload  !pyright,basedpyright,ty judges one overload  !pyrefly facebook/pyrefly#2355

tasks.add_task(store.put, 1, b"v")  # OK
tasks.add_task(
    store.put, "k", b"v"
)  # E: no-overload  !mypy,pyrefly allows it  !pyright,basedpyright,ty judges one overload

tasks.add_task(store, 1, 2)  # OK  !zuban judges the first overload of a __call__
tasks.add_task(
    store, 1
)  # E: no-overload  !pyright,basedpyright,ty,zuban judges one overload  !pyrefly facebook/pyrefly#2355
