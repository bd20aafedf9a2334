"""BGT311: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.loop_variable import RULE
from examples import codes_of, endpoint

INVALID = {
    "lambda": "for u in users:\n    tasks.add_task(lambda: send(u))",
    "function": "for u in users:\n    def job():\n        send(u)\n    tasks.add_task(job)",
    "async function": "for u in users:\n    async def job():\n        send(u)\n    tasks.add_task(job)",
    "one before the loop": "def job():\n    send(u)\nfor u in users:\n    tasks.add_task(job)",
    "attribute": "for u in users:\n    tasks.add_task(lambda: send(u.name))",
    "several": "for n, u in enumerate(users):\n    tasks.add_task(lambda: send(u))",
    "assigned": "for u in users:\n    name = u.name\n    tasks.add_task(lambda: send(name))",
    "assigned in two steps": "for u in users:\n    a = u.a\n    b = a.b\n    tasks.add_task(lambda: send(b))",
    "inner loop": "for g in groups:\n    for u in g:\n        tasks.add_task(lambda: send(u))",
    "outer loop": "for g in groups:\n    for u in users:\n        tasks.add_task(lambda: send(g))",
    "asynchronous": "async for u in users:\n    tasks.add_task(lambda: send(u))",
    "while": "while users:\n    u = users.pop()\n    tasks.add_task(lambda: send(u))",
    "comprehension": "[tasks.add_task(lambda: send(u)) for u in users]",
    "argument": "for u in users:\n    tasks.add_task(send, lambda: u)",
    "partial": "for u in users:\n    tasks.add_task(functools.partial(send, lambda: u))",
    "in a branch": "for u in users:\n    if u:\n        tasks.add_task(lambda: send(u))",
    "bound outside too": "u = 1\nfor u in users:\n    tasks.add_task(lambda: send(u))",
    "bound by a loop behind": (
        "for u in users:\n    tasks.add_task(lambda: send(u))\nfor u in groups:\n    ..."
    ),
    "in a with": "for u in users:\n    with lock:\n        tasks.add_task(lambda: send(u))",
}
VALID = {
    "argument": "for u in users:\n    tasks.add_task(send, u)",
    "default": "for u in users:\n    tasks.add_task(lambda u=u: send(u))",
    "partial": "for u in users:\n    tasks.add_task(functools.partial(send, u))",
    "break": "for u in users:\n    if u:\n        tasks.add_task(lambda: send(u))\n        break",
    "return": "for u in users:\n    tasks.add_task(lambda: send(u))\n    return",
    "behind the loop": "for u in users:\n    ...\ntasks.add_task(lambda: send(u))",
    "another name": "for u in users:\n    tasks.add_task(lambda: send(users))",
    "the same value": "for u in users:\n    name = 'a'\n    tasks.add_task(lambda: send(name))",
    "own parameter": "for u in users:\n    tasks.add_task(lambda u: send(u), u)",
    "own variable": "for u in users:\n    def job(u=u):\n        send(u)\n    tasks.add_task(job)",
    "of a factory": "def make(u):\n    return lambda: send(u)\nfor u in users:\n    tasks.add_task(make(u))",
    "run at once": (
        "own = BackgroundTasks()\nfor u in users:\n    own.add_task(lambda: send(u))\n    await own()"
    ),
    "else": "for u in users:\n    ...\nelse:\n    tasks.add_task(lambda: send(u))",
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(body: str) -> None:
    assert codes_of(endpoint(body, "tasks: BackgroundTasks, users, groups")) == [RULE.code]


@pytest.mark.parametrize("body", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(body: str) -> None:
    assert codes_of(endpoint(body, "tasks: BackgroundTasks, users, groups")) == []
