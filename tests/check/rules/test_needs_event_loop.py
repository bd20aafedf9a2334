"""BGT304: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.needs_event_loop import RULE
from examples import codes_of

INVALID = {
    "coroutine": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(asyncio.shield, notify(1))
    """,
    "coroutine by keyword of the task": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(func=asyncio.create_task)
    """,
    "lambda": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(lambda: asyncio.create_task(notify(1)))
    """,
    "partial": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(functools.partial(asyncio.gather, notify(1)))
    """,
    "running loop": """
        def s():
            loop = asyncio.get_running_loop()

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(s)
    """,
}
VALID = {
    "a future": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            future = asyncio.ensure_future(notify(1))
            tasks.add_task(asyncio.shield, future)
            tasks.add_task(asyncio.gather, future, notify(2))
    """,
    "what may be a future": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(asyncio.shield, connect())
            tasks.add_task(asyncio.gather, *connect())
    """,
    "loop of its own": """
        def s():
            asyncio.set_event_loop(x)
            asyncio.ensure_future(notify(1))

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(s)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
