import ast
import textwrap
from pathlib import Path

import pytest

from bgtasks.check.ask.modules import Modules
from bgtasks.check.ask.reasons import explain
from bgtasks.check.ask.sights import Sight
from bgtasks.check.facts.app import read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.model import Grade, Module
from examples import endpoint, parse

ANY, ERASED = Sight(True, Grade.ANY), Sight(True, Grade.ERASED)
NOWHERE = Sight(None, Grade.ANY)
HIDDEN = Sight(True, Grade.ERASED, adder=Grade.ERASED)
MODULES = Modules({"somewhere": "is not found"})


def partly(*names: str) -> Sight:
    return Sight(True, Grade.PARTLY, names)


def reason_of(source: str, sight: Sight | None) -> str:
    site = read_app([parse(textwrap.dedent(source))]).sites[-1]
    return explain(site, [sight] if sight else [], MODULES)


MISSING = "module somewhere is not found (app.py:7)"
CALLS = {
    "nobody looked": (
        endpoint("tasks.add_task(send)"),
        None,
        "no checker looks at it: to them it is never reached, by what stands before it",
    ),
    "behind a return": (
        endpoint("if unknown:\n    return\n    tasks.add_task(send)"),
        None,
        "no checker looks at it: it stands behind the return in line 14",
    ),
    "in what stands behind a raise": (
        endpoint("raise unknown\nwith unknown:\n    tasks.add_task(send)"),
        None,
        "no checker looks at it: it stands behind the raise in line 13",
    ),
    "behind a return of another block": (
        endpoint("if unknown:\n    return\nelse:\n    tasks.add_task(send)"),
        None,
        "no checker looks at it: to them it is never reached; see the condition in line 13",
    ),
    "below a condition": (
        endpoint("if not unknown:\n    try:\n        tasks.add_task(send)\n    finally: ..."),
        None,
        "no checker looks at it: to them it is never reached; see the condition in line 13",
    ),
    "function below a condition": (
        "if unknown:\n    def f(tasks: BackgroundTasks): tasks.add_task(send)",
        None,
        "no checker looks at it: to them it is never reached, by what stands before it",
    ),
    "silenced": (
        endpoint("tasks.add_task(send)  # type: ignore"),
        None,
        '"# type: ignore" in line 13 silences the checkers',
    ),
    "receiver": (
        "def f(q): q.add_task(send)",
        NOWHERE,
        "the type of q is not known: q has no annotation (app.py:11); write q: BackgroundTasks if it is that",
    ),
    "receiver of a module that is missing": (
        """
        class Bar:
            def __init__(self): self.progress = None
            def start(self):
                self.progress = unknown.Progress()
                self.progress.add_task(send)
        """,
        NOWHERE,
        f"the type of self.progress is not known: {MISSING}",
    ),
    "receiver in a with": (
        "with unknown.Progress() as bar: bar.add_task(send)",
        NOWHERE,
        f"the type of bar is not known: {MISSING}",
    ),
    "receiver of an undefined class": (
        "def f(q: Queue): q.add_task(send)",
        NOWHERE,
        "the type of q is not known: q is annotated Queue, and Queue is not defined (app.py:11)",
    ),
    "undefined receiver": (
        "queue.add_task(send)",
        NOWHERE,
        "the type of queue is not known: queue is not defined (app.py:11)",
    ),
    "receiver of a star import": (
        "from somewhere import *\nqueue.add_task(send)",
        NOWHERE,
        "the type of queue is not known: module somewhere is not found (app.py:11)",
    ),
    "adder of an attribute of nobody": (
        """
        class Bar:
            def start(self):
                self.progress = unknown.Progress()
                self.progress.add_task(send)
        """,
        HIDDEN,
        MISSING,
    ),
    "adder that nobody knows": (
        "[].add_task(send)",
        HIDDEN,
        "the checkers do not know what [].add_task takes",
    ),
    "attribute of self that a mixin does not declare": (
        """
        class Mixin:
            async def run(self):
                response = await self.client.send()
                BackgroundTask(response.close)
        """,
        ANY,
        "Mixin has no client (app.py:12)",
    ),
    "row": (endpoint("tasks.add_task(*x)"), ANY, 'the "*" of the call hides its task'),
    "handed on": (
        endpoint("unknown(tasks.add_task)"),
        ERASED,
        "tasks.add_task is handed on, and nobody compares its tasks with their arguments there",
    ),
    "subclass": (
        """
        class Queue(BackgroundTasks):
            def add_task(self, func, *args, **kwargs): log(func)
        def f(queue: Queue): queue.add_task(send)
        """,
        HIDDEN,
        (
            "queue.add_task does not compare the arguments with the task (app.py:13); "
            "write func: Callable[P, object], *args: P.args, **kwargs: P.kwargs"
        ),
    ),
    "name for add_task": (
        "def f(t: BackgroundTasks):\n    add: Any = t.add_task\n    add(send)",
        HIDDEN,
        "add is annotated Any (app.py:12)",
    ),
}  # fmt: skip

