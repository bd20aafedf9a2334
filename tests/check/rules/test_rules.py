"""What tests/apps/misused has no place for: how each rule takes the less usual, and what is left alone."""

import ast
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Finding, Module
from bgtasks.check.rules import RULES, find_violations
from places import ROOT

NEWEST, BETWEEN, OLDEST = "0.165.0", "0.110.3", "0.95.0"

HEAD = """\
import asyncio, contextlib, functools
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Annotated, Any, Optional, Union
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, HTTPException, Response, UploadFile
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask
from somewhere import connect, lock, route, send, unknown
app = FastAPI()
async def notify(user): ...
def rows(user): yield user
"""


def parse(body: str, name: str = "app") -> Module:
    source = HEAD + textwrap.dedent(body)
    return Module(Path(f"{name}.py"), name, source, ast.parse(source))


def find(body: str, fastapi: str | None = NEWEST) -> list[Finding]:
    return list(find_violations(read_app([parse(body)], fastapi)))


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.rule.code for finding in findings]


def endpoint(body: str, parameters: str = "tasks: BackgroundTasks", decorator: str = "@app.get('/')") -> str:
    return f"{decorator}\nasync def endpoint({parameters}):\n{textwrap.indent(textwrap.dedent(body), '    ')}"


REPORTED = {
    "BGT201": {
        "annotated": "def f():\n tasks: BackgroundTasks = BackgroundTasks()\n tasks.add_task(send)",
        "with a list": "def f():\n tasks = BackgroundTasks([BackgroundTask(send)])",
        "in a method": "class A:\n def f(self):\n  tasks = BackgroundTasks()\n  tasks.add_task(send)",
        "in a closure": "def f():\n tasks = BackgroundTasks()\n def g(): tasks.add_task(send)\n g()",
        "in each branch": """
            def f(x):
                if x:
                    tasks = BackgroundTasks()
                else:
                    tasks = BackgroundTasks()
                tasks.add_task(send)
        """,
    },
    "BGT202": {
        "in a dependency": "def dep(a: BackgroundTasks, b: BackgroundTasks): ...\nx = Depends(dep)",
        "in a class": "class Dep:\n def __init__(self, a: Optional[BackgroundTasks]): ...\nx = Depends(Dep)",
        "of a router": "r = APIRouter()\n@r.post('/')\ndef f(t: Union[BackgroundTasks, None]): ...",
        "Annotated Depends": endpoint("...", "t: Annotated[BackgroundTasks, Depends()]"),
        "alias with Depends": "T = Annotated[BackgroundTasks, Depends()]\n" + endpoint("...", "t: T"),
        "Any with Depends": endpoint("...", "t: Annotated[Any, Depends(BackgroundTasks)]"),
        "added by a call": "def f(a: BackgroundTasks, b: BackgroundTasks): ...\napp.add_api_route('/', f)",
        "app as a parameter": "def make(a: FastAPI):\n @a.get('/')\n def f(tasks=None): tasks.add_task(send)",
    },
    "BGT203": {
        "after a branch": endpoint("tasks.add_task(send)\nif x:\n  y()\nraise ValueError"),
        "in a loop": endpoint("for x in y:\n  tasks.add_task(send)\n  raise ValueError"),
        "in each branch": endpoint(
            "tasks.add_task(send)\nif x:\n  raise ValueError\nelse:\n  raise KeyError"
        ),
        "not caught": endpoint(
            "tasks.add_task(send)\ntry:\n  raise HTTPException(1)\nexcept ValueError:\n  pass"
        ),
        "not caught by its own": endpoint(
            "class A(Exception): ...\nclass B(Exception): ...\n"
            "tasks.add_task(send)\ntry:\n  raise A\nexcept B:\n  pass"
        ),
        "from a handler": endpoint("try:\n  x()\nexcept Exception:\n  tasks.add_task(send)\n  raise"),
        "in a match": endpoint("match x:\n  case 1:\n    tasks.add_task(send)\n    raise ValueError"),
        "under open": endpoint("with open(x):\n  tasks.add_task(send)\n  raise ValueError"),
        "under a context manager that lets through": "@contextmanager\ndef log(): yield\n"
        + endpoint("with log():\n  tasks.add_task(send)\n  raise ValueError"),
        "endless loop": endpoint("if y:\n  tasks.add_task(send)\nwhile True:\n  if x:\n    raise ValueError"),
        "by its looks": endpoint("tasks.add_task(send)\nraise ValueError", decorator="@unknown.get('/')"),
    },
    "BGT204": {
        "subclass of a response": "class Page(Response): ...\n"
        + endpoint("tasks.add_task(send)\nreturn Page(background=BackgroundTask(send))"),
        "template": endpoint(
            "tasks.add_task(send)\nreturn unknown.TemplateResponse('a', background=BackgroundTask(send))"
        ),
        "in both branches": endpoint(
            "if x:\n  tasks.add_task(send)\nelse:\n  tasks.add_task(notify, 1)\n"
            "return Response(background=BackgroundTask(send))"
        ),
        "empty background": endpoint("tasks.add_task(send)\nreturn Response(background=BackgroundTasks())"),
    },
    "BGT205": {
        "positional name": "def f():\n t = BackgroundTasks()\n"
        " return JSONResponse(background=t.add_task(send))",
        "at once": "def f():\n return Response(background=BackgroundTasks().add_task(send))",
    },
    "BGT206": {
        "in a condition": endpoint("if tasks.add_task(send): ..."),
        "in a dict": endpoint("return {'task': tasks.add_task(send)}"),
        "as an argument": endpoint("print(tasks.add_task(send))"),
        "compared": endpoint("return tasks.add_task(send) is None"),
        "awaited by hand": "async def f():\n t = BackgroundTasks()\n await t.add_task(send)\n return t",
    },
    "BGT207": {
        "in a class of dependencies": "def dep(tasks: BackgroundTasks):\n"
        " with open('x') as x:\n  yield x\n tasks.add_task(send)\nx = Depends(dep)",
        "on both paths": "def dep(tasks: BackgroundTasks):\n if x:\n  yield 1\n else:\n  yield 2\n"
        " tasks.add_task(send)\nx = Depends(dep)",
    },
    "BGT301": {
        "lambda": endpoint("tasks.add_task(lambda: rows(1))"),
        "in a module": "tasks = BackgroundTasks()\ntasks.add_task(rows, 1)",
        "static method": "class A:\n @staticmethod\n def rows(): yield\n"
        + endpoint("tasks.add_task(A.rows)"),
        "through an add_task of its own": "class T(BackgroundTasks):\n"
        " def add_task(self, func): super().add_task(func)\ndef f(tasks: T): tasks.add_task(rows)",
        "by keyword": "def later(tasks: BackgroundTasks, *, func): tasks.add_task(func)\n"
        + endpoint("later(tasks, func=rows)"),
    },
    "BGT302": {
        "asynchronous": "@asynccontextmanager\nasync def s(): yield\n" + endpoint("tasks.add_task(s)")
    },
    "BGT303": {
        "cached": "@functools.cache\nasync def c(): ...\n" + endpoint("tasks.add_task(c)"),
        "sleep": endpoint("tasks.add_task(lambda: asyncio.sleep(1))"),
        "on some paths": "def later(x):\n if x:\n  return notify(x)\n" + endpoint("tasks.add_task(later, 1)"),
    },
    "BGT304": {
        "lambda": endpoint("tasks.add_task(lambda: asyncio.create_task(notify(1)))"),
        "partial": endpoint("tasks.add_task(functools.partial(asyncio.gather, notify(1)))"),
        "running loop": "def s():\n loop = asyncio.get_running_loop()\n" + endpoint("tasks.add_task(s)"),
    },
    "BGT305": {
        "awaited": endpoint("tasks.add_task(await notify(1))"),
        "prints": endpoint("tasks.add_task(print('x'))"),
        "annotated": "def count() -> int: return unknown()\n" + endpoint("tasks.add_task(count())"),
    },
}

