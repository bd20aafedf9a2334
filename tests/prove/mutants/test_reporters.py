import io
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from bgtasks.claims.model import Claim, Outcome, Span, Verdict, reject
from bgtasks.model import Diagnostic, Kind
from bgtasks.prove.mutants.model import Fate, Judgement, Mutant, MutationReport, Score
from bgtasks.prove.mutants.reporters import FORMATS, terminal
from bgtasks.prove.mutants.reporters.json import schema
from bgtasks.prove.mutants.reporters.words import percent, summary

# Without types of its own.
JSONSCHEMA: Any = import_module("jsonschema")

PATH = Path("tests/ünï.py")
SAID = (Diagnostic(PATH, 3, "call-arg", "too | many"),)
VERDICTS = (
    Verdict(PATH, 3, Claim(3, Span(3, 3), reject(Kind.ARGUMENT_TYPE)), Outcome.MISSED),
    Verdict(PATH, 4, None, Outcome.UNEXPECTED, SAID),
)


def mutant(number: int, after: str = "def f(a: Any)") -> Mutant:
    return Mutant("lib", Path("lib.pyi"), number, "f", "type-to-any", "def f(a: int)", after, str(number))


MUTANTS = (*map(mutant, range(1, 6)), mutant(6, ""))
JUDGEMENTS = (
    Judgement(MUTANTS[0], Fate.KILLED, VERDICTS[0]),
    Judgement(MUTANTS[1], Fate.KILLED, VERDICTS[1]),
    Judgement(MUTANTS[2], Fate.REJECTED, said="unbound"),
    Judgement(MUTANTS[3], Fate.EQUIVALENT, said="nobody looks"),
    Judgement(MUTANTS[4], Fate.UNDECIDED, said="crashed"),
    Judgement(MUTANTS[5], Fate.SURVIVED),
)
MYPY = Score("mypy", "2.4.1", JUDGEMENTS)
KILLED = Score("ty", "1", tuple(Judgement(one, Fate.KILLED, VERDICTS[0]) for one in MUTANTS))
SURVIVED = Score("ty", "1", (*KILLED.judgements[:5], JUDGEMENTS[5]))
FAILED = Score("pyright", "", failure="is not installed")
REPORTS = {
    "one of everything": (MutationReport(MUTANTS, (MYPY, FAILED), ("lib:f: stale",)), 2),
    "undecided": (MutationReport(MUTANTS, (MYPY,)), 2),
    "a survivor": (MutationReport(MUTANTS, (KILLED, SURVIVED)), 1),
    "none": (MutationReport(MUTANTS, (KILLED,)), 0),
}
EVERYTHING, _ = REPORTS["one of everything"]


def show(report: MutationReport) -> str:
    console = Console(file=io.StringIO(), width=100)
    for part in terminal.render(report):
        console.print(part, soft_wrap=True)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(("report", "code"), REPORTS.values(), ids=REPORTS)
def test_exit_codes(report: MutationReport, code: int) -> None:
    assert report.exit_code == code
    assert summary(report).startswith({0: "Green", 1: "Red", 2: "Not done"}[code])


@pytest.mark.parametrize("report", [report for report, _ in REPORTS.values()], ids=REPORTS)
def test_json_is_as_its_schema_says(report: MutationReport) -> None:
    JSONSCHEMA.validate(json.loads(FORMATS["json"](report)), schema())


def test_the_terminal_shows_what_is_to_be_done() -> None:
    text = show(EVERYTHING)

    assert "lib.pyi:6: f, type-to-any: survived under mypy 2.4.1\n  - def f(a: int)\n  + (dropped)" in text
    assert "lib.pyi:5: f, type-to-any: undecided under mypy 2.4.1: crashed" in text
    assert "pyright: is not installed" in text
    assert "lib:f: stale" in text
    assert "66.6 %" in text


def test_markdown_says_all() -> None:
    text = FORMATS["markdown"](EVERYTHING)

    for words in ("nobody looks", "crashed", "unbound", "claimed argument\\-type", "is not installed"):
        assert words.replace("\\-", "-") in text
    assert "too \\| many" in text
    assert "| score | 66.6 % |" in text


@pytest.mark.parametrize(
    ("killed", "survived", "expected"),
    [(1, 0, "100 %"), (1999, 1, "99.9 %"), (0, 1, "0 %"), (0, 0, "-")],
)
def test_a_survivor_shows_in_the_score(killed: int, survived: int, expected: str) -> None:
    fates = [*[Fate.KILLED] * killed, *[Fate.SURVIVED] * survived, Fate.REJECTED]

    assert percent(Score("ty", "1", tuple(Judgement(MUTANTS[0], fate) for fate in fates))) == expected
