import json
import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.processes import read_output
from bgtasks.claims.cases import read_case
from bgtasks.model import DEFAULT_TARGET, Blamed, Kind
from bgtasks.verify.model import Plan
from bgtasks.verify.tasks import Tasks

SOURCE = """\
    import concurrent.futures
    from typing import Callable, Generic, ParamSpec, overload

    P = ParamSpec("P")
    Q = ParamSpec("Q")


    class Pool:
        def submit(self, prio: int, fn: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ...
        def watch(self, callback: Callable[[int], None], func: int) -> None: ...


    class Timer:
        def __init__(self, work: "Callable[P, object]", *args: "P.args", **kwargs: "P.kwargs") -> None: ...


    class Task(Generic[P]):
        @overload
        def send(self, *args: P.args, **kwargs: P.kwargs) -> int: ...
        @overload
        def send(self, *args: P.args, **kwargs: P.kwargs) -> str: ...


    def both(fail: Callable[Q, None], go: Callable[P, None], *a: P.args, **k: P.kwargs) -> None: ...
"""


def tasks(source: str = SOURCE) -> Tasks:
    case = read_case(Path("case.py"), Path("case.py"), dedent(source), frozenset())
    return Tasks(Plan([case], None, Path(sys.executable)))


@pytest.mark.parametrize(
    ("function", "parameter", "is_task"),
    [
        pytest.param("submit", "2", True, id="position, without self"),
        pytest.param("submit", "fn", True, id="name"),
        pytest.param("submit", "1", False, id="another position"),
        pytest.param("submit", "prio", False, id="another name"),
        pytest.param("watch", "1", False, id="a callable that is no task"),
        pytest.param("watch", "func", False, id="Starlette's name for a task"),
        pytest.param("Timer", "work", True, id="constructor, in quotes"),
        pytest.param("send", "", True, id="overloads that take what a task does"),
        pytest.param("watch", "", False, id="no such overloads"),
        pytest.param("both", "2", True, id="the task of two callables"),
        pytest.param("both", "1", False, id="the other"),
    ],
)
def test_the_signature_says_which_parameter_takes_a_task(
    function: str, parameter: str, *, is_task: bool
) -> None:
    assert tasks().have(Blamed(function, parameter)) is is_task


def test_a_constructor_that_no_class_is_named_of_is_looked_for_everywhere() -> None:
    source = "class A:\n    def __init__(self, func: int) -> None: ...\nimport starlette.background\n"
    assert tasks(source).have(Blamed("__init__", "func"))
    assert not tasks(source).have(Blamed("__init__", "2"))


def test_a_signature_of_the_standard_library_is_that_of_typeshed() -> None:
    found = tasks("import concurrent.futures\n")
    assert found.have(Blamed("submit", "fn"))
    assert not found.have(Blamed("submit", "timeout"))


def test_a_signature_of_the_target_is_found_where_it_is_installed() -> None:
    case = read_case(Path("case.py"), Path("case.py"), "import starlette.background\n", frozenset())
    found = Tasks(Plan([case], DEFAULT_TARGET, Path(sys.executable)))
    assert found.have(Blamed("add_task", "1"))
    assert not found.have(Blamed("add_task", "2"))


@pytest.mark.parametrize(("parameter", "is_task"), [("1", True), ("func", True), ("2", False), ("", False)])
def test_without_a_signature_a_task_goes_by_its_name(parameter: str, *, is_task: bool) -> None:
    assert tasks("x = 1\n").have(Blamed("nowhere", parameter)) is is_task


@pytest.mark.parametrize(("function", "is_task"), [("Pool.submit", True), ("Pool.watch", False)])
def test_a_callable_that_ty_takes_for_wrong_may_be_a_task_where_the_function_takes_one(
    function: str, *, is_task: bool
) -> None:
    words = f"Argument to bound method `{function}` is incorrect: Expected `(int, /) -> None`, found `str`"
    place = {"path": "case.py", "positions": {"begin": {"line": 1, "column": 1}}}
    said = [{"check_name": "invalid-argument-type", "description": words, "location": place}]
    [diagnostic] = read_output(CHECKERS["ty"], json.dumps(said), "", tasks().have)
    assert (Kind.MISSING_ARGUMENT in diagnostic.kinds) is is_task
