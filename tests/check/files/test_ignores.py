import ast
from pathlib import Path

import pytest

from bgtasks.check.files.ignores import apply_ignores
from bgtasks.check.model import Finding, Module, Place, Rule

PATH = Path("app.py")
RULE = Rule("BGT102", "missing-argument", "")
ASKED = {"BGT102", "BGT201", "BGT901"}


def judge(
    source: str, *lines: int, asked: set[str] = ASKED, was: str = ""
) -> tuple[list[tuple[int, str, str]], int]:
    """Return what is left of a finding in each of `lines`, and how many are ignored."""
    module = Module(PATH, "app", source, ast.parse(source))
    findings = [Finding(RULE, Place(PATH, line, 1, line, 5), "wrong", was=was) for line in lines]
    left = apply_ignores(findings, [module], asked)
    ignored = len([finding for finding in findings if finding not in left])
    return [(one.place.line, one.rule.code, one.message) for one in left], ignored


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("call()  # bgtasks: ignore[BGT102]", 1, id="on the line"),
        pytest.param("call()  #bgtasks:ignore[ BGT201, BGT102 ] why", 1, id="one of several"),
        pytest.param("call()  # type: ignore  # bgtasks: ignore[BGT102]", 1, id="behind another comment"),
        pytest.param(
            "call(\n    1,\n    2,\n)  # bgtasks: ignore[BGT102]", 2, id="last line of the statement"
        ),
        pytest.param("call(  # bgtasks: ignore[BGT102]\n    1,\n    2,\n)", 3, id="first line"),
        pytest.param("call(\n    1,  # bgtasks: ignore[BGT102]\n    2,\n)", 2, id="line of the finding"),
    ],
)
def test_a_comment_binds_its_line_and_its_statement(source: str, line: int) -> None:
    left, ignored = judge(source, line)
    assert ignored == 1
    assert all(code == "BGT901" and "BGT201" in message for _, code, message in left)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("call()\n# bgtasks: ignore[BGT102]", id="another line"),
        pytest.param("call(\n    1,\n    2,  # bgtasks: ignore[BGT102]\n)", id="between"),
        pytest.param('call("# bgtasks: ignore[BGT102]")', id="in a string"),
        pytest.param("call()  # bgtasks: ignore[BGT1]", id="what codes begin with"),
        pytest.param("call()  # bgtasks: ignore", id="no code"),
        pytest.param(
            "def f():\n    call()\n    pass  # bgtasks: ignore[BGT102]", id="the end of the function"
        ),
    ],
)
def test_a_comment_binds_nothing_else(source: str) -> None:
    line = 2 if source.startswith("def") else 1
    left, ignored = judge(source, line)
    assert ignored == 0
    assert (line, "BGT102", "wrong") in left


@pytest.mark.parametrize(
    ("source", "message"),
    [
        pytest.param("1  # bgtasks: ignore[BGT102]", "there is no BGT102 here", id="nothing to ignore"),
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
    left, ignored = judge("call()  # bgtasks: ignore[BGT102]\ncall()  # bgtasks: ignore[BGT102]", 2)
    assert ignored == 1
    assert [(line, code) for line, code, _ in left] == [(1, "BGT901")]


def test_a_comment_may_name_the_code_that_a_finding_had_before() -> None:
    asked = {"BGT100", "BGT102", "BGT901"}
    comment = "call()  # bgtasks: ignore[BGT100]"
    assert judge(comment, 1, asked=asked, was="BGT100") == ([], 1)
    [finding, unused], ignored = judge(comment, 1, asked=asked, was="BGT101")
    assert (finding[1], unused[1], ignored) == ("BGT102", "BGT901", 0)


def test_of_a_group_that_is_not_asked_for_as_a_whole_nothing_is_unused() -> None:
    assert judge("1  # bgtasks: ignore[BGT100]", asked={"BGT102", "BGT901"}) == ([], 0)


def test_a_comment_binds_the_call_that_a_finding_is_a_part_of() -> None:
    source = (
        "def f():\n    g(  # bgtasks: ignore[BGT102]\n        lambda: h(\n            1,\n        ),\n    )"
    )
    module = Module(PATH, "app", source, ast.parse(source))
    whole = Place(PATH, 2, 5, 6, 6)
    part = Finding(RULE, Place(PATH, 4, 13, 4, 14), "wrong", call=whole)
    assert apply_ignores([part], [module], ASKED) == []
