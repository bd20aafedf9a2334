import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bgtasks.errors import advise_install
from environments import INSTALLED, PACKAGE, SITE_PACKAGES, add_command, hostile_variables, make_environment

pytestmark = pytest.mark.checker

CASE = """\
from bgtasks import BackgroundTasks


def send(to: str) -> None: ...


BackgroundTasks().add_task(send, 1)  # E: argument-type
BackgroundTasks().add_task(send, "a")  # OK
"""
PYTHON = Path(sys.executable)


def bgtasks(
    *arguments: object, python: Path = PYTHON, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    command = [str(python), "-m", "bgtasks", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.node.get_closest_marker("checker"):
        request.getfixturevalue("cache")
    (tmp_path / "typetests").mkdir()
    (tmp_path / "typetests" / "case.py").write_text(CASE)
    return tmp_path


def said(done: subprocess.CompletedProcess[str], line: str) -> bool:
    """Whether the run ended as bad input must: exit code 2, that line, no traceback."""
    output = done.stdout + done.stderr
    return done.returncode == 2 and line in output and "Traceback" not in output and "Green" not in output


def test_a_true_suite_is_green(folder: Path) -> None:
    done = bgtasks("verify", "typetests", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("Green: 2 claims in 1 file, under mypy ")


def test_a_false_claim_is_named_with_what_each_checker_said(folder: Path) -> None:
    (folder / "typetests" / "case.py").write_text(CASE.replace("# OK", "# E: missing-argument"))
    done = bgtasks("verify", "typetests", cwd=folder)
    assert done.returncode == 1
    for checker in ("mypy", "pyright"):
        assert f"typetests/case.py:8: claimed missing-argument, {checker} " in done.stdout
    assert done.stdout.splitlines()[-1] == "Red: 2 verdicts on 2 claims in 1 file."


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["nowhere"], "nowhere: no such file or folder", id="no path"),
        pytest.param(["empty"], "no Python file in empty", id="empty folder"),
        pytest.param(["typetests", "empty"], "no Python file in empty", id="one folder is empty"),
        pytest.param(["claimless"], "no case has a claim", id="no claim"),
        pytest.param(["typetests", "--target", "bgtasks"], "not of the form module:Class", id="target form"),
        pytest.param(
            ["typetests", "--target", "nowhere:Tasks"], "cannot resolve the target", id="target module"
        ),
        pytest.param(
            ["typetests", "--target", "bgtasks:Nothing"], "cannot resolve the target", id="target class"
        ),
        pytest.param(
            ["typetests", "--checkers", "mipy"],
            "--checkers: 'mipy' is no checker; known are mypy",
            id="checker",
        ),
        pytest.param(["typetests", "--checkers", ","], "--checkers: names no checker", id="no checker"),
        pytest.param(["typetests", "--python", "nowhere"], "cannot be run as Python", id="python"),
        pytest.param(
            ["typetests", "--python-version", "3"],
            "--python-version: '3' is not a Python version",
            id="version",
        ),
        pytest.param(["typetests", "--timeout", "0.1"], "gave no answer within 0.1 s", id="time limit"),
        pytest.param(["broken"], "broken/syntax.py:1: syntax error", id="syntax error"),
        pytest.param(["kind.py"], "kind.py:1: unknown kind 'nonsense'", id="kind"),
        pytest.param(["gap.py"], "gap.py:1: the gap for mypy has no link", id="gap"),
        pytest.param(["loop"], "loop/loop.py: cannot be read", id="unreadable"),
    ],
)
def test_bad_input_is_one_clear_line(folder: Path, arguments: list[str], line: str) -> None:
    (folder / "empty").mkdir()
    (folder / "broken").mkdir()
    (folder / "broken" / "case.py").write_text(CASE)
    (folder / "broken" / "syntax.py").write_text("def f(:")
    (folder / "claimless").mkdir()
    (folder / "claimless" / "case.py").write_text("x = 1\n")
    (folder / "kind.py").write_text("f(1)  # E: nonsense\n")
    (folder / "gap.py").write_text("f(1)  # OK  !mypy\n")
    # Not even root can read a link to itself.
    (folder / "loop").mkdir()
    (folder / "loop" / "loop.py").symlink_to("loop.py")
    done = bgtasks("verify", *arguments, cwd=folder)
    assert said(done, line), done.stdout + done.stderr


