"""How calls are made through what is named as a target."""

from pathlib import Path
from textwrap import dedent

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.model import Target
from bgtasks.prove.calls.through import Through, find_through
from bgtasks.prove.calls.types import HEAD
from bgtasks.prove.calls.writing import write_head
from bgtasks.verify.tasks import typeshed

BASE = """\
class Above:
    def inherited(self, fn, *args): ...
"""
SOURCE = """\
from pkg.base import Above
from pkg.base import Above as Renamed

class Plain(Above):
    def method(self, fn: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None: ...
    @classmethod
    def of_class(cls, fn, *args): ...
    @staticmethod
    def static(fn, *args): ...
    @property
    def number(self): return 1
    def nothing(self): ...
    class Nested:
        def method(self, fn): ...

class Needs:
    def __init__(self, name, size=1): ...
    def method(self, fn): ...
    def add_task(self, fn): ...

class Made:
    def __new__(cls, fn): ...

def function(fn, *args): ...
def write(fn, *args): ...
def tasks(fn, *args): ...
class Session:
    def partial(self, fn): ...
async def later(fn, *args): ...
def second(prio: int, fn: "Callable[P, None]", *args: "P.args", **kwargs: "P.kwargs"): ...
if sys:
    one = Plain()
other: Needs = make()
unknown = make()
value = 3
"""
GIVEN = "def given() -> Needs:\n    raise NotImplementedError\n\n\ntasks = given()"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("from .code import *\n")
    (tmp_path / "pkg" / "base.py").write_text(BASE)
    (tmp_path / "pkg" / "code.py").write_text(dedent(SOURCE))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "through"),
    [
        ("Plain.method", Through("tasks.method", "tasks = Plain()")),
        ("Plain.inherited", Through("tasks.inherited", "tasks = Plain()")),
        ("Renamed.inherited", Through("tasks.inherited", "tasks = Renamed()")),
        ("Plain.of_class", Through("Plain.of_class")),
        ("Plain.static", Through("Plain.static")),
        ("Plain.Nested.method", Through("tasks.method", "tasks = Plain.Nested()")),
        ("Needs", Through("tasks.add_task", GIVEN)),
        ("Needs.method", Through("tasks.method", GIVEN)),
        ("Made", Through("Made")),
        ("function", Through("function")),
        ("later", Through("later", awaited=True)),
        ("one.inherited", Through("one.inherited")),
        ("other.method", Through("other.method")),
        ("unknown", Through("unknown")),
    ],
)
def test_a_target_is_called_as_what_it_is(root: Path, name: str, through: Through) -> None:
    target = Target("pkg", name)
    assert find_through(target, [root]) == through
    compile(write_head(target, through), "calls.py", "exec")
    assert f"\nfrom pkg import {name.partition('.')[0]}\n" in write_head(target, through)
    assert "{name}" in HEAD


@pytest.mark.parametrize(
    ("name", "through", "imported"),
    [
        ("write", Through("write_"), "write as write_"),
        ("tasks", Through("tasks_"), "tasks as tasks_"),
        ("Session.partial", Through("tasks.partial", "tasks = Session_()"), "Session as Session_"),
    ],
)
def test_a_target_with_a_name_that_the_calls_need_gets_another(
    root: Path, name: str, through: Through, imported: str
) -> None:
    target = Target("pkg", name)
    assert find_through(target, [root]) == through
    assert f"\nfrom pkg import {imported}\n" in write_head(target, through)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Plain.number", "is a property, which is not called"),
        ("Plain.nothing", "takes nothing by position, so no callable either"),
        ("Plain", "takes nothing"),
        ("Plain.missing", "no missing is found in the source of pkg:Plain"),
        ("missing", "no missing is found in the source of pkg"),
        ("function.missing", "no missing is found in the source of pkg:function"),
        ("value", "is 3, which cannot be called"),
        ("second", "takes prio before the callable, fn"),
    ],
)
def test_what_takes_no_callable_first_is_refused(root: Path, name: str, said: str) -> None:
    with pytest.raises(BgtasksError) as error:
        find_through(Target("pkg", name), [root])
    assert str(error.value).startswith(f"pkg:{name}: {said};")
    assert "\n" not in str(error.value)


def test_the_standard_library_is_known_by_its_stubs() -> None:
    roots = [typeshed()]
    assert find_through(Target("asyncio", "to_thread"), roots) == Through("to_thread", awaited=True)
    assert find_through(Target("concurrent.futures", "ThreadPoolExecutor.submit"), roots) == Through(
        "tasks.submit", "tasks = ThreadPoolExecutor()"
    )
