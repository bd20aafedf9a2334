from pathlib import Path
from textwrap import dedent

import pytest

from bgtasks.claims.cases import CaseError, read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Case, Outcome
from bgtasks.claims.probes import END, with_probes
from bgtasks.model import Run


def read(source: str) -> Case:
    return read_case(Path("case.py"), Path("case.py"), dedent(source), frozenset({"mypy"}))


def laid(source: str) -> str:
    case = read(source)
    return with_probes(case.source, case.probes).replace('"".bgtasks_probe_', "@")


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("f(1)  # OK\nf(2)  # OK\n", "f(1)  # OK\n@1; f(2)  # OK\n", id="a run has one"),
        pytest.param(
            "f(1)  # OK\nstop()\nf(2)  # OK\n", "@1; f(1)  # OK\nstop()\n@2; f(2)  # OK\n", id="two runs"
        ),
        pytest.param("if x: f(1)  # OK\n", "if x: @1; f(1)  # OK\n", id="one line"),
        pytest.param("f(g())  # OK\n", "f(g()); @1  # OK\n", id="behind several calls"),
        pytest.param('"é"; f(1)  # OK\n', '"é"; @1; f(1)  # OK\n', id="bytes are counted"),
        pytest.param("f(\n    1,\n)  # OK\n", "@1; f(\n    1,\n)  # OK\n", id="several lines"),
        pytest.param(
            "def f(x):\n    return g(x)  # OK\n", "def f(x):\n    @1; return g(x)  # OK\n", id="return"
        ),
        pytest.param("import sys\nsys.exit()\n", "@1; import sys\nsys.exit()\n", id="no claim, no end"),
        pytest.param("import sys\n", "import sys\n", id="no claim"),
        pytest.param(
            "from __future__ import annotations\nclass A:\n    x: int  # OK\n",
            "from __future__ import annotations\nclass A:\n    x: int  # OK\n",
            id="a class body has none",
        ),
        pytest.param(
            "class A:\n    x = f(1)  # OK\n    y = f(2)\n    z = f(3)  # OK\nf(4)  # OK\n",
            "class A:\n    x = f(1)  # OK\n    y = f(2)\n    @2; z = f(3)  # OK\n@1; f(4)  # OK\n",
            id="a class body that may be left has one",
        ),
        pytest.param(
            "class A:\n    x: f(1)\n    @f(2)\n    def g(): ...\n    z = f(3)  # OK\ny = 1\n",
            "class A:\n    x: f(1)\n    @f(2)\n    def g(): ...\n    @1; z = f(3)  # OK\ny = 1\n",
            id="a decorator may leave it",
        ),
        pytest.param(
            "class A:\n    x: f(1)\n    z = f(3)  # OK\ny = 1\n",
            "class A:\n    x: f(1)\n    z = f(3)  # OK\n@1; y = 1\n",
            id="an annotation does not",
        ),
        pytest.param(
            "class A(NamedTuple):\n    x: int = f(1)\n    y: int = f(2)  # OK\nz = 1\n",
            "class A(NamedTuple):\n    x: int = f(1)\n    y: int = f(2)  # OK\n@1; z = 1\n",
            id="but for a named tuple's",
        ),
        pytest.param(
            "x = 1\nwith f(g()):  # OK\n    y = 1\n",
            "x = 1\nwith f(g()):  # OK\n    @1; y = 1\n",
            id="in a block",
        ),
        pytest.param(
            "x = 1\nwith f(1):  # OK\n    y = 1\n",
            "x = 1; @1\nwith f(1):  # OK\n    y = 1\n",
            id="before a block",
        ),
        pytest.param("assert f(g())  # OK\n", "assert f(g()); @1  # OK\n", id="assert with several calls"),
        pytest.param(
            "from typing import no_type_check as n\n@n\ndef f(a=g()):  # OK\n    x = 1\n",
            "from typing import no_type_check as n; @2\n@n\ndef f(a=g()):  # OK\n    @1; x = 1\n",
            id="in a body that may be unchecked",
        ),
    ],
)
def test_probes_move_no_line(source: str, copy: str) -> None:
    assert laid(source) == copy


def test_no_probe_stands_before_an_import_from_the_future() -> None:
    source = '"""Doc."""\nfrom __future__ import annotations\nprint(1)\nf(1)  # OK\n'
    assert laid(source).startswith('"""Doc."""\nfrom __future__ import annotations\n')
    assert laid(source.replace("  # OK", "")).startswith('"""Doc."""\nfrom __future__ import annotations\n')


def outcomes(source: str, reached: set[int]) -> list[Outcome]:
    case = read(source)
    run = Run("mypy", "2.0", "3.13", 0, reached={case.path: reached})
    return [verdict.outcome for verdict in match(case, run, [])]


@pytest.mark.parametrize(
    ("source", "reached", "outcome"),
    [
        pytest.param("f(1)  # OK", {1}, Outcome.MET, id="reached"),
        pytest.param("f(1)  # OK", {END}, Outcome.ELSEWHERE, id="not reached"),
        pytest.param("f(1)  # E: argument-type", {1}, Outcome.MISSED, id="reject reached"),
        pytest.param("f(1)  # E: argument-type", {END}, Outcome.ELSEWHERE, id="reject not reached"),
        pytest.param("def f(x): ...  # OK", {END}, Outcome.MET, id="a header, to the end"),
        pytest.param("return_()\ndef f(x): ...  # OK", {END}, Outcome.ELSEWHERE, id="a header behind a call"),
        pytest.param("f(1)  # OK !mypy a/b#1", {END}, Outcome.CLOSED_GAP, id="gap"),
        pytest.param("if x:\n    class A:\n        assert_type(1, str)", {1}, Outcome.MET, id="in a class"),
        pytest.param(
            "if x:\n    class A:\n        assert_type(1, str)", {END}, Outcome.ELSEWHERE, id="in a class, not"
        ),
    ],
)
def test_a_claim_needs_its_probe(source: str, reached: set[int], outcome: Outcome) -> None:
    assert outcomes(source, reached) == [outcome]


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("def f():\n    def g(): ...  # OK\n", 2, id="nothing around it"),
        pytest.param("if x:\n    class A:\n        y = 1  # OK\n", 3, id="alone in a class"),
        pytest.param("if x:\n    def g(y=assert_type(1, str)): ...\n", 2, id="assert_type in a header"),
        pytest.param("def f():\n    y = 1\n    def g(a=f(), b=h()): ...  # OK\n", 3, id="two calls, no end"),
        pytest.param(
            "from typing import no_type_check as n\n@n\ndef f(a=g()): ...  # OK\n", 2, id="unchecked, no body"
        ),
        pytest.param(
            "import typing\nn = typing.no_type_check\n@n\ndef f(a=g()): ...  # OK\n",
            3,
            id="unchecked by a name",
        ),
    ],
)
def test_a_silent_claim_that_no_probe_can_show_is_refused(source: str, line: int) -> None:
    with pytest.raises(
        CaseError, match=rf"case.py:[{line}{line + 1}]: no checker can be shown to look at this"
    ):
        read(source)


@pytest.mark.parametrize(
    "line",
    ['# mypy: disable-error-code="call-arg"', "# type: ignore", "# pyrefly: ignore", "bgtasks_probe_1"],
)
def test_what_a_checker_may_obey_in_a_string_is_refused(line: str) -> None:
    with pytest.raises(CaseError, match=r"case.py:2: "):
        read(f'"""\n{line}\n"""\n')