def test_a_broken_case_does_not_lose_the_others(folder: Path) -> None:
    (folder / "typetests" / "syntax.py").write_text("def f(:")
    done = bgtasks("verify", "typetests", cwd=folder)
    assert said(done, "typetests/syntax.py:1: syntax error"), done.stdout + done.stderr
    assert re.search(r"argument-type +1/1 +1/1", done.stdout)


def test_starlette_that_is_not_installed_is_no_green(folder: Path) -> None:
    modules = folder / "modules"
    modules.mkdir()
    (modules / "bgtasks").symlink_to(PACKAGE)
    (modules / "typing_extensions.py").symlink_to(Path(SITE_PACKAGES, "typing_extensions.py"))
    python = make_environment(folder / "environment", modules)
    done = bgtasks("verify", "typetests", "--python", python, cwd=folder)
    for checker in ("mypy", "pyright"):
        assert f"{checker} " in done.stdout
    assert said(done, "takes the target for Any, or for an heir of Any"), done.stdout + done.stderr
    assert done.stdout.count("takes the target for Any") == 2


@pytest.mark.parametrize(
    ("script", "line"),
    [
        pytest.param("kill -SEGV $$", "stopped with exit code -11 and said: nothing", id="crash"),
        pytest.param(
            "echo no such option >&2; exit 2", "stopped with exit code 2 and said: no such option", id="usage"
        ),
        pytest.param(
            "printf 'Traceback (most recent call last):\\n  File x, line 1\\nKeyError: 3\\n' >&2; echo no",
            "it complained: KeyError: 3",
            id="traceback",
        ),
        pytest.param("echo Segmentation fault", "printed what is not its JSON", id="garbage"),
        pytest.param("head -c 1000 /dev/urandom", "printed what is not its JSON", id="random bytes"),
        pytest.param("exit 0", "mypy", id="silence"),
        pytest.param("sleep 60", "gave no answer within 5 s", id="hang"),
        pytest.param("sleep 60 & sleep 60 & wait", "gave no answer within 5 s", id="hang with children"),
    ],
)
def test_a_checker_that_fails_is_no_green(folder: Path, script: str, line: str) -> None:
    python = make_environment(folder / "environment", *INSTALLED)
    add_command(python, "mypy", script)
    (python.parent / "pyright").symlink_to(PYTHON.parent / "pyright")
    done = bgtasks("verify", "typetests", "--timeout", "5", python=python, cwd=folder)
    assert said(done, line), done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("Not checked by mypy")


def test_a_checker_that_is_missing_says_how_to_get_it(folder: Path) -> None:
    python = make_environment(folder / "environment", *INSTALLED)
    env = os.environ | {"PATH": "/nowhere"}
    done = bgtasks("verify", "typetests", "--checkers", "mypy", python=python, cwd=folder, env=env)
    assert said(done, f"is not installed; {advise_install('verify')}"), done.stdout + done.stderr


