"""Tasks that are added in a loop: BGT311."""

from functools import partial

from fastapi import APIRouter, BackgroundTasks

from ..services import mail

router = APIRouter(prefix="/loops")


@router.get("/lambda")
async def by_lambda(tasks: BackgroundTasks) -> None:
    for path in ("/loops/lambda", "/nowhere"):
        tasks.add_task(lambda: mail.send(path))  # BGT311 /loops/lambda


@router.get("/function")
async def by_function(tasks: BackgroundTasks) -> None:
    for name in ("function", "nowhere"):
        path = f"/loops/{name}"

        async def greet() -> None:
            mail.send(path)

        tasks.add_task(greet)  # BGT311 /loops/function


@router.get("/comprehension")
async def comprehension(tasks: BackgroundTasks) -> None:
    [tasks.add_task(lambda: mail.send(path)) for path in ("/loops/comprehension", "/nowhere")]  # BGT311 /loops/comprehension


@router.get("/argument")
async def argument(tasks: BackgroundTasks) -> None:
    for path in ("/loops/argument", "/nowhere"):
        tasks.add_task(mail.send, path)


@router.get("/default")
async def default(tasks: BackgroundTasks) -> None:
    for path in ("/loops/default", "/nowhere"):
        tasks.add_task(lambda path=path: mail.send(path))


@router.get("/partial")
async def by_partial(tasks: BackgroundTasks) -> None:
    for path in ("/loops/partial", "/nowhere"):
        tasks.add_task(partial(mail.send, path))


@router.get("/first")
async def first(tasks: BackgroundTasks) -> None:
    for path in ("/loops/first", "/nowhere"):
        tasks.add_task(lambda: mail.send(path))
        break
