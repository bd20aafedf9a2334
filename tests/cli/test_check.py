import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bgtasks.__main__ import main
from check_project import GRADES, MAIN, write_project
from environments import hostile_variables

EXPECTED = re.compile(r"#: (?P<grades>[a-z ]+)(?: (?P<code>BGT\d+) (?P<by>[a-z ]+))?(?:; (?P<reason>.*))?$")
MAIN_FILE = "src/shop/main.py"


@dataclass(frozen=True)
class Checked:
    """What one run of the command over the project printed, wrote and left behind."""

    folder: Path
    output: str
    complaint: str
    code: int
    report: Mapping[str, Any]

    def findings(self) -> list[tuple[int, str, tuple[str, ...]]]:
        """Return where the call of each finding stands, its code, and who says it."""
        return [
            ((one["call"] or one)["line"], one["code"], tuple(one["by"])) for one in self.report["findings"]
        ]


def bgtasks(*arguments: object, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "bgtasks", "check", *map(str, arguments)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, env=env, stdout=pipe, stderr=pipe, text=True)


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and ".bgtasks_cache" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    env = hostile_variables(folder) | {"VIRTUAL_ENV": sys.prefix}
    before = contents(folder)
    reports = tmp_path_factory.mktemp("reports")
    outputs = [f"--output={name}={reports / name}" for name in ("json", "sarif", "html")]
    process = bgtasks("src", "--python", sys.executable, *outputs, cwd=folder, env=env)
    output, complaint = process.communicate(timeout=300)
    assert contents(folder) == before, "it must leave the project as it is, and run nothing of it"
    assert len(list(reports.iterdir())) == len(outputs), complaint
    report: dict[str, Any] = json.loads((reports / "json").read_text())
    return Checked(folder, output, complaint, process.returncode, report)


def expected() -> list[tuple[int, list[str], str | None, tuple[str, ...], str]]:
    found: list[tuple[int, list[str], str | None, tuple[str, ...], str]] = []
    for number, line in enumerate(MAIN.split("\n"), 1):
        if match := EXPECTED.search(line):
            by = tuple((match["by"] or "").split())
            found.append((number, match["grades"].split(), match["code"], by, match["reason"] or ""))
    assert len(found) == MAIN.count("#:")
    return found


@pytest.mark.checker
def test_exactly_the_wrong_calls_are_reported_with_who_says_so(checked: Checked) -> None:
    wrong = [(line, code, by) for line, _, code, by, _ in expected() if code]
    assert checked.findings() == wrong


@pytest.mark.checker
def test_each_call_has_the_coverage_and_the_reason_that_stand_beside_it(checked: Checked) -> None:
    sites = checked.report["coverage"]["call_sites"]
    found = [(site["line"], site["grade"]) for site in sites]
    assert found == [
        (line, GRADES[grade]) for line, grades, *_ in expected() for grade in grades if grade != "foreign"
    ]
    unsettled = checked.report["coverage"]["unsettled_calls"]
    reasons = {site["line"]: site["reason"] for site in [*sites, *unsettled]}
    for line, _, _, _, reason in expected():
        assert reason in reasons.get(line, ""), line
        assert bool(reason) == bool(reasons.get(line, "")), line


@pytest.mark.checker
def test_the_share_of_typed_calls_is_told(checked: Checked) -> None:
    grades = [grade for _, grades, *_ in expected() for grade in grades if grade != "foreign"]
    typed = Counter(grades)["typed"]
    assert checked.report["coverage"]["percentage"] == pytest.approx(100 * typed / len(grades))
    assert f"{typed} of {len(grades)} call sites fully typed" in checked.output
    assert checked.report["coverage"]["unsettled"] == 4


@pytest.mark.checker
def test_files_that_a_checker_cannot_parse_are_named_and_lose_nothing_else(checked: Checked) -> None:
    assert checked.code == 1
    notes = checked.report["notes"]
    named = {note.partition(": mypy cannot parse it")[0] for note in notes}
    assert named == {"src/legacy.py:1", "src/latin.py"}
    assert all(note in checked.output for note in notes)


@pytest.mark.checker
def test_the_terminal_shows_place_code_message_source_and_who_says_so(checked: Checked) -> None:
    line = MAIN.split("\n").index("    tasks.add_task(send, 1)  #: typed BGT109 mypy pyright") + 1
    shown = checked.output.partition(f"{MAIN_FILE}:{line}:26: ")[2].split("\n")[:3]
    assert shown[0] == 'BGT109 Argument 1 to "send" has incompatible type "int"; expected "str" [arg-type]'
    assert shown[1].endswith("|     tasks.add_task(send, 1)  #: typed BGT109 mypy pyright")
    assert shown[2].endswith(f"|     {' ' * len('tasks.add_task(send, ')}^ mypy+plugin and pyright")
    assert "Traceback" not in checked.output + checked.complaint


