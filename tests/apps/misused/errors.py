import functools

from starlette.background import BackgroundTask, BackgroundTasks
from starlette.requests import Request
from starlette.responses import JSONResponse

from .trace import leave


class Conflict(Exception):
    """An error whose answer runs the tasks that it brings along."""

    def __init__(self, tasks: BackgroundTasks) -> None:
        super().__init__("conflict")
        self.tasks = tasks


class NotAllowed(Exception):
    """An error that brings nothing along."""


async def answer_conflict(_: Request, error: Conflict) -> JSONResponse:
    return JSONResponse({}, status_code=409, background=error.tasks)


async def answer_not_allowed(_: Request, __: NotAllowed) -> JSONResponse:
    return JSONResponse({}, status_code=403)


def answered(endpoint):
    """Make a response of what an endpoint raises, so that its tasks run all the same."""

    @functools.wraps(endpoint)
    async def wrapper(*args, **kwargs):
        try:
            return await endpoint(*args, **kwargs)
        except NotAllowed:
            return JSONResponse({}, status_code=403)

    return wrapper


class Unfilled(Exception):
    """Answered by a handler that wants tasks and gets none."""


class WithBackground(Exception):
    """Answered with a background."""


async def answer_unfilled(
    request: Request,
    error: Exception,
    tasks: BackgroundTasks,  # BGT211 /responses/unfilled
) -> JSONResponse:
    tasks.add_task(leave, "/responses/unfilled")
    return JSONResponse({}, status_code=400)


async def answer_with_background(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse({}, status_code=400, background=BackgroundTask(leave, "/responses/with-background"))
