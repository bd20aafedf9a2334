import ast
import textwrap
from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.files.source import find_modules
from bgtasks.check.model import Module, Place

HEAD = """\
from typing import Annotated, Any, Optional
from fastapi import BackgroundTasks, FastAPI
from starlette.background import BackgroundTask
from bgtasks.fastapi import BackgroundTasksDep
"""


def parse(body: str) -> Module:
    source = HEAD + textwrap.dedent(body)
    return Module(Path("app.py"), "app", source, ast.parse(source))


def find_sites(module: Module) -> list[Site]:
    return list(read_app([module]).sites)


def task_of(site: Site) -> str | None:
    return text_at(site.module, place_of(site.module, site.task)) if site.task is not None else None


def text_at(module: Module, place: Place | None) -> str | None:
    if place is None:
        return None
    lines = module.source.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("def f(tasks: BackgroundTasks): tasks.add_task(send)", id="parameter"),
        pytest.param("def f(tasks: 'BackgroundTasks'): tasks.add_task(send)", id="in quotes"),
        pytest.param("def f(tasks: Optional[BackgroundTasks]): tasks.add_task(send)", id="Optional"),
        pytest.param("def f(tasks: 'BackgroundTasks | None' = None): tasks.add_task(send)", id="union"),
        pytest.param("def f(tasks: Annotated[BackgroundTasks, 1]): tasks.add_task(send)", id="Annotated"),
        pytest.param("def f(tasks: BackgroundTasksDep): tasks.add_task(send)", id="our dependency"),
        pytest.param("tasks = BackgroundTasks()\ntasks.add_task(send)", id="made"),
        pytest.param("tasks: BackgroundTasks = get()\ntasks.add_task(send)", id="annotated"),
        pytest.param("BackgroundTasks().add_task(send)", id="made at once"),
        pytest.param("(tasks := BackgroundTasks()).add_task(send)", id="made in between"),
        pytest.param("def f(t: BackgroundTasks):\n tasks = t\n tasks.add_task(send)", id="another name"),
        pytest.param("def f(t: BackgroundTasks):\n add = t.add_task\n add(send)", id="name for the method"),
        pytest.param("def f(t: BackgroundTasks): BackgroundTasks.add_task(t, send)", id="unbound"),
        pytest.param("def f(t: BackgroundTasks): t.add_task(func=send)", id="by keyword"),
        pytest.param("def f(t: BackgroundTasks):\n def g(): t.add_task(send)", id="closure"),
        pytest.param("def f(t: BackgroundTasks): [t.add_task(send) for _ in x]", id="comprehension"),
        pytest.param("BackgroundTask(send)", id="single"),
        pytest.param("import starlette.background as b\nb.BackgroundTask(send)", id="of a module"),
        pytest.param("import starlette.background\nstarlette.background.BackgroundTask(send)", id="dotted"),
        pytest.param("from starlette.background import BackgroundTask as T\nT(send)", id="alias"),
        pytest.param("from starlette.background import *\nBackgroundTask(send)", id="star"),
        pytest.param("class T(BackgroundTask): ...\nT(send)", id="subclass"),
        pytest.param("class T(BackgroundTasks): ...\ndef f(t: T): t.add_task(send)", id="of a subclass"),
        pytest.param("Dep = Annotated[BackgroundTasks, 1]\ndef f(t: Dep): t.add_task(send)", id="type alias"),
        pytest.param("def make() -> BackgroundTasks: ...\nmake().add_task(send)", id="returned"),
        pytest.param("def f(t: BackgroundTasks): (t or BackgroundTasks()).add_task(send)", id="or"),
        pytest.param(
            """
            class A:
                def __init__(self, tasks: BackgroundTasks):
                    self.tasks = tasks
                def f(self):
                    self.tasks.add_task(send)
            """,
            id="attribute",
        ),
        pytest.param(
            """
            class A:
                tasks: BackgroundTasks
            def f(a: A):
                a.tasks.add_task(send)
            """,
            id="attribute of another",
        ),
        pytest.param(
            """
            class T(BackgroundTasks):
                def add_task(self, func):
                    super().add_task(send)
            """,
            id="super",
        ),
        pytest.param(
            """
            try:
                from fastapi import BackgroundTasks as T
            except ImportError:
                T = None
            def f(t: T): t.add_task(send)
            """,
            id="optional import",
        ),
    ],
)
def test_a_call_that_the_source_shows_is_sure(body: str) -> None:
    module = parse(body)

    [site] = find_sites(module)

    assert site.sure
    assert task_of(site) == "send"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("def f(tasks): tasks.add_task(send)", id="untyped"),
        pytest.param("def f(tasks: Any): tasks.add_task(send)", id="Any"),
        pytest.param("tasks = make()\ntasks.add_task(send)", id="made elsewhere"),
        pytest.param(
            "from rich.progress import Progress\nProgress().add_task('copy')", id="of another library"
        ),
        pytest.param(
            "def f(tasks: BackgroundTasks):\n tasks = other()\n tasks.add_task(send)", id="bound anew"
        ),
        pytest.param("for tasks in all_tasks: tasks.add_task(send)", id="loop"),
    ],
)
def test_a_call_that_the_source_does_not_show_is_left_to_its_type(body: str) -> None:
    [site] = find_sites(parse(body))

    assert not site.sure


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("from elsewhere import BackgroundTask\nBackgroundTask(send)", id="another class"),
        pytest.param("class BackgroundTask: ...\nBackgroundTask(send)", id="own class"),
        pytest.param("def f(BackgroundTask): BackgroundTask(send)", id="parameter"),
        pytest.param("class T(BackgroundTask):\n def __init__(self, x): ...\nT(1)", id="own arguments"),
        pytest.param("tasks.add_task", id="no call"),
        pytest.param("BackgroundTasks()", id="without a task"),
    ],
)
def test_what_makes_no_task_is_no_site(body: str) -> None:
    assert find_sites(parse(body)) == []


