import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt

from bgtasks.claims.model import Gap, Outcome, Verdict
from bgtasks.model import Diagnostic, Kind, Run
from bgtasks.report.github import plain
from bgtasks.report.words import printable
from bgtasks.verify.model import Answer, Decision, Judgement, Report, Result
from bgtasks.verify.reporters import FORMATS
from bgtasks.verify.reporters.gains import gains
from bgtasks.verify.reporters.json import schema
from bgtasks.verify.reporters.words import address, reasons, summary
from reports import (
    ALL_MET,
    ASIDE,
    BOUGHT,
    CASE,
    ERROR,
    EVERYTHING,
    GREEN,
    INFORMATION,
    LONG,
    MARKUP,
    NOTHING,
    PATH,
    PLUGGED,
    RED,
    TARGET,
)

REPORTS = {
    "everything": EVERYTHING,
    "green": ALL_MET,
    "information": INFORMATION,
    "a plugin": BOUGHT,
    "nothing": NOTHING,
}
SECTIONS = tuple(replace(CASE, path=Path("shop.md"), section=name) for name in ("One", "Two"))
each_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def only(*verdicts: Verdict, gates: bool = True) -> Report:
    return Report(TARGET, (CASE,), (Result(RED.run, verdicts, gates),))


@pytest.mark.parametrize("name", FORMATS)
@each_report
def test_the_same_report_is_the_same_text(name: str, report: Report) -> None:
    assert FORMATS[name](report) == FORMATS[name](report)
    assert FORMATS[name](report).endswith("\n")


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_tells_everything_that_is_wrong(name: str) -> None:
    text = FORMATS[name](EVERYTHING)
    for word in ("mypy", "2.4.1", "pyright", "1.1.414", "zuban", "3.13", "is not installed", "broken.py:3"):
        assert word in text
    for word in ("closed gap", "none fits", "uncalled", "second line", "17461"):
        assert word in text or (name == "markdown" and word == "closed gap")
    assert "\x1b" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_lone_surrogates_do_not_stop_the_file_from_being_written(name: str) -> None:
    path = Path("typetests/\udcff.py")
    said = (Diagnostic(path, 1, "a", "Literal['\ud800']"),)
    verdict = Verdict(path, 1, None, Outcome.UNEXPECTED, said)
    FORMATS[name](Report(TARGET, (CASE,), (Result(RED.run, (verdict,)),))).encode()


