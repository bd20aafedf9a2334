from fastapi import BackgroundTasks, FastAPI, HTTPException, status
from starlette.exceptions import HTTPException as StarletteHTTP
import contextlib, logging

app = FastAPI()


class NotFound(HTTPException): ...


def need(x):
    if x is None:
        raise HTTPException(404)
    return x


def strict(x, *, strict: bool = True):
    if strict:
        raise HTTPException(400)


def two(a, b):
    raise HTTPException(400)


def plain():
    raise HTTPException(404)


def sub():
    raise NotFound(404)


def star():
    raise StarletteHTTP(404)


def alias():
    exc = HTTPException(404)
    raise exc


async def aplain():
    raise HTTPException(404)


async def outer():
    await aplain()


async def unawaited():
    aplain()


def guarded(x=None):
    if x is None:
        return
    need(x)


def guarded2(x):
    if x is not None:
        need(x)


def guarded3(x):
    if not x:
        return
    need(x)


def unguarded(x):
    need(x)


def wrong(x):
    two(x)


def kw(x):
    strict(x, strict=False)


def kw2(x):
    strict(x)


def caught():
    try:
        plain()
    except HTTPException:
        logging.exception("x")


def caught_all():
    try:
        plain()
    except Exception:
        pass


def rethrown():
    try:
        plain()
    except HTTPException:
        raise


def suppressed():
    with contextlib.suppress(HTTPException):
        plain()


def from_():
    try:
        pass
    except ValueError as e:
        raise HTTPException(404) from e


def self_excluded(x):
    if x:
        return
    if x:
        raise HTTPException(404)


def either(kind):
    if kind == "a":
        inner(kind)


def inner(kind):
    if kind == "b":
        raise HTTPException(404)


def made():
    return HTTPException(404)


class S:
    def go(self):
        self._check()

    def _check(self):
        raise HTTPException(401)

    @staticmethod
    def st():
        raise HTTPException(401)

    @classmethod
    def cl(cls):
        cls.st()


s = S()


def f(t: BackgroundTasks):
    t.add_task(need, 1)
    t.add_task(need, None)  # BGT313
    t.add_task(strict, 1)  # BGT313
    t.add_task(strict, 1, strict=False)
    t.add_task(two, 1)
    t.add_task(plain)  # BGT313
    t.add_task(sub)  # BGT313
    t.add_task(star)  # BGT313
    t.add_task(alias)  # BGT313
    t.add_task(aplain)  # BGT313
    t.add_task(outer)  # BGT313
    t.add_task(unawaited)
    t.add_task(guarded)
    t.add_task(guarded, 1)
    t.add_task(guarded2, 1)
    t.add_task(guarded3, 1)
    t.add_task(unguarded, f)  # BGT313
    t.add_task(wrong, 1)
    t.add_task(kw, 1)
    t.add_task(kw2, 1)  # BGT313
    t.add_task(caught)
    t.add_task(caught_all)
    t.add_task(rethrown)  # BGT313
    t.add_task(suppressed)
    t.add_task(from_)  # BGT313
    t.add_task(self_excluded, 1)
    t.add_task(either, "a")
    t.add_task(made)
    t.add_task(s.go)  # BGT313
    t.add_task(S.st)  # BGT313
    t.add_task(S.cl)  # BGT313
    t.add_task(lambda: plain())  # BGT313
