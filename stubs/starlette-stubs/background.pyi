# SPDX-FileCopyrightText: The bgtasks authors
# SPDX-License-Identifier: MIT
# Source: typed-bgtasks-stubs 0.1.0, starlette-stubs/background.pyi

from collections.abc import Callable, Sequence
from typing import Any, Literal, ParamSpec

P = ParamSpec("P")

# What a checker tells of this name shows that it reads these stubs, and which.
_bgtasks_stubs: Literal["0.1.0"]

# The variadics bear names that hardly any task's parameters bear: pyright takes a keyword
# argument called "kwargs" for add_task's own "**kwargs", and then judges the call wrongly.

class BackgroundTask:
    """
    One function, and the arguments it is to be called with once the response has been sent.

    A type checker judges `BackgroundTask(func, *args, **kwargs)` as it judges `func(*args, **kwargs)`.

    Source: <https://www.starlette.io/background/>
    """

    func: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    is_async: bool

    def __init__(self, func: Callable[P, object], *args_: P.args, **kwargs_: P.kwargs) -> None:
        """
        Keep `func` and its arguments for later.

        A regular `def` function will run in a worker thread, an `async def` function in the event
        loop. Its result is dropped.
        """

    async def __call__(self) -> None:
        """Call the function and wait until it is done."""

class BackgroundTasks(BackgroundTask):
    """
    A collection of background tasks that run, one after the other, once the response has been sent.

    A task that raises stops those after it.

    Source: <https://www.starlette.io/background/>
    """

    tasks: list[BackgroundTask]

    def __init__(self, tasks: Sequence[BackgroundTask] | None = None) -> None:
        """Start with a copy of `tasks`, or with none."""

    def add_task(self, func: Callable[P, object], *args_: P.args, **kwargs_: P.kwargs) -> None:
        """
        Add a function to be called in the background after the response has been sent.

        All further positional and keyword arguments are handed to `func` as they stand;
        a type checker rejects those that `func` does not take.
        """

    async def __call__(self) -> None:
        """Run the tasks in the order in which they were added."""
