import ast
from pathlib import Path

import pytest

from bgtasks.check.ask.witness import NAME, Echo, Witness, settle_said, write_witness
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Module
from bgtasks.model import Diagnostic

PATH = Path("app.py")
HEAD = '''\
"""What it does."""
from __future__ import annotations
# a comment
from fastapi import BackgroundTasks
from starlette.background import BackgroundTask; from functools import partial
'''


def witness_of(body: str) -> list[str]:
    source = HEAD + body
    module = Module(PATH, "app", source, ast.parse(source))
    witness = write_witness(module, read_app([module]).sites)
    assert witness is not None
    text = witness.text
    ast.parse(text)
    assert text.count("\n") == source.count("\n") + 1
    return text.split("\n")


def asked(
    maker: str, task: str, parameters: str | None = None, site: int = 0, adder: str | None = None
) -> str:
    tag = f"{NAME}.Site{site}"
    return (
        f"(reveal_type({NAME}.maker({maker}, {tag})), "
        f"reveal_type({NAME}.parameters({adder or maker}, {tag})), "
        f"reveal_type({NAME}.task({task}, {tag})), "
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
            f"{asked('BackgroundTask', 'print')}BackgroundTask(print, 1))[4]",
            id="construction",
        ),
        pytest.param(
            "BackgroundTasks().add_task(print, 1)",
            f"{asked('BackgroundTasks()', 'print', adder='BackgroundTasks().add_task')}"
            "BackgroundTasks().add_task(print, 1))[4]",
            id="method",
        ),
        pytest.param(
            "def f(t: BackgroundTasks): t.add_task(lambda x: x, 1)",
            f"def f(t: BackgroundTasks): {asked('t', 'lambda x: x', adder='t.add_task')}"
            "t.add_task(lambda x: x, 1))[4]",
            id="lambda, in one line",
        ),
        pytest.param(
            "x = [BackgroundTask(f) for f in (print,)]",
            f"x = [{asked('BackgroundTask', 'f')}BackgroundTask(f))[4] for f in (print,)]",
            id="comprehension",
        ),
        pytest.param(
            "BackgroundTask(*pair)",
            f"{asked('BackgroundTask', 'pair[0]')}BackgroundTask(*pair))[4]",
            id="row",
        ),
        pytest.param(
            "BackgroundTask(func=print)",
            f"{asked('BackgroundTask', 'print')}BackgroundTask(func=print))[4]",
            id="named",
        ),
        pytest.param(
            "BackgroundTask(partial(partial(print, 1), 2))",
            f"{asked('BackgroundTask', 'partial(partial(print, 1), 2)', 'print')}"
            "BackgroundTask(partial(partial(print, 1), 2)))[4]",
            id="partial",
        ),
        pytest.param(
            '"é"; BackgroundTask(print, "é")  # type: ignore',
            f'"é"; {asked("BackgroundTask", "print")}BackgroundTask(print, "é"))[4]  # type: ignore',
            id="not ASCII",
        ),
        pytest.param(
            "[BackgroundTask(a), BackgroundTask(b)]",
            f"[{asked('BackgroundTask', 'a')}BackgroundTask(a))[4], "
            f"{asked('BackgroundTask', 'b', site=1)}BackgroundTask(b))[4]]",
            id="two in a line",
        ),
        pytest.param(
            "BackgroundTask(BackgroundTask(print))",
            f"{asked('BackgroundTask', 'BackgroundTask(print)')}"
            f"BackgroundTask({asked('BackgroundTask', 'print', site=1)}BackgroundTask(print))[4]))[4]",
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
        "))[4]",
    ]


@pytest.mark.parametrize(
    ("body", "asked_for"),
    [
        pytest.param("later = partial(send, 1)\nBackgroundTask(later)", "send", id="in a module"),
        pytest.param(
            "def f():\n later = partial(send, 1)\n BackgroundTask(later)", "send", id="in a function"
        ),
        pytest.param(
            "later = partial(partial(mail.send, 1), 2)\nBackgroundTask(later)", "mail.send", id="dotted"
        ),
        pytest.param("a = partial(send)\nb = partial(a)\nBackgroundTask(b)", "send", id="of another"),
        pytest.param(
            "later = partial(send, 1)\nlater = other\nBackgroundTask(later)", "later", id="bound anew"
        ),
        pytest.param("later = partial(get(), 1)\nBackgroundTask(later)", "later", id="of no name"),
        pytest.param(
            "later = partial(send, 1)\ndef f(send): BackgroundTask(later)", "later", id="name of another"
        ),
    ],
)
def test_the_function_in_a_named_partial_is_asked_for(body: str, asked_for: str) -> None:
    [line] = [line for line in witness_of(body) if "reveal_type" in line]
    assert line.count(f"{NAME}.parameters({asked_for}, ") == 1


ECHOED = """\
class Queue(BackgroundTasks):
    def add_task(self, func, *args, **kwargs):
        super().add_task(func, *args, **kwargs)
def f(é: Queue):
    é.add_task(send, "é",
        copies=2); é.add_task(other)
"""


def echo_of(witness: Witness, echo: Echo) -> str:
    return witness.text.split("\n")[echo.line - 1][echo.column - 1 : echo.end_column - 1]


def test_a_call_that_is_hidden_is_written_once_more() -> None:
    source = HEAD + ECHOED
    module = Module(PATH, "app", source, ast.parse(source))
    witness = write_witness(module, read_app([module]).sites)
    assert witness is not None
    assert [(echo_of(witness, echo), echo.place.line, echo.place.column) for echo in witness.echoes] == [
        (f"{NAME}.tasks.add_task(send, 'é', copies=2)", 10, 5),
        ("send", 10, 16),
        ("'é'", 10, 22),
        ("2", 11, 16),
        (f"{NAME}.tasks.add_task(other)", 11, 20),
        ("other", 11, 31),
    ]


def test_a_call_of_which_only_callers_tell_is_written_as_that_of_tasks() -> None:
    line = witness_of("def add(q): q.add_task(send)\ndef f(t: BackgroundTasks): add(t)")[-2]
    whole = asked(f"{NAME}.tasks", "send", adder=f"{NAME}.tasks.add_task")
    assert line == f"def add(q): {whole}{NAME}.tasks.add_task(send), q.add_task(send))[5]"


def test_what_is_said_there_is_said_of_the_call() -> None:
    source = HEAD + ECHOED
    module = Module(PATH, "app", source, ast.parse(source))
    sites = read_app([module]).sites
    witness = write_witness(module, sites)
    assert witness is not None
    of_copies = next(echo for echo in witness.echoes if echo_of(witness, echo) == "2")

    def at(line: int, column: int, message: str) -> Diagnostic:
        return Diagnostic(PATH, line, "rule", message, column=column)

    said = [at(10, 9, "of the call that erases"), at(7, 3, "of something else")]
    echoed = [at(of_copies.line, of_copies.column, "of copies"), at(of_copies.line, 2, "of the questions")]

    assert list(settle_said(sites, witness.echoes, said, echoed)) == [
        at(7, 3, "of something else"),
        at(11, 16, "of copies"),
    ]
