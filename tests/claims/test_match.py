from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.claims.match import match
from bgtasks.claims.model import Outcome
from bgtasks.model import Diagnostic, Kind, Run

PATH = Path("case.py")
RUN = Run("mypy", "1.11.2", "3.12", 0)


def outcomes(source: str, *diagnostics: tuple[int, Kind], run: Run = RUN) -> list[tuple[int, Outcome]]:
    case = read_case(PATH, PATH, source, frozenset({"mypy", "mypy+plugin", "pyright"}))
    said = [Diagnostic(PATH, line, "rule", "message", frozenset({kind})) for line, kind in diagnostics]
    return [(verdict.line, verdict.outcome) for verdict in match(case, run, said)]


TYPE, MISSING = Kind.ARGUMENT_TYPE, Kind.MISSING_ARGUMENT


@pytest.mark.parametrize(
    ("source", "diagnostics", "outcome"),
    [
        pytest.param("f(1)  # E: argument-type", [(1, TYPE)], Outcome.MET, id="rejected"),
        pytest.param(
            "f(1)  # E: argument-type", [(1, MISSING), (1, TYPE)], Outcome.WRONG_KIND, id="and more"
        ),
        pytest.param("f(1)  # E: argument-type", [], Outcome.MISSED, id="missed"),
        pytest.param("f(1)  # E: argument-type", [(1, MISSING)], Outcome.WRONG_KIND, id="wrong kind"),
        pytest.param("f(1)  # OK", [], Outcome.MET, id="accepted"),
        pytest.param("f(1)  # OK", [(1, TYPE)], Outcome.UNEXPECTED, id="unexpected"),
        pytest.param("f(1)  # E: argument-type !mypy a/b#1", [], Outcome.GAP, id="gap"),
        pytest.param("f(1)  # E: argument-type !mypy a/b#1", [(1, MISSING)], Outcome.GAP, id="gap in kind"),
        pytest.param("f(1)  # E: argument-type !mypy a/b#1", [(1, TYPE)], Outcome.CLOSED_GAP, id="closed"),
        pytest.param("f(1)  # OK !mypy a/b#1", [(1, TYPE)], Outcome.GAP, id="accept gap"),
        pytest.param("f(1)  # OK !mypy a/b#1", [], Outcome.CLOSED_GAP, id="accept closed"),
        pytest.param("f(1)  # OK !pyright a/b#1", [], Outcome.MET, id="another's gap"),
        pytest.param("f(1)  # OK !mypy<1.12 a/b#1", [(1, TYPE)], Outcome.GAP, id="gap of this version"),
        pytest.param("f(1)  # OK !mypy>=1.12 a/b#1", [], Outcome.MET, id="gap of another version"),
        pytest.param("f(\n  1,\n)  # E: argument-type", [(2, TYPE)], Outcome.MET, id="within the statement"),
    ],
)
def test_a_claim_is_judged(source: str, diagnostics: list[tuple[int, Kind]], outcome: Outcome) -> None:
    assert [found for _, found in outcomes(source, *diagnostics)] == [outcome]


@pytest.mark.parametrize(
    ("mark", "names"),
    [
        ("!mypy", {"mypy"}),
        ("!mypy+plugin", {"mypy+plugin"}),
        ("!mypy a/b#1  !mypy+plugin", {"mypy", "mypy+plugin"}),
        ("!mypy+plugin,pyright", {"mypy+plugin", "pyright"}),
        ("!plain", {"mypy", "pyright"}),
        ("!plain,mypy+plugin", {"mypy", "mypy+plugin", "pyright"}),
    ],
)
def test_each_profile_has_gaps_of_its_own(mark: str, names: set[str]) -> None:
    found = {
        name: outcomes(f"f(1)  # E: pitfall  {mark} a/b#1", run=replace(RUN, checker=name))
        for name in ("mypy", "mypy+plugin", "pyright")
    }
    assert {name for name, verdicts in found.items() if verdicts == [(1, Outcome.GAP)]} == names


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("f(1)\ng(2)  # OK", 1, id="statement"),
        pytest.param("g(2)  # OK\n\n# a remark", 3, id="no statement"),
        pytest.param("def f(a):  # OK\n    g(2)", 2, id="body"),
    ],
)
def test_a_statement_without_a_claim_must_be_silent(source: str, line: int) -> None:
    assert (line, Outcome.UNEXPECTED) in outcomes(source, (line, TYPE))


def test_one_verdict_for_a_statement_however_much_is_said_of_it() -> None:
    assert outcomes("f(\n  1,\n)", (1, TYPE), (2, TYPE)) == [(1, Outcome.UNEXPECTED)]
