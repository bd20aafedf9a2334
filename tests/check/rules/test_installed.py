"""BGT303 of functions of installed packages, which are read and never imported."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.rules import find_violations
from examples import endpoint, parse

CLIENT = """\
import functools, inspect
from collections.abc import Awaitable, Coroutine
from typing import Any, Generic, TYPE_CHECKING, TypeVar, overload
from functools import cached_property
from .views import *
T = TypeVar("T")
def required(*names):
    def decorate(func):
        known = inspect.signature(func)
        @functools.wraps(func)
        def wrapper(*args, **kwargs):
            known.bind(*args, **kwargs)
            return func(*args, **kwargs)
        return wrapper
    return decorate
def old(func):
    if inspect.iscoroutinefunction(func):
        @functools.wraps(func)
        async def wrapper(*args):
            return await func(*args)
        return wrapper
    @functools.wraps(func)
    def plain(*args):
        return func(*args)
    return plain
class Request(Coroutine[Any, Any, T], Generic[T]): ...
class Commands:
    def delete(self, key):
        sent = self.execute("DEL", key)
        return sent
    @old
    def rename(self, key): return self.execute("RENAME", key)
class Sync(Commands):
    def execute(self, *parts): ...
class Client(Commands):
    async def execute(self, *parts) -> None: ...
    @old
    async def ping(self) -> None: ...
    def set(self, key: str) -> "Awaitable[None]": ...
    def get(self, key: str) -> Awaitable[Any] | Any: ...
    @overload
    def both(self, key: str) -> Coroutine[Any, Any, None]: ...
    @overload
    def both(self, key: int) -> Coroutine[Any, Any, int]: ...
    def both(self, key): return send(key)
    @overload
    def mixed(self, key: str) -> Coroutine[Any, Any, None]: ...
    @overload
    def mixed(self, key: int) -> None: ...
    def mixed(self, key): return send(key)
    if TYPE_CHECKING:
        def request(self, key: str) -> Request[int]: ...
    else:
        def request(self, key) -> Request[int]: return send(key)
    @required("key")
    async def create(self, *, key: str) -> None: ...
    @cached_property
    def views(self) -> Views: ...
    def view(self) -> Views: return self.views
def later(key: str) -> Awaitable[None]: ...
def make() -> Client: return Client()
shared = Client()
sync = Sync()
"""
VIEWS = """\
from collections.abc import Awaitable
class Views:
    def refresh(self) -> Awaitable[None]: ...
    async def clear(self) -> None: ...
"""
SOURCE = "def stubbed(): ...\nasync def stubbed_async(): ...\n"
STUB = """\
from typing import Awaitable
def stubbed() -> Awaitable[int]: ...
def stubbed_async() -> Awaitable[int]: ...
"""
LOST = (
    *("shared.set, 1", "client.set, 1", "made.set, 1", "make().set, 1", "holder.client.set, 1"),
    *("shared.both, 1", "shared.request, 1", "shared.create, key=1", "shared.delete, 1", "shared.rename, 1"),
    *("shared.views.refresh", "shared.view().refresh", "package.shared.set, 1", "package.later, 1"),
    *("functools.partial(later, 1)", "lambda: later(1)", "lambda: shared.execute()", "sub.set, 1", "stubbed"),
    *("injected.set, 1", "later, 1"),
)  # fmt: skip
RUN = (
    *("shared.execute, 1", "shared.get, 1", "shared.mixed, 1", "shared.ping", "shared.views.clear"),
    *("sync.rename, 1", "sub.delete, 1", "stubbed_async", "lambda: sync.delete(1)", "unknown.set, 1"),
    "sync.delete, 1",
)  # fmt: skip
HEAD = """
import package
from package import Client, later, make, shared, sync
from apart import stubbed, stubbed_async
client = Client()
made = make()
class Holder:
    def __init__(self): self.client = Client()
holder = Holder()
class Sub(Client):
    def delete(self, key): ...
sub = Sub()
"""


def codes(make: Callable[..., Path], task: str, *, installed: bool = True) -> list[str]:
    files = {
        "package/__init__.py": "from ._client import *",
        "package/_client.py": CLIENT,
        "package/views.py": VIEWS,
        "apart/__init__.py": SOURCE,
        "apart-stubs/__init__.pyi": STUB,
    }
    site = make(**files)
    body = HEAD + endpoint(f"tasks.add_task({task})", "tasks: BackgroundTasks, injected: Client")
    app = read_app([parse(body)], installed=[site] if installed else [])
    return [finding.rule.code for finding in find_violations(app)]


@pytest.mark.parametrize("task", LOST)
def test_a_coroutine_that_a_package_returns_is_lost(make: Callable[..., Path], task: str) -> None:
    assert codes(make, task) == ["BGT303"]


@pytest.mark.parametrize("task", RUN)
def test_what_runs_or_is_not_known_is_left_alone(make: Callable[..., Path], task: str) -> None:
    assert codes(make, task) == []


def test_nothing_is_read_where_no_folder_is_named(make: Callable[..., Path]) -> None:
    assert codes(make, "shared.set, 1", installed=False) == []
