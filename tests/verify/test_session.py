"""What a session does beside asking checkers; tests/cli/test_verify_options.py asks them."""

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET
from bgtasks.verify.session import check, narrow
from bgtasks.verify.settings import Settings
from reports import CASE


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


def test_without_a_path_there_is_nothing_to_check() -> None:
    with pytest.raises(BgtasksError, match=r"no type tests named; give a file or a folder, or set cases"):
        check(Settings(), DEFAULT_TARGET)
