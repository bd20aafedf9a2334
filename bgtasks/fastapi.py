"""The dependency that makes a FastAPI endpoint receive `bgtasks.BackgroundTasks`."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import BackgroundTasks as FastAPIBackgroundTasks
from fastapi import Depends

from bgtasks.background import BackgroundTasks

__all__ = ["BackgroundTasksDep", "get_background_tasks"]


# Async, though it awaits nothing: FastAPI runs a sync dependency in a worker thread, and an async
# endpoint would then wait for the background tasks that keep these threads busy.
async def get_background_tasks(background_tasks: FastAPIBackgroundTasks) -> BackgroundTasks:
    """
    Return a `bgtasks.BackgroundTasks` that shares its list of tasks with FastAPI's own.

    FastAPI injects its own class into every parameter that is annotated with a subclass of
    Starlette's, so an endpoint receives ours only through a dependency. FastAPI attaches its own
    object to the response; whatever is added here lands in that object's list.
    """
    tasks = BackgroundTasks()
    tasks.tasks = background_tasks.tasks
    return tasks


if TYPE_CHECKING:
    BackgroundTasksDep = Annotated[BackgroundTasks, Depends(get_background_tasks)]
    """The annotation by which a parameter of an endpoint receives a `bgtasks.BackgroundTasks`."""
else:
    # FastAPI before 0.128.2 takes the class for its own and refuses the Depends beside it.
    BackgroundTasksDep = Annotated[Any, Depends(get_background_tasks)]
