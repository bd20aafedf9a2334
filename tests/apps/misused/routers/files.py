"""Results, and what comes after a yield: BGT206 and BGT207, and a dependency's file: BGT210."""

from contextlib import contextmanager

from fastapi import APIRouter, BackgroundTasks, Depends

from ..dependencies import File, log_early, log_finally, log_late, open_file
from ..services import mail
from ..services.queue import Queue

router = APIRouter(prefix="/files")


@router.get("/await")
async def await_it(tasks: BackgroundTasks) -> None:
    await tasks.add_task(mail.notify, "/files/await")  # BGT206 /files/await


@router.get("/result")
async def result(tasks: BackgroundTasks) -> dict[str, int]:
    count = tasks.add_task(mail.send, "/files/result")  # BGT206 /files/result
    return {"count": count + 1}


@router.get("/result-at-once")
async def result_at_once(tasks: BackgroundTasks) -> str:
    return tasks.add_task(mail.send, "/files/result-at-once").hex  # BGT206 BGT101 /files/result-at-once


@router.get("/plain")
async def plain(tasks: BackgroundTasks) -> None:
    _ = tasks.add_task(mail.send, "/files/plain")


@router.get("/returned")
async def returned(tasks: BackgroundTasks) -> None:
    return tasks.add_task(mail.send, "/files/returned")


@router.get("/each")
async def each(tasks: BackgroundTasks) -> None:
    [tasks.add_task(mail.send, path) for path in ["/files/each"]]


@router.get("/maybe")
async def maybe(tasks: BackgroundTasks, wanted: bool = True) -> None:
    wanted and tasks.add_task(mail.send, "/files/maybe")


@router.get("/queue")
async def queue() -> dict[str, int]:
    tasks = Queue()
    return {"count": await tasks.add_task(mail.send, "/files/queue")}


@router.get("/log-late", dependencies=[Depends(log_late)])
async def use_log_late() -> None: ...


@router.get("/log-finally", dependencies=[Depends(log_finally)])
async def use_log_finally() -> None: ...


@router.get("/log-early", dependencies=[Depends(log_early)])
async def use_log_early() -> None: ...


@router.get("/open")
async def still_open(tasks: BackgroundTasks, file: File = Depends(open_file)) -> None:
    tasks.add_task(File.read, file, "/files/open")  # BGT210 /files/open, FastAPI >=0.106,<0.118


@contextmanager
def logging_later(tasks: BackgroundTasks):
    yield
    tasks.add_task(mail.send, "/files/around")


@router.get("/around")
async def around(tasks: BackgroundTasks) -> None:
    with logging_later(tasks):
        pass