LEFT_ALONE = {
    "never attached": {
        "no task": "def f():\n tasks = BackgroundTasks()",
        "of a module": "tasks = BackgroundTasks()\ntasks.add_task(send)",
        "of a class": "class A:\n tasks = BackgroundTasks()\n tasks.add_task(send)",
        "global": "def f():\n global tasks\n tasks = BackgroundTasks()\n tasks.add_task(send)",
        "nonlocal": "def f():\n tasks = None\n def g():\n  nonlocal tasks\n  tasks = BackgroundTasks()\n"
        "  tasks.add_task(send)\n g()\n return tasks",
        "attribute": "class A:\n def f(self):\n  self.tasks = BackgroundTasks()\n  self.tasks.add_task(send)",
        "yielded": "def f():\n tasks = BackgroundTasks()\n tasks.add_task(send)\n yield tasks",
        "in a list": "def f():\n tasks = BackgroundTasks()\n tasks.add_task(send)\n return [tasks]",
        "by another name": "def f():\n t = BackgroundTasks()\n u = t\n t.add_task(send)\n return u",
        "used in a closure": "def f():\n t = BackgroundTasks()\n t.add_task(send)\n return lambda: t()",
        "given in part": "def f(t=None):\n t = t or BackgroundTasks()\n t.add_task(send)",
        "of an unknown class": "from x import T\ndef f():\n t = T()\n t.add_task(send)",
        "of a class with methods": "class T(BackgroundTasks):\n def add_task(self, f): f()\n"
        "def f():\n t = T()\n t.add_task(send)",
        "locals": "def f():\n tasks = BackgroundTasks()\n tasks.add_task(send)\n return locals()",
    },
    "never injected": {
        "plain function": "def f(a: BackgroundTasks, b: BackgroundTasks): ...",
        "decorated": endpoint("...", "a: BackgroundTasks, b: BackgroundTasks", "@app.get('/')\n@unknown"),
        "untyped and unused": endpoint("...", "tasks"),
        "untyped, of another framework": endpoint("tasks.add_task(send)", "tasks", "@route.get('/')"),
        "optional, by its looks": endpoint("...", "tasks: Optional[BackgroundTasks]", "@unknown.get('/')"),
        "rebound": endpoint("tasks = BackgroundTasks()\ntasks.add_task(send)\nreturn tasks", "tasks=None"),
        "by an unknown dependency": endpoint("tasks.add_task(send)", "tasks=Depends(unknown)"),
        "optional with a dependency": "def dep(t: BackgroundTasks): return t\n"
        + endpoint("tasks.add_task(send)", "tasks: Optional[Any] = Depends(dep)"),
        "single task": endpoint("...", "task: BackgroundTask = Depends(unknown)"),
        "both of ours": "from bgtasks.fastapi import BackgroundTasksDep\n"
        + endpoint("...", "a: BackgroundTasksDep, b: BackgroundTasks"),
    },
    "dropped on raise": {
        "helper": "def f(tasks: BackgroundTasks):\n tasks.add_task(send)\n raise ValueError",
        "handed on": endpoint("tasks.add_task(send)\nhelp(tasks)\nraise ValueError"),
        "kept by a closure": endpoint("tasks.add_task(send)\napp.x = lambda: tasks()\nraise ValueError"),
        "caught by its parent": endpoint(
            "class A(Exception): ...\nclass B(A): ...\n"
            "try:\n  tasks.add_task(send)\n  raise B\nexcept A:\n  pass"
        ),
        "caught by a built-in parent": endpoint(
            "try:\n  tasks.add_task(send)\n  raise KeyError\nexcept LookupError:\n  pass"
        ),
        "caught by an unknown": endpoint(
            "try:\n  tasks.add_task(send)\n  raise unknown()\nexcept ValueError:\n  pass"
        ),
        "caught under another name": endpoint(
            "from x import HTTPException as E\n"
            "try:\n  tasks.add_task(send)\n  raise HTTPException(1)\nexcept E:\n  pass"
        ),
        "caught further out": endpoint(
            "try:\n  try:\n    tasks.add_task(send)\n    raise KeyError\n  except ValueError:\n    pass\n"
            "except Exception:\n  pass"
        ),
        "raised by a task of its own": endpoint("def g():\n  raise ValueError\ntasks.add_task(g)"),
        "suppressed": endpoint("with suppress(ValueError):\n  tasks.add_task(send)\n  raise ValueError"),
        "under an unknown context manager": endpoint(
            "async with lock:\n  tasks.add_task(send)\n  raise ValueError"
        ),
        "behind what may be swallowed": endpoint(
            "with suppress(KeyError):\n  y()\n  tasks.add_task(send)\nif x:\n  raise ValueError"
        ),
        "added by a closure": endpoint("def g():\n  tasks.add_task(send)\napp.x = g\nraise ValueError"),
        "continued": endpoint(
            "for x in y:\n  if x:\n    tasks.add_task(send)\n    continue\n  raise ValueError"
        ),
        "first another branch": endpoint("if x:\n  tasks.add_task(send)\nif y:\n  raise ValueError"),
        "break": endpoint("while True:\n  tasks.add_task(send)\n  if x:\n    break\nreturn 1"),
        "conditional": endpoint("x and tasks.add_task(send)\nraise ValueError"),
        "generator": "def dep(tasks: BackgroundTasks):\n tasks.add_task(send)\n yield\n raise ValueError\n"
        "x = Depends(dep)",
    },
    "dropped by the response": {
        "helper": "def f(tasks: BackgroundTasks):\n tasks.add_task(send)\n"
        " return Response(background=BackgroundTask(send))",
        "unknown background": endpoint("tasks.add_task(send)\nreturn Response(background=unknown())"),
        "background on a condition": endpoint(
            "tasks.add_task(send)\nreturn Response(background=BackgroundTask(send) if x else None)"
        ),
        "no response": endpoint("tasks.add_task(send)\nreturn unknown(background=BackgroundTask(send))"),
        "not added": endpoint("return Response(background=BackgroundTask(send))"),
        "added on one path": endpoint(
            "if x:\n  tasks.add_task(send)\n  return 1\nreturn Response(background=BackgroundTask(send))"
        ),
        "perhaps added": endpoint(
            "if x:\n  tasks.add_task(send)\nif y:\n  return Response()\n"
            "return Response(background=BackgroundTask(send))"
        ),
        "handed on": endpoint(
            "tasks.add_task(send)\nhelp(tasks)\nreturn Response(background=BackgroundTask(send))"
        ),
        "attached to the parameter": endpoint(
            "tasks.add_task(send)\nresponse.background = BackgroundTask(send)\nreturn response",
            "tasks: BackgroundTasks, response: Response",
        ),
    },
    "results": {
        "lambda": endpoint("return lambda: tasks.add_task(send)"),
        "or": endpoint("return tasks.add_task(send) or {}"),
        "unused name": endpoint("x = tasks.add_task(send)"),
        "own add_task": "class T(BackgroundTasks):\n def add_task(self, f): return 1\n"
        "def f(tasks: T): print(tasks.add_task(send))",
        "another add_task": "async def f(queue): await queue.add_task(send)",
        "background of injected": endpoint("return Response(background=tasks.add_task(send))"),
    },
    "after yield": {
        "no dependency": "def dep(tasks: BackgroundTasks):\n yield\n tasks.add_task(send)",
        "perhaps before": "def dep(tasks: BackgroundTasks):\n if x:\n  yield\n tasks.add_task(send)\n"
        "x = Depends(dep)",
        "in a handler": "def dep(tasks: BackgroundTasks):\n try:\n  yield\n except ValueError:\n"
        "  tasks.add_task(send)\nx = Depends(dep)",
        "of the function": "def dep(tasks: BackgroundTasks):\n yield\n tasks.add_task(send)\n"
        "x = Depends(dep, scope='function')",
        "of an inner generator": "def dep(tasks: BackgroundTasks):\n def g(): yield\n tasks.add_task(send)\n"
        " yield\nx = Depends(dep)",
    },
    "pitfalls": {
        "decorated": "@unknown\ndef r(): yield\n" + endpoint("tasks.add_task(r)"),
        "defined twice": "if x:\n def r(): yield\nelse:\n def r(): ...\n" + endpoint("tasks.add_task(r)"),
        "rebound": "def r(): yield\nr = unknown(r)\n" + endpoint("tasks.add_task(r)"),
        "shadowed": endpoint("def rows(x): ...\ntasks.add_task(rows, 1)"),
        "parameter": endpoint("tasks.add_task(rows, 1)", "tasks: BackgroundTasks, rows=Depends(unknown)"),
        "loop variable": endpoint("for rows in x:\n  tasks.add_task(rows, 1)"),
        "generator in a lambda": endpoint("tasks.add_task(lambda: [x for x in rows(1)])"),
        "asyncio.run": endpoint("tasks.add_task(asyncio.run, notify(1))"),
        "async lambda call": endpoint("tasks.add_task(lambda: asyncio.run(notify(1)))"),
        "loop of its own": "def s():\n asyncio.set_event_loop(x)\n asyncio.ensure_future(y)\n"
        + endpoint("tasks.add_task(s)"),
        "returns something else too": "def later(x):\n if x:\n  return notify(x)\n return 1\n"
        + endpoint("tasks.add_task(later, 1)"),
        "overridden": "class A:\n def later(self): return notify(1)\n"
        "class B(A):\n async def later(self): ...\n"
        "def f(a: A, tasks: BackgroundTasks): tasks.add_task(a.later)",
        "makes a task": "def make(): return send\n" + endpoint("tasks.add_task(make())"),
        "makes a task, abstract": "def make(): raise NotImplementedError\n"
        + endpoint("tasks.add_task(make())"),
        "unknown call": endpoint("tasks.add_task(unknown(1))"),
        "class": "class Job:\n def __init__(self): ...\n def __call__(self): ...\n"
        + endpoint("tasks.add_task(Job())"),
        "own add_task": "class T(BackgroundTasks):\n def add_task(self, f): super().add_task(list, f())\n"
        "def f(tasks: T): tasks.add_task(rows)",
        "own tasks": "class T(BackgroundTasks):\n async def __call__(self): ...\n"
        "def f(tasks: T): tasks.add_task(rows)",
        "own task": "class T(BackgroundTask):\n async def __call__(self): ...\nT(rows)",
        "another queue": "from q import Queue\ndef f(tasks: Queue): tasks.add_task(rows)",
        "overload": "from typing import overload\n@overload\ndef r(x): ...\n@overload\ndef r(): ...\n"
        "def r(x=1): ...\n" + endpoint("tasks.add_task(r)"),
    },
}


