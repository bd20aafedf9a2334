import fastapi as fa
from typing import Annotated

from fastapi import APIRouter, BackgroundTasks as Bg, Depends
from fastapi.responses import JSONResponse as JR
from sqlalchemy.orm import Session

from shop import core
from ..core import Mailer, SessionLocal, enqueue, get_db, get_session, lifespan_maker, notify
from ..core import mail as m
from ..core.queue import Queue, QueueDep, get_queue

router = APIRouter()


@router.get("/1")
async def one(bg: Bg, q: QueueDep, q2: Queue = Depends(get_queue)):
    bg.add_task(m.send, "a")
    enqueue(bg, m.send, "a")
    enqueue(bg, m.send)
    enqueue(bg, core.mail.send, too="a")
    core.enqueue(bg, lambda: notify("a"))  # BGT303
    q.push(m.send, "a")
    q.push(m.send, 1)
    q2.push(m.send)
    q2.push(Mailer("a").later)  # BGT303
    q2.push(Mailer("a").deliver)
    bg.add_task(m.refuse, "")  # BGT313


@router.get("/2")
async def two(bg: Bg, db: Annotated[Session, Depends(get_db)], s=Depends(get_session)):
    with SessionLocal() as own:
        bg.add_task(m.save, own)  # BGT210
        enqueue(bg, m.save, own)  # BGT210
        core.enqueue(bg, m.save, db=own)  # BGT210
    async with lifespan_maker()() as session:
        bg.add_task(session.commit)  # BGT210
    async with core.db.database.session() as lent:
        bg.add_task(lent.commit)  # BGT210
    return JR({}, background=m.send)  # BGT312


@router.get("/3")
async def three(q: QueueDep):
    q.push_all(Mailer("a").deliver)
    return JR({}, background=fa.BackgroundTasks())
