import io
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bgtasks.checkers import CHECKERS, GATING
from bgtasks.claims.model import Accept, Case, Claim, Gap, Outcome, Span, Verdict, reject
from bgtasks.model import Diagnostic, Kind, Run, Target
from bgtasks.verify.model import Report, Result
from bgtasks.verify.reporters.terminal import render

PATH = Path("typetests/case.py")
TARGET = Target("bgtasks", "BackgroundTasks")
SPAN = Span(1, 1)
REJECT = Claim(1, SPAN, reject(Kind.ARGUMENT_TYPE))
ACCEPT = Claim(1, SPAN, Accept())
GAPPED = Claim(1, SPAN, reject(Kind.ARGUMENT_TYPE), (Gap("mypy", "", "a/b#1"),))
SAID = (Diagnostic(PATH, 1, "arg-type", "wrong\n  type"),)
RUN = Run("mypy", "2.4.1", "3.13", 1.25)


def text(report: Report, width: int = 100) -> list[str]:
    console = Console(file=io.StringIO(), width=width)
    with console.capture() as capture:
        for part in render(report):
            console.print(part, soft_wrap=True)
    return capture.get().splitlines()


def report_of(claim: Claim | None, outcome: Outcome, said: tuple[Diagnostic, ...] = ()) -> Report:
    case = Case(PATH, PATH, "", (SPAN,), (claim,) if claim else ())
    return Report(TARGET, (case,), (Result(RUN, (Verdict(PATH, 1, claim, outcome, said),)),))


@pytest.mark.parametrize(
    ("report", "line"),
    [
        pytest.param(
            report_of(REJECT, Outcome.MISSED),
            "claimed argument-type, mypy 2.4.1 on 3.13 said nothing",
            id="missed",
        ),
        pytest.param(
            report_of(REJECT, Outcome.WRONG_KIND, SAID),
            "claimed argument-type, mypy 2.4.1 on 3.13 said: wrong type [arg-type]",
            id="wrong kind",
        ),
        pytest.param(
            report_of(ACCEPT, Outcome.UNEXPECTED, SAID),
            "claimed OK, mypy 2.4.1 on 3.13 said: wrong type [arg-type]",
            id="unexpected",
        ),
        pytest.param(
            report_of(None, Outcome.UNEXPECTED, SAID),
            "claimed nothing, so silence, mypy 2.4.1 on 3.13 said: wrong type [arg-type]",
            id="without a claim",
        ),
        pytest.param(
            report_of(GAPPED, Outcome.CLOSED_GAP, SAID),
            "claimed argument-type with a gap (!mypy), "
            "mypy 2.4.1 on 3.13 meets it now, so take the mark away (it said: wrong type [arg-type])",
            id="closed gap",
        ),
    ],
)
def test_a_failure_is_one_line(report: Report, line: str) -> None:
    lines = text(report)
    assert lines[0] == f"typetests/case.py:1: {line}"
    assert lines[-1].startswith("Red: 1 verdict on ")
    assert report.exit_code == 1


@pytest.mark.parametrize("outcome", [Outcome.MET, Outcome.GAP])
def test_green_is_a_table_and_one_line(outcome: Outcome) -> None:
    report = report_of(GAPPED, outcome)
    lines = text(report)
    assert lines[0] == "claims met, for bgtasks:BackgroundTasks, on Python 3.13"
    assert lines[-1] == "Green: 1 claim in 1 file, under mypy 2.4.1 on 3.13."
    cell = "1/1" if outcome is Outcome.MET else "0/1, 1 gap"
    assert any(line.split(maxsplit=1) == ["argument-type", cell] for line in map(str.strip, lines))
    assert report.exit_code == 0


def test_of_many_runs_only_the_shortfall_is_shown() -> None:
    names = ("mypy", "mypy+plugin", "pyright", "basedpyright", "pyrefly", "ty", "zuban")
    outcomes = (Outcome.GAP, Outcome.MET, *[Outcome.MISSED] * 3, Outcome.WRONG_KIND, Outcome.MET)
    one = report_of(GAPPED, Outcome.MET)
    results = [
        Result(replace(RUN, checker=name), (Verdict(PATH, 1, GAPPED, outcome),), gates=outcome.ok)
        for name, outcome in zip(names, outcomes, strict=True)
    ]
    lines = text(Report(TARGET, one.cases, tuple(results)), width=80)[:-1]
    assert [line.split() for line in lines[1:3]] == [
        ["mypy", "based", "plugin"],
        ["claim", "of", "mypy", "+plugin", "pyright", "pyright", "pyrefly", "ty", "zuban", "buys"],
    ]
    [row] = [line.split() for line in lines if line.strip().startswith("argument-type")]
    assert row == ["argument-type", "1", "1g", "all", "-1", "-1", "-1", "-1", "all", "+1"]
    assert lines[-2:] == [
        "of: how many claims; all: all met; Ng: gaps, known not to be met; -N: not met",
        "plugin buys: +N: met with the plugin only",
    ]
    assert all(len(line) <= 80 for line in lines)


