"""BGT215: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.dropped_in_helper import RULE
from examples import codes_of, endpoint

HELPER = """
async def run(tasks: BackgroundTasks):
    tasks.add_task(send)
    raise ValueError
"""
ON_ERROR = """
async def run(tasks: BackgroundTasks):
    try:
        return await compute()
    except KeyError as error:
        tasks.add_task(send)
        raise HTTPException(400) from error
"""
BELOW = HELPER + "async def above(t: BackgroundTasks): return await run(t)\n"
METHOD = """
class Service:
    def run(self, tasks: BackgroundTasks):
        tasks.add_task(send)
        raise ValueError
service = Service()
"""
INVALID = {
    "helper": (HELPER, "await run(tasks)"),
    "returned": (HELPER, "return await run(tasks)"),
    "on error": (ON_ERROR, "return await run(tasks)"),
    "by keyword": (HELPER, "await run(tasks=tasks)"),
    "through another": (BELOW, "await above(tasks)"),
    "method": (METHOD, "service.run(tasks)"),
    "another exception is caught": (HELPER, "try:\n    await run(tasks)\nexcept KeyError:\n    return"),
    "raised in another": (
        HELPER.replace("raise ValueError", "fail()") + "def fail(): raise ValueError\n",
        "await run(tasks)",
    ),
    "no annotation": (HELPER.replace(": BackgroundTasks", ""), "await run(tasks)"),
}
VALID = {
    "caught": (HELPER, "try:\n    await run(tasks)\nexcept ValueError:\n    return"),
    "any caught": (HELPER, "try:\n    await run(tasks)\nexcept Exception:\n    return"),
    "perhaps caught": (HELPER, "try:\n    await run(tasks)\nexcept unknown():\n    return"),
    "suppressed": (HELPER, "with suppress(ValueError):\n    await run(tasks)"),
    "around": (HELPER, "with unknown():\n    await run(tasks)"),
    "finally": (HELPER, "try:\n    await run(tasks)\nfinally:\n    return"),
    "never awaited": (HELPER, "x = run(tasks)"),
    "kept": (HELPER, "unknown.tasks = tasks\nawait run(tasks)"),
    "not injected": (HELPER, "own = unknown()\nawait run(own)"),
    "not called": (HELPER, "..."),
    "caught from another": (
        HELPER.replace("raise ValueError", "fail()") + "def fail(): raise ValueError\n",
        "try:\n    await run(tasks)\nexcept ValueError:\n    return",
    ),
    "one of two caught from another": (
        HELPER.replace("raise ValueError", "fail()")
        + "def fail():\n    if unknown: raise ValueError\n    raise KeyError\n",
        "try:\n    await run(tasks)\nexcept ValueError:\n    return",
    ),
    "raised with the tasks": (HELPER.replace("ValueError", "unknown(tasks)"), "await run(tasks)"),
    "raised before": (
        "def run(tasks: BackgroundTasks):\n    if unknown: raise ValueError\n    tasks.add_task(send)\n",
        "run(tasks)",
    ),
}


@pytest.mark.parametrize(("helper", "body"), INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(helper: str, body: str) -> None:
    assert codes_of(helper + endpoint(body)) == [RULE.code]


@pytest.mark.parametrize(("helper", "body"), VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(helper: str, body: str) -> None:
    assert codes_of(helper + endpoint(body)) == []


def test_what_its_caller_added_before_is_dropped_as_well() -> None:
    assert codes_of(HELPER + endpoint("tasks.add_task(send)\nawait run(tasks)")) == [RULE.code, "BGT203"]


def test_a_decorator_that_may_catch_it_is_left_alone() -> None:
    source = HELPER + endpoint("await run(tasks)", decorator="@app.get('/')\n@unknown")

    assert codes_of(source) == []
