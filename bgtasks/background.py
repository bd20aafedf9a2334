from collections.abc import Callable
from functools import partial
from inspect import CO_COROUTINE
from types import CodeType
from typing import Annotated, Any, ParamSpec

from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from typing_extensions import Doc

from bgtasks.distribution import warn_of_others
from bgtasks.pitfalls import (
    PLAIN,
    BackgroundTaskWarning,
    call,
    find_code,
    find_pitfall,
    find_place,
    find_unfilled,
    is_suspect,
    warn,
)

__all__ = ["BackgroundTask", "BackgroundTaskWarning", "BackgroundTasks"]

P = ParamSpec("P")

warn_of_others()


class Keywords(dict[str, Any]):
    """
    The keyword arguments of a task, with the place where it was added to a list of tasks.

    The task itself has no room for it: a slot would cost it more than all else that it keeps, and
    vars(task) is to be what it is for Starlette's.
    """

    __slots__ = ("line", "module", "path")

    path: str
    line: int
    module: str


class AddedTask(BackgroundTask):
    """
    Starlette's `BackgroundTask`, of which it is known where it was added to a list of tasks.

    `code` is what `find_code` says of `func`. Starlette's own `__init__` takes most of the time
    of its `add_task`; it is asked only where `code` does not tell what it would find out.
    """

    def __init__(self, func: Callable[..., object], args: Any, kwargs: Any, code: CodeType | None) -> None:
        if code is None:
            super().__init__(func)
        else:
            self.func = func
            self.is_async: bool = bool(code.co_flags & CO_COROUTINE)
        self.args = args
        self.kwargs = kwargs

    async def __call__(self) -> None:
        known: object = self.kwargs
        # Somebody may have put others in their place.
        if self.is_async or not isinstance(known, Keywords):
            await super().__call__()
        else:
            # Starlette runs this as it runs any sync function.
            place = (known.path, known.line, known.module)
            await BackgroundTask(call, self.func, place, *self.args, **known)()


class BackgroundTasks(StarletteBackgroundTasks):
    """
    A collection of background tasks that run, one after the other, once the response has been sent.

    It is Starlette's `BackgroundTasks` with a signature under which a type checker
    judges `add_task(func, *args, **kwargs)` as it judges `func(*args, **kwargs)`,
    and with a `BackgroundTaskWarning` about each task that cannot run.

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

        Warns with `BackgroundTaskWarning` when `func` cannot run in the background, as a generator
        function cannot; when it is left a default that only FastAPI fills; and once it has run, when
        it has returned a coroutine that nobody awaits.
        Where warnings are errors, nothing is added.

        Source: PEP 612, <https://peps.python.org/pep-0612/>
        """
        code = find_code(func)
        task: Any = AddedTask(func, args_, kwargs_, code)
        if not task.is_async:
            place = find_place(self)
            known = Keywords(kwargs_)
            known.path, known.line, known.module = place
            task.kwargs = known  # not through vars(task), which would make a dict of it
            if (code is None or is_suspect(code)) and (pitfall := find_pitfall(func, args_)):
                warn(pitfall, place)
        named: Any = func
        inner = named.func if type(named) is partial else named
        defaults = getattr(inner, "__defaults__", None) or getattr(inner, "__kwdefaults__", None)
        if defaults and id(defaults) not in PLAIN and (unfilled := find_unfilled(func, args_, kwargs_)):
            warn(unfilled, find_place(self))
        self.tasks.append(task)
