"""BGT301: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.generator_function import RULE
from examples import codes_of

INVALID = {
    "lambda": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(lambda: rows(1))
    """,
    "in a module": """
        tasks = BackgroundTasks()
        tasks.add_task(rows, 1)
    """,
    "static method": """
        class A:

            @staticmethod
            def rows():
                yield

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(A.rows)
    """,
    "through an add_task of its own": """
        class T(BackgroundTasks):

            def add_task(self, func):
                super().add_task(func)

        def f(tasks: T):
            tasks.add_task(rows)
    """,
    "by keyword": """
        def later(tasks: BackgroundTasks, *, func):
            tasks.add_task(func)

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            later(tasks, func=rows)
    """,
}
VALID = {
    "decorated": """
        @unknown
        def r():
            yield

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(r)
    """,
    "defined twice": """
        if x:

            def r():
                yield
        else:

            def r():
                ...

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(r)
    """,
    "rebound": """
        def r():
            yield
        r = unknown(r)

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(r)
    """,
    "shadowed": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):

            def rows(x):
                ...
            tasks.add_task(rows, 1)
    """,
    "parameter": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks, rows=Depends(unknown)):
            tasks.add_task(rows, 1)
    """,
    "loop variable": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            for rows in x:
                tasks.add_task(rows, 1)
    """,
    "generator in a lambda": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(lambda: [x for x in rows(1)])
    """,
    "class": """
        class Job:

            def __init__(self):
                ...

            def __call__(self):
                ...

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(Job())
    """,
    "own add_task": """
        class T(BackgroundTasks):

            def add_task(self, f):
                super().add_task(list, f())

        def f(tasks: T):
            tasks.add_task(rows)
    """,
    "own tasks": """
        class T(BackgroundTasks):

            async def __call__(self):
                ...

        def f(tasks: T):
            tasks.add_task(rows)
    """,
    "own task": """
        class T(BackgroundTask):

            async def __call__(self):
                ...
        T(rows)
    """,
    "another queue": """
        from q import Queue

        def f(tasks: Queue):
            tasks.add_task(rows)
    """,
    "overload": """
        from typing import overload

        @overload
        def r(x):
            ...

        @overload
        def r():
            ...

        def r(x=1):
            ...

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(r)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
