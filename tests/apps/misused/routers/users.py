"""Parameters for tasks: BGT202."""

from typing import Annotated, Any, Optional

from fastapi import APIRouter, BackgroundTasks, Depends
from starlette.background import BackgroundTasks as StarletteTasks

from bgtasks.fastapi import BackgroundTasksDep

from ..dependencies import audit, make_own_tasks, take_tasks
from ..services.mail import notify, send

router = APIRouter(prefix="/users")


class LoggedTasks(BackgroundTasks):
    """Tasks that leave no trace of their own, but say that they were added."""

    added = 0

    def add_logged(self, path: str) -> None:
        self.add_task(send, path)


class CountedTasks(StarletteTasks):
    def add_task(self, func, *args, **kwargs) -> None:
        super().add_task(func, *(f"/users/counted{arg}" for arg in args), **kwargs)


class RenamedTasks(BackgroundTasks):
    """The same under another name."""


@router.post("/two")
async def two(
    tasks: BackgroundTasks,  # BGT202 /users/two
    others: BackgroundTasks,
) -> None:
    others.add_task(send, "/users/two")


@router.post("/untyped")
async def untyped(tasks) -> None:  # BGT202 /users/untyped
    tasks.add_task(send, "/users/untyped")


@router.post("/untyped-default")
async def untyped_default(tasks=BackgroundTasks()) -> None:  # BGT202 /users/untyped-default
    tasks.add_task(send, "/users/untyped-default")


@router.post("/anything")
async def anything(tasks: Any) -> None:  # BGT202 /users/anything
    tasks.add_task(send, "/users/anything")


@router.post("/logged")
async def logged(tasks: LoggedTasks) -> None:  # BGT202 /users/logged
    tasks.add_logged("/users/logged")


@router.post("/counted")
async def counted(tasks: CountedTasks) -> None:  # BGT202 /users/counted
    tasks.add_task(send, "")


@router.post("/own")
async def own(tasks=Depends(make_own_tasks)) -> None:  # BGT202 /users/own
    tasks.add_task(send, "/users/own")


@router.post("/typed")
async def typed(tasks: BackgroundTasks) -> None:
    tasks.add_task(send, "/users/typed")


@router.post("/starlettes")
def starlettes(tasks: StarletteTasks) -> None:
    tasks.add_task(send, "/users/starlettes")


@router.post("/quoted")
async def quoted(tasks: "BackgroundTasks") -> None:
    tasks.add_task(notify, "/users/quoted")


@router.post("/documented")
async def documented(tasks: Annotated[BackgroundTasks, "what is sent later"]) -> None:
    tasks.add_task(notify, "/users/documented")


@router.post("/default-none")
async def default_none(tasks: BackgroundTasks = None) -> None:
    tasks.add_task(notify, "/users/default-none")


@router.post("/default-made")
async def default_made(tasks: BackgroundTasks = BackgroundTasks()) -> None:
    tasks.add_task(notify, "/users/default-made")


@router.post("/keyword")
async def keyword(*, tasks: BackgroundTasks) -> None:
    tasks.add_task(notify, "/users/keyword")


@router.post("/renamed")
async def renamed(tasks: RenamedTasks) -> None:
    tasks.add_task(notify, "/users/renamed")


@router.post("/logged-inherited")
async def logged_inherited(tasks: LoggedTasks) -> None:
    tasks.add_task(notify, "/users/logged-inherited")


@router.post("/ours")
async def ours(tasks: BackgroundTasksDep) -> None:
    tasks.add_task(notify, "/users/ours")


@router.post("/taken")
async def taken(tasks=Depends(take_tasks)) -> None:
    tasks.add_task(notify, "/users/taken")


@router.post("/taken-optional")
async def taken_optional(tasks: Optional[Any] = Depends(take_tasks)) -> None:
    tasks.add_task(notify, "/users/taken-optional")


@router.post("/both")
async def both(tasks: BackgroundTasks, _: Annotated[None, Depends(audit)]) -> None:
    tasks.add_task(notify, "/users/both")


def helper(tasks: Optional[BackgroundTasks] = None) -> None:
    if tasks is not None:
        tasks.add_task(send, "/users/helper")


@router.post("/helper")
async def use_helper(tasks: BackgroundTasks) -> None:
    helper(tasks)
