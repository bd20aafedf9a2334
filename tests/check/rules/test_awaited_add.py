"""BGT206: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.awaited_add import RULE
from examples import codes_of

INVALID = {
    "in a condition": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if tasks.add_task(send):
                ...
    """,
    "in a dict": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            return {'task': tasks.add_task(send)}
    """,
    "as an argument": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            print(tasks.add_task(send))
    """,
    "compared": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            return tasks.add_task(send) is None
    """,
    "awaited by hand": """
        async def f():
            t = BackgroundTasks()
            await t.add_task(send)
            return t
    """,
}
VALID = {
    "lambda": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            return lambda: tasks.add_task(send)
    """,
    "or": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            return tasks.add_task(send) or {}
    """,
    "unused name": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            x = tasks.add_task(send)
    """,
    "own add_task": """
        class T(BackgroundTasks):

            def add_task(self, f):
                return 1

        def f(tasks: T):
            print(tasks.add_task(send))
    """,
    "another add_task": """
        async def f(queue):
            await queue.add_task(send)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
