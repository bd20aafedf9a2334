"""BGT310: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.injected_default import RULE
from examples import codes_of, endpoint, find

BEFORE = """
import fastapi
from functools import partial
from fastapi import Body, Header, Query, Security, File as Upload
DB = Depends(connect)
Db = Annotated[object, Depends(connect)]
def save(text, db=Depends(connect)): ...
def search(text, limit: int = Query(10)): ...
def annotated(text, db: Annotated[object, Depends(connect)]): ...
def alias(text, db: Db): ...
def constant(text, db=DB): ...
def long(text, q=fastapi.Query(None)): ...
def body(text, data=Body(...), token=Header("")): ...
def uploaded(text, file=Upload(None)): ...
def limited(text, limit: Annotated[int, Query()] = 10): ...
async def secured(text, *, user=Security(connect)): ...
@app.get("/report/{number}")
async def report(number: int, db=Depends(connect)): ...
@unknown
def decorated(text, db=Depends(connect)): ...
class Service:
    def __init__(self, db=Depends(connect)): self.db = db
    def send(self, text): ...
    def deliver(self, text, q=Query("")): ...
class Job:
    def __call__(self, text, data=Body(...)): ...
ready = Job()
"""
INVALID = {
    "depends": "save, 'a'",
    "query": "search, 'a'",
    "annotated": "annotated, 'a'",
    "alias": "alias, 'a'",
    "constant": "constant, 'a'",
    "long name": "long, 'a'",
    "upload": "uploaded, 'a'",
    "keyword only": "secured, 'a'",
    "endpoint": "report, 3",
    "partial": "partial(save, 'a')",
    "lambda": "lambda: save('a')",
    "coroutine in a lambda": "lambda: report(1)",
    "method": "Service(1).deliver, 'a'",
    "constructor": "Service().send, 'a'",
    "service": "service.send, 'a'",
    "argument": "send, Service()",
    "closure": "job",
    "object": "ready, 'a'",
    "object made there": "Job(), 'a'",
    "partial of an object": "partial(ready, 'a')",
}
VALID = {
    "by position": "save, 'a', 1",
    "by name": "report, 3, db=1",
    "default": "limited, 'a'",
    "row": "save, *pair",
    "options": "save, 'a', **options",
    "partial": "partial(save, db=1), 'a'",
    "partial of a row": "partial(save, *pair)",
    "decorated": "decorated, 'a'",
    "unknown": "unknown, 'a'",
    "object that is given it": "ready, 'a', 1",
    "filled": "Service(1).send, 'a'",
    "rightly called": "lambda: save('a', 1)",
}


@pytest.mark.parametrize("call", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(call: str) -> None:
    inside = f"service = Service()\nasync def job():\n    save('a')\ntasks.add_task({call})"
    found = codes_of(BEFORE + endpoint(inside))

    assert set(found) - {"BGT303"} == {RULE.code}


@pytest.mark.parametrize("call", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(call: str) -> None:
    assert codes_of(BEFORE + endpoint(f"tasks.add_task({call})")) == []


def test_each_parameter_is_named() -> None:
    [finding] = find(BEFORE + endpoint("tasks.add_task(body, 'a')"))

    assert finding.message == (
        '"body" is called without what only FastAPI fills, the Body of "data"; give it "data" and "token"'
    )


def test_a_task_that_a_helper_adds_is_judged_where_it_is_handed_over() -> None:
    helper = "def later(tasks: BackgroundTasks, func, *args): tasks.add_task(func, *args)\n"

    assert codes_of(BEFORE + helper + endpoint("later(tasks, save, 'a')")) == [RULE.code]
    assert codes_of(BEFORE + helper + endpoint("later(tasks, save, 'a', 1)")) == []