@pytest.mark.parametrize(
    ("body", "task"),
    [
        pytest.param("BackgroundTask(*pair)", None, id="unpacked"),
        pytest.param("BackgroundTask(**pair)", None, id="keywords unpacked"),
        pytest.param("BackgroundTask()", None, id="forgotten"),
        pytest.param("BackgroundTask(lambda: (\n    1\n), 2)", "lambda: (\n    1\n)", id="over lines"),
        pytest.param("'äöü', BackgroundTask(größe, 'ß')", "größe", id="behind other characters"),
    ],
)
def test_the_place_of_the_task(body: str, task: str | None) -> None:
    module = parse(body)

    [site] = find_sites(module)

    assert task_of(site) == task


def test_sites_are_told_from_the_top_down() -> None:
    module = parse("def f(t: BackgroundTasks): t.add_task(b, t.add_task(a))\nBackgroundTask(c)")

    assert [task_of(site) for site in find_sites(module)] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("from .base import Tasks", id="relative"),
        pytest.param("from app.base import Tasks", id="absolute"),
        pytest.param("from . import Tasks", id="from the package"),
        pytest.param("from app import base; Tasks = base.Tasks", id="attribute of a module"),
        pytest.param("import app.base; Tasks = app.base.Tasks", id="dotted"),
        pytest.param("from .base import *", id="star"),
    ],
)
@pytest.mark.parametrize("package", ["app", "src/app"])
def test_classes_are_followed_through_the_files_of_the_app(
    tmp_path: Path, statement: str, package: str
) -> None:
    folder = tmp_path / package
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (folder / "__init__.py").write_text("from .base import Tasks\n")
    (folder / "base.py").write_text(
        "from fastapi import BackgroundTasks\nclass Tasks(BackgroundTasks): ...\n"
    )
    (folder / "use.py").write_text(f"{statement}\ndef f(tasks: Tasks): tasks.add_task(send)\n")
    modules, _ = find_modules([folder / "use.py"])

    [site] = find_sites(modules[0])

    assert site.sure


def test_an_app_below_src_is_found_from_beside_it(tmp_path: Path) -> None:
    for file, text in {
        "pyproject.toml": "",
        "src/app/__init__.py": "",
        "src/app/base.py": "from fastapi import BackgroundTasks as Tasks\n",
        "scripts/use.py": "from app.base import Tasks\nTasks().add_task(send)\n",
    }.items():
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_text(text)
    modules, _ = find_modules([tmp_path / "scripts"])

    [site] = find_sites(modules[0])

    assert site.sure


def test_imports_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "one.py").write_text("from two import Tasks\ndef f(tasks: Tasks): tasks.add_task(send)\n")
    (tmp_path / "two.py").write_text("from one import Tasks\n")
    modules, _ = find_modules([tmp_path])

    [site] = find_sites(modules[0])

    assert not site.sure


