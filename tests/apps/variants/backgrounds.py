import asyncio
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Request, Response, WebSocket
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as Tasks
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
router = APIRouter()
api = APIRouter(prefix="/x")
shared = BackgroundTasks()  # BGT214
one = BackgroundTask(print)
many: Tasks = Tasks()


def send(x=None): ...
async def notify(x=None): ...


class Holder:
    tasks = BackgroundTasks()  # BGT214

    def __init__(self):
        self.own = BackgroundTasks()


holder = Holder()


@app.get("/1")
async def module_shared():
    shared.add_task(send)
    return JSONResponse({}, background=shared)


@app.get("/2")
async def class_shared():
    Holder.tasks.add_task(send)
    return JSONResponse({}, background=Holder.tasks)


@app.get("/4")
async def local():
    own = BackgroundTasks()
    own.add_task(send)
    return JSONResponse({}, background=own)


@app.get("/5")
async def injected_response(response: Response):
    response.background = BackgroundTask(send)  # BGT212
    return {}


@app.get("/6")
async def injected_returned(response: Response):
    response.background = BackgroundTask(send)
    return response


@app.get("/7")
def injected_alias(res: Annotated[Response, Depends(lambda: Response())]):
    res.background = BackgroundTask(send)
    return res


@api.post("/8")
async def injected_router(r: Response, tasks: BackgroundTasks):
    r.headers["x"] = "y"
    r.background = BackgroundTask(send)  # BGT212
    tasks.add_task(send)


@app.get("/9")
async def own_response():
    response = JSONResponse({})
    response.background = BackgroundTask(send)
    return response


@app.websocket("/ws")
async def socket(ws: WebSocket, tasks: BackgroundTasks):  # BGT211
    tasks.add_task(send)


@router.websocket("/ws2")
async def socket2(ws: WebSocket, bg: BackgroundTasks):  # BGT211
    while True:
        data = await ws.receive_text()
        bg.add_task(send, data)


async def socket3(ws: WebSocket, bg: BackgroundTasks):  # BGT211
    bg.add_task(notify)


app.add_api_websocket_route("/ws3", socket3)


@app.websocket("/ws4")
async def socket_good(ws: WebSocket):
    asyncio.create_task(notify())


@app.websocket("/ws5")
async def socket_runs(ws: WebSocket, tasks: BackgroundTasks):
    tasks.add_task(send)
    await tasks()


@app.exception_handler(ValueError)
async def handler(request: Request, exc: ValueError):
    tasks = BackgroundTasks()  # BGT201
    tasks.add_task(send)
    return JSONResponse({})


@app.exception_handler(KeyError)
async def handler2(request: Request, exc: KeyError):
    return JSONResponse({}, background=BackgroundTask(send))


@app.exception_handler(TypeError)
async def handler3(request: Request, exc: TypeError, tasks: BackgroundTasks):  # BGT211
    tasks.add_task(send)
    return JSONResponse({})


@app.middleware("http")
async def middleware(request: Request, call_next):
    response = await call_next(request)
    response.background = BackgroundTask(send)
    return response


class Route(APIRoute):
    def get_route_handler(self):
        original = super().get_route_handler()

        async def custom(request: Request):
            response = await original(request)
            response.background = BackgroundTask(send)  # BGT213
            return response

        return custom


class CarefulRoute(APIRoute):
    def get_route_handler(self):
        original = super().get_route_handler()

        async def custom(request: Request):
            response = await original(request)
            tasks = BackgroundTasks()
            if response.background:
                tasks.tasks.append(response.background)
            tasks.add_task(send)
            response.background = tasks
            return response

        return custom


logged = APIRouter(route_class=Route)
careful = APIRouter(route_class=CarefulRoute)


@logged.post("/a")
async def a(tasks: BackgroundTasks):
    tasks.add_task(send)


@careful.post("/b")
async def b(tasks: BackgroundTasks):
    tasks.add_task(send)


@app.get("/s")
async def stream(tasks: BackgroundTasks):
    async def body():
        yield b"x"
        tasks.add_task(send)

    return StreamingResponse(body())


@app.get("/s2")
async def both(tasks: BackgroundTasks):
    tasks.add_task(send)
    return JSONResponse({}, background=BackgroundTask(send))  # BGT204


@app.get("/s3")
async def both_html(tasks: BackgroundTasks):
    tasks.add_task(send)
    r = HTMLResponse("x", background=BackgroundTask(send))  # BGT204
    return r


@app.get("/s4")
async def same(tasks: BackgroundTasks):
    tasks.add_task(send)
    return HTMLResponse("x", background=tasks)
