"""Tasks that do nothing: BGT301 to BGT305."""

import asyncio
import functools

from fastapi import APIRouter, BackgroundTasks
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from misused.services import mail
from misused.services.queue import Notifier, enqueue

from ..services.mail import notify, rows, send

router = APIRouter(prefix="/reports")


@router.get("/rows")
async def add_rows(tasks: BackgroundTasks) -> None:
    tasks.add_task(rows, "/reports/rows")  # BGT301 /reports/rows


@router.get("/pages")
async def add_pages(tasks: BackgroundTasks) -> None:
    tasks.add_task(functools.partial(mail.pages, "/reports/pages"))  # BGT301 /reports/pages


@router.get("/reader")
async def add_reader(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.Reader("/reports/reader"))  # BGT301 /reports/reader


@router.get("/rows-through-helper")
async def enqueue_rows(tasks: BackgroundTasks) -> None:
    enqueue(tasks, mail.rows, "/reports/rows-through-helper")  # BGT301 /reports/rows-through-helper


@router.get("/missing-through-helper")
async def enqueue_without(tasks: BackgroundTasks) -> None:
    enqueue(tasks, mail.send)  # BGT102 /reports/missing-through-helper


@router.get("/connection")
async def add_connection(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.connection, "/reports/connection")  # BGT302 /reports/connection


@router.get("/session")
async def add_session() -> JSONResponse:
    task = BackgroundTask(mail.session, "/reports/session")  # BGT302 /reports/session
    return JSONResponse({}, background=task)


@router.get("/later")
async def add_later(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.later, "/reports/later")  # BGT303 /reports/later


@router.get("/lambda")
async def add_lambda(tasks: BackgroundTasks) -> None:
    tasks.add_task(lambda: notify("/reports/lambda"))  # BGT303 /reports/lambda


@router.get("/lambda-through-helper")
async def enqueue_lambda(tasks: BackgroundTasks) -> None:
    notifier = Notifier(tasks)
    notifier.later(lambda: notify("/reports/lambda-through-helper"))  # BGT303 /reports/lambda-through-helper


@router.get("/logged")
async def add_logged(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.logged_notify, "/reports/logged")  # BGT303 /reports/logged


@router.get("/create")
async def add_create(tasks: BackgroundTasks) -> None:
    tasks.add_task(asyncio.create_task, notify("/reports/create"))  # BGT304 /reports/create


@router.get("/schedule")
async def add_schedule(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.schedule, "/reports/schedule")  # BGT304 /reports/schedule


@router.get("/called")
async def add_called(tasks: BackgroundTasks) -> None:
    tasks.add_task(notify("/reports/called"))  # BGT305 /reports/called


@router.get("/called-rows")
async def add_called_rows(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.rows("/reports/called-rows"))  # BGT305 /reports/called-rows


@router.get("/read")
async def add_read(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.read_rows, "/reports/read")


@router.get("/inner")
async def add_inner(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.rows_of, "/reports/inner")


@router.get("/list")
async def add_list(tasks: BackgroundTasks) -> None:
    tasks.add_task(lambda: list(rows("/reports/list")))


@router.get("/save")
async def add_save(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.save, "/reports/save")


@router.get("/awaited")
async def add_awaited(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.awaited_later, "/reports/awaited")


@router.get("/lambda-sync")
async def add_lambda_sync(tasks: BackgroundTasks) -> None:
    tasks.add_task(lambda: send("/reports/lambda-sync"))


@router.get("/partial")
async def add_partial(tasks: BackgroundTasks) -> None:
    tasks.add_task(functools.partial(notify, "/reports/partial"))


@router.get("/traced")
async def add_traced(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.traced_notify, "/reports/traced")


@router.get("/run")
async def add_run(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.run, "/reports/run")


@router.get("/asyncio-run")
async def add_asyncio_run(tasks: BackgroundTasks) -> None:
    tasks.add_task(lambda: asyncio.run(notify("/reports/asyncio-run")))


@router.get("/create-in-loop")
async def add_create_in_loop(tasks: BackgroundTasks) -> None:
    async def create() -> None:
        await asyncio.create_task(notify("/reports/create-in-loop"))

    tasks.add_task(create)


@router.get("/made")
async def add_made(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.make_task("/reports/made"))


@router.get("/sender")
async def add_sender(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.Sender("/reports/sender"))


@router.get("/through-helper")
async def enqueue_it(tasks: BackgroundTasks) -> None:
    enqueue(tasks, notify, "/reports/through-helper")


@router.get("/through-notifier")
async def notify_later(tasks: BackgroundTasks) -> None:
    Notifier(tasks).later(notify, "/reports/through-notifier")


@router.get("/named")
async def add_named(tasks: BackgroundTasks) -> None:
    add = tasks.add_task
    add(notify, "/reports/named")


@router.get("/result-of-helper")
async def add_result_of_helper(tasks: BackgroundTasks) -> None:
    task = lambda path: send(path)
    tasks.add_task(task, "/reports/result-of-helper")
