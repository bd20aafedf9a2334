"""
What the installed FastAPI does with tasks, as JSON on stdout: what docs/rules tells of its versions.

Each function below is an endpoint, but for PROVIDERS, and uvicorn serves it: at a status, with what its
tasks left. The status is null where FastAPI refused to load it.
"""

import inspect
import json
import logging
import socket
import sys
import threading
from collections import defaultdict
from contextlib import contextmanager
from typing import Annotated, Any, Optional

import fastapi
import httpx
import uvicorn
from fastapi import (
    BackgroundTasks,
    Depends,
    FastAPI,
    HTTPException,
    Query,
    Request,
    Response,
    UploadFile,
    WebSocket,
)
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as StarletteTasks
from websockets.sync.client import connect

TRACE = defaultdict(list)
SCOPED = "scope" in inspect.signature(Depends).parameters


def leave(name, what="ran"):
    TRACE[name].append(what)


class Own(BackgroundTasks):
    def add(self, name):
        self.add_task(leave, name)


class Plain(BackgroundTasks): ...


class Handled(Exception):
    def __init__(self, tasks=None):
        self.tasks = tasks


class Unfilled(Exception): ...


class Answered(Exception): ...


class File:
    open = True

    def close(self):
        self.open = False


def look_at(name, file):
    leave(name, "open" if file.open else "released")


def read(name, upload):
    try:
        leave(name, "open" if upload.file.read() else "empty")
    except ValueError:
        leave(name, "released")


# -- Parameters


def two(a: BackgroundTasks, b: BackgroundTasks):
    b.add_task(leave, "two")


def untyped(tasks):
    tasks.add_task(leave, "untyped")


def untyped_none(tasks=None):
    tasks.add_task(leave, "untyped_none")


def untyped_made(tasks=BackgroundTasks()):
    tasks.add_task(leave, "untyped_made")


def anything(tasks: Any):
    tasks.add_task(leave, "anything")


def optional(tasks: Optional[BackgroundTasks] = None):
    tasks.add_task(leave, "optional")


def subclass_inherited(tasks: Own):
    tasks.add_task(leave, "subclass_inherited")


def subclass(tasks: Own):
    tasks.add("subclass")


def plain_subclass(tasks: Plain):
    tasks.add_task(leave, "plain_subclass")


def starlettes(tasks: StarletteTasks):
    tasks.add_task(leave, "starlettes")


def annotated(tasks: Annotated[BackgroundTasks, "documented"]):
    tasks.add_task(leave, "annotated")


def default_none(tasks: BackgroundTasks = None):
    tasks.add_task(leave, "default_none")


def default_made(tasks: BackgroundTasks = BackgroundTasks()):
    tasks.add_task(leave, "default_made")


def depends(tasks: BackgroundTasks = Depends()):
    tasks.add_task(leave, "depends")


def depends_class(tasks=Depends(BackgroundTasks)):
    tasks.add_task(leave, "depends_class")


def make_tasks():
    return BackgroundTasks()


def depends_made(tasks=Depends(make_tasks)):
    tasks.add_task(leave, "depends_made")


def take_tasks(tasks: BackgroundTasks):
    return tasks


def depends_taken(tasks=Depends(take_tasks)):
    tasks.add_task(leave, "depends_taken")


def two_with_a_dependency(tasks: BackgroundTasks, others=Depends(take_tasks)):
    others.add_task(leave, "two_with_a_dependency")


def depends_beside(tasks: BackgroundTasks = Depends(take_tasks)):
    tasks.add_task(leave, "depends_beside")


# -- Exceptions


def raises(tasks: BackgroundTasks):
    tasks.add_task(leave, "raises")
    raise HTTPException(418)


def raises_any(tasks: BackgroundTasks):
    tasks.add_task(leave, "raises_any")
    raise ValueError


def raises_handled(tasks: BackgroundTasks):
    tasks.add_task(leave, "raises_handled")
    raise Handled


