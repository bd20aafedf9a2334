import pytest

from bgtasks.check.facts.pitfalls import judge_task
from bgtasks.wording import Pitfall
from examples import HEAD
from sources import last_expression, read_source

JUDGED = {
    "function": ("send", None),
    "async def": ("notify", None),
    "generator function": ("rows", Pitfall.GENERATOR),
    "async generator function": ("async def r(): yield\nr", Pitfall.ASYNC_GENERATOR),
    "context manager": ("@contextmanager\ndef s(): yield\ns", Pitfall.CONTEXT_MANAGER),
    "async context manager": ("@asynccontextmanager\nasync def s(): yield\ns", Pitfall.ASYNC_CONTEXT_MANAGER),
    "returns a coroutine": ("def later(): return notify(1)\nlater", Pitfall.UNAWAITED),
    "returns one of two": ("def later():\n if x: return notify(1)\n return 1\nlater", None),
    "lambda": ("lambda: notify(1)", Pitfall.UNAWAITED),
    "harmless lambda": ("lambda: send(1)", None),
    "partial": ("functools.partial(rows, 1)", Pitfall.GENERATOR),
    "partial of a partial": ("functools.partial(functools.partial(rows), 1)", Pitfall.GENERATOR),
    "another name": ("r = rows\nr", Pitfall.GENERATOR),
    "name for a partial": ("r = functools.partial(rows, 1)\nr", Pitfall.GENERATOR),
    "in a circle": ("r = functools.partial(r)\nr", None),
    "object": ("class R:\n def __call__(self): yield\nR()", Pitfall.GENERATOR),
    "scheduling": ("asyncio.create_task", Pitfall.NEEDS_LOOP),
    "scheduling a coroutine": ("functools.partial(asyncio.shield, notify(1))", Pitfall.NEEDS_LOOP),
    "scheduling its name": ("c = notify(1)\nfunctools.partial(asyncio.shield, c)", Pitfall.NEEDS_LOOP),
    "scheduling several": (
        "functools.partial(asyncio.gather, *[notify(x) for x in y])",
        Pitfall.NEEDS_LOOP,
    ),
    "scheduling nothing": ("lambda: asyncio.gather()", Pitfall.NEEDS_LOOP),
    "scheduling a future": ("functools.partial(asyncio.shield, asyncio.create_task(notify(1)))", None),
    "scheduling what may be a future": ("lambda: asyncio.ensure_future(x)", None),
    "scheduling in a loop": ("lambda: asyncio.ensure_future(notify(1), loop=x)", None),
    "scheduling what is not known": ("asyncio.gather", None),
    "calls what schedules": ("def s(): asyncio.gather(notify(1))\ns", Pitfall.NEEDS_LOOP),
    "calls what schedules a future": ("def s(x): asyncio.gather(x)\ns", None),
    "in a loop of its own": ("def s():\n asyncio.set_event_loop(x)\n asyncio.gather(notify(1))\ns", None),
    "called": ("notify(1)", Pitfall.COROUTINE),
    "awaited": ("await notify(1)", Pitfall.CALLED),
    "gives a callable": ("def make(): return send\nmake()", None),
    "decorated": ("@unknown\ndef r(): yield\nr", None),
    "unknown": ("nowhere", None),
}


@pytest.mark.parametrize(("source", "expected"), JUDGED.values(), ids=JUDGED)
def test_why_a_task_does_nothing(source: str, expected: Pitfall | None) -> None:
    names = read_source(HEAD + source)

    judged = judge_task(last_expression(names), names)

    assert (judged[0] if judged else None) is expected


INSTEAD = {
    "a call": ("notify(1)", 'write "notify, 1" in its place'),
    "an awaited call": ("await notify(user=1)", 'write "notify, user=1" in its place'),
    "a method of what is made here": (
        "class C:\n async def push(self): ...\nlambda: C().push()",
        'write "C().push" in its place',
    ),
    "another name for it": ("n = notify\nn(1)", 'write "n, 1" in its place'),
    "a long call": (f"notify({'x' * 60})", 'write "notify, ..." in its place'),
    "a lambda": ("lambda: notify(1)", 'write "notify, 1" in its place'),
    "a lambda with parameters": ("lambda user: notify(user)", 'write "notify, ..." in its place'),
    "a generator function": ("rows(1)", "add a function that iterates over it"),
    "an async generator function": (
        "async def r(): yield\nr()",
        'add an "async def" that iterates over it',
    ),
}


@pytest.mark.parametrize(("source", "instead"), INSTEAD.values(), ids=INSTEAD)
def test_what_to_write_instead(source: str, instead: str) -> None:
    names = read_source(HEAD + source)

    judged = judge_task(last_expression(names), names)

    assert judged is not None
    assert judged[1].partition("; ")[2] == instead
