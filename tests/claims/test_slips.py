import re
from pathlib import Path

import pytest

from bgtasks.claims.cases import CaseError, read_case
from bgtasks.claims.grammar import find_claim
from bgtasks.claims.slips import find_slip

CHECKERS = frozenset({"mypy", "mypy+plugin", "pyright"})


@pytest.mark.parametrize(
    ("comment", "meant"),
    [
        ("# E missing-argument", "# E: missing-argument"),
        ("# E :missing-argument", "# E: missing-argument"),
        ("# E; missing-argument", "# E: missing-argument"),
        ("# E missing argument", "# E: missing-argument"),
        ("# E missing_argument | overide", "# E: missing-argument | override"),
        ("# e: missing-argument", "# E: missing-argument"),
        ("# e: of-no-kind", "# E: of-no-kind"),
        ("# EE: x", "# E: x"),
        ("# Error: missing-argument", "# E: missing-argument"),
        ("# Error missing-arg", "# E: missing-argument"),
        ("# Err - argument-type", "# E: argument-type"),
        ("# Expect: no-overload", "# E: no-overload"),
        ("# E(missing-argument)", "# E: missing-argument"),
        ("# E missing-argument, since it has none", "# E: missing-argument"),
        ("# error: missing-argument (why)", "# E: missing-argument"),
        ("# E missing-argument | override", "# E: missing-argument | override"),
        ("# error: [missing-argument]", "# E: missing-argument"),
        ('# error: [no-such-rule] "words"', '# E: ty[no-such-rule]"words"'),
        ("# missing-argument", "# E: missing-argument"),
        ("# Error", "# E"),
        ("# e", "# E"),
        ("# e: ?", "# E: ?"),
        ("# E ?", "# E?"),
        ("# E [tag]: override", "# E[tag]: override"),
        ("# E mypy[arg-type]", "# E: mypy[arg-type]"),
        ('# Error: mypy"words"', '# E: mypy"words"'),
        ('# E "words"', '# E: "words"'),
        ("# ok", "# OK"),
        ("# Ok: as it should be", "# OK: as it should be"),
        ("# okay", "# OK"),
        ("# reveal: int", "# revealed: int"),
        ("# Revealed: list[int]", "# revealed: list[int]"),
        ("# revealed = int", "# revealed: int"),
        ("# revealed int", "# revealed: int"),
        ("# revaeled: int", "# revealed: int"),
    ],
)
def test_what_is_nearly_a_claim(comment: str, meant: str) -> None:
    assert find_claim(comment) is None
    assert find_slip(comment, CHECKERS) == (comment, meant)
    assert find_slip(f"# noqa: X100  {comment}", CHECKERS) == (comment, meant)
    assert find_slip(f"{comment}  !mypy a/b#1", CHECKERS) == (
        f"{comment}  !mypy a/b#1",
        f"{meant}  !mypy a/b#1",
    )


def test_a_gap_without_a_claim_is_one_too() -> None:
    assert find_slip("# !plain a/b#1", CHECKERS) == ("# !plain a/b#1", "# E: kind  !plain a/b#1")
    assert find_slip("# !important a/b#1", CHECKERS) is None


@pytest.mark.parametrize(
    "comment",
    [
        "# Error handling comes later",
        "# Error, list[str] is no list[float]",
        "# Error: missing arguments",
        "# error: see #12",
        "# error < 0.5",
        "# error: [1, 2] is no list",
        "# error re-raised",
        "# E.g. this",
        "# e.g., that",
        "# E is mc²",
        "# E501",
        "# e with stroke",
        "# EE: imported from the other edition",
        "# expected: an ordinary canvas",
        "# ok, somethings wrong here",
        "# okay then",
        "# ok contains a name",
        "# override",
        "# assignment: see below",
        '# Revealed type is "int | str"',
        "# revealed type",
        "# reversed: x",
        "# related: x",
        "# ty: ignore[invalid-argument-type]",
        "# ruff:ignore[too-many-arguments, too-many-positional-arguments]",
    ],
)
def test_a_remark_is_left_alone(comment: str) -> None:
    assert find_claim(comment) is None
    assert find_slip(comment, CHECKERS) is None


def test_a_statement_with_a_slip_is_an_error_that_says_what_to_write() -> None:
    said = (
        "case.py:2: '# Error: override' is nearly a claim; write '# E: override', or a remark in other words"
    )
    with pytest.raises(CaseError, match=re.escape(said)):
        read_case(Path("case.py"), Path("case.py"), "f(1)\nf(\n2)  # Error: override\n"[5:], CHECKERS)


def test_a_slip_without_a_statement_is_a_remark() -> None:
    case = read_case(Path("case.py"), Path("case.py"), "# Error\n\n# f(1)  # e: override\nf(1)\n", CHECKERS)
    assert case.claims == ()
