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
    ],
)
def test_a_claim_needs_its_probe(source: str, reached: set[int], outcome: Outcome) -> None:
    assert outcomes(source, reached) == [outcome]


@pytest.mark.parametrize(
    "statement",
    [
        "a and f(1)",
        "f(1) if a else None",
        "x = lambda: a or f(1)",
        "[f(x) if x else 1 for x in y]",
        "assert a, f(1)",
        "while a and f(1): pass",
    ],
)
def test_an_accept_of_what_may_be_skipped_is_refused(statement: str) -> None:
    with pytest.raises(CaseError, match=r"case.py:2: this call may be skipped"):
        read(f"a = y = 0\n{statement}  # OK\n")


@pytest.mark.parametrize("statement", ["f(lambda: g(1))", "[g(x) for x in y]", "f(a if b else c)"])
def test_an_accept_of_what_is_looked_at_is_not_refused(statement: str) -> None:
    assert len(read(f"{statement}  # OK\n").claims) == 1


def test_an_accept_that_no_probe_can_show_is_refused() -> None:
    with pytest.raises(CaseError, match=r"case.py:2: no checker can be shown to look at this"):
        read("def f():\n    def g(): ...  # OK\n")


@pytest.mark.parametrize(
    "line",
    ['# mypy: disable-error-code="call-arg"', "# type: ignore", "# pyrefly: ignore", "bgtasks_probe_1"],
)
def test_what_a_checker_may_obey_in_a_string_is_refused(line: str) -> None:
    with pytest.raises(CaseError, match=r"case.py:2: "):
        read(f'"""\n{line}\n"""\n')
