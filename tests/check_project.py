"""
A small app for the tests of `bgtasks check`: what is expected of a call stands behind it.

`#: grade` is how well the call is checked, `#: grade BGT109 mypy pyright` also who finds it wrong, and
behind a semicolon stands a part of the reason for its coverage. `#: foreign` is not known to be one of
Starlette's.
"""

from collections.abc import Mapping
from pathlib import Path

MAIN = '''\
"""Everything that a call can look like."""
from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, BackgroundTasks
from nowhere.at.all import gone
from starlette.background import BackgroundTask
from starlette.responses import JSONResponse

import plain
from legacy import broken
from shop.services import Service, make_service
from .tasks import Progress, audit, count, loud, muffled, send, untyped

open("executed", "w")
router = APIRouter()
names = ["é"]


@router.post("/a")
async def ordinary(tasks: BackgroundTasks) -> None:
    tasks.add_task(send, "a", times=2)  #: typed
    tasks.add_task(send, 1)  #: typed BGT109 mypy pyright
    tasks.add_task(send)  #: typed BGT102 mypy pyright
    tasks.add_task(send, "a", tiems=2)  #: typed BGT104 mypy pyright
    tasks.add_task(func=send, to="a")  #: typed
    tasks.add_task(plain.helper, "a")  #: typed BGT109 mypy pyright
    tasks.add_task(Service, "a")  #: typed BGT109 mypy pyright
    tasks.add_task(partial(send, "a"), "b")  #: typed BGT109 mypy pyright
    tasks.add_task(print, "é"); tasks.add_task(send, "é", "é")  #: typed typed BGT109 mypy pyright
    tasks.add_task(send, "a", "b")  # type: ignore #: any; "# type: ignore" in line
    tasks.add_task(send, names[0].nothing)  #: typed BGT101 mypy pyright
    tasks.add_task(count, 1)  #: typed BGT301 mypy


@router.post("/b")
def forms(tasks: BackgroundTasks) -> JSONResponse:
    if names: tasks.add_task(send, 1)  #: typed BGT109 mypy pyright
    tasks.add_task(lambda: send("a"))  #: typed
    tasks.add_task(lambda to: send(to), "a")  #: partly; the parameters of a lambda have no types
    [tasks.add_task(task, 1) for task in (send,)]  #: typed BGT109 mypy pyright
    tasks.add_task(  #: typed BGT109 mypy pyright
        send,
        "a", times=
        "b",
    )
    both = [BackgroundTask(send, "a"), BackgroundTask(send, "b")]  #: typed typed
    tasks.add_task(BackgroundTask(send, 1))  #: typed typed BGT109 mypy pyright
    return JSONResponse({}, background=BackgroundTask(send, 1))  #: typed BGT109 mypy pyright


def hidden(
    tasks: BackgroundTasks, callback: Callable[..., Any], anything: Any, service: Service, row: tuple[Any]
) -> None:
    tasks.add_task(callback, 1)  #: erased; callback is annotated Callable[..., Any], which takes anything
    tasks.add_task(anything, 1)  #: any; anything is annotated Any
    tasks.add_task(gone, 1)  #: any; module nowhere is not installed
    tasks.add_task(loud, 1)  #: typed BGT109 pyright
    tasks.add_task(muffled, 1)  #: erased; decorator muffling of muffled does not keep the parameters (src/
    tasks.add_task(untyped, 1, 2)  #: partly; a and b have no annotation (src/shop/tasks.py:
    tasks.add_task(audit, "a", 1)  #: partly; level has no annotation (src/shop/tasks.py:
    tasks.add_task(audit, 1, 1)  #: partly BGT109 mypy pyright; level has no annotation
    tasks.add_task(service.run, "a")  #: typed BGT109 mypy pyright
    tasks.add_task(make_service().run, 1)  #: typed
    tasks.add_task(*row)  #: any; the "*" of the call
    Progress().add_task("a", 3)  #: foreign
    anything.add_task(send, 1)  #: foreign; anything is annotated Any


def loose(tasks, order):
    tasks.add_task(send, 1)  #: foreign; tasks has no annotation


def undefined(tasks: Queue) -> None:
    tasks.add_task(send, 1)  #: foreign; Queue is not defined (src/shop/main.py:


class Handler:
    def __init__(self) -> None:
        self.tasks = BackgroundTasks()

    def handle(self):
        self.tasks.add_task(send, 1)  #: typed BGT109 mypy pyright

    def never(self, tasks: BackgroundTasks) -> None:
        return
        tasks.add_task(send, "a")  #: any; no checker looks at it


class Shown:
    def __init__(self) -> None:
        self.bar = None

    def show(self) -> None:
        self.bar = gone()
        self.bar.add_task("a", 1)  #: foreign; module nowhere is not installed (src/shop/main.py:
'''

FILES: Mapping[str, str | bytes] = {
    "pyproject.toml": '[tool.mypy]\nmypy_path = ["lib"]\nignore_errors = true\n',
    "pyrightconfig.json": '{"typeCheckingMode": "off", "include": []}',
    "lib/plain.py": "def helper(number: int) -> None: ...\n",
    "src/legacy.py": "def broken(:\n",
    "src/latin.py": b'import legacy\nname = "\xe9"\n',
    "src/types.py": "import latin\n",
    "src/errors.py": "".join(f'wrong_{number}: int = ""\n' for number in range(300)),
    "src/shop/__init__.py": "",
    "src/shop/main.py": MAIN,
    "src/shop/services.py": (
        "class Service:\n    def __init__(self, size: int) -> None: ...\n"
        "    def run(self, times: int) -> None: ...\n\n"
        "def make_service():\n    return Service(1)\n"
    ),
    "src/shop/tasks.py": (
        "import latin\nimport errors\nfrom collections.abc import Callable\n\n"
        "def amplifying(function):\n    return function\n\n"
        "def muffling(function: Callable[..., object]) -> Callable[..., object]:\n    return function\n\n"
        "def send(to: str, times: int = 1) -> None: ...\n\n"
        "@amplifying\ndef loud(to: str) -> None: ...\n\n"
        "@muffling\ndef muffled(to: str) -> None: ...\n\n"
        "def untyped(a, b): ...\n\n"
        "def audit(what: str, level) -> None: ...\n\n"
        "def count(to: int):\n    yield to\n\n"
        "class Progress:\n    def add_task(self, name: str, total: int) -> None: ...\n"
    ),
    "src/shop/notebook.ipynb": "{}",
}
GRADES = {
    "typed": "fully typed",
    "partly": "some parameters Any",
    "erased": "parameters erased",
    "any": "task is Any",
}


def write_project(folder: Path) -> None:
    for name, content in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
