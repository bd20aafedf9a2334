import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bgtasks.checkers import CHECKERS
from bgtasks.claims.model import Outcome, Verdict
from bgtasks.doctor import Vendored, diagnose, render, to_json
from bgtasks.model import Diagnostic, Run
from bgtasks.vendor.model import Proof
from bgtasks.verify.model import Result
from bgtasks.verify.settings import Settings
from places import TESTS
from reports import CASE

RUN = Run("mypy", "2.4.1", "3.13", 1.0)
# What mypy really said of a case, here of the one statement that the doctor asks about.
SAID = CHECKERS["mypy"].read((TESTS / "recorded" / "mypy-2.4.1.jsonl").read_text())[0]
REJECTED = Result(RUN, (Verdict(CASE.path, 1, None, Outcome.UNEXPECTED, (SAID,)),))
SETTINGS = Settings(python=Path("bin/python"))
PROOF = Proof("mypy", "2.4.1", "0.1.0", ())


def printed(result: Result, vendored: Vendored | None = None) -> str:
    console = Console(width=100, record=True, file=io.StringIO())
    for part in render([diagnose(result, SETTINGS, "target.py", ("one-stubs",))], vendored):
        console.print(part)
    return console.export_text()


@pytest.mark.parametrize(
    ("result", "problem"),
    [
        pytest.param(Result(RUN), None, id="well"),
        pytest.param(Result(replace(RUN, failure="does not see it")), "does not see it", id="failed"),
        pytest.param(REJECTED, str(SAID), id="rejects the target"),
    ],
)
def test_what_a_run_says_of_the_health_of_a_checker(result: Result, problem: str | None) -> None:
    health = diagnose(result, SETTINGS, "target.py", ("one-stubs",))

    assert (health.problem, health.gates, health.version) == (problem, True, "2.4.1")


def test_a_checker_that_is_missing_has_no_version() -> None:
    run = Run("zuban", "", "3.13", 0, failure="is not installed")

    assert diagnose(Result(run), SETTINGS, None, ()).version is None
    assert not diagnose(Result(run), SETTINGS, None, ()).gates


def test_a_person_is_told_what_holds_for_all_then_a_row_for_each_checker() -> None:
    lines = printed(Result(RUN)).splitlines()

    assert lines[:3] == ["python   bin/python (3.13)", "target   target.py", "stubs    one-stubs"]
    assert any(line.split() == ["mypy", "2.4.1", "yes", "as", "they", "must", "be"] for line in lines)


def test_what_is_vendored_comes_last() -> None:
    vendored = Vendored("typings", (PROOF,), ("mypy reads the stubs",))
    lines = printed(REJECTED, vendored).splitlines()

    assert lines[-2:] == [
        "vendored typings, under the project's own configuration",
        "  mypy reads the stubs",
    ]


def test_the_json_has_the_proof_beside_the_health() -> None:
    healths = [diagnose(Result(RUN), SETTINGS, None, ())]

    [row] = json.loads(to_json(healths, Vendored("typings", (PROOF,), ())))
    assert row["vendored"] == {"checker": "mypy", "version": "2.4.1", "stubs": "0.1.0", "problems": []}
    assert json.loads(to_json(healths, None))[0]["vendored"] is None


def test_diagnostics_are_told_as_the_checker_said_them() -> None:
    said = Diagnostic(Path("a.py"), 1, "arg-type", "wrong")
    result = Result(RUN, (Verdict(Path("a.py"), 1, None, Outcome.UNEXPECTED, (said, said)),))

    assert diagnose(result, SETTINGS, None, ()).problem == "wrong [arg-type]; wrong [arg-type]"
