"""The endpoints."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import Annotated

from fastapi import BackgroundTasks, Depends, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from . import work
from .queue import Outbox, Queue, enqueue, enqueue_logged, on_done, pack_all
from .work import Archive, Courier, pack_fragile, pack_large, track_by_post

app = FastAPI()
archive = Archive[int]()


def get_courier() -> Courier:
    return Courier("Ada")


@app.post("/functions")
async def functions(tasks: BackgroundTasks) -> None:
    tasks.add_task(work.pack, 1, "small", fragile=True)
    tasks.add_task(func=work.pack, parcel=1)
    tasks.add_task(work.send, 1)
    tasks.add_task(work.send, "1", "post")
    tasks.add_task(os.remove, "parcel.txt")
    tasks.add_task(asyncio.wait_for, asyncio.sleep(0), 1)


@app.post("/decorated")
async def decorated(tasks: BackgroundTasks) -> None:
    tasks.add_task(work.weigh, 1, unit="kg")
    tasks.add_task(work.track, 1, "post")
    tasks.add_task(work.store, 1, "left")
    tasks.add_task(work.label, 1, "up")


@app.post("/partials")
async def partials(tasks: BackgroundTasks) -> None:
    pack_small = partial(work.pack, 1)
    tasks.add_task(partial(work.pack, 1), "small")
    tasks.add_task(pack_small, "small")
    tasks.add_task(pack_large, 1)
    tasks.add_task(pack_fragile, 1)
    tasks.add_task(track_by_post, 1)
    tasks.add_task(lambda: work.pack(1))


@app.post("/methods")
async def methods(tasks: BackgroundTasks, courier: Annotated[Courier, Depends(get_courier)]) -> None:
    tasks.add_task(courier.deliver, 1, express=True)
    tasks.add_task(courier.deliver_fast, 1)
    tasks.add_task(courier.pick_up, 1)
    tasks.add_task(Courier.call, "Ada", 1)
    tasks.add_task(Courier.notify, "here")
    tasks.add_task(get_courier().deliver, 1)
    tasks.add_task(Courier, "Ada")
    tasks.add_task(archive.keep, 1)
    tasks.add_task(archive, 1, 2)


@app.post("/values")
async def values(tasks: BackgroundTasks) -> None:
    defer = tasks.add_task
    defer(work.pack, 1)
    later = partial(tasks.add_task, work.pack, 1)
    later("small")
    asyncio.get_running_loop().call_soon(tasks.add_task, work.pack, 1)
    Outbox(tasks, archive).flush(1)
    pack_all([1, 2], tasks.add_task)
    on_done(tasks, archive.keep)()
    enqueue(tasks, work.pack, 1)
    enqueue_logged(tasks, "Ada", work.pack, 1, box="small")


@app.post("/single")
async def single() -> JSONResponse:
    make: Callable[[], BackgroundTask] = partial(BackgroundTask, work.pack, 1)
    make()
    return JSONResponse({}, background=BackgroundTask(work.pack, 1, box="large"))


@app.post("/queue")
async def queued() -> JSONResponse:
    queue = Queue()
    queue.add_task(work.pack, 1)
    return JSONResponse({}, background=queue)
