from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask, BackgroundTasks as STasks

app = FastAPI()


def send(x=None): ...


def add(tasks: BackgroundTasks, x):
    tasks.add_task(send, x)


async def add_async(tasks: BackgroundTasks, x):
    tasks.add_task(send, x)


def add_untyped(tasks, x):
    tasks.add_task(send, x)


def attach(tasks: BackgroundTasks):
    return JSONResponse({}, background=tasks)


def hand_on(tasks: BackgroundTasks, x):
    add(tasks, x)


def gives_back(tasks: BackgroundTasks):
    tasks.add_task(send)
    return tasks


async def runs(tasks: BackgroundTasks):
    tasks.add_task(send)
    await tasks()


class Service:
    def __init__(self, tasks: BackgroundTasks):
        self.tasks = tasks

    def go(self):
        self.tasks.add_task(send)

    @staticmethod
    def stat(tasks: BackgroundTasks):
        tasks.add_task(send)

    @classmethod
    def cls_(cls, tasks: BackgroundTasks):
        cls.stat(tasks)

    def meth(self, tasks: BackgroundTasks):
        self._inner(tasks)

    def _inner(self, tasks):
        tasks.add_task(send)


@app.post("/e")
async def endpoint(tasks: BackgroundTasks):
    tasks.add_task(send)


@app.get("/1")
async def h1():
    tasks = BackgroundTasks()  # BGT201
    add(tasks, 1)


@app.get("/2")
async def h2():
    await add_async(BackgroundTasks(), 1)  # BGT201


@app.get("/3")
async def h3():
    add_untyped(BackgroundTasks(), 1)  # BGT201


@app.get("/4")
async def h4():
    tasks = BackgroundTasks()
    return attach(tasks)


@app.get("/5")
async def h5():
    hand_on(x=1, tasks=BackgroundTasks())  # BGT201


@app.get("/6")
async def h6():
    t = gives_back(BackgroundTasks())
    return JSONResponse({}, background=t)


@app.get("/7")
async def h7():
    await runs(BackgroundTasks())


@app.get("/8")
async def h8():
    tasks = STasks()  # BGT201
    Service.stat(tasks)


@app.get("/9")
async def h9():
    tasks = BackgroundTasks()  # BGT201
    Service.cls_(tasks)


@app.get("/10")
async def h10(s: Service = Depends()):
    s.meth(BackgroundTasks())  # BGT201


@app.get("/11")
async def h11():
    return await endpoint(BackgroundTasks())  # BGT201


@app.get("/12")
async def h12():
    return await endpoint(tasks=BackgroundTasks())  # BGT201


@app.get("/13")
async def h13(tasks: BackgroundTasks):
    return await endpoint(tasks)


class Denied(HTTPException): ...


def deny(tasks: BackgroundTasks):
    tasks.add_task(send)  # BGT215
    raise HTTPException(403)


def deny_sub(tasks: BackgroundTasks):
    tasks.add_task(send)  # BGT215
    raise Denied(403)


async def deny_async(tasks: BackgroundTasks):
    tasks.add_task(send)  # BGT215
    raise HTTPException(403)


def deny_perhaps(tasks: BackgroundTasks, ok: bool):
    if not ok:
        tasks.add_task(send)  # BGT215
        raise HTTPException(403)
    return ok


def raise_first(tasks: BackgroundTasks, ok: bool):
    if not ok:
        raise HTTPException(403)
    tasks.add_task(send)


def deny_caught(tasks: BackgroundTasks):
    tasks.add_task(send)
    raise HTTPException(403)


def deny_level2(tasks: BackgroundTasks):
    tasks.add_task(send)  # BGT215
    raise HTTPException(403)


def level1(tasks):
    deny_level2(tasks)


class Guard:
    def check(self, tasks: BackgroundTasks):
        tasks.add_task(send)  # BGT215
        raise HTTPException(403)


@app.get("/20")
async def i1(tasks: BackgroundTasks):
    deny(tasks)


@app.get("/21")
async def i2(tasks: BackgroundTasks):
    deny_sub(tasks)


@app.get("/22")
async def i3(bg: BackgroundTasks):
    await deny_async(bg)


@app.get("/23")
async def i4(tasks: BackgroundTasks, ok: bool):
    return deny_perhaps(tasks, ok)


@app.get("/24")
async def i5(tasks: BackgroundTasks, ok: bool):
    raise_first(tasks, ok)


@app.get("/25")
async def i6(tasks: BackgroundTasks):
    try:
        deny_caught(tasks)
    except HTTPException:
        return {}


@app.get("/26")
async def i7(tasks: BackgroundTasks):
    level1(tasks)


@app.get("/27")
async def i8(tasks: BackgroundTasks):
    Guard().check(tasks)


@app.get("/28")
async def i9(tasks: BackgroundTasks, g: Guard = Depends()):
    g.check(tasks)