@pytest.mark.parametrize(
    ("code", "body"),
    [
        pytest.param(code, body, id=f"{code} {name}")
        for code, bodies in REPORTED.items()
        for name, body in bodies.items()
    ],
)
def test_what_breaks_a_rule_is_reported(code: str, body: str) -> None:
    assert set(codes(find(body))) == {code}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(body, id=f"{group}: {name}")
        for group, bodies in LEFT_ALONE.items()
        for name, body in bodies.items()
    ],
)
def test_what_is_not_shown_to_fail_is_left_alone(body: str) -> None:
    assert codes(find(body)) == []


LATE = "def dep(tasks: BackgroundTasks):\n yield\n tasks.add_task(send)\nx = Depends(dep)"
RELEASED = "def get():\n db = connect()\n try:\n  yield db\n finally:\n  db.close()\n" + endpoint(
    "tasks.add_task(send, db)", "tasks: BackgroundTasks, db=Depends(get)"
)
UPLOADED = endpoint("tasks.add_task(send, file)", "tasks: BackgroundTasks, file: UploadFile")
OF_FUNCTION = RELEASED.replace("Depends(get)", "Depends(get, scope='function')")
BESIDE = "def dep(t: BackgroundTasks): return t\n" + endpoint("...", "t: BackgroundTasks = Depends(dep)")


