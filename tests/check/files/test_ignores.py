import ast
from pathlib import Path

import pytest

from bgtasks.check.files.ignores import apply_ignores
from bgtasks.check.model import Finding, Module, Place, Rule

PATH = Path("app.py")
RULE = Rule("BGT100", "wrong-call", "")
ASKED = {"BGT100", "BGT201", "BGT901"}


def judge(source: str, *lines: int, asked: set[str] = ASKED) -> tuple[list[tuple[int, str, str]], int]:
    """Return what is left of a finding in each of `lines`, and how many are ignored."""
    module = Module(PATH, "app", source, ast.parse(source))
    findings = [Finding(RULE, Place(PATH, line, 1, line, 5), "wrong") for line in lines]
    left, ignored = apply_ignores(findings, [module], asked)
    return [(one.place.line, one.rule.code, one.message) for one in left], ignored


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("call()  # bgtasks: ignore[BGT100]", 1, id="on the line"),
        pytest.param("call()  #bgtasks:ignore[ BGT201, BGT100 ] why", 1, id="one of several"),
        pytest.param("call()  # type: ignore  # bgtasks: ignore[BGT100]", 1, id="behind another comment"),
        pytest.param(
            "call(\n    1,\n    2,\n)  # bgtasks: ignore[BGT100]", 2, id="last line of the statement"
        ),
        pytest.param("call(  # bgtasks: ignore[BGT100]\n    1,\n    2,\n)", 3, id="first line"),
        pytest.param("call(\n    1,  # bgtasks: ignore[BGT100]\n    2,\n)", 2, id="line of the finding"),
    ],
)
def test_a_comment_binds_its_line_and_its_statement(source: str, line: int) -> None:
    left, ignored = judge(source, line)
    assert ignored == 1
    assert all(code == "BGT901" and "BGT201" in message for _, code, message in left)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("call()\n# bgtasks: ignore[BGT100]", id="another line"),
        pytest.param("call(\n    1,\n    2,  # bgtasks: ignore[BGT100]\n)", id="between"),
        pytest.param('call("# bgtasks: ignore[BGT100]")', id="in a string"),
        pytest.param("call()  # bgtasks: ignore[BGT1]", id="what codes begin with"),
        pytest.param("call()  # bgtasks: ignore", id="no code"),
        pytest.param(
            "def f():\n    call()\n    pass  # bgtasks: ignore[BGT100]", id="the end of the function"
        ),
    ],
)
def test_a_comment_binds_nothing_else(source: str) -> None:
    line = 2 if source.startswith("def") else 1
    left, ignored = judge(source, line)
    assert ignored == 0
    assert (line, "BGT100", "wrong") in left


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("1  # bgtasks: ignore[BGT100]", "there is no BGT100 here", id="nothing to ignore"),
        pytest.param("1  # bgtasks: ignore", "this names no code", id="no code"),
        pytest.param("1  # bgtasks: ignore[]", "this names no code", id="empty"),
        pytest.param("1  # bgtasks: ignore[E501]", "'E501' is no code", id="of another tool"),
    ],
)
def test_a_comment_that_ignores_nothing_is_reported(source: str, message: str) -> None:
    [(line, code, said)], _ = judge(source)
    assert (line, code) == (1, "BGT901")
    assert said.startswith(message)


def test_a_code_that_was_not_asked_for_may_wait() -> None:
    assert judge("1  # bgtasks: ignore[BGT301]") == ([], 0)


def test_of_two_comments_one_may_be_unused() -> None:
    left, ignored = judge("call()  # bgtasks: ignore[BGT100]\ncall()  # bgtasks: ignore[BGT100]", 2)
    assert ignored == 1
    assert [(line, code) for line, code, _ in left] == [(1, "BGT901")]
