"""BGT205: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.none_as_background import RULE
from examples import codes_of

INVALID = {
    "positional name": """
        def f():
            t = BackgroundTasks()
            return JSONResponse(background=t.add_task(send))
    """,
    "at once": """
        def f():
            return Response(background=BackgroundTasks().add_task(send))
    """,
}
VALID = {
    "background of injected": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            return Response(background=tasks.add_task(send))
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
