import importlib.util
import os
import select
import signal
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from bgtasks.errors import advise_install
from environments import INSTALLED, add_command, make_environment

PYTHON = Path(sys.executable)
# Of other plugins none is wanted, and ours would be found twice.
ENVIRONMENT = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COLUMNS": "300"}
CASE = """\
from functools import partial
from bgtasks import BackgroundTasks

open("executed", "w").close()


def send(to: str, text: str) -> None: ...


tasks = BackgroundTasks()
tasks.add_task(send, 1, "a")  # E: argument-type
tasks.add_task(send, "a", "b")  # OK
tasks.add_task(
    partial(send, "a"), 1, 2
)  # E: too-many-positional  !mypy python/mypy#17461
"""
WRONG = """\
from bgtasks import BackgroundTasks


def send(to: str) -> None: ...


tasks = BackgroundTasks()
tasks.add_task(
    send, 1
)  # E: unknown-keyword
tasks.add_task(send, "a")  # OK  !mypy not/so#1
number: int = ""
"""


def run_pytest(*arguments: object, cwd: Path, python: Path = PYTHON) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-m", "pytest", "-p", "bgtasks.pytest_plugin", *map(str, arguments)]
    return subprocess.run(
        command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.node.get_closest_marker("checker"):
        request.getfixturevalue("cache")
    (tmp_path / "typetests").mkdir()
    (tmp_path / "typetests" / "test_case.py").write_text(CASE)
    return tmp_path


def items(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stdout.splitlines() if "::" in line]


def modules_loaded_by(statement: str) -> set[str]:
    code = f"{statement}; import sys; print(*sys.modules)"
    command = [sys.executable, "-c", code]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout.split())


def test_who_does_not_ask_for_it_pays_nothing() -> None:
    loaded = modules_loaded_by("import bgtasks.pytest_plugin")
    assert loaded - modules_loaded_by("import pytest, bgtasks") == {"bgtasks.errors", "bgtasks.pytest_plugin"}


def test_without_the_option_pytest_is_as_ever(folder: Path) -> None:
    (folder / "typetests" / "test_case.py").write_text(
        "open('executed', 'w').close()\ndef test(): pass  # OK"
    )
    (folder / "typetests" / "other.py").write_text("raise SystemExit  # OK")
    done = run_pytest("--collect-only", "-q", "typetests", cwd=folder)
    assert items(done) == ["typetests/test_case.py::test"]
    assert (folder / "executed").exists()
    assert "bgtasks" not in done.stdout


def test_each_claim_under_each_checker_is_an_item(folder: Path) -> None:
    done = run_pytest("--bgtasks", "--collect-only", "-q", "typetests", cwd=folder)
    assert items(done) == [
        f"typetests/test_case.py::{claim}[{checker}]"
        for claim in ("11", "12", "15", "silent")
        for checker in ("mypy", "pyright")
    ]


def test_each_python_version_has_its_items(folder: Path) -> None:
    versions = ("--bgtasks-python-version=3.10", "--bgtasks-python-version=3.14")
    done = run_pytest(
        "--bgtasks",
        "--bgtasks-checkers=ty",
        *versions,
        "--collect-only",
        "-q",
        "typetests/test_case.py::11",
        cwd=folder,
    )
    # Pytest 8.0 takes what one node id stands for from the end.
    assert sorted(items(done)) == [
        "typetests/test_case.py::11[ty-3.10]",
        "typetests/test_case.py::11[ty-3.14]",
    ]


@pytest.mark.parametrize(
    ("selection", "count"),
    [
        pytest.param(["typetests", "-k", "pyright"], 4, id="checker"),
        pytest.param(["typetests", "-k", "argument-type and mypy"], 1, id="kind"),
        pytest.param(["typetests", "-k", "OK"], 2, id="accepted"),
        pytest.param(["typetests", "-k", "silent"], 2, id="silence"),
        pytest.param(["typetests/test_case.py::12"], 2, id="line"),
        pytest.param(["typetests/test_case.py::12[mypy]"], 1, id="node id"),
        pytest.param(["typetests", "--deselect=typetests/test_case.py::12[mypy]"], 7, id="deselected"),
    ],
)
def test_items_can_be_selected(folder: Path, selection: list[str], count: int) -> None:
    done = run_pytest("--bgtasks", "--collect-only", "-q", *selection, cwd=folder)
    assert len(items(done)) == count, done.stdout


