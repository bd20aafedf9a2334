"""BGT211: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.no_response import RULE
from examples import codes_of, endpoint

BEFORE = """
from fastapi import Request, WebSocket
from fastapi.routing import APIWebSocketRoute
router = APIRouter()
def plan(tasks: BackgroundTasks): tasks.add_task(send)
def audit(tasks: BackgroundTasks): tasks.add_task(send)
"""
SOCKET = "async def ws(socket: WebSocket, tasks: BackgroundTasks):"
INVALID = {
    "app": f"@app.websocket('/ws')\n{SOCKET}\n    tasks.add_task(send)",
    "router": f"@router.websocket('/ws')\n{SOCKET}\n    tasks.add_task(send)",
    "annotated": (
        "@app.websocket('/ws')\nasync def ws(s: WebSocket, t: Annotated[BackgroundTasks, 1]):\n"
        "    t.add_task(send)"
    ),
    "helper": f"@app.websocket('/ws')\n{SOCKET}\n    plan(tasks)",
    "added": f"{SOCKET}\n    tasks.add_task(send)\napp.add_api_websocket_route('/ws', ws)",
    "added by name": f"{SOCKET}\n    tasks.add_task(send)\napp.add_api_websocket_route('/', endpoint=ws)",
    "route": f"{SOCKET}\n    tasks.add_task(send)\nroutes = [APIWebSocketRoute('/ws', ws)]",
    "loop": f"@app.websocket('/ws')\n{SOCKET}\n    while True:\n        tasks.add_task(send, await get())",
    "dependency": "@app.websocket('/ws')\nasync def ws(socket: WebSocket, _=Depends(audit)): ...",
    "handler": (
        "@app.exception_handler(ValueError)\nasync def answer(request, error, tasks: BackgroundTasks): ..."
    ),
    "added handler": (
        "def answer(request, error, tasks: BackgroundTasks): ...\napp.add_exception_handler(KeyError, answer)"
    ),
    "middleware": (
        "@app.middleware('http')\nasync def around(request, call_next, tasks: BackgroundTasks): ..."
    ),
}
VALID = {
    "run": f"@app.websocket('/ws')\n{SOCKET}\n    tasks.add_task(send)\n    await tasks()",
    "handed on": f"@app.websocket('/ws')\n{SOCKET}\n    tasks.add_task(send)\n    await unknown(tasks)",
    "nothing added": f"@app.websocket('/ws')\n{SOCKET}\n    ...",
    "decorated": f"@app.websocket('/ws')\n@unknown\n{SOCKET}\n    tasks.add_task(send)",
    "another websocket": f"@unknown.websocket('/ws')\n{SOCKET}\n    tasks.add_task(send)",
    "dependency of both": (
        "@app.websocket('/ws')\nasync def ws(socket: WebSocket, _=Depends(audit)): ...\n"
        + endpoint("...", "_=Depends(audit)")
    ),
    "background of a handler": (
        "@app.exception_handler(ValueError)\nasync def answer(request, error):\n"
        "    return JSONResponse({}, background=BackgroundTask(send))"
    ),
    "optional": (
        "@app.exception_handler(ValueError)\n"
        "async def answer(request, error, t: BackgroundTasks | None = None): ..."
    ),
    "background of a middleware": (
        "@app.middleware('http')\nasync def around(request: Request, call_next):\n"
        "    response = await call_next(request)\n    response.background = BackgroundTask(send)\n"
        "    return response"
    ),
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert codes_of(BEFORE + source) == [RULE.code]


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(BEFORE + source) == []