def test_the_command_line_without_its_extra_says_how_to_get_it(folder: Path) -> None:
    modules = folder / "modules"
    modules.mkdir()
    (modules / "bgtasks").symlink_to(PACKAGE)
    for name in ("starlette", "anyio", "idna", "typing_extensions.py", "exceptiongroup"):
        if Path(SITE_PACKAGES, name).exists():
            (modules / name).symlink_to(Path(SITE_PACKAGES, name))
    python = make_environment(folder / "environment", modules)
    done = bgtasks("verify", "typetests", python=python, cwd=folder)
    assert said(done, f"is not installed; {advise_install('verify')}"), done.stdout + done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_one_line_and_no_process(folder: Path, number: signal.Signals) -> None:
    python = make_environment(folder / "environment", *INSTALLED)
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    # Whatever the checker starts holds the pipe open, so its end is the end of them all.
    add_command(python, "mypy", f"exec 3>{pipe}; echo started >&3; sleep 600 & wait")
    command = [str(python), "-m", "bgtasks", "verify", "typetests", "--checkers", "mypy"]
    with (
        subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process,
        pipe.open() as stream,
    ):
        assert stream.readline() == "started\n"
        process.send_signal(number)
        _, complaint = process.communicate(timeout=30)
        assert select.select([stream], [], [], 30) == ([stream], [], [])
        assert stream.read() == ""
    assert process.returncode == 2
    assert complaint.splitlines()[-1] == "bgtasks: interrupted; nothing was checked"
    assert "Traceback" not in complaint


def test_the_users_own_settings_change_nothing(folder: Path) -> None:
    project = folder / "parent" / "project"
    project.mkdir(parents=True)
    shutil.move(folder / "typetests", project)
    for place in (project.parent, project, project / "typetests"):
        (place / "mypy.ini").write_text("[mypy]\nignore_errors = True\npython_version = 2.7\n")
        (place / "pyrightconfig.json").write_text(json.dumps({"typeCheckingMode": "off", "ignore": ["**"]}))
        (place / "pyproject.toml").write_text(
            '[tool.mypy]\nignore_errors = true\n[tool.pyright]\ntypeCheckingMode = "off"\nignore = ["**"]\n'
        )
    # What a search path of the user's would find in the place of the real ones.
    (project / "bgtasks.pyi").write_text("from typing import Any\nBackgroundTasks: Any\n")
    (project / "starlette").mkdir()
    (project / "starlette" / "__init__.pyi").touch()
    command = [str(PYTHON.parent / "bgtasks"), "verify", "typetests"]
    env = {name: value for name, value in hostile_variables(project).items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=project, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("Green: 2 claims in 1 file")


def test_the_cases_are_read_and_never_run(folder: Path) -> None:
    trace = folder / "trace"
    run = f"open({str(trace)!r}, 'w').close()\n"
    (folder / "typetests" / "case.py").write_text(CASE + run)
    (folder / "typetests" / "sitecustomize.py").write_text(run)
    (folder / "typetests" / "usercustomize.py").write_text(run)
    done = bgtasks("verify", "typetests", cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not trace.exists()


def test_several_python_versions_are_a_run_each(folder: Path) -> None:
    done = bgtasks(
        "verify",
        "typetests",
        "--checkers",
        "mypy",
        "--python-version",
        "3.10",
        "--python-version",
        "3.14",
        cwd=folder,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "on 3.10 and mypy" in done.stdout.splitlines()[-1]


def test_anyones_class_can_be_the_target(folder: Path) -> None:
    modules = folder / "modules" / "pools"
    modules.mkdir(parents=True)
    (modules / "py.typed").touch()
    (modules / "__init__.py").write_text(
        "from collections.abc import Callable\n"
        "from typing import ParamSpec, TypeVar\n"
        'P = ParamSpec("P")\n'
        'T = TypeVar("T")\n'
        "def submit(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:\n"
        "    return func(*args, **kwargs)\n"
    )
    (folder / "typetests" / "case.py").write_text(
        "from pools import submit\n"
        "def double(number: int) -> int:\n"
        "    return 2 * number\n"
        'submit(double, "1")  # E: argument-type\n'
        "submit(double, 1)  # OK\n"
    )
    python = make_environment(folder / "environment", modules.parent, *INSTALLED)
    done = bgtasks("verify", "typetests", "--target", "pools:submit", "--python", python, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "for pools:submit" in done.stdout