def test_no_format_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, bgtasks.verify.reporters; print({'jinja2', 'junitparser', 'rich'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@each_report
def test_json_is_as_the_schema_says(report: Report) -> None:
    validator: Any = import_module("jsonschema").Draft202012Validator
    validator.check_schema(schema())
    validator(schema()).validate(json.loads(FORMATS["json"](report)))


def test_the_schema_knows_the_kinds_and_the_outcomes() -> None:
    assert schema()["$defs"]["kind"]["enum"] == [kind.value for kind in Kind]
    assert schema()["$defs"]["outcome"]["enum"] == [outcome.value for outcome in Outcome]


# What only some claims, runs and reports have.
OPTIONAL = {"notes", "options", "oracle", "revealed", "suite", "types"}


def test_the_schema_is_closed_and_explained() -> None:
    for part in objects(schema()):
        assert part["additionalProperties"] is False
        assert sorted({*part["properties"]} - {*part["required"]} - OPTIONAL) == []


def test_json_says_what_the_oracle_said() -> None:
    answers = tuple(
        Answer(CASE.path, claim, decision, "why", firm=True)
        for claim, decision in zip(CASE.claims, Decision, strict=False)
    )
    report = replace(EVERYTHING, results=(), errors=(), oracle=Judgement(answers, ((CASE.path, "ended"),)))
    read = json.loads(FORMATS["json"](report))
    import_module("jsonschema").Draft202012Validator(schema()).validate(read)
    assert [answer["decision"] for answer in read["oracle"]["answers"]] == [each.value for each in Decision]
    assert read["oracle"]["aside"] == [{"path": "typetests/ünï.py", "reason": "ended"}]
    assert read["exit_code"] == 2


def test_json_loses_nothing() -> None:
    read = json.loads(FORMATS["json"](EVERYTHING))
    assert (read["schema"], read["target"], read["exit_code"]) == (2, "lib:Pool", 2)
    assert read["errors"] == [ERROR]
    [case] = read["cases"]
    assert case["path"] == "typetests/ünï.py"
    assert [claim["claim"] for claim in case["claims"]] == [str(claim) for claim in CASE.claims]
    assert case["claims"][2]["source"] == "go(\n    2,  # E: missing-argument\n)"
    assert case["claims"][0]["gaps"] == [{"checker": "mypy", "versions": "<3", "reason": "python/mypy#17461"}]
    mypy, pyright, ty, zuban = read["runs"]
    assert [verdict["outcome"] for verdict in mypy["verdicts"]] == [
        verdict.outcome.value for verdict in RED.verdicts
    ]
    assert mypy["verdicts"][1]["diagnostics"] == [
        {"line": 2, "rule": "call-arg", "message": MARKUP, "kinds": ["missing-argument"]}
    ]
    assert mypy["verdicts"][-1]["claim"] is None
    assert (pyright["gates"], ty["gates"]) == (True, False)
    assert zuban["failure"].startswith("is not installed")


def test_json_names_the_claims_that_a_plugin_wins_and_loses() -> None:
    path = PATH.as_posix()
    assert json.loads(FORMATS["json"](BOUGHT))["gains"] == [
        {
            "checker": "mypy+plugin",
            "over": "mypy",
            "python_version": "3.13",
            "won": [
                {"path": path, "line": 1, "claim": "argument-type"},
                {"path": path, "line": 2, "claim": "OK"},
            ],
            "lost": [{"path": path, "line": 6, "claim": "no-overload"}],
        }
    ]


@pytest.mark.parametrize(
    "results",
    [
        pytest.param((PLUGGED, GREEN), id="not without"),
        pytest.param(
            (RED, replace(PLUGGED, run=replace(PLUGGED.run, python_version="3.10"))), id="other Python"
        ),
        pytest.param((RED, Result(replace(PLUGGED.run, failure="no"))), id="failed with"),
        pytest.param((Result(replace(RED.run, failure="no")), PLUGGED), id="failed without"),
    ],
)
def test_what_a_plugin_buys_is_shown_where_both_have_run(results: tuple[Result, ...]) -> None:
    assert gains(results) == ()


def objects(part: Any) -> Iterator[dict[str, Any]]:
    """Yield all that describes an object in a schema."""
    if isinstance(part, dict):
        found = cast("dict[str, Any]", part)
        if found.get("type") == "object":
            yield found
        for inner in found.values():
            yield from objects(inner)


def suites_of(report: Report) -> dict[str, ET.Element]:
    return {suite.attrib["name"]: suite for suite in ET.fromstring(FORMATS["junit"](report))}


def test_junit_has_a_suite_for_each_run_and_one_for_what_was_not_read() -> None:
    suites = suites_of(EVERYTHING)
    counts = {
        name: [suite.attrib[key] for key in ("tests", "failures", "errors", "skipped")]
        for name, suite in suites.items()
    }
    assert counts == {
        "mypy 2.4.1 on 3.13": ["6", "5", "0", "1"],
        "pyright 1.1.414 on 3.13": ["5", "0", "0", "0"],
        "ty 0.0.105 on 3.13": ["2", "0", "0", "2"],
        "zuban on 3.13": ["1", "0", "1", "0"],
        "cases that could not be read": ["1", "0", "1", "0"],
    }
    assert suites["mypy 2.4.1 on 3.13"].attrib["time"] == "1.25"


def test_a_junit_suite_says_what_it_is_worth() -> None:
    suite = suites_of(EVERYTHING)["ty 0.0.105 on 3.13"]
    assert {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")} == {
        "checker": "ty",
        "version": "0.0.105",
        "python-version": "3.13",
        "gates": "false",
        "target": "lib:Pool",
        "exit-code": "2",
    }


def test_in_junit_a_claim_is_a_test() -> None:
    gap, unexpected, missed, closed, wrong, uncalled = suites_of(EVERYTHING)["mypy 2.4.1 on 3.13"].findall(
        "testcase"
    )
    assert gap.attrib == {"name": "line 1: argument-type", "classname": PATH.as_posix()}
    assert gap[0].attrib == {"message": "gap: python/mypy#17461", "type": "gap"}
    assert unexpected[0].attrib["message"].startswith("claimed OK, said: </script><b>")
    assert missed[0].attrib == {"message": "claimed missing-argument, said nothing", "type": "missed"}
    assert closed[0].attrib["type"] == "closed gap"
    assert wrong.findtext("system-out") == LONG
    assert uncalled.attrib["name"] == "line 7: no claim"
    assert [one[0].tag for one in (gap, missed, uncalled)] == ["skipped", "failure", "failure"]


def test_in_junit_what_does_not_gate_is_skipped() -> None:
    [first, _] = suites_of(INFORMATION)["ty 0.0.105 on 3.13"].findall("testcase")
    assert first[0].tag == "skipped"
    assert first[0].attrib["message"].startswith("does not gate: claimed OK, said: ")


def commands(report: Report) -> list[str]:
    return FORMATS["github"](report).splitlines()


def test_on_github_green_is_a_notice() -> None:
    assert FORMATS["github"](ALL_MET) == (
        "::notice title=bgtasks verify lib%3APool%3A exit code 0::"
        "Green: 5 claims in 1 file, under pyright 1.1.414 on 3.13."
        "%0Apyright 1.1.414 on 3.13, which gates: met 5/5, in 2.0 s\n"
    )


def test_on_github_a_failure_is_an_error_at_its_line() -> None:
    assert commands(only(RED.verdicts[2]))[1] == (
        "::error file=typetests/ünï.py,line=4,title=mypy 2.4.1 on 3.13%3A missed::"
        "claimed missing-argument, said nothing"
    )


def test_on_github_what_does_not_gate_is_a_warning() -> None:
    first, *rest = commands(only(RED.verdicts[2], gates=False))
    assert first.startswith("::notice ")
    assert [line.split()[0] for line in rest] == ["::warning"]


def test_on_github_gaps_are_folded() -> None:
    assert commands(only(RED.verdicts[0]))[1:] == [
        "::group::mypy 2.4.1 on 3.13: 1 gap",
        "| typetests/ünï.py:1: claimed argument-type, said nothing; gap: python/mypy#17461",
        "::endgroup::",
    ]


def test_on_github_what_was_not_checked_is_an_error() -> None:
    assert commands(EVERYTHING)[1:3] == [
        f"::error file=typetests/broken.py,line=3,title=not checked::{ERROR}",
        "::error title=not checked by zuban on 3.13::is not installed: 100%25, <b>%0Apip install x",
    ]


def test_no_line_but_ours_is_a_command() -> None:
    for line in commands(EVERYTHING):
        assert line.startswith(("::notice", "::error", "::warning", "::group", "::endgroup", "| "))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("::error::x", "| ::error::x", id="new form"),
        pytest.param("a ##[error]x", "| a ## [error]x", id="old form"),
        pytest.param("a\n::set-output::b\r\nc", "| a ::set-output::b c", id="line breaks"),
    ],
)
def test_a_plain_line_is_no_command(text: str, line: str) -> None:
    assert plain(text) == line


