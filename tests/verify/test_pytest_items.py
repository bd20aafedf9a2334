"""How answers reach the items of pytest; tests/test_pytest_plugin.py runs pytest itself."""

from dataclasses import replace
from typing import Any, cast

import pytest

from bgtasks.claims.model import Claim
from bgtasks.verify.pytest_items import Answers, ClaimItem
from reports import CASE, EVERYTHING


class Item:
    """What answers look at of an item."""

    def __init__(self, checker: str, claim: Claim | None, version: str = "", platform: str = "") -> None:
        self.checker, self.version, self.platform = checker, version, platform
        self.claim, self.case = claim, CASE


def item(checker: str, claim: Claim | None, version: str = "") -> ClaimItem:
    made: Any = Item(checker, claim, version)
    return cast("ClaimItem", made)


ANSWERS = Answers(EVERYTHING.results)
ASKED = next(result for result in EVERYTHING.results if result.verdicts)


@pytest.mark.parametrize("claim", CASE.claims, ids=str)
def test_each_claim_has_its_verdict(claim: Claim) -> None:
    [verdict] = ANSWERS.verdicts(item(ASKED.run.checker, claim))

    assert (verdict.claim, verdict.path) == (claim, CASE.path)


def test_what_has_no_claim_is_of_the_item_for_silence() -> None:
    unclaimed = [verdict for verdict in ASKED.verdicts if verdict.claim is None]

    assert ANSWERS.verdicts(item(ASKED.run.checker, None)) == unclaimed


def test_an_item_of_a_version_gets_the_run_of_that_version() -> None:
    run = ASKED.run

    assert ANSWERS.result(item(run.checker, None, run.python_version)).run is run
    with pytest.raises(KeyError):
        ANSWERS.result(item(run.checker, None, "2.7"))


def test_an_item_of_a_platform_gets_the_run_for_that_platform() -> None:
    run = replace(ASKED.run, platform="win32")
    answers = Answers([replace(ASKED, run=run), ASKED])
    windows: Any = Item(run.checker, None, platform="win32")

    assert answers.result(cast("ClaimItem", windows)).run is run
    assert answers.result(item(run.checker, None)).run is ASKED.run


def test_a_claim_without_a_verdict_is_no_pass() -> None:
    [first, *_] = CASE.claims
    failed = next(result for result in EVERYTHING.results if result.run.failure)

    with pytest.raises(KeyError):
        ANSWERS.verdicts(item(failed.run.checker, first))