def test_all_checkers_fit_into_a_log() -> None:
    claims = [Claim(line, Span(line, line), reject(kind)) for line, kind in enumerate([*Kind] * 8, 1)]
    results: list[Result] = []
    for name in CHECKERS:
        first = Outcome.MET if name == "mypy+plugin" else Outcome.GAP
        later = Outcome.GAP if name in GATING else Outcome.MISSED
        verdicts = tuple(
            Verdict(PATH, claim.line, claim, first if claim.line <= 48 else later) for claim in claims
        )
        results.append(Result(Run(name, "1.10.100", "3.10", 99.9), verdicts, name in GATING))
    lines = text(Report(TARGET, (), tuple(results)), width=80)[:-1]
    assert max(map(len, lines)) <= 80
    assert "…" not in "".join(lines)
    assert [line.split()[0] for line in lines[4:-6]] == [
        word for kind in Kind for word in textwrap.wrap(kind.value, 18)
    ]


def test_each_python_and_platform_has_a_table_of_its_own() -> None:
    def outcome(name: str, platform: str) -> Outcome:
        if platform == "win32":
            return Outcome.ELSEWHERE
        return Outcome.GAP if name == "mypy" else Outcome.MET

    results = [
        Result(
            Run(name, "1.10.100", python, 99.9, platform=platform),
            (Verdict(PATH, 1, REJECT, outcome(name, platform)),),
        )
        for python in ("3.10", "3.14")
        for platform in ("linux", "win32")
        for name in CHECKERS
    ]
    lines = text(Report(TARGET, (), tuple(results)), width=80)[:-1]
    assert max(map(len, lines)) <= 80
    assert [line for line in lines if line.startswith("claims met")] == [
        f"claims met, for bgtasks:BackgroundTasks, on Python {python} for {platform}"
        for python in ("3.10", "3.14")
        for platform in ("linux", "win32")
    ]
    assert sum("mypy +plugin" in line for line in lines) == 4
    assert sum(line.endswith("  buys") for line in lines) == 2  # where there is a difference
    assert lines[-3:] == [
        "of: how many claims; all: all met; Ng: gaps, known not to be met",
        "Ne: elsewhere, not reached in this run and looked at in another",
        "plugin buys: +N: met with the plugin only",
    ]


def test_what_a_plugin_buys_is_the_last_column_of_few_runs_too() -> None:
    report = report_of(GAPPED, Outcome.GAP)
    plugged = Result(replace(RUN, checker="mypy+plugin"), (Verdict(PATH, 1, GAPPED, Outcome.MET),))
    lines = text(replace(report, results=(*report.results, plugged)))
    assert lines[1].split() == ["mypy", "plugin"]
    assert lines[2].split() == ["claim", "of", "mypy", "+plugin", "buys"]
    assert lines[4].split() == ["argument-type", "1", "1g", "all", "+1"]


def test_a_run_that_failed_is_neither_green_nor_red() -> None:
    failed = Run("pyright", "1.1.414", "3.13", 1, failure="stopped with exit code 2 and said: nothing")
    met = report_of(REJECT, Outcome.MET)
    report = Report(TARGET, met.cases, (*met.results, Result(failed)))
    assert text(report)[0] == "pyright 1.1.414 on 3.13: stopped with exit code 2 and said: nothing"
    assert text(report)[-1] == "Not checked by pyright 1.1.414 on 3.13: 1 claim in 1 file."
    assert report.exit_code == 2


def test_a_case_that_cannot_be_read_is_no_green() -> None:
    met = report_of(REJECT, Outcome.MET)
    report = Report(TARGET, met.cases, met.results, ("typetests/broken.py:1: syntax error",))
    assert text(report)[0] == "typetests/broken.py:1: syntax error"
    assert text(report)[-1] == "Not all checked: 1 file could not be read."
    assert report.exit_code == 2


def test_a_report_without_a_run_is_no_green() -> None:
    assert Report(TARGET, (), ()).exit_code == 2
