"""BGT302: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.context_manager import RULE
from examples import codes_of

INVALID = {
    "asynchronous": """
        @asynccontextmanager
        async def s():
            yield

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(s)
    """,
}
VALID = {
    "entered by the task": """
        @contextmanager
        def session():
            yield

        def work():
            with session():
                send()

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(work)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
