from pathlib import Path

import pytest

from bgtasks.checkers import CHECKERS
from bgtasks.claims.echoes import ECHOES, Echo, is_echo
from bgtasks.model import Diagnostic, Kind, Run

MISSING, UNKNOWN, MANY = Kind.MISSING_ARGUMENT, Kind.UNKNOWN_KEYWORD, Kind.TOO_MANY_POSITIONAL


def said(kind: Kind | None, message: str = "", rule: str = "") -> Diagnostic:
    return Diagnostic(Path("a.py"), 1, rule, message, frozenset({kind} if kind else ()))


def run(checker: str) -> Run:
    return Run(checker, "1.0", "3.13", 0)


@pytest.mark.parametrize("name", CHECKERS)
def test_a_misspelt_keyword_that_is_missing_is_one_mistake_for_all(name: str) -> None:
    assert is_echo(said(UNKNOWN), MISSING, run(name))
    assert is_echo(said(MISSING), UNKNOWN, run(name))


@pytest.mark.parametrize(
    ("checker", "claimed", "diagnostic", "expected"),
    [
        pytest.param("mypy", MISSING, said(Kind.ARGUMENT_TYPE), False, id="another type"),
        pytest.param("mypy", MISSING, said(None, "undefined", "name-defined"), False, id="no kind"),
        pytest.param("mypy", MANY, said(Kind.ARGUMENT_TYPE), True, id="one too many"),
        pytest.param("ty", MANY, said(MISSING), True, id="keyword only under ty"),
        pytest.param("pyright", MANY, said(MISSING), False, id="keyword only under another"),
        pytest.param("mypy", Kind.ASSIGNMENT, said(None, "Any", "no-any-return"), True, id="by its rule"),
        pytest.param("mypy", Kind.ASSIGNMENT, said(None, "no-any-return:", "misc"), False, id="words only"),
    ],
)
def test_only_what_is_listed_is_an_echo(
    checker: str, claimed: Kind, diagnostic: Diagnostic, expected: bool
) -> None:
    assert is_echo(diagnostic, claimed, run(checker)) is expected


@pytest.mark.parametrize("echo", ECHOES, ids=[f"{each.claimed.value}-{each.words}" for each in ECHOES])
def test_each_entry_is_of_checkers_that_are_there_and_of_two_kinds(echo: Echo) -> None:
    assert echo.checkers <= {checker.program for checker in CHECKERS.values()}
    assert echo.kind is not echo.claimed
    assert echo.kind or echo.words