@pytest.mark.checker
def test_a_second_run_with_a_baseline_reports_what_is_new(checked: Checked) -> None:
    folder = checked.folder
    arguments = ("src", "--python", sys.executable, "--checkers", "mypy", "--baseline", "known.json")
    learnt = bgtasks(*arguments, "--write-baseline", "--min-coverage", "100", cwd=folder)
    _, complaint = learnt.communicate(timeout=300)
    assert learnt.returncode == 0, complaint
    known = len(re.findall(r"\"code\"", (folder / "known.json").read_text()))
    assert known
    path = folder / MAIN_FILE
    path.write_text(
        f"# moved\n{MAIN}\n\ndef more(tasks: BackgroundTasks) -> None:\n    tasks.add_task(send, 2)\n"
    )
    try:
        again = bgtasks(*arguments, "--output", "html=known.html", cwd=folder)
        output, _ = again.communicate(timeout=300)
    finally:
        path.write_text(MAIN)
    assert again.returncode == 1
    assert re.findall(r"^\S+?: BGT\d+", output, re.MULTILINE) == [
        f"{MAIN_FILE}:{MAIN.count(chr(10)) + 5}:26: BGT109"
    ]
    assert (folder / "known.html").read_text(encoding="utf-8").count("<article") == known + 1


@pytest.mark.checker
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_an_interruption_leaves_nothing_behind(checked: Checked, tmp_path: Path) -> None:
    env = os.environ | {"TMPDIR": str(tmp_path)}
    process = bgtasks("src", "--python", sys.executable, cwd=checked.folder, env=env)
    for _ in range(600):
        if list(tmp_path.glob("bgtasks-*/pyrightconfig.json")):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=60)
    assert process.returncode == 2
    assert complaint.endswith("bgtasks: interrupted; nothing was checked\n")
    assert not list(tmp_path.iterdir())


def run(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["bgtasks", "check", *arguments])
    with pytest.raises(SystemExit) as exit_:
        main()
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    return int(str(exit_.value.code)), captured.out + captured.err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["nowhere"], "nowhere: no such file or folder; name the code to check", id="no path"),
        pytest.param(["empty"], "no Python file in empty", id="empty folder"),
        pytest.param(["plain.py", "empty"], "no Python file in empty", id="one folder is empty"),
        pytest.param(["notes.txt"], "notes.txt: is no Python file", id="no Python"),
        pytest.param(["Makefile"], "Makefile: is no Python file", id="no Python, by its name"),
        pytest.param(
            ["plain.py", "--min-coverage", "50"],
            "no call sites found in plain.py, so there is nothing to measure for --min-coverage 50",
            id="nothing to measure",
        ),
        pytest.param(
            ["--output", "json=-", "--output", "github=-"],
            "--output: json and github cannot both go to stdout",
            id="two reports to stdout",
        ),
        pytest.param(
            ["--output", "json=a/../x", "--output", "html=x"],
            "--output: json and html cannot both go to x",
            id="two reports to a file",
        ),
        pytest.param(
            ["--python", "nowhere"], "nowhere: cannot be run as Python (No such file", id="no python"
        ),
        pytest.param(["--python", "/bin/true"], "/bin/true: does not answer as Python", id="not Python"),
        pytest.param(
            ["--checkers", "mipy"], "--checkers: 'mipy' is no checker; known are mypy", id="checker"
        ),
        pytest.param(["--select", "E501"], "--select: 'E501' is no code", id="code"),
        pytest.param(["--baseline", "none.json"], "none.json: cannot be read: No such file", id="baseline"),
        pytest.param(
            ["--output", "pdf=x"], "--output: 'pdf' is no format; known are json, sarif", id="format"
        ),
        pytest.param(["--output", "json"], "--output: 'json' is not of the form format=path", id="output"),
        pytest.param(
            ["--checkers", "ty", "--min-coverage", "1"],
            "coverage is told by mypy, pyright, basedpyright only",
            id="coverage of none that tells",
        ),
        pytest.param(["broken.py", "--select", "BGT2"], "broken.py:1: syntax error for Python", id="syntax"),
        pytest.param(["--python", "bare/bin/python", "app.py"], "finds no Starlette; name the", id="bare"),
        pytest.param(
            ["--python", "half/bin/python", "app.py"],
            "finds no FastAPI, which app.py imports;",
            id="no FastAPI",
        ),
        pytest.param(
            ["--python", "half/bin/python", "user.py"],
            "finds no FastAPI, which shared.py imports;",
            id="no FastAPI for what it imports",
        ),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_line(
    arguments: list[str],
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "app.py").write_text(
        "from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n"
    )
    (tmp_path / "user.py").write_text("from shared import *\nBackgroundTasks().add_task(print)\n")
    (tmp_path / "shared.py").write_text("from fastapi import *\n")
    (tmp_path / "broken.py").write_text("def add_task(:\n")
    (tmp_path / "plain.py").write_text("x = 1\n")
    (tmp_path / "notes.txt").write_text("add_task\n")
    (tmp_path / "Makefile").write_text("all:\n")
    (tmp_path / "a").mkdir()
    (tmp_path / "half" / "bin").mkdir(parents=True)
    (tmp_path / "half" / "bin" / "python").touch()
    (tmp_path / "half" / "pyvenv.cfg").touch()
    site = tmp_path / "half" / "lib" / "python{}.{}".format(*sys.version_info) / "site-packages"
    (site / "starlette").mkdir(parents=True)
    if "bare/bin/python" in arguments:
        command = [sys.executable, "-m", "venv", "--without-pip", "--symlinks", "bare"]
        subprocess.run(command, check=True, cwd=tmp_path)
    code, output = run(arguments, capsys, monkeypatch)
    assert code == 2
    assert line in output