TASKS = {
    "lambda": ("", "lambda x: x", ERASED, "the parameters of a lambda have no types (app.py:13)"),
    "lambda in part": (
        "",
        "lambda x: x",
        partly("x"),
        "the parameters of a lambda have no types (app.py:13)",
    ),
    "module": ("", "send", ANY, MISSING),
    "attribute of a module": ("", "send.later", ANY, MISSING),
    "instance of its class": ("", "made.later", ANY, MISSING),
    "what it returns": ("", "unknown(1)", ANY, MISSING),
    "known module": ("", "asyncio.nothing", ANY, "asyncio.nothing is not typed where it is defined"),
    "takes anything": ("def f(*a, **k): ...", "f", ERASED, "f takes anything: *a, **k (app.py:12)"),
    "no annotation": ("def f(a, b: int): ...", "f", partly("a"), "a has no annotation (app.py:12)"),
    "no annotations": (
        "def f(a, *b, c, **d): ...",
        "f",
        partly("a", "*b", "c", "**d"),
        "a, c, *b and **d have no annotation (app.py:12)",
    ),
    "annotated": ("def f(a: Any, b): ...", "f", partly("a"), "a is annotated Any (app.py:12)"),
    "annotated in part": (
        "def f(a: Any, b): ...",
        "f",
        partly("a", "b"),
        "b has no annotation (app.py:12); a is annotated Any (app.py:12)",
    ),
    "of a missing module": (
        "def f(a: 'send | None'): ...",
        "f",
        partly("a"),
        "a is annotated send | None, and module somewhere is not found (app.py:7)",
    ),
    "partial": ("def f(a): ...", "functools.partial(f, 1)", partly("a"), "a has no annotation (app.py:12)"),
    "method": (
        """
        class A:
            def f(self, a): ...
        """,
        "A().f",
        partly("a"),
        "a has no annotation (app.py:14)",
    ),
    "base from elsewhere": (
        "class A(unknown): ...",
        "A().f",
        ANY,
        "A inherits from unknown, and module somewhere is not found (app.py:12)",
    ),
    "attribute without annotation": (
        """
        class A:
            def __init__(self, hook): self.hook = hook
        a = A(1)
        """,
        "a.hook",
        ANY,
        "hook has no annotation (app.py:14)",
    ),
    "annotated attribute": (
        """
        class A:
            hook: Any
        a = A()
        """,
        "a.hook",
        ANY,
        "hook is annotated Any (app.py:14)",
    ),
    "attribute that a class does not have": ("class A: ...", "A().hook", ANY, "A has no hook (app.py:12)"),
    "attribute that a class makes when it is asked for": (
        """
        class A:
            def __getattr__(self, name): return name
        """,
        "A().hook",
        ANY,
        "the checkers do not know what A().hook is",
    ),
    "attribute that is set in a base": (
        """
        class Base:
            def start(self): self.hook = None
        class A(Base): ...
        """,
        "A().hook",
        ANY,
        "the checkers do not know what A().hook is",
    ),
    "attribute of a class with a base from elsewhere": (
        "class A(asyncio.Queue): ...",
        "A().hook",
        ANY,
        "the checkers do not know what A().hook is",
    ),
    "function that does not say what it returns": (
        "def make(): ...",
        "make()",
        ANY,
        "make does not say what it returns (app.py:12)",
    ),
    "function that another one calls": (
        "async def f(): await asyncio.to_thread(make, 1)\ndef make() -> Any: ...",
        "asyncio.to_thread(make, 1)",
        ANY,
        "what make returns is annotated Any (app.py:13)",
    ),
    "result of a library": (
        "",
        "asyncio.nothing(1)",
        ANY,
        "the checkers do not know what asyncio.nothing returns",
    ),
    "function that says Any": (
        "def make() -> Any: ...",
        "make()",
        ANY,
        "what make returns is annotated Any (app.py:12)",
    ),
    "decorator of its own": (
        "def d(f): return f\n@d\ndef g(): ...",
        "g",
        ERASED,
        "decorator d of g does not keep the parameters (app.py:12)",
    ),
    "decorator that keeps": (
        "from typing import TypeVar\nF = TypeVar('F')\ndef d(f: F) -> F: return f\n@d\ndef g(*a, **k): ...",
        "g",
        ERASED,
        "g takes anything: *a, **k (app.py:16)",
    ),
    "decorator from elsewhere": (
        "@unknown\ndef g(): ...",
        "g",
        ANY,
        "decorator unknown of g: module somewhere is not found (app.py:7)",
    ),
    "decorator of an object": (
        "client = unknown()\n@client.task(1)\ndef g(): ...",
        "g",
        ANY,
        "decorator client.task of g: module somewhere is not found (app.py:7)",
    ),
    "cache": (
        "@functools.cache\ndef g(): ...",
        "g",
        ERASED,
        "decorator functools.cache of g does not keep the parameters (app.py:12)",
    ),
    "loop": ("", "each", ANY, MISSING),
    "held in a dict": (
        "jobs: 'dict[str, Any]' = {}",
        "jobs['a']",
        ANY,
        "jobs is annotated dict[str, Any] (app.py:12)",
    ),
    "nobody knows": ("", "1 + 1", ANY, "the checkers do not know what 1 + 1 is"),
    "known, but of a library": (
        "class A: ...\ndef make(): return A()\na = make()",
        "a.hook(1)",
        ERASED,
        "what a.hook returns takes anything, as it is declared",
    ),
    "parameters of a library": (
        "",
        "asyncio.nothing",
        partly("a", "b"),
        "asyncio.nothing takes anything for a and b, or says no type of it where it is defined",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "sight", "expected"), CALLS.values(), ids=CALLS)
