from fastapi import FastAPI, Request, Response
from starlette.middleware.base import RequestResponseEndpoint
from starlette.responses import JSONResponse

from .dependencies import File
from .errors import Conflict, NotAllowed, answer_conflict, answer_not_allowed
from .routers import files, orders, payments, reports, resources, users

app = FastAPI()
app.add_exception_handler(Conflict, answer_conflict)
for module in (orders, users, payments, files, reports, resources):
    app.include_router(module.router)


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
