import httpx
from fastapi import BackgroundTasks, Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import async_sessionmaker
from sqlalchemy.orm import Session, sessionmaker
from starlette.middleware.base import BaseHTTPMiddleware

app = FastAPI()
SessionLocal = sessionmaker()
AsyncLocal = async_sessionmaker()


def use(x):
    x.y


class A(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        with SessionLocal() as request.state.a:
            return await call_next(request)


class B(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next):
        request.state.b = db = SessionLocal()
        try:
            response = await call_next(request)
        finally:
            db.close()
        return response


class C(BaseHTTPMiddleware):
    def __init__(self, app, maker=SessionLocal):
        super().__init__(app)
        self.maker = maker

    async def dispatch(self, req, nxt):
        async with AsyncLocal() as s:
            req.state.c = s
            return await nxt(req)


class D(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        request.state.d = SessionLocal()
        response = await call_next(request)
        if response.status_code > 400:
            request.state.d.rollback()
        request.state.d.close()
        return response


class Pure:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        db = SessionLocal()
        scope["state"]["pure"] = db
        try:
            await self.app(scope, receive, send)
        finally:
            db.close()


class Before(BaseHTTPMiddleware):
    async def dispatch(self, request, call_next):
        with SessionLocal() as s:
            request.state.before = s.get(1)
        return await call_next(request)


@app.middleware("http")
async def function(request: Request, call_next):
    client = httpx.AsyncClient()
    request.state.e = client
    response = await call_next(request)
    await client.aclose()
    return response


@app.middleware("http")
async def guarded(request: Request, call_next):
    request.state.g = None
    try:
        request.state.g = SessionLocal()
        return await call_next(request)
    finally:
        request.state.g.close()


def get_b(request: Request) -> Session:
    return request.state.b


async def get_c(request: Request):
    return request.state.c


def yield_d(request: Request):
    yield request.state.d


@app.post("/")
def f(request: Request, tasks: BackgroundTasks, b=Depends(get_b), c=Depends(get_c), d=Depends(yield_d)):
    tasks.add_task(use, request.state.a)  # BGT210
    tasks.add_task(use, request.state.b)  # BGT210
    tasks.add_task(use, request.state.c)  # BGT210
    tasks.add_task(use, request.state.d)  # BGT210
    tasks.add_task(use, request.state.e)  # BGT210
    tasks.add_task(use, request.state.g)  # BGT210
    tasks.add_task(use, request.state.pure)
    tasks.add_task(use, request.state.before)
    tasks.add_task(use, request.state.other)
    tasks.add_task(use, b)  # BGT210
    tasks.add_task(use, c)  # BGT210
    tasks.add_task(use, d)  # BGT210
    state = request.state
    tasks.add_task(use, state.a)  # BGT210
    tasks.add_task(request.state.a.commit)  # BGT210
    tasks.add_task(lambda: use(request.state.a))  # BGT210
    user = request.state.a.get(1)
    tasks.add_task(use, user)