@pytest.mark.parametrize(
    ("body", "versions"),
    [
        pytest.param(LATE, {OLDEST, "0.105.0", "0.118.0", "0.128.0", "0.128.2", NEWEST}, id="after yield"),
        pytest.param(RELEASED, {"0.106.0", BETWEEN, "0.117.1"}, id="released"),
        pytest.param(UPLOADED, {"0.106.0", BETWEEN, "0.117.1"}, id="uploaded"),
        pytest.param(
            OF_FUNCTION,
            {OLDEST, "0.105.0", "0.106.0", BETWEEN, "0.117.1", "0.118.0", "0.128.0", "0.128.2", NEWEST},
            id="of the function",
        ),
        pytest.param(
            BESIDE, {OLDEST, "0.105.0", "0.106.0", BETWEEN, "0.117.1", "0.118.0", "0.128.0"}, id="beside"
        ),
    ],
)
def test_what_depends_on_the_version_is_reported_for_those_versions(body: str, versions: set[str]) -> None:
    asked = [OLDEST, "0.105.0", "0.106.0", BETWEEN, "0.117.1", "0.118.0", "0.128.0", "0.128.2", NEWEST]

    assert {version for version in asked if find(body, version)} == versions
    assert find(body, None) == []
    assert find(body, "not a version") == []


