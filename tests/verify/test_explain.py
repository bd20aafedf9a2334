import pytest
from rich.text import Text

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import OpenClaim
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.verify.explain import explain
from bgtasks.verify.find import Suite
from bgtasks.verify.model import Report, Result
from bgtasks.verify.place import Place, find_claim, reduce
from reports import EVERYTHING, PATH

OPEN = read_case(PATH, PATH, "go(1)  # E: ?\ngo(2)\n", frozenset(), update=True)


def reduced(line: int, report: Report = EVERYTHING) -> Report:
    return reduce(report, *find_claim(Suite(report.cases), Place(PATH, line)))


def explained(report: Report) -> list[str]:
    parts = list(explain(report))
    assert all(isinstance(part, Text) for part in parts)
    return [str(part) for part in parts]


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
