# SPDX-FileCopyrightText: The bgtasks authors
# SPDX-License-Identifier: MIT
# Source: typed-bgtasks-stubs 0.1.0, fastapi-stubs/background.pyi

from collections.abc import Callable
from typing import Literal, ParamSpec

from starlette.background import BackgroundTasks as StarletteBackgroundTasks

P = ParamSpec("P")

# What a checker tells of this name shows that it reads these stubs, and which.
_bgtasks_stubs: Literal["0.1.0"]

class BackgroundTasks(StarletteBackgroundTasks):
    """
    A collection of background tasks that run, one after the other, once the response has been sent.

    FastAPI gives one to every endpoint and dependency that has a parameter of this type.

    Source: <https://fastapi.tiangolo.com/tutorial/background-tasks/>
    """

    # The variadics bear names that hardly any task's parameters bear: pyright takes a keyword
    # argument called "kwargs" for add_task's own "**kwargs", and then judges the call wrongly.
    def add_task(self, func: Callable[P, object], *args_: P.args, **kwargs_: P.kwargs) -> None:
        """
        Add a function to be called in the background after the response has been sent.

        All further positional and keyword arguments are handed to `func` as they stand;
        a type checker rejects those that `func` does not take.
        """

    async def __call__(self) -> None:
        """Run the tasks in the order in which they were added."""