RESOURCES = {
    "by a context manager": ("with connect() as db:\n  yield db", True),
    "by an asynchronous one": ("async with connect() as db:\n  yield db", True),
    "at the end": ("db = connect()\n yield db\n db.close()", True),
    "awaited": ("db = connect()\n yield db\n await db.aclose()", True),
    "never": ("db = connect()\n yield db", False),
    "something else": ("db = connect()\n log = connect()\n yield db\n log.close()", False),
    "before": ("db = connect()\n db.close()\n yield db", False),
    "something else around": ("with lock:\n  yield connect()", False),
}


@pytest.mark.parametrize(
    ("body", "reported"), [pytest.param(*case, id=name) for name, case in RESOURCES.items()]
)
def test_only_what_a_dependency_releases_is_released(body: str, reported: bool) -> None:
    dependency = f"async def get():\n {body}\n"
    source = dependency + endpoint("tasks.add_task(send, db)", "tasks: BackgroundTasks, db=Depends(get)")

    assert codes(find(source, BETWEEN)) == ["BGT207"] * reported


def test_a_task_is_followed_through_a_function_of_another_file(tmp_path: Path) -> None:
    helper = parse("def later(tasks: BackgroundTasks, func, *args): tasks.add_task(func, *args)", "helper")
    use = parse("from helper import later\n" + endpoint("later(tasks, lambda: notify(1))"), "use")
    files = [tmp_path / "helper.py", tmp_path / "use.py"]
    modules = [
        Module(file, module.name, module.source, module.tree)
        for file, module in zip(files, (helper, use), strict=True)
    ]
    for module in modules:
        module.path.write_text(module.source)

    [finding] = find_violations(read_app(modules))

    assert (finding.rule.code, finding.place.path) == ("BGT303", tmp_path / "use.py")