@pytest.mark.checker
def test_an_item_goes_by_its_id_while_it_runs(folder: Path) -> None:
    (folder / "typetests" / "test_case.py").write_text(CASE.replace("too-many-positional", "override"))
    arguments = ("--bgtasks-checkers=zuban", "--bgtasks-python-version=3.12", "-v")
    places = [f"typetests/test_case.py::{line}" for line in (12, 13)]
    done = run_pytest("--bgtasks", *arguments, *places, cwd=folder)
    assert [line.split()[:2] for line in items(done) if "%]" in line] == [
        ["typetests/test_case.py::12[zuban-3.12]", "PASSED"],
        ["typetests/test_case.py::15[zuban-3.12]", "FAILED"],
    ]
    assert " typetests/test_case.py:15, under zuban-3.12 " in done.stdout


def test_cases_are_never_executed(folder: Path) -> None:
    (folder / "__init__.py").write_text("open('executed', 'w').close()")
    (folder / "test_above.py").write_text("open('executed', 'w').close()")
    package = folder / "typetests" / "package"
    package.mkdir()
    for name in ("__init__.py", "test_more.py"):
        (package / name).write_text(f">>> 1\n{CASE}".replace(">>> 1", "'''>>> 1'''"))
    for hidden in (".hidden.py", "node_modules/test_hidden.py"):
        path = folder / "typetests" / hidden
        path.parent.mkdir(exist_ok=True)
        path.write_text(CASE)
    done = run_pytest("--bgtasks", "--doctest-modules", "typetests", "--bgtasks-python=nowhere", cwd=folder)
    assert "24 errors" in done.stdout.splitlines()[-1]
    assert not (folder / "executed").exists()


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param([], "--bgtasks: name the type tests to check", id="no path"),
        pytest.param(["typetests", "--bgtasks-target=bgtasks"], "not of the form module:Class", id="target"),
        pytest.param(["typetests", "--bgtasks-checkers=mipy"], "'mipy' is no checker", id="checker"),
        pytest.param(["typetests", "--bgtasks-checkers=,"], "names no checker", id="no checker"),
        pytest.param(["typetests", "--bgtasks-python-version=3"], "not a Python version", id="version"),
        pytest.param(["typetests", "--bgtasks-platform=dos"], "'dos' is no platform", id="platform"),
        pytest.param(["typetests", "--bgtasks-timeout=0"], "not a number of seconds", id="time limit"),
    ],
)
def test_a_wrong_option_is_one_clear_line(folder: Path, arguments: list[str], line: str) -> None:
    done = run_pytest("--bgtasks", *arguments, cwd=folder)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert line in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_without_its_extra_it_says_how_to_get_it(folder: Path) -> None:
    code = "import sys; sys.modules['anyio'] = None; import pytest; sys.exit(pytest.main())"
    command = [sys.executable, "-c", code, "-p", "bgtasks.pytest_plugin", "--bgtasks", "typetests"]
    done = subprocess.run(
        command, cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert f"anyio is not installed; {advise_install('verify')}" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_a_case_that_cannot_be_read_is_one_line(folder: Path) -> None:
    (folder / "typetests" / "syntax.py").write_text("def f(:")
    (folder / "typetests" / "kind.py").write_text("f()  # E: ?\n")
    (folder / "typetests" / "types.py").write_text("x = 1\n")
    (folder / "other").mkdir()
    (folder / "other" / "test_case.py").write_text(CASE)
    done = run_pytest("--bgtasks", "typetests", "other", cwd=folder)
    assert done.returncode == pytest.ExitCode.INTERRUPTED
    for line in (
        "typetests/kind.py:1: the kind is still open; have it written by bgtasks verify --update",
        "other/test_case.py: is the module test_case.py and so is typetests/test_case.py; check them apart",
    ):
        assert line in done.stdout.splitlines()
    assert "typetests/syntax.py:1: syntax error" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
    assert "3 errors" in done.stdout.splitlines()[-1]


def test_what_keeps_the_batch_from_running_is_an_error_of_every_item(folder: Path) -> None:
    done = run_pytest("--bgtasks", "typetests", "--bgtasks-python=nowhere", cwd=folder)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "nowhere: cannot be run as Python" in done.stdout
    assert "name one with --bgtasks-python\n" in done.stdout
    assert "Traceback" not in done.stdout
    assert "8 errors" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("option", ["--bgtasks-python=no\x1b[31m\n::error::where", "--bgtasks-path=\x1b[31m"])
def test_neither_a_terminal_nor_a_workflow_obeys_what_is_told(folder: Path, option: str) -> None:
    done = run_pytest("--bgtasks", "typetests", option, cwd=folder)
    assert done.returncode != 0
    # pytest shows its own arguments as they are.
    said = [line for line in (done.stdout + done.stderr).splitlines() if "--bgtasks-" not in line]
    assert "\N{REPLACEMENT CHARACTER}[31m" in "\n".join(said)
    assert not any("\x1b" in line or line.startswith("::") for line in said)


def test_a_folder_without_a_claim_is_no_pass(folder: Path) -> None:
    (folder / "typetests" / "test_case.py").write_text("number = 1\n")
    done = run_pytest("--bgtasks", "typetests", cwd=folder)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no case has a claim, so there is nothing to check" in done.stdout
    assert "2 errors" in done.stdout.splitlines()[-1]


def test_the_settings_of_the_project_hold(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.bgtasks]\ncases = ["typetests"]\ncheckers = ["zuban"]\n')
    done = run_pytest("--bgtasks", "--collect-only", "-q", cwd=folder)
    assert len(items(done)) == 4
    assert items(done)[0] == "typetests/test_case.py::11[zuban]"
    (folder / "pyproject.toml").write_text('[tool.bgtasks]\ncheckers = ["mipy"]\n')
    done = run_pytest("--bgtasks", "typetests", cwd=folder)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "pyproject.toml: tool.bgtasks.checkers: 'mipy' is no checker" in done.stderr


@pytest.fixture
def python(folder: Path) -> Path:
    """Return an interpreter whose mypy writes down each time that it is asked."""
    python = make_environment(folder / "environment", *INSTALLED)
    add_command(python, "mypy", f'echo asked >> {folder / "calls"}; exec {PYTHON.parent / "mypy"} "$@"')
    return python


MYPY = ("--bgtasks", "--bgtasks-checkers=mypy", "typetests")


@pytest.mark.checker
def test_the_batch_runs_once_and_each_item_has_its_outcome(folder: Path, python: Path) -> None:
    (folder / "typetests" / "wrong.py").write_text(WRONG)
    done = run_pytest(*MYPY, "-rA", "--junitxml=report.xml", python=python, cwd=folder)
    lines = done.stdout.splitlines()
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    assert (folder / "calls").read_text() == "asked\n"
    assert "bgtasks: type tests under mypy" in lines
    assert [line for line in lines if line.startswith(("PASSED", "XFAIL"))] == [
        "PASSED typetests/test_case.py::11[mypy]",
        "PASSED typetests/test_case.py::12[mypy]",
        "PASSED typetests/test_case.py::silent[mypy]",
        "XFAIL typetests/test_case.py::15[mypy] - python/mypy#17461",
    ]
    for begin, end in (
        ("FAILED typetests/wrong.py::10[mypy] - Failed: claimed unknown-keyword, mypy ", "[arg-type]"),
        ("FAILED typetests/wrong.py::11[mypy] - Failed: claimed OK with a gap (!mypy), mypy ", "nothing)"),
        ("FAILED typetests/wrong.py::silent[mypy] - Failed: claimed nothing", "[assignment]"),
    ):
        assert any(line.startswith(begin) and line.endswith(end) for line in lines), begin
    place = lines.index("typetests/wrong.py:10:")
    assert lines[place + 1 : place + 4] == [
        "     8  tasks.add_task(",
        "     9      send, 1",
        "    10  )  # E: unknown-keyword",
    ]
    cases = {
        (case.get("classname"), case.get("name")): case
        for case in ET.parse(folder / "report.xml").iter("testcase")
    }
    assert len(cases) == 7
    assert cases["typetests.wrong", "10[mypy]"].find("failure") is not None
    assert not (folder / "executed").exists()

    done = run_pytest(*MYPY, "--lf", "-q", "--runxfail", python=python, cwd=folder)
    assert done.stdout.splitlines()[-1].startswith("3 failed in"), done.stdout


@pytest.mark.checker
def test_only_the_checkers_that_have_an_item_are_asked(folder: Path, python: Path) -> None:
    (folder / "typetests" / "helper.py").write_text("NAME = 'a'\n")
    (folder / "typetests" / "test_case.py").write_text(f"from helper import NAME\n{CASE}print(NAME)\n")
    add_command(python, "pyright", "exit 9")
    arguments = ("--bgtasks", "typetests", "-k", "mypy and test_case", "-q")
    done = run_pytest(*arguments, python=python, cwd=folder)
    assert done.stdout.splitlines()[-1].startswith("3 passed, 6 deselected, 1 xfailed in"), done.stdout


@pytest.mark.checker
@pytest.mark.skipif(not importlib.util.find_spec("xdist"), reason="pytest-xdist is not installed")
@pytest.mark.parametrize("spread", ["load", "loadfile", "worksteal"])
def test_under_xdist_the_batch_still_runs_once(folder: Path, python: Path, spread: str) -> None:
    done = run_pytest(*MYPY, "-q", "-p", "xdist", "-n2", f"--dist={spread}", python=python, cwd=folder)
    assert done.stdout.splitlines()[-1].startswith("3 passed, 1 xfailed in"), done.stdout
    assert (folder / "calls").read_text() == "asked\n"


@pytest.mark.checker
def test_a_checker_that_does_not_gate_turns_nothing_red(folder: Path) -> None:
    (folder / "pyproject.toml").write_text('[tool.bgtasks]\ncheckers = ["mypy", "ty"]\ngating = ["ty"]\n')
    (folder / "typetests" / "test_case.py").write_text(WRONG)
    done = run_pytest("--bgtasks", "typetests", "-rx", "-k", "mypy", cwd=folder)
    assert done.returncode == pytest.ExitCode.OK, done.stdout
    assert "XFAIL typetests/test_case.py::10[mypy] - mypy does not gate" in done.stdout


@pytest.mark.checker
def test_a_run_that_fails_is_an_error_and_no_pass(folder: Path, python: Path) -> None:
    add_command(python, "mypy", "echo Segmentation fault")
    done = run_pytest(*MYPY, "--junitxml=report.xml", python=python, cwd=folder)
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "on 3." in done.stdout
    assert "printed what is not its JSON" in done.stdout
    assert "4 errors" in done.stdout.splitlines()[-1]
    assert "Traceback" not in done.stdout
    suite = ET.parse(folder / "report.xml").find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("errors")) == ("4", "4")


@pytest.mark.checker
def test_a_claim_that_a_run_could_not_judge_says_why(folder: Path) -> None:
    (folder / "typetests" / "test_case.pyi").write_text("x: int\n")  # which mypy reads in its place
    done = run_pytest("--bgtasks", "--bgtasks-checkers=mypy", "typetests", cwd=folder)
    assert done.returncode == 1
    assert "did not check typetests/test_case.py to its end" in done.stdout
    assert "KeyError" not in done.stdout


@pytest.mark.checker
def test_an_interrupt_ends_the_session(folder: Path, python: Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    # Whatever the checker starts holds the pipe open, so its end is the end of them all.
    add_command(python, "mypy", f"exec 3>{pipe}; echo started >&3; sleep 600 & wait")
    command = [str(python), "-m", "pytest", "-p", "bgtasks.pytest_plugin", *MYPY]
    with (
        subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True) as process,
        pipe.open() as stream,
    ):
        assert stream.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=30)
        assert select.select([stream], [], [], 30) == ([stream], [], [])
        assert stream.read() == ""
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert "KeyboardInterrupt" in output
    assert "passed" not in output
