import inspect

from fastapi import Depends, FastAPI, Request, Response
from starlette.background import BackgroundTask
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import JSONResponse

from .dependencies import File
from .errors import (
    Conflict,
    NotAllowed,
    Unfilled,
    WithBackground,
    answer_conflict,
    answer_not_allowed,
    answer_unfilled,
    answer_with_background,
)
from .routers import defaults, files, helpers, loops, orders, payments, reports, resources, responses, users

app = FastAPI()
app.add_exception_handler(Conflict, answer_conflict)
app.add_exception_handler(Unfilled, answer_unfilled)
app.add_exception_handler(WithBackground, answer_with_background)
for module in (orders, users, payments, files, reports, resources, defaults, helpers, loops, responses):
    app.include_router(module.router)
if "scope" in inspect.signature(Depends).parameters:
    from .routers import scoped

    app.include_router(scoped.router)


@app.exception_handler(NotAllowed)
async def answer_kept(request: Request, error: NotAllowed) -> JSONResponse:
    """Answer with the tasks that the endpoint has put aside, if any."""
    response = await answer_not_allowed(request, error)
    response.background = getattr(request.state, "tasks", None)
    return response


@app.middleware("http")
async def lend_file(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Lend a file to each request."""
    request.state.file = File()
    try:
        return await call_next(request)
    finally:
        request.state.file.close()


@app.middleware("http")
async def log(request: Request, call_next: RequestResponseEndpoint) -> Response:
    """Have something run behind the tasks of the endpoint."""
    response = await call_next(request)
    response.background = BackgroundTask(print, end="")
    return response