def raises_with_tasks(tasks: BackgroundTasks):
    tasks.add_task(leave, "raises_with_tasks")
    raise Handled(tasks)


def refuse(tasks: BackgroundTasks):
    tasks.add_task(leave, "raises_in_dependency")
    raise HTTPException(418)


def raises_in_dependency(_=Depends(refuse)): ...


# -- Responses


def background(tasks: BackgroundTasks):
    tasks.add_task(leave, "background", "injected")
    return JSONResponse({}, background=BackgroundTask(leave, "background", "own"))


def background_empty(tasks: BackgroundTasks):
    tasks.add_task(leave, "background_empty")
    return JSONResponse({}, background=BackgroundTasks())


def background_none(tasks: BackgroundTasks):
    return JSONResponse({}, background=tasks.add_task(leave, "background_none"))


def background_nested(tasks: BackgroundTasks):
    tasks.add_task(leave, "background_nested")
    return JSONResponse({}, background=BackgroundTasks([BackgroundTask(tasks)]))


def background_of_parameter(tasks: BackgroundTasks, response: Response):
    tasks.add_task(leave, "background_of_parameter", "injected")
    response.background = BackgroundTask(leave, "background_of_parameter", "own")


def handmade():
    tasks = BackgroundTasks()
    tasks.add_task(leave, "handmade")


async def awaited(tasks: BackgroundTasks):
    await tasks.add_task(leave, "awaited")


# -- Behind a yield


def add_late(tasks: BackgroundTasks):
    yield
    tasks.add_task(leave, "after_yield")


def after_yield(_=Depends(add_late)): ...


def add_finally(tasks: BackgroundTasks):
    try:
        yield
    finally:
        tasks.add_task(leave, "after_yield_finally")


def after_yield_finally(_=Depends(add_finally)): ...


def open_file():
    file = File()
    try:
        yield file
    finally:
        file.close()


def released(tasks: BackgroundTasks, file=Depends(open_file)):
    tasks.add_task(look_at, "released", file)


