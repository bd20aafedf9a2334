"""What a session does beside asking checkers; tests/cli/test_verify_options.py asks them."""

import pytest
from rich.text import Text

from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET
from bgtasks.verify.session import check, explain, narrow
from bgtasks.verify.settings import Settings
from reports import CASE, EVERYTHING, NOTHING


@pytest.mark.parametrize(
    ("keyword", "lines"),
    [
        pytest.param("", [1, 2, 4, 6, 8], id="all"),
        pytest.param("argument-type", [1], id="kind"),
        pytest.param("ok", [2], id="OK"),
        pytest.param('GO("A")', [2], id="statement in another case"),
        pytest.param(":8", [8], id="place"),
        pytest.param("nowhere", [], id="nothing"),
    ],
)
def test_a_keyword_keeps_the_claims_that_mention_it(keyword: str, lines: list[int]) -> None:
    assert [claim.line for claim in narrow(CASE, keyword).claims] == lines


def explained(place: str) -> list[str]:
    parts = list(explain(EVERYTHING, place))
    assert all(isinstance(part, Text) for part in parts)
    return [str(part) for part in parts]


@pytest.mark.parametrize("line", [3, 4, 5])
def test_a_claim_is_explained_from_any_line_of_its_statement(line: int) -> None:
    head, *rest = explained(f"{CASE.path}:{line}")

    assert head.startswith(f"{CASE.path}:4 claims missing-argument\ngo(\n    2,")
    runs = [result for result in EVERYTHING.results if result.run.failure is None]
    assert len(rest) == 2 * len(runs)


@pytest.mark.parametrize("place", ["", ":1", "case.py", f"{CASE.path}:7", f"{CASE.path}:x", "other.py:1"])
def test_a_place_without_a_claim_is_named(place: str) -> None:
    with pytest.raises(BgtasksError, match=r"--explain .*: no claim stands there; write file:line of one"):
        explained(place)


def test_a_report_without_claims_explains_none() -> None:
    with pytest.raises(BgtasksError, match="no claim stands there"):
        list(explain(NOTHING, f"{CASE.path}:1"))


def test_without_a_path_there_is_nothing_to_check() -> None:
    with pytest.raises(BgtasksError, match=r"no type tests named; give a file or a folder, or set cases"):
        check(Settings(), DEFAULT_TARGET)