def test_why_not_more_is_known_of_a_call(source: str, sight: Sight | None, expected: str) -> None:
    assert reason_of(source, sight).startswith(expected)


def test_nobody_annotates_self() -> None:
    assert "annotation" not in reason_of("class A:\n def f(self): self.hook.add_task(send)", NOWHERE)


@pytest.mark.parametrize(("source", "task", "sight", "expected"), TASKS.values(), ids=TASKS)
def test_why_not_more_is_known_of_a_task(source: str, task: str, sight: Sight, expected: str) -> None:
    around = "made = send()\nfor each in unknown.jobs: ...\n" if task in {"made.later", "each"} else ""
    body = f"import os\n{textwrap.dedent(source)}\n{around}BackgroundTask({task})"
    assert reason_of(body, sight) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        pytest.param("Any", "g is annotated Any (app.py:11)", id="Any"),
        pytest.param("'Any'", "g is annotated Any (app.py:11)", id="in quotes"),
        pytest.param("Annotated[Any, 1]", "g is annotated Annotated[Any, 1] (app.py:11)", id="Annotated"),
        pytest.param(
            "collections.abc.Callable",
            "g is annotated collections.abc.Callable, which takes anything (app.py:11)",
            id="plain Callable",
        ),
        pytest.param(
            "Optional[collections.abc.Callable[..., None]]",
            "g is annotated Optional[collections.abc.Callable[..., None]], which takes anything (app.py:11)",
            id="any arguments",
        ),
        pytest.param(
            "callable", "g is annotated callable (app.py:11), which is a function and no", id="function"
        ),
        pytest.param(
            "send.Hook",
            "g is annotated send.Hook, and module somewhere is not found (app.py:7)",
            id="missing",
        ),
    ],
)
def test_what_an_annotation_leaves_open(annotation: str, expected: str) -> None:
    body = f"def f(t: BackgroundTasks, g: {annotation}): t.add_task(g)\nimport collections.abc"
    assert reason_of(body, ERASED).startswith(expected)


def test_a_comment_above_all_silences_a_file() -> None:
    module = parse(endpoint("tasks.add_task(send)"))
    source = f"# mypy: ignore-errors\n{module.source}"
    [site] = read_app([Module(module.path, module.name, source, ast.parse(source))]).sites

    assert explain(site, [], MODULES) == '"# mypy: ignore-errors" in line 1 silences the checkers'


SHOP = {
    "shop/__init__.py": "from typing import Any\nqueue: Any = 1\n",
    "shop/main.py": "from typing import Any\nfrom fastapi import FastAPI\napp = FastAPI()\nclient: Any = 1\n",
    "shop/routes.py": """\
        import shop
        from fastapi import BackgroundTasks
        from shop import main, queue
        from shop.main import app as fastapi_app
        from shop.main import client
        def f(tasks: BackgroundTasks):
            job = fastapi_app.state.scheduler.get_job()
            tasks.add_task({task})
    """,
}


@pytest.mark.parametrize(
    ("task", "reason"),
    [
        pytest.param("client.send", "client is annotated Any (shop/main.py:4)", id="of a name"),
        pytest.param("main.client.send", "client is annotated Any (shop/main.py:4)", id="of a module"),
        pytest.param("queue.push", "queue is annotated Any (shop/__init__.py:2)", id="of a package"),
        pytest.param("job.func", "the checkers do not know what job.func is", id="of an object of a library"),
        pytest.param("shop.lost.send", "shop.lost.send is not found (shop/routes.py:1)", id="not there"),
    ],
)
def test_what_the_app_makes_is_found_though_an_attribute_of_it_is_not_known(
    task: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file, text in SHOP.items():
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(textwrap.dedent(text).format(task=task))
    modules, _ = find_modules([Path("shop/routes.py")])
    [site] = read_app(modules, bases=[Path()]).sites
    for file in ("__init__.py", "py.typed"):
        (tmp_path / "site/fastapi").mkdir(parents=True, exist_ok=True)
        (tmp_path / "site/fastapi" / file).touch()

    assert explain(site, [ANY], Modules(paths=[str(tmp_path / "site")], bases=[tmp_path])) == reason
