"""BGT303: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.unawaited import RULE
from examples import codes_of

INVALID = {
    "cached": """
        @functools.cache
        async def c():
            ...

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(c)
    """,
    "sleep": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(lambda: asyncio.sleep(1))
    """,
    "on some paths": """
        def later(x):
            if x:
                return notify(x)

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(later, 1)
    """,
}
VALID = {
    "asyncio.run": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(asyncio.run, notify(1))
    """,
    "async lambda call": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(lambda: asyncio.run(notify(1)))
    """,
    "returns something else too": """
        def later(x):
            if x:
                return notify(x)
            return 1

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(later, 1)
    """,
    "overridden": """
        class A:

            def later(self):
                return notify(1)

        class B(A):

            async def later(self):
                ...

        def f(a: A, tasks: BackgroundTasks):
            tasks.add_task(a.later)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
