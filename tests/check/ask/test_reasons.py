import pytest

from bgtasks.check.ask.reasons import explain
from bgtasks.check.ask.sights import Sight
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Grade
from examples import endpoint, parse

ANY = Sight(True, Grade.ANY)
NOWHERE = Sight(None, Grade.ANY)
MODULES = {"somewhere": "is not found"}

EXPLAINED = {
    "nobody looked": (endpoint("tasks.add_task(send)"), None, "no checker looks at it: it is never reached"),
    "silenced": (
        endpoint("tasks.add_task(send)  # type: ignore"),
        None,
        '"# type: ignore" in line 13 silences the checkers',
    ),
    "receiver": (
        "def f(q): q.add_task(send)",
        NOWHERE,
        "the type of q is not known: q has no annotation (app.py:11)",
    ),
    "row": (endpoint("tasks.add_task(*x)"), ANY, 'the "*" of the call hides its task'),
    "lambda": (endpoint("tasks.add_task(lambda x: x)"), ANY, "the parameters of a lambda have no types"),
    "module": (endpoint("tasks.add_task(send)"), ANY, "module somewhere is not found"),
    "attribute of a module": (endpoint("tasks.add_task(send.later)"), ANY, "module somewhere is not found"),
    "known module": (endpoint("tasks.add_task(asyncio.nothing)"), ANY, "asyncio.nothing has no type"),
    "function": (
        "def f(*a): ...\n" + endpoint("tasks.add_task(f)"),
        ANY,
        "f does not say what it takes (app.py:11)",
    ),
    "decorator of its own": (
        "def d(f): return f\n@d\ndef g(): ...\n" + endpoint("tasks.add_task(g)"),
        ANY,
        "decorator d is not typed so as to keep the parameters (app.py:11)",
    ),
    "decorator from elsewhere": (
        "@unknown\ndef g(): ...\n" + endpoint("tasks.add_task(g)"),
        ANY,
        "decorator unknown of app.py:12: module somewhere is not found",
    ),
    "parameter": (
        "def f(t: BackgroundTasks, g: Any): t.add_task(g)",
        ANY,
        "g is annotated Any (app.py:11)",
    ),
    "call": (endpoint("tasks.add_task(unknown(1))"), ANY, "unknown does not say what it returns"),
    "partly": (
        "def f(a, b: int): ...\n" + endpoint("tasks.add_task(f)"),
        Sight(True, Grade.PARTLY, ("a", "...")),
        "without a type: a, all others (app.py:11)",
    ),
    "partial": (
        "def f(*a): ...\n" + endpoint("tasks.add_task(functools.partial(f, 1))"),
        ANY,
        "f does not say what it takes (app.py:11)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "sight", "expected"), EXPLAINED.values(), ids=EXPLAINED)
def test_why_not_more_is_known_of_a_call(source: str, sight: Sight | None, expected: str) -> None:
    [site] = read_app([parse(source)]).sites

    assert explain(site, [sight] if sight else [], MODULES).startswith(expected)
