import asyncio
import gc
import inspect
import linecache
import os
import re
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from functools import lru_cache, partial, wraps
from pathlib import Path
from textwrap import indent
from types import MethodType
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock

import anyio.from_thread
import pytest
from fastapi import Depends, Header
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from starlette.concurrency import run_in_threadpool

from bgtasks import BackgroundTask, BackgroundTasks, BackgroundTaskWarning

PAGE = (Path(__file__).parent.parent / "docs" / "warnings.md").read_text(encoding="utf-8")


def sync() -> None: ...


async def notify(user: int = 1) -> int:
    return user


def rows(count: int = 1) -> Generator[int, None, None]:
    yield count


async def async_rows() -> AsyncGenerator[int, None]:
    yield 1


@contextmanager
def session() -> Generator[int, None, None]:
    yield 1


@asynccontextmanager
async def async_session() -> AsyncGenerator[int, None]:
    yield 1


def later() -> Coroutine[Any, Any, int]:
    return notify()


class Repo:
    def rows(self) -> Iterator[int]:
        yield 1

    @classmethod
    def class_rows(cls) -> Iterator[int]:
        yield 1

    @staticmethod
    async def static_rows() -> AsyncGenerator[int, None]:
        yield 1

    @contextmanager
    def session(self) -> Generator[int, None, None]:
        yield 1

    def later(self) -> Coroutine[Any, Any, int]:
        return notify()


class Rows:
    def __call__(self) -> Iterator[int]:
        yield 1


class Later:
    def __call__(self) -> Coroutine[Any, Any, int]:
        return notify()


class Query:
    def __await__(self) -> Generator[None, None, None]:
        yield


