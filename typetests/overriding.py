"""Subclasses that override `add_task`: which signatures may stand in for ours."""

from collections.abc import Callable
from typing import Any, ParamSpec

from typing_extensions import override

from bgtasks import BackgroundTask, BackgroundTasks

P = ParamSpec("P")


def send(to: str) -> None: ...


class Counted(BackgroundTasks):
    count = 0

    @override
    def add_task(self, func: Callable[P, object], *args_: P.args, **kwargs_: P.kwargs) -> None:  # OK
        self.count += 1
        super().add_task(func, *args_, **kwargs_)  # OK


class Forgetful(BackgroundTasks):
    @override
    def add_task(self, func: Callable[P, object], *args_: P.args, **kwargs_: P.kwargs) -> None:  # OK
        super().add_task(func, *args_)  # E: missing-argument


class OtherNames(BackgroundTasks):
    def add_task(self, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:  # OK
        super().add_task(func, *args, **kwargs)  # OK


class AnyResult(BackgroundTasks):
    def add_task(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:  # OK
        super().add_task(func, *args, **kwargs)  # OK


class Loose(BackgroundTasks):
    def add_task(  # OK  !pyrefly facebook/pyrefly#330
        self, func: Callable[..., Any], *args: Any, **kwargs: Any
    ) -> None: ...


class PositionalFunc(BackgroundTasks):
    def add_task(  # E: override  !pyright,basedpyright microsoft/pyright#11092  !pyrefly,zuban allows it
        self, func: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs
    ) -> None: ...


class Renamed(BackgroundTasks):
    def add_task(  # E: override  !pyright,basedpyright microsoft/pyright#11092  !pyrefly,zuban allows it
        self, task: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> None: ...


class Delayed(BackgroundTasks):
    def add_task(  # E: override  !pyright,basedpyright microsoft/pyright#11092
        self, func: Callable[P, object], delay: float, *args: P.args, **kwargs: P.kwargs
    ) -> None: ...


class NoArguments(BackgroundTasks):
    def add_task(self, func: Callable[[], object]) -> None: ...  # E: override


class NoKeywords(BackgroundTasks):
    def add_task(self, func: Callable[..., object], *args: Any) -> None: ...  # E: override


class OnlyNone(BackgroundTasks):
    def add_task(  # E: override  !pyright,basedpyright microsoft/pyright#11092
        self, func: Callable[P, None], *args: P.args, **kwargs: P.kwargs
    ) -> None: ...


class Returning(BackgroundTasks):
    def add_task(  # E: override
        self, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> BackgroundTask:
        return BackgroundTask(func, *args, **kwargs)


class Asynchronous(BackgroundTasks):
    async def add_task(  # E: override
        self, func: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    ) -> None: ...


class Static(BackgroundTasks):
    @staticmethod
    def add_task(func: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ...  # OK


class RunTwice(BackgroundTasks):
    async def __call__(self) -> None:  # OK
        await super().__call__()


class RunSync(BackgroundTasks):
    def __call__(self) -> None: ...  # E: override  !pyrefly does not check a __call__


counted = Counted()
counted.add_task(send, "ada")  # OK
counted.add_task(send)  # E: missing-argument
other = OtherNames([BackgroundTask(send, "ada")])
other.add_task(send, to="ada")  # OK
Loose().add_task(send)  # OK
handed_on: BackgroundTasks = counted