def shown(report: Report) -> str:
    reader = MarkdownIt("commonmark").enable("table")
    return str(reader.render(FORMATS["markdown"](report)))


def test_markdown() -> None:
    assert FORMATS["markdown"](only(RED.verdicts[0], RED.verdicts[2])) == (
        "## bgtasks verify lib:Pool\n"
        "\n"
        "**Red: 1 verdict on 5 claims in 1 file.** Exit code 1.\n"
        "\n"
        "| claims met | mypy 2.4.1 on 3.13 |\n"
        "| --- | ---: |\n"
        "| missing-argument | 0/1, 1 wrong |\n"
        "| argument-type | 0/1, 1 gap |\n"
        "| all | 0/2, 1 gap, 1 wrong |\n"
        "| without a claim | silent |\n"
        "| gates | yes |\n"
        "| time | 1.2 s |\n"
        "\n"
        "### Failures\n"
        "\n"
        "- **typetests/ünï.py:4** claimed missing-argument, mypy 2.4.1 on 3.13 said nothing\n"
        "\n"
        "<details><summary>1 gap</summary>\n"
        "\n"
        "- **typetests/ünï.py:1** claimed argument-type, mypy 2.4.1 on 3.13 said nothing; gap: "
        "[python/mypy\\#17461](<https://github.com/python/mypy/issues/17461>)\n"
        "\n"
        "</details>\n"
    )


