import contextlib
import tempfile
from contextlib import asynccontextmanager, AsyncExitStack, ExitStack, closing, aclosing
from functools import lru_cache
from pathlib import Path
from typing import Annotated, AsyncIterator, Iterator

import aiofiles, httpx
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker, scoped_session
from starlette.background import BackgroundTask
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint

app = FastAPI()
engine = create_async_engine("sqlite+aiosqlite://")
sync_engine = create_engine("sqlite://")
SessionLocal = sessionmaker(sync_engine)
AsyncLocal = async_sessionmaker(engine, expire_on_commit=False)


async def save(db: AsyncSession) -> None:
    await db.commit()


def save_sync(db: Session) -> None:
    db.commit()


def read_client(c) -> None:
    c.get("x")


def get_maker() -> async_sessionmaker: ...
def get_maker2() -> async_sessionmaker[AsyncSession]: ...
def get_maker3():
    return async_sessionmaker(engine)


def get_maker4():
    return AsyncLocal


@lru_cache
def get_maker5() -> sessionmaker[Session]:
    return sessionmaker(sync_engine)


def get_session() -> AsyncSession:
    return AsyncLocal()


def new_session():
    return SessionLocal()


class DB:
    def __init__(self) -> None:
        self.maker = async_sessionmaker(engine)
        self.sync: sessionmaker[Session] = sessionmaker(sync_engine)

    def session(self) -> AsyncSession:
        return self.maker()

    @property
    def factory(self) -> async_sessionmaker[AsyncSession]:
        return self.maker

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[AsyncSession]:
        async with self.maker() as s:
            yield s

    @contextlib.contextmanager
    def lend_sync(self) -> Iterator[Session]:
        s = self.sync()
        try:
            yield s
        finally:
            s.close()


db = DB()


@app.get("/")
async def f(tasks: BackgroundTasks):
    async with get_maker()() as s:
        tasks.add_task(save, s)  # BGT210
    async with get_maker2()() as s2:
        tasks.add_task(save, s2)  # BGT210
    async with get_maker3()() as s3:
        tasks.add_task(save, s3)  # BGT210
    async with get_maker4()() as s4:
        tasks.add_task(save, s4)  # BGT210
    with get_maker5()() as s5:
        tasks.add_task(save_sync, s5)  # BGT210
    async with get_maker2().begin() as s6:
        tasks.add_task(save, s6)  # BGT210
    maker = get_maker()
    async with maker() as s7:
        tasks.add_task(save, s7)  # BGT210
    async with get_session() as s8:
        tasks.add_task(save, s8)  # BGT210
    with new_session() as s9:
        tasks.add_task(save_sync, s9)  # BGT210
    async with db.maker() as t1:
        tasks.add_task(save, t1)  # BGT210
    with db.sync() as t2:
        tasks.add_task(save_sync, t2)  # BGT210
    async with db.session() as t3:
        tasks.add_task(save, t3)  # BGT210
    async with db.factory() as t4:
        tasks.add_task(save, t4)  # BGT210
    async with db.lend() as t5:
        tasks.add_task(save, t5)  # BGT210
    with db.lend_sync() as t6:
        tasks.add_task(save_sync, t6)  # BGT210
    tasks.add_task(save, get_session())


@app.get("/2")
async def g(
    tasks: BackgroundTasks,
    maker: Annotated[async_sessionmaker[AsyncSession], Depends(get_maker2)],
    request: Request,
):
    async with maker() as s:
        tasks.add_task(save, s)  # BGT210
    s2 = maker()
    tasks.add_task(save, s2)  # BGT210
    await s2.close()
    s3 = maker()
    tasks.add_task(save, s3)
    async with AsyncExitStack() as stack:
        s4 = await stack.enter_async_context(maker())
        tasks.add_task(save, s4)  # BGT210
        f = stack.enter_context(open("x"))
        tasks.add_task(read_client, f)  # BGT210
    async with httpx.AsyncClient() as client:
        tasks.add_task(client.get, "u")  # BGT210
        tasks.add_task(read_client, client)  # BGT210
        resp = await client.get("u")
        tasks.add_task(resp.json)
        tasks.add_task(read_client, resp)
    async with aiofiles.open("x") as fh:
        tasks.add_task(fh.read)  # BGT210
        tasks.add_task(read_client, await fh.read())
    with tempfile.TemporaryDirectory() as d:
        p = Path(d) / "x"
        tasks.add_task(read_client, p)  # BGT210
        tasks.add_task(read_client, f"{d}/x")  # BGT210
    with tempfile.NamedTemporaryFile() as nt:
        tasks.add_task(read_client, nt.name)  # BGT210
    with tempfile.NamedTemporaryFile(delete=False) as nt2:
        tasks.add_task(read_client, nt2.name)


class StateMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint):
        request.state.db = SessionLocal()
        try:
            return await call_next(request)
        finally:
            request.state.db.close()


class WithMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        async with AsyncLocal() as session:
            request.state.session = session
            response = await call_next(request)
        return response


class NameMiddleware(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        conn = sync_engine.connect()
        request.state.conn = conn
        response = await call_next(request)
        conn.close()
        return response


class Open(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.kept = SessionLocal()
        return await call_next(request)


@app.middleware("http")
async def client_middleware(request: Request, call_next):
    async with httpx.AsyncClient() as client:
        request.state.client = client
        return await call_next(request)


app.add_middleware(StateMiddleware)


@app.get("/3")
def h(tasks: BackgroundTasks, request: Request):
    tasks.add_task(save_sync, request.state.db)  # BGT210
    tasks.add_task(save_sync, request.state.session)  # BGT210
    tasks.add_task(save_sync, request.state.conn)  # BGT210
    tasks.add_task(save_sync, request.state.kept)
    tasks.add_task(request.state.client.get, "u")  # BGT210
    db = request.state.db
    tasks.add_task(save_sync, db)  # BGT210


def get_state_db(request: Request) -> Session:
    return request.state.db


@app.get("/4")
def i(tasks: BackgroundTasks, db: Session = Depends(get_state_db)):
    tasks.add_task(save_sync, db)  # BGT210
    tasks.add_task(lambda: save_sync(db))  # BGT210
