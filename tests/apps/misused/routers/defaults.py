"""Tasks that lack what only FastAPI fills, or that raise for a client that is gone: BGT310 and BGT313."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, HTTPException, Query

from ..services import mail

router = APIRouter(prefix="/defaults")


class Session:
    def write(self, path: str) -> None:
        mail.send(path)


def get_session() -> Session:
    return Session()


def save(path: str, db: Session = Depends(get_session)) -> None:
    db.write(path)


def search(path: str, limit: int = Query(10)) -> None:
    if limit + 1:
        mail.send(path)


def count(path: str, limit: Annotated[int, Query()] = 10) -> None:
    if limit + 1:
        mail.send(path)


class Store:
    def __init__(self, db: Session = Depends(get_session)) -> None:
        self.db = db

    def put(self, path: str) -> None:
        self.db.write(path)


@router.get("/depends")
async def depends(tasks: BackgroundTasks) -> None:
    tasks.add_task(save, "/defaults/depends")  # BGT310 /defaults/depends


@router.get("/query")
async def query(tasks: BackgroundTasks) -> None:
    tasks.add_task(partial(search, "/defaults/query"))  # BGT310 /defaults/query


@router.get("/endpoint")
async def endpoint(tasks: BackgroundTasks) -> None:
    tasks.add_task(report, "/defaults/endpoint")  # BGT310 /defaults/endpoint


@router.get("/store")
async def store(tasks: BackgroundTasks) -> None:
    tasks.add_task(Store().put, "/defaults/store")  # BGT310 /defaults/store


@router.get("/report")
async def report(path: str = "/defaults/report", db: Session = Depends(get_session)) -> None:
    db.write(path)


@router.get("/given")
async def given(tasks: BackgroundTasks, db: Annotated[Session, Depends(get_session)]) -> None:
    tasks.add_task(report, "/defaults/given", db=db)


@router.get("/value")
async def value(tasks: BackgroundTasks) -> None:
    tasks.add_task(count, "/defaults/value")


@router.get("/filled")
async def filled(tasks: BackgroundTasks, store: Annotated[Store, Depends()]) -> None:
    tasks.add_task(store.put, "/defaults/filled")


def check(path: str, amount: int) -> None:
    if amount > 3:
        raise HTTPException(409)
    mail.send(path)


def check_first(path: str, amount: int) -> None:
    try:
        check("/nowhere", amount)
    except HTTPException:
        mail.send(path)


@router.get("/raises")
async def raises(tasks: BackgroundTasks) -> None:
    tasks.add_task(check, "/defaults/raises", 5)  # BGT313 /defaults/raises


@router.get("/catches")
async def catches(tasks: BackgroundTasks) -> None:
    tasks.add_task(check_first, "/defaults/catches", 5)