def test_in_markdown_the_last_column_is_what_a_plugin_buys() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in FORMATS["markdown"](BOUGHT).splitlines()
        if line.startswith("|")
    ]
    assert {row[0]: row[-1] for row in rows} == {
        "claims met": "plugin buys on 3.13",
        "---": "---:",
        "OK": "+1",
        "missing-argument": "",
        "too-many-positional": "",
        "argument-type": "+1",
        "no-overload": "-1",
        "all": "+2 -1",
        "without a claim": "",
        "gates": "",
        "time": "",
    }


def test_in_markdown_a_gap_that_a_plugin_closes_is_shown_as_such() -> None:
    [gap] = [line for line in FORMATS["markdown"](BOUGHT).splitlines() if "; gap: " in line]
    assert gap.endswith("(<https://github.com/python/mypy/issues/17461>), closed by mypy+plugin")


def test_a_gap_of_other_versions_is_no_reason() -> None:
    gaps = (Gap("mypy", "<2", "long closed"), Gap("mypy", ">=2", "python/mypy#1"), Gap("plain", "", "a/b#2"))
    verdict = Verdict(PATH, 1, replace(CASE.claims[0], gaps=gaps), Outcome.GAP)
    assert reasons(verdict, RED.run) == ("python/mypy#1", "a/b#2")
    assert reasons(verdict, PLUGGED.run) == ()


def test_in_markdown_what_was_said_stays_text() -> None:
    html = shown(EVERYTHING)
    said = printable(MARKUP).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert said.replace('"', "&quot;") in html
    for tag in ("<b>", "<code>", "<script", '<a href="y"'):
        assert tag not in html


def test_in_markdown_the_table_has_a_column_for_each_run() -> None:
    html = shown(EVERYTHING)
    assert html.count("<table>") == 1
    for row in html.split("<tr>")[1:]:
        assert row.count("</t") == len(EVERYTHING.results) + 1 + row.count("</tr>") + sum(
            row.count(end) for end in ("</thead>", "</tbody>", "</table>")
        )


def test_markdown_is_not_larger_than_github_takes() -> None:
    many = tuple(RED.verdicts[4] for _ in range(2000))
    text = FORMATS["markdown"](only(*many, *(RED.verdicts[0] for _ in range(9000))))
    assert len(text.encode()) < 1 << 20
    assert "\n- and 18" in text


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (ALL_MET, "Green: 5 claims in 1 file, under pyright 1.1.414 on 3.13."),
        (
            INFORMATION,
            "Green: 5 claims in 1 file, under pyright 1.1.414 on 3.13; 1 more run does not gate.",
        ),
        (Report(TARGET, (CASE,), (RED, GREEN)), "Red: 5 verdicts on 5 claims in 1 file."),
        (
            Report(TARGET, (CASE,), (ASIDE,)),
            "Green: 5 claims in 1 file, under no checker that gates; 1 more run does not gate.",
        ),
        (EVERYTHING, "Not checked by zuban on 3.13: 5 claims in 1 file."),
        (NOTHING, "Not checked by any checker: 0 claims in 0 files."),
        (
            Report(TARGET, (CASE, *SECTIONS), (GREEN,)),
            "Green: 15 claims in 2 files (2 sections with Python), under pyright 1.1.414 on 3.13.",
        ),
    ],
    ids=["green", "information", "red", "nothing gates", "failed", "nothing", "sections"],
)
def test_one_line_sums_up(report: Report, line: str) -> None:
    assert summary(report) == line


@pytest.mark.parametrize(
    ("reason", "url"),
    [
        ("python/mypy#17461", "https://github.com/python/mypy/issues/17461"),
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("javascript:alert(1)", None),
        ("see python/mypy#1", None),
        ("https://example.org/ is wrong", None),
    ],
)
def test_a_reason_may_be_a_link(reason: str, url: str | None) -> None:
    assert address(reason) == url


def test_a_run_without_a_version_has_a_name() -> None:
    failed = Result(Run("ty", "", "3.13", 0, failure="is not installed"))
    assert "ty on 3.13" in summary(Report(TARGET, (CASE,), (failed,)))
