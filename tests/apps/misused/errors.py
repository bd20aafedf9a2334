import functools

from starlette.background import BackgroundTasks
from starlette.requests import Request
from starlette.responses import JSONResponse


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
