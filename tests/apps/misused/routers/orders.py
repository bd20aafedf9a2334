"""Tasks made by hand: BGT201 and BGT205."""

from fastapi import APIRouter, BackgroundTasks, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from starlette.background import BackgroundTask
from starlette.background import BackgroundTasks as Tasks

from misused.services.mail import notify, send
from misused.services.queue import respond

router = APIRouter(prefix="/orders")


class Batch(Tasks):
    """The tasks of one batch."""


@router.post("/ship")
async def ship() -> dict[str, int]:
    tasks = BackgroundTasks()  # BGT201 /orders/ship
    tasks.add_task(notify, "/orders/ship")
    return {"shipped": 1}


@router.post("/ship-batch")
async def ship_batch() -> dict[str, int]:
    batch = Batch()  # BGT201 /orders/ship-batch
    for _ in range(2):
        batch.add_task(send, "/orders/ship-batch")
    return {"shipped": 2}


@router.post("/ship-at-once")
async def ship_at_once() -> dict[str, int]:
    BackgroundTasks().add_task(notify, "/orders/ship-at-once")  # BGT201 /orders/ship-at-once
    return {"shipped": 1}


@router.post("/pack")
async def pack() -> dict[str, int]:
    BackgroundTask(send, "/orders/pack")  # BGT201 /orders/pack
    return {"packed": 1}


@router.post("/pack-later")
async def pack_later() -> dict[str, int]:
    task = BackgroundTask(send, "/orders/pack-later")  # BGT201 /orders/pack-later
    return {"packed": 1}


@router.post("/attach")
async def attach() -> JSONResponse:
    tasks = BackgroundTasks()
    tasks.add_task(notify, "/orders/attach")
    return JSONResponse({}, background=tasks)


@router.post("/attach-one")
async def attach_one() -> PlainTextResponse:
    return PlainTextResponse("", background=BackgroundTask(send, "/orders/attach-one"))


@router.post("/attach-batch")
async def attach_batch() -> JSONResponse:
    batch = Batch([BackgroundTask(notify, "/orders/attach-batch")])
    return JSONResponse({}, background=batch)


@router.post("/attach-late")
async def attach_late() -> Response:
    tasks = Tasks()
    tasks.add_task(send, "/orders/attach-late")
    response = Response()
    response.background = tasks
    return response


@router.post("/attach-on-one-path")
async def attach_on_one_path(express: bool = True) -> Response:
    tasks = BackgroundTasks()
    tasks.add_task(send, "/orders/attach-on-one-path")
    if express:
        return Response(background=tasks)
    return Response()


@router.post("/hand-over")
async def hand_over() -> JSONResponse:
    tasks = BackgroundTasks()
    tasks.add_task(notify, "/orders/hand-over")
    return respond(tasks)


def make_tasks(path: str) -> BackgroundTasks:
    tasks = BackgroundTasks()
    tasks.add_task(notify, path)
    return tasks


@router.post("/return")
async def give_back() -> JSONResponse:
    return JSONResponse({}, background=make_tasks("/orders/return"))


@router.post("/run-now")
async def run_now() -> dict[str, int]:
    tasks = BackgroundTasks()
    tasks.add_task(notify, "/orders/run-now")
    await tasks()
    return {"run": 1}


@router.post("/run-one-now")
async def run_one_now() -> dict[str, int]:
    await BackgroundTask(send, "/orders/run-one-now")()
    return {"run": 1}


@router.post("/nest")
async def nest(tasks: BackgroundTasks) -> dict[str, int]:
    inner = BackgroundTasks()
    inner.add_task(send, "/orders/nest")
    tasks.add_task(inner)
    return {"nested": 1}


@router.post("/copy")
async def copy(tasks: BackgroundTasks) -> dict[str, int]:
    made = BackgroundTasks()
    made.add_task(send, "/orders/copy")
    tasks.tasks.extend(made.tasks)
    return {"copied": 1}


@router.post("/choose")
async def choose() -> Response:
    tasks = None
    if tasks is None:
        tasks = Tasks()
    tasks.add_task(send, "/orders/choose")
    return Response(background=tasks)


@router.post("/none")
async def none() -> JSONResponse:
    tasks = BackgroundTasks()
    return JSONResponse({}, background=tasks.add_task(notify, "/orders/none"))  # BGT205 /orders/none


@router.post("/none-late")
async def none_late() -> Response:
    tasks, response = Tasks(), Response()
    queue = BackgroundTasks()
    response.background = queue.add_task(notify, "/orders/none-late")  # BGT205 /orders/none-late
    response.headers["x-tasks"] = str(len(tasks.tasks))
    return response


@router.post("/none-injected")
async def none_injected(tasks: BackgroundTasks) -> JSONResponse:
    return JSONResponse({}, background=tasks.add_task(notify, "/orders/none-injected"))


@router.post("/none-and-attached")
async def none_and_attached() -> JSONResponse:
    tasks = BackgroundTasks()
    response = JSONResponse({}, background=tasks.add_task(notify, "/orders/none-and-attached"))
    response.background = tasks
    return response