QUEUE = """
class Queue(BackgroundTasks):
    def add_task(self, func, *args, {own}**kwargs):
        {body}
def f(queue: Queue): {call}
"""
ADD = "super().add_task(func, *args, **kwargs)"


@pytest.mark.parametrize(
    ("own", "body", "call", "direct"),
    [
        pytest.param("", ADD, "queue.add_task(send, 1)", "add_task", id="hands all on"),
        pytest.param("", f"log(func)\n        {ADD}", "queue.add_task(send, 1)", "add_task", id="and more"),
        pytest.param("delay=0, ", ADD, "queue.add_task(send, 1)", "add_task", id="its own is not named"),
        pytest.param("delay=0, ", ADD, "queue.add_task(send, delay=1)", None, id="its own is named"),
        pytest.param(
            "", "super().add_task(run, func, *args, **kwargs)", "queue.add_task(send)", None, id="other"
        ),
        pytest.param("", f"func = wrap(func)\n        {ADD}", "queue.add_task(send)", None, id="bound anew"),
        pytest.param("", "log(func)", "queue.add_task(send)", None, id="hands nothing on"),
        pytest.param(
            "",
            "self.tasks.append(BackgroundTask(func, *args, **kwargs))",
            "queue.add_task(send)",
            "add_task",
            id="makes the task itself",
        ),
        pytest.param(
            "", "self.keep(func, *args, **kwargs)", "queue.add_task(send)", None, id="hands all elsewhere"
        ),
        pytest.param("", ADD, "queue.add_task(*pair)", None, id="task is not written out"),
    ],
)
def test_a_call_of_a_class_that_hands_all_on_comes_to_a_direct_one(
    own: str, body: str, call: str, direct: str | None
) -> None:
    sites = find_sites(parse(QUEUE.format(own=own, body=body, call=call)))

    assert [site.direct for site in sites if site.receiver is not None][-1] == direct


@pytest.mark.parametrize(
    ("body", "directs"),
    [
        pytest.param("super().__init__(func, *args, **kwargs)", ["add_task"], id="hands all on"),
        pytest.param("super().__init__(run, func, *args, **kwargs)", [], id="hands on another"),
        pytest.param("self.func = func", [], id="keeps it"),
    ],
)
def test_a_task_of_a_class_that_hands_all_on_comes_to_a_direct_one(body: str, directs: list[str]) -> None:
    job = f"class Job(BackgroundTask):\n def __init__(self, func, *args, **kwargs): {body}\nJob(send, 1)"

    sites = find_sites(parse(job))

    assert [(site.direct, site.plain) for site in sites] == [(direct, False) for direct in directs]


BY_CALLERS = "def add(q): q.add_task(send)\n"
OPTIONAL = "def add(q=None):\n if q: q.add_task(send)\n"
CALL = "def f(t: BackgroundTasks): add(t)\n"


@pytest.mark.parametrize(
    ("body", "tests", "told"),
    [
        pytest.param(BY_CALLERS + CALL, "", True, id="by its caller"),
        pytest.param(f"{OPTIONAL}{CALL}add()\nadd(None)", "", True, id="or None"),
        pytest.param(
            "class S:\n def add(self, q=None): q.add_task(send)\ndef f(t: BackgroundTasks): S().add(q=t)",
            "",
            True,
            id="of a method",
        ),
        pytest.param(BY_CALLERS + CALL, "add(Fake())", True, id="beside a test"),
        pytest.param(f"{BY_CALLERS}{CALL}add(other)", "", False, id="by one of two"),
        pytest.param(f"{OPTIONAL}add()", "", False, id="by nobody"),
        pytest.param(BY_CALLERS, "add(BackgroundTasks())", False, id="by a test alone"),
        pytest.param(f"def add(q=1): q.add_task(send)\n{CALL}", "", False, id="another default"),
    ],
)
def test_callers_tell_whose_a_call_is(body: str, tests: str, told: bool, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(HEAD + body)
    (tmp_path / "test_app.py").write_text(f"{HEAD}from app import add\n{tests}")
    modules, _ = find_modules([tmp_path])
    [site] = [site for site in read_app(modules).sites if site.forwarder is None]

    assert (site.sure, site.told, site.direct) == (told, told, "add_task" if told else None)


def test_a_test_tells_of_its_own_functions(tmp_path: Path) -> None:
    (tmp_path / "test_app.py").write_text(f"{HEAD}{BY_CALLERS}add(BackgroundTasks())")
    modules, _ = find_modules([tmp_path])
    [site] = read_app(modules).sites

    assert site.told
