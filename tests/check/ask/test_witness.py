import ast
from pathlib import Path

import pytest

from bgtasks.check.ask.witness import NAME, Sight, read_sight, read_sights, write_source, write_witness
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Grade, Module

PATH = Path("app.py")
HEAD = '''\
"""What it does."""
from __future__ import annotations
# a comment
from fastapi import BackgroundTasks
from starlette.background import BackgroundTask
'''


def witness_of(body: str) -> list[str]:
    source = HEAD + body
    module = Module(PATH, "app", source, ast.parse(source))
    text = write_witness(module, read_app([module]).sites)
    assert text is not None
    ast.parse(text)
    assert text.count("\n") == source.count("\n") + 1
    return text.split("\n")


def asked(maker: str, task: str, parameters: str | None = None, site: int = 0) -> str:
    tag = f"{NAME}.Site{site}"
    return (
        f"(reveal_type({NAME}.maker({maker}, {tag})), reveal_type({NAME}.task({task}, {tag})), "
        f"reveal_type({NAME}.parameters({parameters or task}, {tag})), "
    )


def test_the_import_goes_behind_what_must_come_first() -> None:
    lines = witness_of("BackgroundTask(print)")
    assert lines[:4] == [*HEAD.split("\n")[:3], f"import {NAME}"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "BackgroundTask(print, 1)",
            f"{asked('BackgroundTask', 'print')}BackgroundTask(print, 1))[3]",
            id="construction",
        ),
        pytest.param(
            "BackgroundTasks().add_task(print, 1)",
            f"{asked('BackgroundTasks()', 'print')}BackgroundTasks().add_task(print, 1))[3]",
            id="method",
        ),
        pytest.param(
            "def f(t: BackgroundTasks): t.add_task(lambda x: x, 1)",
            f"def f(t: BackgroundTasks): {asked('t', 'lambda x: x')}t.add_task(lambda x: x, 1))[3]",
            id="lambda, in one line",
        ),
        pytest.param(
            "x = [BackgroundTask(f) for f in (print,)]",
            f"x = [{asked('BackgroundTask', 'f')}BackgroundTask(f))[3] for f in (print,)]",
            id="comprehension",
        ),
        pytest.param(
            "BackgroundTask(*pair)",
            f"{asked('BackgroundTask', 'pair[0]')}BackgroundTask(*pair))[3]",
            id="row",
        ),
        pytest.param(
            "BackgroundTask(func=print)",
            f"{asked('BackgroundTask', 'print')}BackgroundTask(func=print))[3]",
            id="named",
        ),
        pytest.param(
            "BackgroundTask(partial(partial(print, 1), 2))",
            f"{asked('BackgroundTask', 'partial(partial(print, 1), 2)', 'print')}"
            "BackgroundTask(partial(partial(print, 1), 2)))[3]",
            id="partial",
        ),
        pytest.param(
            '"é"; BackgroundTask(print, "é")  # type: ignore',
            f'"é"; {asked("BackgroundTask", "print")}BackgroundTask(print, "é"))[3]  # type: ignore',
            id="not ASCII",
        ),
        pytest.param(
            "[BackgroundTask(a), BackgroundTask(b)]",
            f"[{asked('BackgroundTask', 'a')}BackgroundTask(a))[3], "
            f"{asked('BackgroundTask', 'b', site=1)}BackgroundTask(b))[3]]",
            id="two in a line",
        ),
        pytest.param(
            "BackgroundTask(BackgroundTask(print))",
            f"{asked('BackgroundTask', 'BackgroundTask(print)')}"
            f"BackgroundTask({asked('BackgroundTask', 'print', site=1)}BackgroundTask(print))[3]))[3]",
            id="one in another",
        ),
    ],
)
def test_a_call_is_asked_about_in_its_place(body: str, expected: str) -> None:
    assert witness_of(body)[6] == expected


def test_a_call_keeps_its_lines() -> None:
    lines = witness_of("BackgroundTask(\n    print,\n    1,\n)")
    assert lines[6:] == [
        f"{asked('BackgroundTask', 'print')}BackgroundTask(",
        "    print,",
        "    1,",
        "))[3]",
    ]


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
    ours = "tuple[Literal['background'], Site0]"
    assert read_sight(ours, "tuple[def (a: Any), x.Site0]", parameters) == Sight(True, grade, untyped)


@pytest.mark.parametrize(
    ("maker", "task", "sight"),
    [
        pytest.param(
            "tuple[Literal['foreign'], S]", "tuple[str, S]", Sight(False, Grade.TYPED), id="foreign"
        ),
        pytest.param("Any", "tuple[str, S]", Sight(None, Grade.ANY), id="unknown maker"),
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
    assert read_sight(maker, task, "() -> S") == sight


def test_sites_of_a_line_are_told_apart_by_their_columns() -> None:
    source = f"{HEAD}[BackgroundTask(a), BackgroundTask(b)]\nBackgroundTask(c)\n"
    sites = read_app([Module(PATH, "app", source, ast.parse(source))]).sites
    ours = "tuple[Literal['background'], S]"
    revealed = {
        7: {90: "(...) -> S", 40: ours, 50: "tuple[x, S]", 10: ours, 30: "() -> S", 20: "tuple[x, S]"}
    }
    found = [(site.place.column, sight.grade) for site, sight in read_sights(sites, revealed)]
    assert found == [(2, Grade.TYPED), (21, Grade.ERASED)]  # and of the last nobody said anything
    assert write_source(sites).count("class Site") == 2
    one = {7: {10: ours, 20: "tuple[x, S]", 30: "() -> S"}}
    assert list(read_sights(sites, one)) == []  # which of the two it is of, nobody can tell
