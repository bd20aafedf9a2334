from dataclasses import replace
from pathlib import Path

import pytest

from bgtasks.claims.cases import CaseError
from bgtasks.errors import BgtasksError
from bgtasks.verify.find import Suite
from bgtasks.verify.model import Result
from bgtasks.verify.place import Place, find_claim, read_place, reduce
from reports import CASE, EVERYTHING, FAILED, GREEN, PATH, RED

SUITE = Suite((CASE,), (), (CaseError(Path("broken.py"), 3, "syntax error"),))


def test_a_place_is_a_file_and_a_line() -> None:
    assert read_place("a/b.py:31") == Place(Path("a/b.py"), 31)
    assert read_place("c:b.py:31") == Place(Path("c:b.py"), 31)


@pytest.mark.parametrize("text", ["", ":1", "case.py", "case.py:", "case.py:x", "case.py:-1"])
def test_what_is_no_place_is_told(text: str) -> None:
    with pytest.raises(BgtasksError, match="is no place; write file:line"):
        read_place(text)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(PATH, 7), "no claim stands there; the nearest in the file are on lines 6 and 8"),
        (Place(PATH, 99), "the nearest in the file are on lines 6 and 8"),
        (Place(Path("other.py"), 1), "the file is none of the type tests that are checked"),
        (Place(Path("broken.py"), 1), "broken.py:3: syntax error"),
    ],
)
def test_a_place_without_a_claim_is_told_with_the_nearest(place: Place, said: str) -> None:
    with pytest.raises(BgtasksError, match=said):
        find_claim(SUITE, place)


@pytest.mark.parametrize(
    ("claims", "said"),
    [((), "the file has none"), (CASE.claims[:1], "the nearest in the file is on line 1")],
)
def test_few_claims_are_all_near(claims: tuple[()], said: str) -> None:
    with pytest.raises(BgtasksError, match=said):
        find_claim(Suite((replace(CASE, claims=claims),)), Place(PATH, 7))


@pytest.mark.parametrize(
    ("line", "results", "code"),
    [
        pytest.param(1, (GREEN,), 0, id="met, others not"),
        pytest.param(1, (RED,), 0, id="gap"),
        pytest.param(2, (RED, GREEN), 1, id="not met by one"),
        pytest.param(2, (replace(RED, gates=False), GREEN), 0, id="not met by one that does not gate"),
        pytest.param(2, (GREEN, FAILED), 2, id="not known"),
        pytest.param(
            2, (replace(GREEN, run=replace(GREEN.run, aside=((PATH, "crash"),))),), 2, id="set aside"
        ),
        pytest.param(
            2, (replace(GREEN, run=replace(GREEN.run, aside=((Path("x"), "crash"),))),), 0, id="another aside"
        ),
    ],
)
def test_the_exit_code_is_that_of_the_claim(line: int, results: tuple[Result, ...], code: int) -> None:
    report = replace(EVERYTHING, results=results)
    assert reduce(report, *find_claim(SUITE, Place(PATH, line))).exit_code == code
