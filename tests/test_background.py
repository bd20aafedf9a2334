import ast
import asyncio
import copy
import gc
import inspect
import operator
import pickle
import sys
import textwrap
import threading
import tracemalloc
import typing
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache, partial, wraps
from pathlib import Path
from types import MethodType
from typing import Any
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec

import pytest
import starlette.background
from fastapi import BackgroundTasks as FastAPIBackgroundTasks
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from starlette.responses import Response
from starlette.types import Message
from typing_extensions import Doc

import bgtasks
from bgtasks import BackgroundTask, BackgroundTasks

each_class = pytest.mark.parametrize(
    "tasks_class",
    [
        pytest.param(StarletteBackgroundTasks, id="starlette"),
        pytest.param(FastAPIBackgroundTasks, id="fastapi"),
        pytest.param(BackgroundTasks, id="bgtasks"),
    ],
)


def run(tasks: BackgroundTask) -> None:
    asyncio.run(tasks())


def fail() -> None:
    raise LookupError("no such address")


@each_class
def test_sync_and_async_tasks_run_in_the_order_they_were_added(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    ran: list[str] = []

    async def async_task(name: str) -> None:
        await asyncio.sleep(0)
        ran.append(name)

    tasks = tasks_class()
    tasks.add_task(ran.append, "first")
    tasks.add_task(async_task, "second")
    tasks.add_task(ran.append, "third")
    tasks.add_task(async_task, "fourth")
    assert ran == []

    run(tasks)

    assert ran == ["first", "second", "third", "fourth"]


@each_class
def test_sync_tasks_run_in_a_worker_thread_and_async_tasks_in_the_event_loop(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    threads: dict[str, threading.Thread] = {}

    def sync_task() -> None:
        threads["sync"] = threading.current_thread()

    async def async_task() -> None:
        threads["async"] = threading.current_thread()

    tasks = tasks_class()
    tasks.add_task(sync_task)
    tasks.add_task(async_task)
    run(tasks)

    assert threads["sync"] is not threading.current_thread()
    assert threads["async"] is threading.current_thread()


@each_class
def test_arguments_reach_the_task_as_they_were_given(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    received: list[object] = []
    recipients = ["ann", "bob"]

    def task(*args: object, **kwargs: object) -> None:
        received.extend([args, kwargs])

    tasks = tasks_class()
    tasks.add_task(task, 1, recipients, subject="hello", copies=None)
    run(tasks)

    assert received == [(1, recipients), {"subject": "hello", "copies": None}]
    assert tasks.tasks[0].args[1] is recipients


@each_class
def test_a_task_may_have_parameters_named_as_the_variadics(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    received: list[tuple[int, int, int, int]] = []

    def task(args: int, kwargs: int, args_: int, kwargs_: int) -> None:
        received.append((args, kwargs, args_, kwargs_))

    tasks = tasks_class()
    tasks.add_task(task, 1, 2, 3, 4)
    # Pyright takes "kwargs" for the variadic of Starlette's own signature.
    add_task: Callable[..., None] = tasks.add_task
    add_task(task, args=1, kwargs=2, args_=3, kwargs_=4)
    run(tasks)

    assert received == [(1, 2, 3, 4), (1, 2, 3, 4)]


@each_class
def test_a_parameter_named_func_is_given_by_position(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    received: list[str] = []

    def task(func: str) -> None:
        received.append(func)

    tasks = tasks_class()
    tasks.add_task(task, "by position")
    run(tasks)

    assert received == ["by position"]
    add_task: Callable[..., None] = tasks.add_task
    with pytest.raises(TypeError, match="multiple values for argument 'func'"):
        add_task(task, func="by keyword")


@each_class
def test_the_function_may_be_given_by_keyword(tasks_class: type[StarletteBackgroundTasks]) -> None:
    ran: list[str] = []

    def task(*, name: str = "default") -> None:
        ran.append(name)

    tasks = tasks_class()
    tasks.add_task(func=task)
    tasks.add_task(name="given", func=task)
    run(tasks)

    assert ran == ["default", "given"]


@each_class
def test_a_missing_function_is_a_type_error(tasks_class: type[StarletteBackgroundTasks]) -> None:
    tasks = tasks_class()
    add_task: Callable[..., None] = tasks.add_task

    with pytest.raises(TypeError, match="missing 1 required positional argument: 'func'"):
        add_task()
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'func'"):
        add_task(name="given")

    assert tasks.tasks == []


@pytest.mark.filterwarnings("ignore::bgtasks.BackgroundTaskWarning")
@each_class
def test_what_cannot_be_called_fails_only_when_it_runs(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    tasks = tasks_class()
    add_task: Callable[..., None] = tasks.add_task
    add_task("not a function", 1)

    with pytest.raises(TypeError, match="callable"):
        run(tasks)


@each_class
def test_wrong_arguments_fail_only_when_the_task_runs(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    tasks = tasks_class()
    add_task: Callable[..., None] = tasks.add_task
    add_task(fail, "one too many")

    with pytest.raises(TypeError, match="takes 0 positional arguments but 1 was given"):
        run(tasks)


@each_class
def test_add_task_returns_none(tasks_class: type[StarletteBackgroundTasks]) -> None:
    add_task: Callable[..., object] = tasks_class().add_task

    assert add_task(fail) is None


@each_class
def test_each_call_appends_one_background_task(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    async def async_task() -> None: ...

    tasks = tasks_class()
    tasks.add_task(print, "hello", end="")
    tasks.add_task(async_task)

    assert [isinstance(task, BackgroundTask) for task in tasks.tasks] == [True, True]
    assert [vars(task) for task in tasks.tasks] == [
        {"func": print, "args": ("hello",), "kwargs": {"end": ""}, "is_async": False},
        {"func": async_task, "args": (), "kwargs": {}, "is_async": True},
    ]


def pickled(tasks: StarletteBackgroundTasks) -> Any:
    return pickle.loads(pickle.dumps(tasks))


@each_class
@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, pickled], ids=["copy", "deepcopy", "pickle"])
def test_tasks_can_be_copied(
    tasks_class: type[StarletteBackgroundTasks],
    copied: Callable[[StarletteBackgroundTasks], StarletteBackgroundTasks],
) -> None:
    tasks = tasks_class()
    tasks.add_task(print, "hello", end="")
    tasks.add_task(asyncio.sleep, 0)

    copy = copied(tasks)

    assert [vars(task) for task in copy.tasks] == [vars(task) for task in tasks.tasks]
    run(copy)


@each_class
def test_tasks_given_to_the_constructor_run_first(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    ran: list[str] = []
    given = [BackgroundTask(ran.append, "given")]

    tasks = tasks_class(tasks=given)
    tasks.add_task(ran.append, "added")
    run(tasks)

    assert ran == ["given", "added"]
    assert len(given) == 1


@each_class
@pytest.mark.parametrize("args", [(), (None,), ([],)], ids=["nothing", "None", "empty list"])
def test_without_tasks_nothing_runs(
    tasks_class: type[StarletteBackgroundTasks], args: tuple[Any, ...]
) -> None:
    tasks = tasks_class(*args)

    run(tasks)

    assert tasks.tasks == []


@each_class
def test_the_class_is_constructed_with_tasks_only(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    assert list(inspect.signature(tasks_class).parameters) == ["tasks"]
    assert vars(tasks_class()) == {"tasks": []}


@each_class
def test_a_failing_task_stops_the_later_ones(tasks_class: type[StarletteBackgroundTasks]) -> None:
    ran: list[str] = []

    tasks = tasks_class()
    tasks.add_task(ran.append, "before")
    tasks.add_task(fail)
    tasks.add_task(ran.append, "after")
    with pytest.raises(LookupError, match="no such address"):
        run(tasks)

    assert ran == ["before"]


@each_class
def test_background_tasks_are_themselves_a_task(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    ran: list[str] = []
    inner = tasks_class()
    inner.add_task(ran.append, "inner first")
    inner.add_task(ran.append, "inner second")

    outer = tasks_class()
    outer.add_task(ran.append, "before")
    outer.add_task(inner)
    outer.add_task(ran.append, "after")
    run(outer)

    assert ran == ["before", "inner first", "inner second", "after"]


@each_class
def test_a_running_task_may_add_another(tasks_class: type[StarletteBackgroundTasks]) -> None:
    ran: list[str] = []
    tasks = tasks_class()

    def task() -> None:
        if not ran:
            tasks.add_task(ran.append, "added meanwhile")
        ran.append("task")

    tasks.add_task(task)
    run(tasks)

    assert ran == ["task", "added meanwhile"]


@each_class
def test_a_response_runs_its_tasks_once_it_has_been_sent(
    tasks_class: type[StarletteBackgroundTasks],
) -> None:
    happened: list[str] = []

    async def receive() -> Message:
        raise NotImplementedError

    async def send(message: Message) -> None:
        happened.append(message["type"])

    tasks = tasks_class()
    tasks.add_task(happened.append, "task")
    response = Response(b"", background=tasks)
    asyncio.run(response({"type": "http"}, receive, send))

    assert happened == ["http.response.start", "http.response.body", "task"]


def test_background_tasks_are_starlettes() -> None:
    assert BackgroundTasks.__mro__[1:] == StarletteBackgroundTasks.__mro__
    assert isinstance(BackgroundTasks(), starlette.background.BackgroundTask)


def test_background_task_is_starlettes_own() -> None:
    assert bgtasks.BackgroundTask is starlette.background.BackgroundTask


def body_of(function: Callable[..., object]) -> str:
    [definition] = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    assert isinstance(definition, ast.FunctionDef)
    if ast.get_docstring(definition) is not None:
        del definition.body[0]
    return ast.unparse(ast.Module(definition.body, type_ignores=[]))


def test_starlettes_add_task_makes_a_task_as_ours_does() -> None:
    bodies = body_of(StarletteBackgroundTasks.add_task), body_of(BackgroundTask.__init__)

    assert bodies == (
        "task = BackgroundTask(func, *args, **kwargs)\nself.tasks.append(task)",
        "self.func = func\nself.args = args\nself.kwargs = kwargs\nself.is_async = is_async_callable(func)",
    ), (
        "Our add_task sets these four attributes itself, and this Starlette goes about it differently: "
        "see what has changed, follow it in bgtasks/background.py, then change what is expected."
    )


class Task:
    def method(self) -> None: ...

    async def async_method(self) -> None: ...

    def generator_method(self) -> Generator[None, None, None]:
        yield

    @classmethod
    async def class_method(cls) -> None: ...

    @staticmethod
    async def static_method() -> None: ...

    def __call__(self) -> None: ...


class AsyncTask:
    async def __call__(self) -> None: ...


class Meta(type):
    async def __call__(cls) -> None: ...


class MadeByMeta(metaclass=Meta): ...


class OtherPartial(partial[Any]): ...


def with_call(owner: object, call: object) -> object:
    vars(owner)["__call__"] = call
    return owner


def with_mark(function: Any, **marks: object) -> Any:
    for name, mark in marks.items():
        setattr(function, name, mark)
    return function


def sync_function() -> None: ...


async def async_function() -> None: ...


async def async_task(*args: int, **kwargs: int) -> None: ...


def return_coroutine() -> object:
    return async_function()


def generator_function() -> Generator[None, None, None]:
    yield


async def async_generator_function() -> AsyncGenerator[None, None]:
    yield


# The module, because the name is deprecated, and gone one day.
ASYNCIO_MARK = getattr(asyncio.coroutines, "_is_coroutine", True)
INSPECT_MARK = getattr(inspect, "_is_coroutine_mark", getattr(inspect, "_is_coroutine_marker", True))

CALLABLES: dict[str, object] = {
    "def": sync_function,
    "async def": async_function,
    "generator function": generator_function,
    "async generator function": async_generator_function,
    "lambda": lambda: None,
    "method": Task().method,
    "async method": Task().async_method,
    "generator method": Task().generator_method,
    "class method": Task.class_method,
    "static method": Task.static_method,
    "method of an async function": MethodType(async_function, 1),
    "method of a partial": MethodType(partial(async_function), 1),
    "method of an object": MethodType(AsyncTask(), 1),
    "callable object": Task(),
    "async callable object": AsyncTask(),
    "callable object with an async __call__ of its own": with_call(Task(), async_function),
    "async callable object with a __call__ of its own": with_call(AsyncTask(), sync_function),
    "callable object with an async method for its __call__": with_call(Task(), Task().async_method),
    "class": Path,
    "class of callable objects": Task,
    "class of async callable objects": AsyncTask,
    "class made by an async __call__": MadeByMeta,
    "metaclass": Meta,
    "builtin": print,
    "bound builtin": "".join,
    "method descriptor": str.upper,
    "itemgetter": operator.itemgetter(1),
    "partial": partial(sync_function),
    "async partial": partial(async_function),
    "partial in a partial": partial(partial(async_task, 1), a=2),
    "partial of an async callable object": partial(AsyncTask()),
    "partial of a class of async callable objects": partial(AsyncTask),
    "partial of a method": partial(Task().async_method),
    "partial of another class": OtherPartial(async_function),
    "partial with a mark": with_mark(partial(sync_function), _is_coroutine_marker=INSPECT_MARK),
    "cached": lru_cache(sync_function),
    "cached async def": lru_cache(async_function),
    "decorated": wraps(async_function)(lambda: None),
    "decorated by an async def": wraps(sync_function)(async_task),
    "context manager": contextmanager(generator_function),
    "async context manager": asynccontextmanager(async_generator_function),
    "marked by asyncio": with_mark(lambda: None, _is_coroutine=ASYNCIO_MARK),
    "marked by inspect": with_mark(lambda: None, _is_coroutine_marker=INSPECT_MARK),
    "marked callable object": with_mark(Task(), _is_coroutine_marker=INSPECT_MARK),
    "marked class": with_mark(type("Marked", (), {}), _is_coroutine_marker=INSPECT_MARK),
    "partial of what is marked": partial(with_mark(lambda: None, _is_coroutine=ASYNCIO_MARK)),
    "Mock": Mock(),
    "MagicMock": MagicMock(),
    "AsyncMock": AsyncMock(),
    "Mock of an async def": Mock(spec=async_function),
    "function like an async def": create_autospec(async_function),
    "create_task": asyncio.create_task,
    "tasks": StarletteBackgroundTasks(),
    "int": 1,
    "None": None,
}
if sys.version_info >= (3, 12):
    CALLABLES["marked coroutine function"] = inspect.markcoroutinefunction(return_coroutine)


@pytest.mark.filterwarnings("ignore::bgtasks.BackgroundTaskWarning")
@pytest.mark.parametrize("func", CALLABLES.values(), ids=CALLABLES)
def test_a_task_is_what_it_is_for_starlette(func: Any) -> None:
    ours, starlettes = BackgroundTasks(), StarletteBackgroundTasks()

    ours.add_task(func, 1, a=2)
    starlettes.add_task(func, 1, a=2)

    assert [vars(task) for task in ours.tasks] == [vars(task) for task in starlettes.tasks]


def test_starlettes_constructor_makes_the_list_that_add_task_appends_to() -> None:
    expected = "self.tasks = list(tasks) if tasks else []"

    assert body_of(StarletteBackgroundTasks.__init__) == expected, (
        "Our add_task appends to self.tasks itself, and bgtasks.fastapi shares that list; this "
        "Starlette makes it differently: see that both still hold, then change what is expected."
    )


def test_add_task_takes_its_parameters_as_starlettes_does() -> None:
    ours = inspect.signature(BackgroundTasks.add_task).parameters.values()
    starlettes = inspect.signature(StarletteBackgroundTasks.add_task).parameters.values()

    assert [(p.name.rstrip("_"), p.kind, p.default) for p in ours] == [
        (p.name, p.kind, p.default) for p in starlettes
    ]


def test_add_task_is_documented() -> None:
    hints = typing.get_type_hints(BackgroundTasks.add_task, include_extras=True)
    [doc] = hints["func"].__metadata__

    assert isinstance(doc, Doc)
    assert "function to call after the response" in doc.documentation
    assert inspect.getdoc(BackgroundTasks.add_task)
    assert BackgroundTasks.__doc__


def memory_of(tasks_class: Callable[[], StarletteBackgroundTasks]) -> int:
    gc.collect()
    tracemalloc.start()
    tasks = tasks_class()
    for _ in range(5_000):
        tasks.add_task(print, 1)
    memory, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return memory // 5_000


@pytest.mark.skipif(sys.version_info < (3, 13), reason="before, objects of any class take more")
@pytest.mark.skipif(sys.implementation.name != "cpython", reason="counts what CPython allocates")
def test_a_task_takes_little_more_memory_than_starlettes() -> None:
    assert memory_of(BackgroundTasks) <= 300
    assert memory_of(BackgroundTasks) <= 1.4 * memory_of(StarletteBackgroundTasks)
