import ast
import sys
from pathlib import Path

import pytest

from bgtasks.check.ask.answers import Answer
from bgtasks.check.model import Grade, Module
from bgtasks.check.session import Code, check, narrow
from bgtasks.check.settings import CheckSettings
from bgtasks.model import Diagnostic, Run

APP = """\
from fastapi import BackgroundTasks
from helpers import rows

BackgroundTasks().add_task(rows)
"""


def check_rules(app: Path) -> list[tuple[str, str]]:
    """Return where rules are broken in the app at a path, no checker asked."""
    report = check(CheckSettings(paths=(app,), python=Path(sys.executable), select=("BGT3",)))
    assert report.runs == ()
    return [(finding.rule.code, finding.place.path.name) for finding in report.findings]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['lib']", id="pytest"),
        pytest.param("pytest.ini", "[pytest]\npythonpath = lib", id="pytest.ini"),
        pytest.param("pyproject.toml", "[tool.mypy]\nmypy_path = 'lib'", id="mypy"),
        pytest.param("pyproject.toml", "[tool.pyright]\nextraPaths = ['lib']", id="pyright"),
        pytest.param("pyrightconfig.json", '{"extraPaths": ["lib"]}', id="pyrightconfig.json"),
    ],
)
def test_the_rules_follow_imports_where_the_settings_of_other_tools_lead(
    file: str, text: str, tmp_path: Path
) -> None:
    for name, content in {
        "pyproject.toml": "",
        file: text,
        "app/main.py": APP,
        "lib/helpers.py": "def rows(): yield",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)

    assert check_rules(tmp_path) == [("BGT301", "main.py")]

    (tmp_path / file).write_text("")
    assert check_rules(tmp_path) == []


SERVICE = """\
from fastapi import BackgroundTasks, FastAPI

from app.__init__ import NAME
from app.db import save
from common.mail import send

app = FastAPI()


@app.post("/")
async def order(tasks: BackgroundTasks) -> None:
    tasks.add_task(save, NAME)
    tasks.add_task(send, NAME, 1)
"""
SERVICES = {
    ".git/config": "",
    "common/mail.py": "def send(to: str) -> None: ...",
    "one/app/__init__.py": "NAME = 'one'",
    "one/app/db.py": "def save(name: str) -> None: ...",
    "one/app/main.py": SERVICE,
    "one/requirements.txt": "fastapi==0.112.0",
    "two/app/__init__.py": "NAME = 'two'",
    "two/app/db.py": "def save(name: str, row: int) -> None: ...",
    "two/app/main.py": SERVICE,
}


@pytest.mark.checker
def test_each_service_is_checked_with_its_own_modules(tmp_path: Path) -> None:
    for name, content in SERVICES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)

    report = check(CheckSettings(paths=(tmp_path,), python=Path(sys.executable)))

    assert [run.failure for run in report.runs] == [None, None]
    assert [
        (one.place.path.relative_to(tmp_path).as_posix(), one.place.line, one.by) for one in report.findings
    ] == [
        ("one/app/main.py", 13, ("mypy", "pyright")),
        ("two/app/main.py", 12, ("mypy", "pyright")),
        ("two/app/main.py", 13, ("mypy", "pyright")),
    ]
    assert [one.grade for one in report.coverage] == [Grade.TYPED] * 4
    assert [(each.folder.name, each.frameworks.fastapi.source) for each in report.runtimes] == [
        ("one", (tmp_path / "one/requirements.txt").as_posix()),
        ("two", "installed"),
    ]
    assert report.missing == ()


def test_what_one_service_lacks_is_not_said_of_another() -> None:
    module = Module(Path("app.py"), "app", "", ast.parse(""))
    here, there = (
        Diagnostic(path, 1, "rule", "wrong", frozenset()) for path in (module.path, Path("elsewhere.py"))
    )
    answer = Answer(Run("mypy", "2.4.1", "3.13", 1, diagnostics=(here, there)), {})

    [narrowed] = narrow([answer], Code([module], [], []))

    assert narrowed.run.diagnostics == (here,)


BEYOND = {
    "pyproject.toml": "",
    "app/mail.py": "def rows(): yield",
    "app/main.py": """\
from fastapi import BackgroundTasks

from app.mail import rows
from common.queue import Queue, enqueue


def endpoint(tasks: BackgroundTasks) -> None:
    enqueue(tasks, rows)
    queue = Queue(tasks)
    queue.put(rows)


def by_hand() -> BackgroundTasks:
    tasks = BackgroundTasks()
    enqueue(tasks, rows)
    return tasks
""",
    "common/queue.py": """\
from fastapi import BackgroundTasks

from common.adding import add


def rows(): yield


def enqueue(tasks, func, *args):
    add(tasks, func, *args)
    add(tasks, rows)


class Queue:
    def __init__(self, tasks: BackgroundTasks):
        self.tasks = tasks

    def put(self, func, *args):
        add(self.tasks, func, *args)
""",
    "common/adding.py": "def add(tasks, func, *args):\n    tasks.add_task(func, *args)\n",
}


def write(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


@pytest.mark.parametrize("path", ["app", "app/main.py"])
def test_a_function_that_adds_tasks_may_lie_beyond_what_is_checked(tmp_path: Path, path: str) -> None:
    write(tmp_path, BEYOND)
    report = check(CheckSettings(paths=(tmp_path / path,), python=Path(sys.executable), select=("BGT3",)))
    assert [one.place.line for one in report.findings] == [8, 10, 15]


def test_a_module_that_says_what_a_task_is_must_be_python(tmp_path: Path) -> None:
    write(tmp_path, BEYOND | {"app/mail.py": "def rows(: yield", "app/unused.py": "def f(:"})
    settings = CheckSettings(paths=(tmp_path / "app",), python=Path(sys.executable), select=("BGT3",))
    [error] = check(settings).errors
    assert error.startswith(f"{tmp_path / 'app' / 'mail.py'}:1: syntax error for Python")
