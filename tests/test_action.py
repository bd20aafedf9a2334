"""The steps of the action for workflows, run as the runner of a workflow does."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from places import ROOT

yaml: Any = import_module("yaml")  # it has no types
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_bytes())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
BASH = shutil.which("bash") or ""
EXPRESSION = re.compile(r"\$\{\{ (.*?) \}\}")
APP = """\
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.get("/")
async def f(tasks: BackgroundTasks) -> None:
    await tasks.add_task(print)
"""

pytestmark = pytest.mark.skipif(not BASH or sys.platform == "win32", reason="no bash that takes these paths")


@dataclass(frozen=True)
class Job:
    """A job that runs steps of the action, and what the runner takes from them."""

    folder: Path

    def run(self, step: str, bgtasks: str = "", **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run a step; an input is written with `_` where the action has a hyphen."""
        [found] = [each for each in STEPS if each.get("id") == step]
        given = {name: said["default"] for name, said in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        known = {
            "github.action_path": str(ROOT),
            "runner.temp": str(self.temp),
            "steps.install.outputs.bgtasks": bgtasks,
            **{f"inputs.{name}": value for name, value in given.items()},
        }
        script = self.temp / "step.sh"
        script.write_text(found["run"], encoding="utf-8")
        env = {name: expand(value, known) for name, value in found["env"].items()}
        files = {"GITHUB_OUTPUT": self.temp / "output", "GITHUB_STEP_SUMMARY": self.temp / "summary"}
        return subprocess.run(
            [BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.folder / "repo",
            env=os.environ | env | {name: str(file) for name, file in files.items()},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def temp(self) -> Path:
        """The folder for what a job makes."""
        return self.folder / "temp"

    def read(self, name: str) -> str:
        """Return what is in a file of the job's, "" where there is none."""
        file = self.temp / name
        return file.read_text(encoding="utf-8") if file.exists() else ""

    def script(self, name: str, text: str) -> str:
        """Make a program."""
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        file.chmod(0o755)
        return str(file)

    def bgtasks(self) -> str:
        """Return a program that is our command."""
        return self.script("bgtasks", f'PYTHONPATH="{ROOT}" exec "{sys.executable}" -m bgtasks "$@"')


def expand(text: str, known: Mapping[str, str]) -> str:
    """Return what a runner makes of the expressions in `text`: of several names, the first with a value."""

    def value(match: re.Match[str]) -> str:
        return next(filter(None, (known[name] for name in match[1].split(" || "))), "")

    return EXPRESSION.sub(value, text)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    (tmp_path / "repo").mkdir()
    (tmp_path / "temp").mkdir()
    return Job(tmp_path)


ARGUMENTS = ["--output", "github=-", "--output", "sarif={0}.sarif", "--output", "markdown={0}.md"]


@pytest.mark.parametrize(
    ("inputs", "before", "behind"),
    [
        pytest.param({}, [], [], id="nothing"),
        pytest.param({"paths": "app lib"}, ["app", "lib"], [], id="blanks"),
        pytest.param({"paths": "app\n  lib\n\nmore\n"}, ["app", "lib", "more"], [], id="lines"),
        pytest.param({"paths": "src/*"}, ["src/*"], [], id="no pattern of a shell"),
        pytest.param(
            {"arguments": "--select BGT2\n--min-coverage\t90\n"},
            [],
            ["--select", "BGT2", "--min-coverage", "90"],
            id="arguments",
        ),
        pytest.param({"paths": "$(exit 3) `x`"}, ["$(exit", "3)", "`x`"], [], id="no command"),
    ],
)
def test_paths_and_arguments_are_handed_on(
    job: Job, inputs: dict[str, str], before: list[str], behind: list[str]
) -> None:
    printing = job.script("print", 'printf "%s\\n" "$@"')
    done = job.run("check", printing, python="nowhere/python", **inputs)
    assert (done.returncode, done.stderr) == (0, "")
    reports = [word.format(job.temp / "bgtasks") for word in ARGUMENTS]
    assert done.stdout.splitlines() == ["check", *before, "--python", "nowhere/python", *behind, *reports]


@pytest.mark.parametrize(
    ("inputs", "line"),
    [
        pytest.param({"arguments": "--selct BGT2"}, "No such option '--selct'", id="an option"),
        pytest.param({"paths": "ap%p"}, "bgtasks: ap%p: no such file or folder; name the code", id="a path"),
        pytest.param({"python": "nowhere"}, "nowhere: cannot be run as Python", id="a Python"),
    ],
)
def test_what_cannot_be_run_is_annotated_and_summed_up(job: Job, inputs: dict[str, str], line: str) -> None:
    (job.folder / "repo" / "app.py").write_text(APP)
    done = job.run("check", job.bgtasks(), **{"python": sys.executable, **inputs})
    assert done.returncode == 2, done.stderr
    assert done.stdout.startswith("::error title=bgtasks check%3A exit code 2::")
    assert line.replace("%", "%25") in done.stdout
    assert line in done.stderr
    assert line in job.read("summary")
    assert job.read("output") == ""


def test_findings_are_annotated_summed_up_and_written(job: Job) -> None:
    repo = job.folder / "repo"
    (repo / "app").mkdir()
    (repo / "app" / "main.py").write_text(APP)
    (repo / "other.py").write_text(APP)
    (repo / "pyproject.toml").write_text('[tool.bgtasks.check]\npaths = ["app"]\nselect = ["BGT2"]\n')
    done = job.run("check", job.bgtasks(), python=sys.executable)
    assert done.returncode == 1, done.stderr
    assert "::error file=app/main.py,line=8," in done.stdout
    assert "other.py" not in done.stdout
    assert job.read("summary").startswith("## bgtasks check\n")
    assert job.read("output") == f"sarif={job.temp / 'bgtasks.sarif'}\n"
    assert "app/main.py" in job.read("bgtasks.sarif")


PIP = """\
case "$*" in
  "-c "*) exit {old} ;;
  "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
  *) echo "$*" >> "{log}"; exit {broken} ;;
esac"""


@pytest.mark.parametrize("given", ["python", "tool_python"])
def test_what_an_earlier_run_has_left_is_taken_away_and_the_tool_installed(job: Job, given: str) -> None:
    for name in ("bgtasks.sarif", "bgtasks.md"):
        (job.temp / name).write_text("yesterday")
    fake = job.script("fake", PIP.format(old=0, broken=0, log=job.temp / "pip"))
    done = job.run("install", **{"python": "nowhere", given: fake})
    assert done.returncode == 0, done.stderr
    assert (job.read("bgtasks.sarif"), job.read("bgtasks.md")) == ("", "")
    assert job.read("pip") == f"-m pip install --quiet -c {ROOT}/constraints.txt {ROOT}[verify,fastapi]\n"
    assert job.read("output") == f"bgtasks={job.temp}/bgtasks/bin/bgtasks\n"


@pytest.mark.parametrize("python", ["nowhere", "{old}"])
def test_a_python_that_bgtasks_does_not_run_on_is_told(job: Job, python: str) -> None:
    (job.temp / "bgtasks.sarif").write_text("yesterday")
    python = python.format(old=job.script("old", "exit 1"))
    done = job.run("install", python=python)
    line = f"bgtasks runs on Python 3.10 or newer, and {python} is none; name one as tool-python"
    assert (done.returncode, done.stdout) == (2, f"::error title=bgtasks check%3A exit code 2::{line}\n")
    assert line in job.read("summary")
    assert (job.read("bgtasks.sarif"), job.read("output")) == ("", "")


@pytest.mark.parametrize(
    ("script", "line"),
    [
        pytest.param("[ $1 = -c ]", "cannot make the environment that bgtasks runs in; the log", id="venv"),
        pytest.param(
            PIP.format(old=0, broken=1, log="/dev/null"),
            "bgtasks cannot be installed; the log of this step says why",
            id="pip",
        ),
    ],
)
def test_a_tool_that_cannot_be_installed_is_told(job: Job, script: str, line: str) -> None:
    done = job.run("install", python=job.script("python", script))
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=bgtasks check%3A exit code 2::")
    assert line in done.stdout
    assert line in job.read("summary")
    assert job.read("output") == ""


def test_only_what_this_run_wrote_is_uploaded() -> None:
    upload = STEPS[-1]
    assert upload["if"] == "always() && inputs.sarif == 'true' && steps.check.outputs.sarif"
    assert upload["with"]["sarif_file"] == "${{ steps.check.outputs.sarif }}"
