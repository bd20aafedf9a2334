"""How answers reach the items of pytest; tests/test_pytest_plugin.py runs pytest itself."""

from dataclasses import replace

import pytest

from bgtasks.claims.model import Claim, Span, reject
from bgtasks.verify.pytest_batch import Answers
from reports import CASE, EVERYTHING

ANSWERS = Answers(EVERYTHING.results)
ASKED = next(result for result in EVERYTHING.results if result.verdicts)
ANY = (ASKED.run.checker, "", "")


@pytest.mark.parametrize("claim", CASE.claims, ids=str)
def test_each_claim_has_its_verdict(claim: Claim) -> None:
    [verdict] = ANSWERS.verdicts(ANY, CASE.path, claim)

    assert (verdict.claim, verdict.path) == (claim, CASE.path)


def test_what_has_no_claim_is_of_the_item_for_silence() -> None:
    unclaimed = [verdict for verdict in ASKED.verdicts if verdict.claim is None]

    assert ANSWERS.verdicts(ANY, CASE.path, None) == unclaimed


def test_an_item_of_a_version_gets_the_run_of_that_version() -> None:
    run = ASKED.run

    assert ANSWERS.results[run.checker, run.python_version, ""].run is run
    assert (run.checker, "2.7", "") not in ANSWERS.results


def test_an_item_of_a_platform_gets_the_run_for_that_platform() -> None:
    run = replace(ASKED.run, platform="win32")
    answers = Answers([replace(ASKED, run=run), ASKED])

    assert answers.results[run.checker, "", "win32"].run is run
    assert answers.results[ANY].run is ASKED.run


def test_a_claim_without_a_verdict_is_no_pass() -> None:
    with pytest.raises(KeyError):
        ANSWERS.verdicts(ANY, CASE.path, Claim(99, Span(99, 99), reject()))
