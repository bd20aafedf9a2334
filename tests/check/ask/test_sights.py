import ast
from pathlib import Path

import pytest

from bgtasks.check.ask.sights import Sight, read_sight, read_sights
from bgtasks.check.ask.witness import write_source
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Grade, Module

HEAD = """\
from fastapi import BackgroundTasks
from starlette.background import BackgroundTask
"""
OURS = "tuple[Literal['background'], Site0]"
ADDER = "(func: (**P@add_task) -> Any, **P@add_task) -> Site0"


@pytest.mark.parametrize(
    ("parameters", "grade", "untyped"),
    [
        pytest.param("def (a: int, b: str =, *, c: bool =) -> x.Site0", Grade.TYPED, (), id="mypy"),
        pytest.param('(a: str = "(", *, c: bool = True) -> Site0', Grade.TYPED, (), id="pyright"),
        pytest.param("def () -> x.Site0", Grade.TYPED, (), id="none at all"),
        pytest.param("def (*Any, **Any) -> x.Site0", Grade.ERASED, (), id="erased for mypy"),
        pytest.param("def (*args: Any, **kwargs: Any)", Grade.ERASED, (), id="takes anything"),
        pytest.param("(...) -> Site0", Grade.ERASED, (), id="erased for pyright"),
        pytest.param("def (a: int, b: Any =)", Grade.PARTLY, ("b",), id="some Any for mypy"),
        pytest.param(
            "(a: Unknown, b: int, **c: Any) -> S", Grade.PARTLY, ("a", "**c"), id="some for pyright"
        ),
        pytest.param("(a: int, ...) -> Site0", Grade.PARTLY, ("...",), id="the rest erased"),
        pytest.param("(a: int, ..., b: str = ...) -> Site0", Grade.TYPED, (), id="partial with keywords"),
        pytest.param("(*args: Hashable, **kwargs: Hashable) -> S", Grade.ERASED, (), id="cached"),
        pytest.param(
            "def (*args: typing.Hashable, **kwargs: typing.Hashable)", Grade.ERASED, (), id="cached for mypy"
        ),
        pytest.param("(f: (...) -> Any, g: dict[str, Any]) -> S", Grade.TYPED, (), id="Any further in"),
        pytest.param("(f: Callable[..., Any] | None = None) -> S", Grade.TYPED, (), id="callable parameter"),
        pytest.param("def [T] (a: T`-1, /, b: def (str, int))", Grade.TYPED, (), id="generic"),
        pytest.param("(**P@defer) -> Site0", Grade.TYPED, (), id="its caller's"),
        pytest.param(
            "Overload[(a: int) -> S, (b: Any) -> S]", Grade.PARTLY, ("b",), id="overload of pyright"
        ),
        pytest.param("Overload(def (a: int), def (a: str, b: int))", Grade.TYPED, (), id="overload of mypy"),
        pytest.param("Unknown", Grade.ERASED, (), id="no callable"),
    ],
)
def test_parameters_are_graded(parameters: str, grade: Grade, untyped: tuple[str, ...]) -> None:
    assert read_sight(OURS, ADDER, "tuple[def (a: Any), x.Site0]", parameters) == Sight(True, grade, untyped)


@pytest.mark.parametrize(
    ("maker", "task", "sight"),
    [
        pytest.param(
            "tuple[Literal['foreign'], S]", "tuple[str, S]", Sight(False, Grade.TYPED), id="foreign"
        ),
        pytest.param("Any", "tuple[str, S]", Sight(None, Grade.ANY), id="unknown maker"),
        pytest.param(
            "tuple[Literal['nothing'], S]", "tuple[str, S]", Sight(None, Grade.ANY), id="None or an error"
        ),
        pytest.param(
            "tuple[Literal['background'], S]",
            "tuple[Any, S]",
            Sight(True, Grade.ANY),
            id="task is Any",
        ),
        pytest.param(
            "tuple[Literal['background'], S]",
            "tuple[Unknown, S]",
            Sight(True, Grade.ANY),
            id="unknown task",
        ),
    ],
)
def test_what_makes_the_task_is_told(maker: str, task: str, sight: Sight) -> None:
    assert read_sight(maker, ADDER, task, "() -> S") == sight


def test_sites_of_a_line_are_told_apart_by_their_columns() -> None:
    source = f"{HEAD}[BackgroundTask(a), BackgroundTask(b)]\nBackgroundTask(c)\n"
    sites = read_app([Module(Path("app.py"), "app", source, ast.parse(source))]).sites
    one = {10: OURS, 15: ADDER, 20: "tuple[x, S]", 30: "() -> S"}
    two = {40: OURS, 45: ADDER, 50: "tuple[x, S]", 90: "(...) -> S"}
    found = [(site.place.column, sight.grade) for site, sight in read_sights(sites, {4: {**two, **one}})]
    assert found == [(2, Grade.TYPED), (21, Grade.ERASED)]  # and of the last nobody said anything
    assert write_source(sites).count("class Site") == 2
    assert list(read_sights(sites, {4: one})) == []  # which of the two it is of, nobody can tell


@pytest.mark.parametrize(
    ("adder", "grade"),
    [
        pytest.param(ADDER, Grade.TYPED, id="pyright"),
        pytest.param(
            "def [P] (func: def (*P.args, **P.kwargs) -> Any, *P.args, **P.kwargs) -> x.Site0",
            Grade.TYPED,
            id="mypy",
        ),
        pytest.param("(func: (...) -> Any, ...) -> Site0", Grade.ERASED, id="erased for pyright"),
        pytest.param(
            "def (func: def (*Any, **Any) -> Any, *args: Any, **kwargs: Any) -> x.Site0",
            Grade.ERASED,
            id="erased for mypy",
        ),
        pytest.param("(func: Any, *args: Any, **kwargs: Any)", Grade.ERASED, id="without annotations"),
        pytest.param("(...) -> Site0", Grade.ERASED, id="any callable"),
        pytest.param("(func: (int) -> None, a: int) -> Site0", Grade.TYPED, id="of one kind of task"),
        pytest.param("(func: (int) -> None, a: Any, b: int) -> Site0", Grade.PARTLY, id="in part"),
    ],
)
def test_no_more_is_known_of_a_call_than_of_what_adds_the_task(adder: str, grade: Grade) -> None:
    sight = read_sight(OURS, adder, "tuple[(a: int) -> None, S]", "(a: int) -> S")
    assert (sight.grade, sight.adder) == (grade, grade)
    worse = read_sight(OURS, adder, "tuple[(...) -> None, S]", "(...) -> S")
    assert worse.grade is Grade.ERASED
