from collections.abc import Callable
from typing import Annotated, ParamSpec

from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from typing_extensions import Doc

__all__ = ["BackgroundTask", "BackgroundTasks"]

P = ParamSpec("P")


class BackgroundTasks(StarletteBackgroundTasks):
    """
    A collection of background tasks that run, one after the other, once the response has been sent.

    It is Starlette's `BackgroundTasks` with a signature under which a type checker
    judges `add_task(func, *args, **kwargs)` as it judges `func(*args, **kwargs)`.

    Source: <https://www.starlette.io/background/>
    """

    # The variadics bear names that hardly any task's parameters bear: pyright takes a keyword
    # argument called "kwargs" for add_task's own "**kwargs", and then judges the call wrongly.
    def add_task(
        self,
        func: Annotated[
            Callable[P, object],
            Doc(
                """
                The function to call after the response has been sent.

                A regular `def` function runs in a worker thread, an `async def` function
                in the event loop. Its result is dropped.
                """
            ),
        ],
        *args_: P.args,
        **kwargs_: P.kwargs,
    ) -> None:
        """
        Add a function to be called in the background after the response has been sent.

        All further positional and keyword arguments are handed to `func` as they stand;
        a type checker rejects those that `func` does not take.

        Source: PEP 612, <https://peps.python.org/pep-0612/>
        """
        task = BackgroundTask(func, *args_, **kwargs_)
        self.tasks.append(task)
