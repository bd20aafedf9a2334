# FastAPI 0.110.3
import contextlib
from contextlib import closing
from typing import Annotated, Generator, AsyncGenerator

import aiofiles
import httpx
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, File, Form, Request, UploadFile
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
router = APIRouter()
SessionLocal = sessionmaker()
AsyncLocal = async_sessionmaker()


def get_db() -> Generator[Session, None, None]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def get_async() -> AsyncGenerator[AsyncSession, None]:
    async with AsyncLocal() as session:
        yield session


async def get_async_begin():
    async with AsyncLocal.begin() as session:
        yield session


async def get_client():
    async with httpx.AsyncClient() as client:
        yield client


def get_closing():
    with closing(SessionLocal()) as db:
        yield db


def get_plain():
    return SessionLocal()


def get_chain(db: Session = Depends(get_db)):
    return db


def get_kept():
    yield SessionLocal()


class Repo:
    def __init__(self, db: Annotated[Session, Depends(get_db)]):
        self.db = db

    def save(self):
        self.db.commit()


class Service:
    def __init__(self, repo: Repo = Depends()):
        self.repo = repo

    def run(self):
        self.repo.save()


DB = Annotated[Session, Depends(get_db)]


def use(x=None, y=None):
    x.y
    print(y)


async def ause(x):
    await x.commit()


@app.post("/1")
def a(tasks: BackgroundTasks, db: Session = Depends(get_db)):
    tasks.add_task(use, db)  # BGT210
    tasks.add_task(use, x=db)  # BGT210
    tasks.add_task(db.commit)  # BGT210
    tasks.add_task(lambda: use(db))  # BGT210
    tasks.add_task(use, [db])  # BGT210
    tasks.add_task(Repo(db).save)  # BGT210
    repo = Repo(db)
    tasks.add_task(repo.save)  # BGT210
    tasks.add_task(use, 1, db)  # BGT210
    tasks.add_task(use, db.query(1).all())

    def job():
        use(db)

    tasks.add_task(job)  # BGT210


@router.post("/2")
async def b(tasks: BackgroundTasks, db: DB, session: AsyncSession = Depends(get_async)):
    tasks.add_task(use, db)  # BGT210
    tasks.add_task(ause, session)  # BGT210
    user = await session.get(int, 1)
    tasks.add_task(use, user.id)


@app.post("/3")
async def c(
    tasks: BackgroundTasks,
    s1=Depends(get_async_begin),
    s2=Depends(get_client),
    s3=Depends(get_closing),
    s4=Depends(get_plain),
    s5=Depends(get_chain),
    s6=Depends(get_kept),
    repo: Repo = Depends(),
    service: Service = Depends(Service),
):
    tasks.add_task(ause, s1)  # BGT210
    tasks.add_task(s2.get, "u")  # BGT210
    tasks.add_task(use, s3)  # BGT210
    tasks.add_task(use, s4)
    tasks.add_task(use, s5)  # BGT210
    tasks.add_task(use, s6)
    tasks.add_task(repo.save)  # BGT210
    tasks.add_task(service.run)  # BGT210


@app.post("/4")
async def d(
    tasks: BackgroundTasks,
    file: UploadFile,
    files: list[UploadFile],
    other: UploadFile = File(...),
    third: Annotated[UploadFile, File()] = None,
    maybe: UploadFile | None = None,
    raw: bytes = File(b""),
):
    tasks.add_task(use, file)  # BGT210
    tasks.add_task(file.read)  # BGT210
    tasks.add_task(use, file.file)  # BGT210
    tasks.add_task(use, file.filename)
    tasks.add_task(use, await file.read())
    tasks.add_task(use, files)  # BGT210
    for each in files:
        tasks.add_task(use, each)  # BGT210
        tasks.add_task(use, each.filename)
    tasks.add_task(use, other)  # BGT210
    tasks.add_task(use, third)  # BGT210
    tasks.add_task(use, maybe)  # BGT210
    tasks.add_task(use, raw)
    tasks.add_task(use, [f.file for f in files])  # BGT210
    tasks.add_task(use, [f.filename for f in files])
    content = await file.read()
    tasks.add_task(use, content)
    tasks.add_task(use, files[0])  # BGT210


@app.post("/5")
async def e(tasks: BackgroundTasks, request: Request):
    async with request.form() as form:
        tasks.add_task(use, form["file"])  # BGT210
        tasks.add_task(use, form)  # BGT210
    form2 = await request.form()
    tasks.add_task(use, form2["file"])
    tasks.add_task(use, await request.json())


@app.post("/6", dependencies=[Depends(get_db)])
async def g(tasks: BackgroundTasks):
    with SessionLocal() as s:
        tasks.add_task(use, s)  # BGT210
    with SessionLocal() as s2:
        rows = s2.query(1).all()
    tasks.add_task(use, rows)
    s3 = SessionLocal()
    try:
        tasks.add_task(use, s3)  # BGT210
        s3.commit()
    except Exception:
        s3.rollback()
    finally:
        s3.close()
    with open("x") as f:
        tasks.add_task(use, f)  # BGT210
        tasks.add_task(use, f.read())
        data = f.read()
        tasks.add_task(use, data)
    with contextlib.suppress(OSError):
        tasks.add_task(use, 1)
    async with aiofiles.tempfile.NamedTemporaryFile() as t:
        tasks.add_task(use, t.name)  # BGT210
    async with aiofiles.open("x") as f2, httpx.AsyncClient() as c:
        tasks.add_task(use, f2)  # BGT210
        tasks.add_task(use, c)  # BGT210
    s4 = SessionLocal()
    if s4:
        s4.close()
        s4 = SessionLocal()
    tasks.add_task(use, s4)
