"""BGT207: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.after_yield import RULE
from examples import codes_of

INVALID = {
    "in a class of dependencies": """
        def dep(tasks: BackgroundTasks):
            with open('x') as x:
                yield x
            tasks.add_task(send)
        x = Depends(dep)
    """,
    "on both paths": """
        def dep(tasks: BackgroundTasks):
            if x:
                yield 1
            else:
                yield 2
            tasks.add_task(send)
        x = Depends(dep)
    """,
    "in a handler": """
        def dep(tasks: BackgroundTasks):
            try:
                yield
            except ValueError:
                tasks.add_task(send)
                raise
        x = Depends(dep)
    """,
    "in a handler, on a condition": """
        async def dep(tasks: BackgroundTasks):
            async with connect() as x:
                try:
                    yield x
                except Exception as error:
                    if error.args:
                        tasks.add_task(send)
                    raise
        x = Depends(dep, scope="function")
    """,
}
VALID = {
    "no dependency": """
        def dep(tasks: BackgroundTasks):
            yield
            tasks.add_task(send)
    """,
    "perhaps before": """
        def dep(tasks: BackgroundTasks):
            if x:
                yield
            tasks.add_task(send)
        x = Depends(dep)
    """,
    "in a handler that may yield instead": """
        def dep(tasks: BackgroundTasks):
            try:
                x = connect()
                yield x
            except ValueError:
                tasks.add_task(send)
                yield None
        x = Depends(dep)
    """,
    "in a handler around the handler that yields": """
        def dep(tasks: BackgroundTasks):
            try:
                connect()
            except ValueError:
                tasks.add_task(send)
                try:
                    yield
                except ValueError:
                    raise
        x = Depends(dep)
    """,
    "in a handler beside the yield": """
        def dep(tasks: BackgroundTasks):
            try:
                x = connect()
            except ValueError:
                tasks.add_task(send)
                raise
            else:
                yield x
        x = Depends(dep)
    """,
    "in a handler before the yield": """
        def dep(tasks: BackgroundTasks):
            try:
                x = connect()
            except ValueError:
                tasks.add_task(send)
            yield
        x = Depends(dep)
    """,
    "of the function": """
        def dep(tasks: BackgroundTasks):
            yield
            tasks.add_task(send)
        x = Depends(dep, scope='function')
    """,
    "of an inner generator": """
        def dep(tasks: BackgroundTasks):

            def g():
                yield
            tasks.add_task(send)
            yield
        x = Depends(dep)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