def test_findings_are_told_from_the_top_down_and_once() -> None:
    findings = find(endpoint("tasks.add_task(rows)\ntasks.add_task(notify(1))\nraise ValueError"))

    assert codes(findings) == ["BGT203", "BGT301", "BGT203", "BGT305"]
    assert len({(each.place, each.rule) for each in findings}) == len(findings)


def test_no_nesting_is_too_deep() -> None:
    chain = "".join(f"elif x == {number}:\n  y()\n" for number in range(500))
    branches = "".join(f"if x{number}:\n  tasks.add_task(send, {number})\n" for number in range(20))
    total = " + ".join(["x"] * 900)

    found = find(
        endpoint(f"tasks.add_task(send)\nif x:\n  y()\n{chain}{branches}z = {total}\nraise ValueError")
    )

    assert codes(found) == []


def test_names_that_are_bound_in_circles_end() -> None:
    steps = "".join(f"a{n} = a{(n + 1) % 9}.x\n" * 9 + f"b{n} = " + "b0 or " * 9 + "b1\n" for n in range(9))

    assert codes(find(steps + "def f(tasks: BackgroundTasks): tasks.add_task(a0, b0)\nb0.add_task(a1)")) == []


@pytest.mark.parametrize("code", RULES)
def test_each_rule_has_its_page(code: str) -> None:
    page = (ROOT / "docs" / "rules" / f"{code}.md").read_text(encoding="utf-8")

    assert page.startswith(f"# {code}: {RULES[code].name}\n")
    for part in ("## What happens at run time", "## Instead", "## What is left alone"):
        assert part in page


@pytest.mark.parametrize("code", RULES)
def test_the_wrong_code_of_a_page_is_reported_and_the_right_code_is_not(code: str) -> None:
    page = (ROOT / "docs" / "rules" / f"{code}.md").read_text(encoding="utf-8")
    before, instead = page.split("## Instead")
    wrong, *more = (part.split("```")[0] for part in before.split("```python\n")[1:])
    right = instead.split("```python\n")[1].split("```")[0]

    assert {tuple(set(codes(find(each)))) for each in [wrong, *more]} == {(code,)}
    assert codes(find(right)) == []
