"""Functions that add to the tasks they get: BGT201, BGT202, BGT215 and BGT303."""

from fastapi import APIRouter, BackgroundTasks

from ..errors import Conflict, NotAllowed
from ..services import mail
from ..services.queue import later, respond

router = APIRouter(prefix="/helpers")


def plan(tasks: BackgroundTasks, path: str) -> None:
    tasks.add_task(mail.send, path)


async def plan_perhaps(tasks: BackgroundTasks | None, path: str) -> None:
    if tasks is None:
        mail.send(path)
    else:
        plan(tasks, path)


async def refuse(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/helpers/refused")  # BGT215 /helpers/refused
    raise NotAllowed


async def answer(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/helpers/answered")
    raise Conflict(tasks)


async def give_up(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/helpers/given-up")
    raise NotAllowed


class Planner:
    def plan(self, tasks: BackgroundTasks, path: str) -> None:
        tasks.add_task(mail.send, path)


@router.get("/lost")
async def lost() -> None:
    tasks = BackgroundTasks()  # BGT201 /helpers/lost
    plan(tasks, "/helpers/lost")


@router.get("/lost-by-another")
async def lost_by_another() -> None:
    await plan_perhaps(BackgroundTasks(), "/helpers/lost-by-another")  # BGT201 /helpers/lost-by-another


@router.get("/lost-by-a-method")
async def lost_by_a_method() -> None:
    tasks = BackgroundTasks()  # BGT201 /helpers/lost-by-a-method
    Planner().plan(tasks, "/helpers/lost-by-a-method")


@router.get("/lost-by-an-endpoint")
async def lost_by_an_endpoint() -> None:
    await take(BackgroundTasks(), "/helpers/lost-by-an-endpoint")  # BGT201 /helpers/lost-by-an-endpoint


@router.get("/take")
async def take(tasks: BackgroundTasks, path: str = "/helpers/take") -> None:
    tasks.add_task(mail.send, path)


@router.get("/planned")
async def planned(tasks: BackgroundTasks) -> None:
    await plan_perhaps(tasks, "/helpers/planned")


@router.get("/at-once")
async def at_once() -> None:
    await plan_perhaps(None, "/helpers/at-once")


@router.get("/responded")
async def responded() -> object:
    tasks = BackgroundTasks()
    plan(tasks, "/helpers/responded")
    return respond(tasks)


@router.get("/run")
async def run() -> None:
    tasks = BackgroundTasks()
    plan(tasks, "/helpers/run")
    await tasks()


@router.get("/refused")
async def refused(tasks: BackgroundTasks) -> None:
    await refuse(tasks)


@router.get("/answered")
async def answered(tasks: BackgroundTasks) -> None:
    await answer(tasks)


@router.get("/given-up")
async def given_up(tasks: BackgroundTasks) -> None:
    try:
        await give_up(tasks)
    except NotAllowed:
        pass


class Later(BackgroundTasks):
    def later(self, path: str) -> None:
        self.add_task(mail.send, path)


def add_later(tasks: Later, path: str) -> None:
    tasks.later(path)


def add_by_base(tasks: Later, path: str) -> None:
    tasks.add_task(mail.send, path)


@router.get("/subclass")
async def subclass(tasks: Later) -> None:  # BGT202 /helpers/subclass
    add_later(tasks, "/helpers/subclass")


@router.get("/subclass-base")
async def subclass_base(tasks: Later) -> None:
    add_by_base(tasks, "/helpers/subclass-base")


@router.get("/timed")
async def timed(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.timed(mail.notify), "/helpers/timed")  # BGT303 /helpers/timed


@router.get("/timed-plain")
async def timed_plain(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.timed(mail.send), "/helpers/timed-plain")


@router.get("/client")
async def client(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.AsyncClient().send, "/helpers/client")  # BGT303 /helpers/client


@router.get("/untyped")
async def untyped(tasks: BackgroundTasks) -> None:
    later(tasks, lambda: mail.notify("/helpers/untyped"))  # BGT303 /helpers/untyped


@router.get("/untyped-right")
async def untyped_right(tasks: BackgroundTasks) -> None:
    later(tasks, lambda: mail.send("/helpers/untyped-right"))
