import pytest

from bgtasks.check.code import resolve
from bgtasks.check.code.names import Found
from bgtasks.check.facts.vocabulary import (
    VOCABULARY,
    Family,
    family_of,
    is_known,
    is_plain,
    is_response_class,
)
from examples import HEAD
from sources import last_expression, read_source


def kind_of(source: str) -> Found:
    names = read_source(HEAD + source, VOCABULARY)
    return resolve(last_expression(names), names)


CLASSES = {
    "Starlette's": ("BackgroundTask", Family.TASK, True, True),
    "FastAPI's": ("BackgroundTasks", Family.TASKS, True, True),
    "ours": ("import bgtasks\nbgtasks.BackgroundTasks", Family.TASKS, True, True),
    "the injected": ("from bgtasks.fastapi import BackgroundTasksDep as D\nD", Family.TASKS, False, False),
    "empty heir": ("class T(BackgroundTasks): x = 1\nT", Family.TASKS, False, True),
    "heir of an heir": ("class T(BackgroundTask): ...\nclass U(T): ...\nU", Family.TASK, False, True),
    "heir with a method": ("class T(BackgroundTasks):\n    def f(self): ...\nT", Family.TASKS, False, False),
    "heir of something else too": ("class T(BackgroundTasks, unknown): ...\nT", Family.TASKS, False, False),
    "in a circle": ("class T(U): ...\nclass U(T): ...\nU", None, False, False),
    "another": ("class T: ...\nT", None, False, False),
    "unknown": ("unknown", None, False, False),
}


@pytest.mark.parametrize(("source", "family", "known", "plain"), CLASSES.values(), ids=CLASSES)
def test_which_class_is_which(source: str, family: Family | None, known: bool, plain: bool) -> None:
    kind = kind_of(source)

    assert (family_of(kind), is_known(kind), is_plain(kind)) == (family, known, plain)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("Response", True, id="Response"),
        pytest.param("import starlette.responses as s\ns.HTMLResponse", True, id="of Starlette"),
        pytest.param("class R(JSONResponse): ...\nR", True, id="heir"),
        pytest.param("class R(Response):\n    def __init__(self): ...\nR", False, id="made otherwise"),
        pytest.param("class R(unknown): ...\nR", False, id="unknown"),
        pytest.param("None", False, id="none"),
    ],
)
def test_which_class_is_a_response(source: str, expected: bool) -> None:
    assert is_response_class(kind_of(source)) is expected