@pytest.mark.parametrize(
    ("source", "line"),
    [
        pytest.param("x = 1\n", "No call sites found.", id="no call"),
        pytest.param("# add_task\n", "No call sites found.", id="a mention"),
        pytest.param(
            "from fastapi import BackgroundTasks\n\n\ndef f(tasks: BackgroundTasks) -> None:\n"
            "    tasks.add_task(print)\n",
            "No problems: 1 call site in 1 file.",
            id="a call",
        ),
        pytest.param("1  # bgtasks: ignore[BGT201] add_task\n", "No call sites found.", id="an ignore"),
    ],
)
def test_where_nothing_is_wrong_the_exit_code_is_0(
    source: str,
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(source)
    code, output = run(["--select", "BGT2,BGT3,BGT9", "--ignore", "BGT901"], capsys, monkeypatch)
    assert (code, output.strip().split("\n")[-1]) == (0, line)


@pytest.mark.parametrize("name", ["tool", "window.pyw", "app.pyi"])
def test_a_script_may_be_named_as_it_likes(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_text("#!/usr/bin/env python3\nx = 1\n")
    code, output = run([name], capsys, monkeypatch)
    assert (code, output.strip()) == (0, "No call sites found.")


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("chek", "tool.bgtasks.chek: no such key; did you mean 'check'?"),
        ("suite.a", "tool.bgtasks.suite: no such key; did you mean 'suites'?"),
        ("check.selct", "tool.bgtasks.check.selct: no such key; did you mean 'select'?"),
    ],
    ids=["a table", "a table of tables", "a key of check"],
)
def test_a_key_that_nobody_reads_is_told_by_each_command(
    table: str,
    line: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("x = 1\n")
    (tmp_path / "pyproject.toml").write_text(f"[tool.bgtasks.{table}]\nx = 1\n")
    for command in {"check", "doctor"} | ({"verify"} if ".selct" not in table else set[str]()):
        monkeypatch.setattr(sys, "argv", ["bgtasks", command])
        with pytest.raises(SystemExit) as exit_:
            main()
        assert (exit_.value.code, capsys.readouterr().err) == (2, f"bgtasks: pyproject.toml: {line}\n")


AWAITED = """\
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.get('/')
async def f(tasks: BackgroundTasks) -> None:
    await tasks.add_task(print)
"""


def test_what_a_baseline_knows_and_is_gone_is_counted_and_turns_nothing_red(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(AWAITED)
    arguments = ["--select", "BGT206", "--baseline", "known.json"]
    assert run([*arguments, "--write-baseline"], capsys, monkeypatch)[0] == 0
    code, output = run(arguments, capsys, monkeypatch)
    assert (code, "No problems (1 known): 1 call site in 1 file." in output) == (0, True)
    (tmp_path / "app.py").write_text((tmp_path / "app.py").read_text().replace("await ", ""))
    code, output = run(arguments, capsys, monkeypatch)
    assert (code, "No problems (1 stale): 1 call site in 1 file." in output) == (0, True)
    assert "known.json: stale, BGT206 is gone from app.py: await tasks.add_task(print)" in output


def test_the_command_line_wins_over_the_settings_and_rules_alone_need_no_checker(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(AWAITED)
    (tmp_path / "pyproject.toml").write_text('[tool.bgtasks.check]\nselect = ["BGT2"]\nignore = ["BGT206"]\n')
    code, output = run([], capsys, monkeypatch)
    assert (code, output.split("\n")[1:]) == (0, ["No problems: 1 call site in 1 file.", ""])
    arguments = ["--select", "BGT206", "--ignore", "BGT1", "--output", "github=-"]
    code, output = run(arguments, capsys, monkeypatch)
    assert code == 1
    assert "::error file=app.py,line=8,endLine=8,col=" in output
    assert ": BGT206 " in output


@pytest.mark.parametrize(("ignored", "code"), [("BGT1", 1), ("BGT", 0)])
def test_without_a_code_of_theirs_no_checker_is_asked(
    ignored: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text(AWAITED)
    found, output = run(["--ignore", ignored], capsys, monkeypatch)
    assert (found, "Coverage" in output, "BGT206" in output) == (code, False, bool(code))
