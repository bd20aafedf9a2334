"""Responses whose background is not what it should be, or that nothing reads: BGT211 to BGT214, BGT312."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, BackgroundTasks, Depends, Request, Response, WebSocket
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask

from ..errors import Unfilled, WithBackground
from ..services import mail

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Replacing(APIRoute):
    def get_route_handler(self) -> Handler:
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response = await original(request)
            response.background = BackgroundTask(print, end="")  # BGT213 /responses/replaced
            return response

        return handler


class Joining(APIRoute):
    def get_route_handler(self) -> Handler:
        original = super().get_route_handler()

        async def handler(request: Request) -> Response:
            response = await original(request)
            if response.background is None:
                response.background = BackgroundTask(print, end="")
            return response

        return handler


router = APIRouter(prefix="/responses")
replacing = APIRouter(route_class=Replacing)
joining = APIRouter(route_class=Joining)
shared = BackgroundTasks()  # BGT214 /responses/shared


@router.get("/injected")
async def injected(response: Response) -> dict[str, int]:
    response.background = BackgroundTask(mail.send, "/responses/injected")  # BGT212 /responses/injected
    return {"count": 1}


def set_background(response: Response) -> None:
    tasks = BackgroundTasks()
    tasks.add_task(mail.send, "/responses/by-dependency")
    response.background = tasks  # BGT212 /responses/by-dependency


@router.get("/by-dependency", dependencies=[Depends(set_background)])
async def by_dependency() -> None: ...


@router.get("/returned")
async def returned(response: Response) -> Response:
    response.status_code = 204
    response.background = BackgroundTask(mail.send, "/responses/returned")
    return response


@router.get("/injected-tasks")
async def injected_tasks(response: Response, tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/responses/injected-tasks")
    response.background = tasks


@replacing.get("/replaced")
async def replaced(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/responses/replaced")


@joining.get("/joined")
async def joined(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/responses/joined")


@router.get("/shared")
async def share() -> JSONResponse:
    shared.add_task(mail.send, "/responses/shared")
    return JSONResponse({}, background=shared)


@router.get("/shared-again")
async def share_again() -> JSONResponse:
    """Run the task of the other response once more."""
    mail.send("/responses/shared-again")
    return JSONResponse({}, background=shared)


async def refresh() -> None:
    mail.send("/responses/async-function")


def clean() -> None: ...


@router.get("/function")
async def function() -> JSONResponse:
    return JSONResponse({}, background=clean)  # BGT312 /responses/function


@router.get("/coroutine")
async def coroutine() -> JSONResponse:
    return JSONResponse({}, background=mail.notify("/responses/coroutine"))  # BGT312 /responses/coroutine


@router.get("/list")
async def collection() -> JSONResponse:
    tasks = [BackgroundTask(mail.send, "/responses/list")]
    response = JSONResponse({})
    response.background = [*tasks]  # BGT312 /responses/list
    return response


@router.get("/async-function")
async def async_function() -> JSONResponse:
    return JSONResponse({}, background=refresh)  # BGT109


@router.get("/lambda")
async def by_lambda() -> JSONResponse:
    return JSONResponse({}, background=lambda: mail.notify("/responses/lambda"))  # BGT109


@router.get("/unfilled")
async def unfilled() -> None:
    raise Unfilled


@router.get("/with-background")
async def with_background() -> None:
    raise WithBackground


@router.get("/middleware")
async def middleware(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/responses/middleware")


@router.websocket("/socket")
async def socket(socket: WebSocket, tasks: BackgroundTasks) -> None:  # BGT211
    await socket.accept()
    tasks.add_task(mail.send, "/responses/socket")
    await socket.close()


@router.websocket("/socket-run")
async def socket_run(socket: WebSocket, tasks: BackgroundTasks) -> None:
    await socket.accept()
    tasks.add_task(mail.send, "/responses/socket-run")
    await socket.close()
    await tasks()


router.include_router(replacing)
router.include_router(joining)
