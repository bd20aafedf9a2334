import ast
import sys
from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.surroundings.bundle import read_bundle
from bgtasks.vendor.model import Package
from bgtasks.vendor.upstream import SIGNATURES, changes, find_packages, signatures

# As Starlette 0.26.1 spells it.
OLDEST = """\
import typing
P = ParamSpec("P")

class BackgroundTask:
    def __init__(self, func: typing.Callable[P, typing.Any], *args: P.args, **kwargs: P.kwargs) -> None:
        self.func = func

    async def __call__(self) -> None: ...

class BackgroundTasks(BackgroundTask):
    def __init__(self, tasks: typing.Optional[typing.Sequence[BackgroundTask]] = None):
        self.tasks = list(tasks) if tasks else []

    def add_task(
        self, func: typing.Callable[P, typing.Any], *args: P.args, **kwargs: P.kwargs
    ) -> None: ...

    async def __call__(self) -> None: ...

    def _private(self, anything: int) -> None: ...
"""
# As FastAPI 0.165.0 does.
ANNOTATED = """\
class BackgroundTasks(StarletteBackgroundTasks):
    def add_task(
        self,
        func: Annotated[Callable[P, Any], Doc("The function to call.")],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None: ...
"""


def told(folder: Path, name: str, background: str, init: str = "__version__ = '9'\n") -> list[str]:
    (folder / "background.py").write_text(background)
    (folder / "__init__.py").write_text(init)
    return changes(Package(name, "9", folder), read_bundle())


def test_the_stubs_fit_what_is_installed() -> None:
    packages = find_packages(Path(sys.executable))
    assert list(packages) == ["starlette", "fastapi"]
    assert [line for package in packages.values() for line in changes(package, read_bundle())] == []


@pytest.mark.parametrize(
    ("name", "background"),
    [
        ("starlette", OLDEST),
        ("fastapi", ANNOTATED),
        ("fastapi", "from starlette.background import BackgroundTasks as BackgroundTasks\n"),
    ],
)
def test_another_spelling_is_no_change(tmp_path: Path, name: str, background: str) -> None:
    assert told(tmp_path, name, background) == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        (
            "**kwargs: P.kwargs\n    ) -> None",
            "**kwargs: P.kwargs\n    ) -> int",
            "{0}.add_task is now ({1}) -> int",
        ),
        ("= None):", "= None, n: int = 1):", "{0}.__init__ is now ({2}, n: int=1) -> None"),
        ("def _private", "def cancel", "{0}.cancel(self, anything: int) -> None is new to the stubs"),
        ("def add_task", "def _add_task", "{0}.add_task is gone"),
        ("    async def __call__(self) -> None: ...\n\n    def", "    def", "{0}.__call__ is gone"),
        (
            "async def __call__(self) -> None: ...\n\nclass",
            "def __call__(self): ...\nclass",
            "{3} is now (self) -> None",
        ),
    ],
    ids=["returns", "parameter", "new", "private", "gone", "sync"],
)
def test_a_change_is_told(tmp_path: Path, old: str, new: str, line: str) -> None:
    call = "self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs"
    start = "self, tasks: Sequence[BackgroundTask] | None=None"
    expected = line.format("BackgroundTasks", call, start, "BackgroundTask.__call__")
    assert OLDEST.count(old) == 1
    [told_line] = told(tmp_path, "starlette", OLDEST.replace(old, new))
    assert told_line.startswith(f"starlette 9: {expected}")


def test_a_name_that_the_stubs_would_hide_is_told(tmp_path: Path) -> None:
    init = "from .applications import FastAPI as FastAPI\nfrom .sse import Event as Event\nimport os\n"
    assert told(tmp_path, "fastapi", ANNOTATED, init) == [
        "fastapi 9: Event is new, and the stubs would hide it"
    ]


def test_a_broken_installation_is_named(tmp_path: Path) -> None:
    with pytest.raises(BgtasksError, match=r"background\.py: cannot be read: .*; is it installed whole\?"):
        told(tmp_path, "starlette", "class :")


def test_the_stubs_say_what_they_were_made_for() -> None:
    stub = ast.parse(read_bundle()["starlette-stubs/background.pyi"])
    spelt = {name: text.replace("args_", "args").replace("object", "Any") for name, text in signatures(stub)}
    assert spelt == SIGNATURES