def uploaded(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(read, "uploaded", file)


def add_late_in_function(tasks: BackgroundTasks):
    yield
    tasks.add_task(leave, "after_yield_of_function")


if SCOPED:

    def after_yield_of_function(_=Depends(add_late_in_function, scope="function")): ...

    def released_of_function(tasks: BackgroundTasks, file=Depends(open_file, scope="function")):
        tasks.add_task(look_at, "released_of_function", file)


# -- Resources


@contextmanager
def lend():
    file = File()
    try:
        yield file
    finally:
        file.close()


def closed_by_with(tasks: BackgroundTasks):
    with lend() as file:
        tasks.add_task(look_at, "closed_by_with", file)


def closed_on_state(tasks: BackgroundTasks, request: Request):
    tasks.add_task(look_at, "closed_on_state", request.state.file)


class Library:
    def __init__(self, file=Depends(open_file)):
        self.file = file

    def look(self, name):
        look_at(name, self.file)


def released_by_chain(tasks: BackgroundTasks, library: Library = Depends()):
    tasks.add_task(library.look, "released_by_chain")


def read_stream(name, stream):
    leave(name, "released" if stream.closed else "open")


def uploaded_part(tasks: BackgroundTasks, file: UploadFile):
    tasks.add_task(read_stream, "uploaded_part", file.file)


# -- Defaults


def count(name, limit=Query(10)):
    if limit + 1:
        leave(name)


def save(name, file=Depends(File)):
    leave(name, "open" if file.open else "closed")


def default_query(tasks: BackgroundTasks):
    tasks.add_task(count, "default_query")


def default_depends(tasks: BackgroundTasks):
    tasks.add_task(save, "default_depends")


def default_given(tasks: BackgroundTasks):
    tasks.add_task(count, "default_given", 1)


# -- Backgrounds


def background_returned(response: Response):
    response.status_code = 204
    response.background = BackgroundTask(leave, "background_returned")
    return response


async def refresh():
    leave("background_async")


def clean(): ...


def background_async():
    return JSONResponse({}, background=refresh)


def background_list():
    return JSONResponse({}, background=[BackgroundTask(leave, "background_list")])


class Replacing(APIRoute):
    def get_route_handler(self):
        original = super().get_route_handler()

        async def handler(request):
            response = await original(request)
            response.background = BackgroundTask(leave, "replaced", "own")
            return response

        return handler


def replaced(tasks: BackgroundTasks):
    tasks.add_task(leave, "replaced")


def middleware(tasks: BackgroundTasks):
    tasks.add_task(leave, "middleware")


# -- Places without a response


async def socket_left(client: WebSocket, tasks: BackgroundTasks):
    await client.accept()
    tasks.add_task(leave, "socket_left")
    await client.close()


async def socket_run(client: WebSocket, tasks: BackgroundTasks):
    await client.accept()
    tasks.add_task(leave, "socket_run")
    await tasks()
    await client.close()


def handler_unfilled():
    raise Unfilled


def handler_background():
    raise Answered


# -- Exceptions further away


def refuse_in_helper(tasks):
    tasks.add_task(leave, "raises_in_helper")
    raise HTTPException(418)


def raises_in_helper(tasks: BackgroundTasks):
    refuse_in_helper(tasks)


def fail(name):
    raise HTTPException(418)


def raises_in_task(tasks: BackgroundTasks):
    tasks.add_task(fail, "raises_in_task")
    tasks.add_task(leave, "raises_in_task")


PROVIDERS = {leave, look_at, read, make_tasks, take_tasks, refuse, add_late, add_finally, open_file}
PROVIDERS |= {add_late_in_function, lend, read_stream, count, save, refresh, clean, refuse_in_helper, fail}


SOCKETS = {"socket_left", "socket_run"}


def build(app: FastAPI, endpoints):
    @app.exception_handler(Handled)
    async def answer(_, error):
        return JSONResponse({}, 409, background=error.tasks)

    @app.exception_handler(Unfilled)
    async def answer_unfilled(_, error, tasks: BackgroundTasks):
        tasks.add_task(leave, "handler_unfilled")
        return JSONResponse({}, 409)

    @app.exception_handler(Answered)
    async def answer_with_background(_, error):
        return JSONResponse({}, 409, background=BackgroundTask(leave, "handler_background"))

    @app.middleware("http")
    async def around(request, call_next):
        request.state.file = File()
        try:
            response = await call_next(request)
            response.background = BackgroundTask(clean)
            return response
        finally:
            request.state.file.close()

    usual = app.router.route_class
    for name, endpoint in endpoints.items():
        app.router.route_class = usual
        if name == "replaced":
            app.router.route_class = Replacing
        try:
            if name in SOCKETS:
                app.websocket(f"/{name}")(endpoint)
            else:
                app.post(f"/{name}", response_model=None)(endpoint)
        except (AssertionError, fastapi.exceptions.FastAPIError):
            yield name


def main():
    logging.disable(logging.CRITICAL)
    module = sys.modules[__name__]
    mine = inspect.getmembers(
        module, lambda each: inspect.isfunction(each) and each.__module__ == __name__
    )
    endpoints = {
        name: each for name, each in mine if each not in PROVIDERS and name not in {"build", "main"}
    }
    app = FastAPI()
    refused = set(build(app, endpoints))
    status = dict.fromkeys(endpoints)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        for name in SOCKETS - refused:
            with connect(f"{url}/{name}".replace("http", "ws"), proxy=None) as client:
                status[name] = next(iter(client), 200)
        for name in endpoints.keys() - refused - SOCKETS:
            files = {"file": ("a.txt", b"a")} if name.startswith("uploaded") else None
            status[name] = httpx.post(f"{url}/{name}", files=files, trust_env=False).status_code
        server.should_exit = True
        thread.join()
    print(json.dumps({name: [status[name], *TRACE[name]] for name in sorted(endpoints)}))


if __name__ == "__main__":
    main()
