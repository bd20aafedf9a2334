"""BGT204: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.dropped_by_response import RULE
from examples import codes_of

INVALID = {
    "subclass of a response": """
        class Page(Response):
            ...

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            return Page(background=BackgroundTask(send))
    """,
    "template": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            return unknown.TemplateResponse('a', background=BackgroundTask(send))
    """,
    "in both branches": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if x:
                tasks.add_task(send)
            else:
                tasks.add_task(notify, 1)
            return Response(background=BackgroundTask(send))
    """,
    "empty background": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            return Response(background=BackgroundTasks())
    """,
}
VALID = {
    "helper": """
        def f(tasks: BackgroundTasks):
            tasks.add_task(send)
            return Response(background=BackgroundTask(send))
    """,
    "unknown background": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            return Response(background=unknown())
    """,
    "background on a condition": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            return Response(background=BackgroundTask(send) if x else None)
    """,
    "no response": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            return unknown(background=BackgroundTask(send))
    """,
    "not added": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            return Response(background=BackgroundTask(send))
    """,
    "added on one path": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if x:
                tasks.add_task(send)
                return 1
            return Response(background=BackgroundTask(send))
    """,
    "perhaps added": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if x:
                tasks.add_task(send)
            if y:
                return Response()
            return Response(background=BackgroundTask(send))
    """,
    "handed on": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            help(tasks)
            return Response(background=BackgroundTask(send))
    """,
    "attached to the parameter": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks, response: Response):
            tasks.add_task(send)
            response.background = BackgroundTask(send)
            return response
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
