"""BGT312: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.not_a_task import RULE
from examples import codes_of, endpoint

BEFORE = """
def clean(): ...
def log(n): print(n)
def later(): return notify(1)
def result(): return unknown()
async def refresh(n=1): ...
class Cleaner:
    def clean(self): ...
    async def refresh(self): ...
cleaner = Cleaner()
"""
INVALID = {
    "function": "clean",
    "function with parameters": "log",
    "lambda": "lambda: log(1)",
    "lambda of a builtin": "lambda: print(1)",
    "coroutine": "notify(1)",
    "parameters are missing": "notify",
    "partial": "functools.partial(log, 1)",
    "list": "[BackgroundTask(log, 1)]",
    "method": "cleaner.clean",
    "generator": "rows",
    "add_task itself": "tasks.add_task",
}
VALID = {
    "task": "BackgroundTask(log, 1)",
    "none": "None",
    "async function": "refresh",
    "async method": "cleaner.refresh",
    "lambda that returns a coroutine": "lambda: notify(1)",
    "partial of an async function": "functools.partial(notify, 1)",
    "function that returns a coroutine": "later",
    "function that returns something": "result",
    "unknown": "unknown",
    "unknown call": "unknown()",
    "tasks": "tasks",
}


@pytest.mark.parametrize("background", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(background: str) -> None:
    body = f"return JSONResponse({{}}, background={background})"
    assigned = f"response = JSONResponse({{}})\nresponse.background = {background}\nreturn response"

    assert codes_of(BEFORE + endpoint(body)) == [RULE.code]
    assert codes_of(BEFORE + endpoint(assigned)) == [RULE.code]


@pytest.mark.parametrize("background", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(background: str) -> None:
    assert codes_of(BEFORE + endpoint(f"return JSONResponse({{}}, background={background})")) == []


def test_the_background_of_something_else_is_left_alone() -> None:
    assert codes_of(BEFORE + "unknown(background=clean)") == []
