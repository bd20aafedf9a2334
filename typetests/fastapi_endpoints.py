"""FastAPI endpoints and dependencies that receive our `BackgroundTasks`."""

from typing import Annotated

import fastapi
import starlette.background
from fastapi import APIRouter, Depends, FastAPI
from typing_extensions import assert_type

from bgtasks import BackgroundTasks, background
from bgtasks.fastapi import BackgroundTasksDep, get_background_tasks

app = FastAPI()
router = APIRouter()


def send(to: str, body: str = "") -> None: ...


async def charge(customer: str, *, cents: int) -> None: ...


class Mailer:
    def __init__(self, tasks: BackgroundTasksDep) -> None:
        self.tasks = tasks

    def send(self, to: str) -> None:
        self.tasks.add_task(send, to)  # OK
        self.tasks.add_task(send, to, subject="hello")  # E: unknown-keyword


def audit(tasks: BackgroundTasksDep, user: str = "ada") -> str:
    tasks.add_task(send, user)  # OK
    return user


async def billing(tasks: Annotated[BackgroundTasks, Depends(get_background_tasks)]) -> BackgroundTasks:
    tasks.add_task(charge, "ada", cents=500)  # OK
    tasks.add_task(charge, "ada", 500)  # E: too-many-positional
    return tasks


@app.post("/send/{to}")
async def send_mail(to: str, tasks: BackgroundTasksDep) -> dict[str, str]:
    assert_type(tasks, background.BackgroundTasks)
    tasks.add_task(send, to)  # OK
    tasks.add_task(send)  # E: missing-argument
    tasks.add_task(send, 1)  # E: argument-type
    return {"to": to}


@app.get("/sync")
def read(tasks: BackgroundTasksDep, limit: int = 10) -> int:
    tasks.add_task(charge, "ada", cents=limit)  # OK
    tasks.add_task(charge, "ada")  # E: missing-argument
    return limit


@app.get("/annotated")
async def annotated(tasks: BackgroundTasks) -> None:
    tasks.add_task(send, "ada")  # OK
    tasks.add_task(send, subject="hello")  # E: unknown-keyword


@router.post("/charge")
async def charge_customer(
    tasks: BackgroundTasksDep,
    user: Annotated[str, Depends(audit)],
    mailer: Annotated[Mailer, Depends()],
) -> None:
    mailer.tasks.add_task(charge, user, cents=500)  # OK
    mailer.tasks.add_task(charge, user, cents="500")  # E: argument-type
    mailer.send(user)
    tasks.add_task(mailer.send, user)  # OK
    tasks.add_task(mailer.send)  # E: missing-argument


@router.post("/bill")
async def bill(tasks: Annotated[BackgroundTasks, Depends(billing)]) -> None:
    tasks.add_task(charge, customer="ada", cents=500)  # OK
    tasks.add_task(charge, customer="ada")  # E: missing-argument


@router.get("/default")
async def by_default(tasks: BackgroundTasks = Depends(get_background_tasks)) -> None:
    tasks.add_task(send, "ada")  # OK
    tasks.add_task(send)  # E: missing-argument


app.include_router(router)


def hand_on(ours: BackgroundTasksDep, theirs: fastapi.BackgroundTasks) -> None:
    ours.add_task(theirs.add_task, send, "ada")  # OK
    accepted: starlette.background.BackgroundTasks = ours  # OK
    rejected: fastapi.BackgroundTasks = ours  # E: assignment


async def by_hand(theirs: fastapi.BackgroundTasks, maybe: fastapi.BackgroundTasks | None) -> None:
    ours = await get_background_tasks(theirs)  # OK
    assert_type(ours, background.BackgroundTasks)
    await get_background_tasks(background_tasks=theirs)  # OK
    await get_background_tasks()  # E: missing-argument
    await get_background_tasks(maybe)  # E: argument-type
    await get_background_tasks(ours)  # E: argument-type