def logged(func: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(func)
    def wrapper() -> Any:
        return func()

    return wrapper


def exhausted(func: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(func)
    def wrapper() -> None:
        list(func())

    return wrapper


def primed(func: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(func)
    def wrapper() -> Any:
        generator = func()
        next(generator)
        return generator

    return wrapper


@wraps(sync)
def wrapped_rows() -> Iterator[int]:
    yield 1


class AsyncRepo:
    async def save(self) -> None: ...


def marked() -> Coroutine[Any, Any, int]:
    return notify()


def gather() -> None: ...


def helper() -> None: ...


def run(tasks: BackgroundTask) -> None:
    asyncio.run(tasks())


@pytest.fixture(autouse=True)
def young() -> Iterator[None]:
    """Have the collector look at what the test makes only; a long run has much else."""
    gc.freeze()
    yield
    gc.unfreeze()


def add_and_run(
    func: Any, *args: object, tasks: BackgroundTasks | None = None
) -> list[warnings.WarningMessage]:
    """Return every warning that comes while a task is added, run and collected."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tasks = tasks or BackgroundTasks()
        tasks.add_task(func, *args)
        run(tasks)
        gc.collect()
    return caught


def code_at(warning: warnings.WarningMessage) -> str:
    return linecache.getline(warning.filename, warning.lineno).strip()


AT_ONCE: dict[str, tuple[object, str]] = {
    "generator function": (rows, '"rows" is a generator function'),
    "generator method": (Repo().rows, '"Repo.rows" is a generator function'),
    "generator class method": (Repo.class_rows, '"Repo.class_rows" is a generator function'),
    "partial": (partial(rows, 1), '"rows" is a generator function'),
    "partial in a partial": (partial(partial(rows, 1)), '"rows" is a generator function'),
    "partial of a method": (partial(Repo().rows), '"Repo.rows" is a generator function'),
    "partial of an object": (partial(Rows()), '"Rows" is a generator function'),
    "method of a partial": (MethodType(partial(rows), 1), '"rows" is a generator function'),
    "object": (Rows(), '"Rows" is a generator function'),
    "wrapper": (wrapped_rows, '"sync" is a generator function'),
    "cached generator function": (lru_cache(rows), '"rows" is a generator function'),
    "async generator function": (async_rows, '"async_rows" is an async generator function'),
    "async generator method": (Repo.static_rows, '"Repo.static_rows" is an async generator function'),
    "context manager": (session, '"session" is a context manager'),
    "context manager method": (Repo().session, '"Repo.session" is a context manager'),
    "partial of a context manager": (partial(session), '"session" is a context manager'),
    "async context manager": (async_session, '"async_session" is a context manager'),
    "cached async def": (lru_cache(notify), '"notify" returns a coroutine'),
    "create_task": (asyncio.create_task, '"asyncio.create_task" would be called in a thread'),
    "ensure_future of nothing": (
        asyncio.ensure_future,
        '"asyncio.ensure_future" would be called in a thread',
    ),
    "shield": (asyncio.shield, '"asyncio.shield" would be called in a thread'),
    "gather": (partial(asyncio.gather), '"asyncio.gather" would be called in a thread'),
    "int": (1, '"int" object is not callable'),
    "None": (None, '"NoneType" object is not callable'),
}


@pytest.mark.parametrize(("func", "text"), AT_ONCE.values(), ids=AT_ONCE)
def test_what_cannot_run_is_told_as_it_is_added(func: Any, text: str) -> None:
    tasks = BackgroundTasks()

    with pytest.warns(BackgroundTaskWarning, match=f"^{re.escape(text)}") as caught:
        tasks.add_task(func)  # here

    assert [code_at(warning) for warning in caught] == ["tasks.add_task(func)  # here"]
    assert [task.func for task in tasks.tasks] == [func]


def save(user: int, limit: int = Header(10), *, reader: int = Depends(sync)) -> None: ...


async def save_later(user: int, limit: int = Header(10)) -> None: ...


class Saver:
    def save(self, user: int, limit: int = Header(10)) -> None: ...

    def __call__(self, user: int, limit: int = Header(10)) -> None: ...


UNFILLED: dict[str, tuple[Any, tuple[int, ...], dict[str, int], str | None]] = {
    "left out": (save, (1,), {}, 'the Header of "limit"'),
    "keyword only": (save, (1, 2), {}, 'the Depends of "reader"'),
    "async": (save_later, (1,), {}, 'the Header of "limit"'),
    "method": (Saver().save, (1,), {}, 'the Header of "limit"'),
    "object": (Saver(), (1,), {}, None),
    "partial": (partial(save, reader=1), (1,), {}, 'the Header of "limit"'),
    "partial of a method": (partial(Saver().save, 1), (), {}, 'the Header of "limit"'),
    "given": (save, (1, 2), {"reader": 3}, None),
    "given by name": (save, (1,), {"limit": 2, "reader": 3}, None),
    "given to the partial": (partial(save, 1, 2, reader=3), (), {}, None),
    "given to a method": (Saver().save, (1, 2), {}, None),
    "plain defaults": (notify, (), {}, None),
}


@pytest.mark.parametrize(("func", "args", "kwargs", "text"), UNFILLED.values(), ids=UNFILLED)
def test_a_default_that_only_fastapi_fills_is_told(
    func: Any, args: tuple[int, ...], kwargs: dict[str, int], text: str | None
) -> None:
    tasks = BackgroundTasks()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        tasks.add_task(func, *args, **kwargs)

    said = [str(warning.message) for warning in caught]
    assert [f"is called without what only FastAPI fills, {text}; give it" in each for each in said] == (
        [] if text is None else [True]
    )


@pytest.mark.parametrize("func", [rows, session, Rows(), async_rows])
def test_what_is_told_as_it_is_added_is_not_told_again(func: Any) -> None:
    assert len(add_and_run(func)) == 1


def test_the_task_to_write_instead_is_named() -> None:
    tasks = BackgroundTasks()
    coroutines = [notify(), notify(), notify()]

    add_task: Callable[..., None] = tasks.add_task
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        add_task(asyncio.create_task, coroutines[0])
        add_task(partial(asyncio.create_task, coroutines[1]))
        add_task(coroutines[2])

    for coroutine in coroutines:
        coroutine.close()
    assert [str(warning.message).rpartition("; ")[2] for warning in caught] == [
        "write add_task(notify, ...)"
    ] * 3


LOST: dict[str, tuple[Callable[..., object], str]] = {
    "function": (later, '"later" returned a coroutine of "notify"'),
    "lambda": (lambda: notify(1), 'The lambda returned a coroutine of "notify"'),
    "method": (Repo().later, '"Repo.later" returned a coroutine of "notify"'),
    "partial": (partial(later), '"later" returned a coroutine of "notify"'),
    "object": (Later(), '"Later" returned a coroutine of "notify"'),
    "decorated async def": (logged(notify), '"notify" returned a coroutine of "notify"'),
    "lambda around a method": (
        lambda: AsyncRepo().save(),
        'The lambda returned a coroutine of "AsyncRepo.save"',
    ),
    "awaitable": (lambda: Query(*[]), 'The lambda returned "Query"'),
    "class of awaitables": (Query, '"Query" returned "Query"'),
    "decorated generator function": (logged(rows), '"rows" is a generator function'),
    "decorated async generator function": (logged(async_rows), '"async_rows" is an async generator function'),
    "decorated context manager": (logged(session), '"session" is a context manager'),
    "decorated async context manager": (logged(async_session), '"async_session" is a context manager'),
    "decorated twice": (logged(logged(rows)), '"rows" is a generator function'),
}


@pytest.mark.parametrize(("func", "text"), LOST.values(), ids=LOST)
def test_what_was_lost_is_told_once_it_has_run_and_only_by_ours(func: Any, text: str) -> None:
    [warning] = add_and_run(func)

    assert warning.category is BackgroundTaskWarning
    assert str(warning.message).startswith(text)
    assert code_at(warning) == "tasks.add_task(func, *args)"


def test_a_coroutine_that_somebody_holds_may_yet_be_awaited() -> None:
    held: list[Coroutine[Any, Any, int]] = []

    def hold() -> Coroutine[Any, Any, int]:
        held.append(notify(7))
        return held[0]

    assert add_and_run(hold) == []
    assert asyncio.run(held[0]) == 7


def test_a_coroutine_that_has_been_started_is_left_alone() -> None:
    async def wait() -> None:
        await Query()

    def start() -> Coroutine[Any, Any, None]:
        coroutine = wait()
        coroutine.send(None)
        return coroutine

    assert add_and_run(start) == []


def test_a_future_runs_already() -> None:
    async def main() -> list[object]:
        loop = asyncio.get_running_loop()
        futures: list[Any] = [
            loop.create_future(),
            loop.create_task(notify()),
            asyncio.gather(notify()),
            asyncio.run_coroutine_threadsafe(notify(), loop),
        ]
        tasks = BackgroundTasks()
        for _ in range(4):
            tasks.add_task(futures.pop)
        await tasks()
        return futures

    assert asyncio.run(main()) == []


def test_what_takes_a_future_as_it_is_runs_in_any_thread() -> None:
    async def main() -> None:
        future: Any = asyncio.ensure_future(notify())
        tasks = BackgroundTasks()
        tasks.add_task(asyncio.shield, future)
        tasks.add_task(asyncio.ensure_future, future)
        tasks.add_task(partial(asyncio.gather, future))
        await tasks()

    asyncio.run(main())


def legitimate(executor: ThreadPoolExecutor, database: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    variable: Callable[[], Awaitable[object]] = notify
    tasks: dict[str, tuple[Any, ...]] = {
        "asyncio.run": (asyncio.run, notify()),
        "asyncio.wait_for": (asyncio.wait_for, notify(), 1),
        "anyio.from_thread.run": (anyio.from_thread.run, notify),
        "run_in_threadpool": (run_in_threadpool, sync),
        "executor.submit": (executor.submit, sync),
        "sqlite3.Connection.execute": (database.execute, "select 1"),
        "variable": (variable,),
        "partial of an async def": (partial(notify, 1),),
        "function that returns an iterator": (lambda: iter([1]),),
        "function that returns a generator": (lambda: (row for row in [1]),),
        "decorator that iterates": (exhausted(rows),),
        "decorator that starts a generator": (primed(rows),),
        "decorator that runs the loop": (wraps(notify)(lambda: asyncio.run(notify())),),
        "context manager as a decorator": (session()(sync),),
        "Mock": (Mock(),),
        "MagicMock": (MagicMock(),),
        "AsyncMock": (AsyncMock(),),
        "Mock that returns the Mock of a coroutine function": (Mock(return_value=MagicMock(spec=notify)),),
        "Mock of a function": (Mock(spec=sync),),
        "builtin": ([1].append, 2),
        "class": (Path, "a"),
        "method descriptor": (str.upper, "a"),
        "tasks": (BackgroundTasks([BackgroundTask(sync)]),),
        "function with the name of asyncio's": (gather,),
        "function with the name of contextlib's": (helper,),
    }
    if sys.version_info >= (3, 12):
        tasks["marked coroutine function"] = (inspect.markcoroutinefunction(marked),)
    return tasks


def test_what_runs_is_left_alone() -> None:
    with (
        ThreadPoolExecutor() as executor,
        closing(sqlite3.connect(":memory:", check_same_thread=False)) as database,
    ):
        said = {name: add_and_run(*task) for name, task in legitimate(executor, database).items()}

    assert {name: caught for name, caught in said.items() if caught} == {}


class Override(BackgroundTasks):
    def add_task(self, func: Any, *args: Any, **kwargs: Any) -> None:
        super().add_task(func, *args, **kwargs)


class OverrideOfOverride(Override):
    def add_task(self, func: Any, *args: Any, **kwargs: Any) -> None:
        super().add_task(func, *args, **kwargs)


class StarlettesOverride(StarletteBackgroundTasks):
    def add_task(self, func: Any, *args: Any, **kwargs: Any) -> None:
        super().add_task(func, *args, **kwargs)


class BothBases(StarlettesOverride, BackgroundTasks): ...


@pytest.mark.parametrize("func", [rows, later])
@pytest.mark.parametrize("tasks_class", [BackgroundTasks, Override, OverrideOfOverride, BothBases])
def test_an_override_is_not_the_place(tasks_class: type[BackgroundTasks], func: Any) -> None:
    [warning] = add_and_run(func, tasks=tasks_class())

    assert code_at(warning) == "tasks.add_task(func, *args)"


@pytest.mark.parametrize("func", [rows, later])
def test_a_function_that_is_called_add_task_is_a_place(func: Any) -> None:
    def add_task(tasks: BackgroundTasks) -> None:
        tasks.add_task(func)  # in a function

    tasks = BackgroundTasks()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        add_task(tasks)
        run(tasks)

    assert [code_at(warning) for warning in caught] == ["tasks.add_task(func)  # in a function"]


def test_the_method_may_be_called_by_another_name() -> None:
    tasks = BackgroundTasks()
    add: Callable[..., None] = tasks.add_task
    add_rows = partial(add, rows)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        add(rows)
        add_rows()

    assert [code_at(warning) for warning in caught] == ["add(rows)", "add_rows()"]


@pytest.mark.parametrize("func", [rows, later])
def test_it_is_shown_once_for_each_line(func: Any) -> None:
    tasks = BackgroundTasks()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("default")
        for _ in range(3):
            tasks.add_task(func)  # first
        tasks.add_task(func)  # second
        run(tasks)

    assert [code_at(warning) for warning in caught] == [
        "tasks.add_task(func)  # first",
        "tasks.add_task(func)  # second",
    ]


def test_as_an_error_it_is_raised_and_nothing_is_added() -> None:
    tasks = BackgroundTasks()

    with pytest.raises(BackgroundTaskWarning, match="rows"):
        tasks.add_task(rows)

    assert tasks.tasks == []


def test_as_an_error_it_is_raised_out_of_the_task() -> None:
    ran: list[str] = []
    tasks = BackgroundTasks()
    tasks.add_task(ran.append, "before")
    tasks.add_task(later)
    tasks.add_task(ran.append, "after")

    with pytest.raises(BackgroundTaskWarning, match="later"):
        run(tasks)

    assert ran == ["before"]


def test_it_can_be_ignored() -> None:
    tasks = BackgroundTasks()

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", BackgroundTaskWarning)
        tasks.add_task(rows)
        tasks.add_task(later)
        run(tasks)

    assert caught == []
    assert len(tasks.tasks) == 2


def test_a_task_of_starlettes_own_is_left_alone() -> None:
    run(BackgroundTasks([BackgroundTask(rows), BackgroundTask(async_rows)]))


SCRIPT = """
import asyncio, atexit
from bgtasks import BackgroundTasks

def rows():
    yield

async def notify(): ...

tasks = BackgroundTasks()
tasks.add_task(rows)
tasks.add_task(rows)
tasks.add_task(lambda: notify())
asyncio.run(tasks())
atexit.register(tasks.add_task, rows)
"""


def run_python(*options: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *options],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_program_shows_it_unless_told_otherwise(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(SCRIPT)

    shown = run_python("program.py", cwd=tmp_path)
    strict = run_python("-W", "error::RuntimeWarning", "program.py", cwd=tmp_path)
    silent = run_python("-W", "ignore::RuntimeWarning", "program.py", cwd=tmp_path)

    assert shown.returncode == 0
    # No code of anybody's calls what the interpreter calls as it ends.
    places = re.findall(r"^(\S+): BackgroundTaskWarning:", shown.stderr, re.MULTILINE)
    assert [Path(place).name for place in places] == [
        "program.py:11",
        "program.py:12",
        "program.py:13",
        "sys:1",
    ]
    assert "never awaited" not in shown.stderr.replace(" that was never awaited;", "")
    assert strict.returncode == 1
    assert "line 11, in <module>\n" in strict.stderr
    assert silent.stderr == ""


def test_the_page_says_how_to_make_it_strict(tmp_path: Path) -> None:
    [settings] = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(settings)
    (tmp_path / "test_shop.py").write_text(f"def test_shop():\n    import asyncio\n{indent(SCRIPT, '    ')}")

    done = run_python("-m", "pytest", "-p", "no:cacheprovider", cwd=tmp_path)

    assert done.returncode == 1
    assert "bgtasks.pitfalls.BackgroundTaskWarning: " in done.stdout
    assert "tasks.add_task(rows)" in done.stdout


def test_the_page_says_where_the_category_has_no_name_yet(tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(SCRIPT)

    option = run_python("-W", "error::bgtasks.BackgroundTaskWarning", "program.py", cwd=tmp_path)
    variable = run_python("program.py", cwd=tmp_path, PYTHONWARNINGS="error::bgtasks.BackgroundTaskWarning")

    assert (option.returncode, variable.returncode) == (0, 0)
    assert "Invalid -W option ignored" in option.stderr
    assert "Invalid -W option ignored" in variable.stderr
