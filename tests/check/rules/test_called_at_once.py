"""BGT305: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.called_at_once import RULE
from examples import codes_of

INVALID = {
    "awaited": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(await notify(1))
    """,
    "prints": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(print('x'))
    """,
    "annotated": """
        def count() -> int:
            return unknown()

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(count())
    """,
}
VALID = {
    "makes a task": """
        def make():
            return send

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(make())
    """,
    "makes a task, abstract": """
        def make():
            raise NotImplementedError

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(make())
    """,
    "unknown call": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(unknown(1))
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
