"""What a task keeps of its call, and what a list of tasks holds: Starlette itself does not say."""

from collections.abc import Callable
from typing import Any, AnyStr

import starlette
from starlette.background import BackgroundTask, BackgroundTasks
from typing_extensions import assert_type


async def send(to: str, times: int = 1) -> None: ...


def join(head: AnyStr, tail: AnyStr) -> AnyStr:
    return head + tail


def invoke(args: str, kwargs: int) -> None: ...


task = BackgroundTask(send, "ada", times=2)  # OK
tasks = BackgroundTasks([task])  # OK

assert_type(task.func, Callable[..., Any])
assert_type(task.args, tuple[Any, ...])
assert_type(task.kwargs, dict[str, Any])
assert_type(task.is_async, bool)
assert_type(tasks.tasks, list[BackgroundTask])
assert_type(starlette.__version__, str)

task.func("ada", times=2)  # OK
task.args.count("ada")  # OK
task.args.append("bob")  # E: unknown-attribute
task.kwargs["times"] = 3  # OK
listed: list[Any] = task.args  # E: assignment
flag: str = task.is_async  # E: assignment
task.result  # E: unknown-attribute


# Here upstream's own names stand in the way: pyright takes the keyword for its "**kwargs".
BackgroundTask(invoke, args="a", kwargs=1)  # OK
BackgroundTask(invoke, args="a", kwargs="b")  # E: argument-type

# With "Callable[P, Any]", which upstream has, mypy takes the last for a right one.
BackgroundTask(join, "a", "b")  # OK
BackgroundTask(join, "a", b"b")  # E: argument-type


async def run() -> None:
    assert_type(await task(), None)
    assert_type(await tasks(), None)
