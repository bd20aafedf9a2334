from fastapi import FastAPI, Request
from starlette.responses import JSONResponse

from .errors import Conflict, NotAllowed, answer_conflict, answer_not_allowed
from .routers import files, orders, payments, reports, users

app = FastAPI()
app.add_exception_handler(Conflict, answer_conflict)
for module in (orders, users, payments, files, reports):
    app.include_router(module.router)


@app.exception_handler(NotAllowed)
async def answer_kept(request: Request, error: NotAllowed) -> JSONResponse:
    """Answer with the tasks that the endpoint has put aside, if any."""
    response = await answer_not_allowed(request, error)
    response.background = getattr(request.state, "tasks", None)
    return response
