from dataclasses import replace
from pathlib import Path

import pytest
from rich.text import Text

from bgtasks.claims.cases import CaseError, read_case
from bgtasks.claims.model import OpenClaim
from bgtasks.errors import BgtasksError
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.verify.explain import Place, explain, find_claim, read_place, reduce
from bgtasks.verify.find import Suite
from bgtasks.verify.model import Report, Result
from reports import CASE, EVERYTHING, FAILED, GREEN, PATH, RED

SUITE = Suite((CASE,), (), (CaseError(Path("broken.py"), 3, "syntax error"),))
OPEN = read_case(PATH, PATH, "go(1)  # E: ?\ngo(2)\n", frozenset(), update=True)


def reduced(line: int, report: Report = EVERYTHING) -> Report:
    return reduce(report, *find_claim(Suite(report.cases), Place(PATH, line)))


def explained(report: Report) -> list[str]:
    parts = list(explain(report))
    assert all(isinstance(part, Text) for part in parts)
    return [str(part) for part in parts]


def test_a_place_is_a_file_and_a_line() -> None:
    assert read_place("a/b.py:31") == Place(Path("a/b.py"), 31)
    assert read_place("c:b.py:31") == Place(Path("c:b.py"), 31)


@pytest.mark.parametrize("text", ["", ":1", "case.py", "case.py:", "case.py:x", "case.py:-1"])
def test_what_is_no_place_is_told(text: str) -> None:
    with pytest.raises(BgtasksError, match="is no place; write file:line"):
        read_place(text)


@pytest.mark.parametrize("line", [3, 4, 5])
def test_a_claim_is_explained_from_any_line_of_its_statement(line: int) -> None:
    head, *rest = explained(reduced(line))

    assert head.startswith(f"{PATH}:4 claims missing-argument\ngo(\n    2,")
    assert [part.split(":")[0].strip() for part in rest] == [
        "mypy 2.4.1 on 3.13",
        "said nothing",
        "pyright 1.1.414 on 3.13",
        "said nothing",
        "ty 0.0.105 on 3.13",
        "said nothing",
        "zuban on 3.13",
    ]


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
    assert reduced(line, replace(EVERYTHING, results=results)).exit_code == code


TYPE = Diagnostic(PATH, 1, "arg-type", "an int", frozenset({Kind.ARGUMENT_TYPE}))


@pytest.mark.parametrize(
    ("mypy", "pyright", "said"),
    [
        pytest.param(
            (TYPE,),
            (TYPE,),
            [
                "mypy 2 on 3.13: rejects it, for argument-type",
                "an int [arg-type]",
                "pyright 2 on 3.13: rejects it, for argument-type",
                "an int [arg-type]",
                "bgtasks verify --update writes:\ngo(1)  # E: argument-type",
            ],
            id="agreed",
        ),
        pytest.param(
            (TYPE._replace(kinds=frozenset()),),
            (),
            [
                "mypy 2 on 3.13: rejects it",
                "an int [arg-type]",
                "pyright 2 on 3.13: accepts it",
                "said nothing",
                (
                    f"{PATH}:1: left open, mypy says an int [arg-type]; pyright accepts it; "
                    "write what is true, and a gap with its reason"
                ),
            ],
            id="not agreed",
        ),
    ],
)
def test_of_an_open_claim_it_is_told_what_would_be_written(
    mypy: tuple[Diagnostic, ...], pyright: tuple[Diagnostic, ...], said: list[str]
) -> None:
    runs = (Run("mypy", "2", "3.13", 0, mypy), Run("pyright", "2", "3.13", 0, pyright))
    report = reduced(1, Report(None, (OPEN,), tuple(map(Result, runs))))
    head, *rest = explained(report)
    assert isinstance(report.cases[0].open[0], OpenClaim)
    assert head == f"{PATH}:1 claims E: ?\ngo(1)  # E: ?"
    assert [part.strip() for part in rest] == said
