import ast

import pytest

from bgtasks.check.facts.app import App, read_app
from bgtasks.check.facts.forwarders import erases, spell_signature
from bgtasks.check.facts.sites import Site
from examples import parse

HEAD = """\
from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar
P = ParamSpec("P"); F = TypeVar("F", bound=Callable[..., Any]); G = TypeVar("G", bound=Callable[[], Any])
Hook = Callable[..., None]
class Job(Protocol):
    def __call__(self, to: str) -> None: ...
"""
ADD = "def add(tasks: BackgroundTasks, func, *args, **kwargs): tasks.add_task(func, *args, **kwargs)\n"
CALLS: dict[str, tuple[str, list[str]]] = {
    "function": (f"{ADD}def f(t: BackgroundTasks): add(t, send, 1, to='a')", ["send, 1, to='a'"]),
    "task by keyword": (
        (
            "def add(*args, tasks: BackgroundTasks, func): tasks.add_task(func, *args)\n"
            "def f(t: BackgroundTasks): add(1, 2, func=send, tasks=t)"
        ),
        ["send, 1, 2"],
    ),
    "several levels": (
        (
            f"{ADD}def outer(t: BackgroundTasks, f, *args): add(t, f, *args)\n"
            "def f(t: BackgroundTasks): outer(t, send, 1)"
        ),
        ["f", "send, 1"],
    ),
    "something of its own before": (
        (
            "def add(tasks: BackgroundTasks, name, func, *args): tasks.add_task(func, *args)\n"
            "def f(t: BackgroundTasks): add(t, 'mail', send, 1)"
        ),
        ["send, 1"],
    ),
    "partial": (
        (
            "def add(tasks: BackgroundTasks, func, *args): tasks.add_task(functools.partial(func, *args))\n"
            "def f(t: BackgroundTasks): add(t, send, 1)"
        ),
        ["send, 1"],
    ),
    "method": (
        (
            "class Q:\n"
            " def __init__(self, tasks: BackgroundTasks): self.tasks = tasks\n"
            " def add_task(self, func, *args): self.tasks.add_task(func, *args)\n"
            " def other(self): self.add_task(send, 1)\n"
            "class R(Q):\n"
            " def third(self): super().add_task(send, 3)\n"
            "def f(t: BackgroundTasks): Q(t).add_task(send, 2)"
        ),
        ["send, 1", "send, 3", "send, 2"],
    ),
    "makes one": (
        "def one(func, *args): return BackgroundTask(func, *args)\ndef f(): return one(send, 1)",
        ["send, 1"],
    ),
    "inner function": (
        "def f(t: BackgroundTasks):\n def later(func, *args): t.add_task(func, *args)\n later(send, 1)",
        ["send, 1"],
    ),
    "fixed task": (
        "def add(tasks: BackgroundTasks, to): tasks.add_task(send, to)\ndef f(t: BackgroundTasks): add(t, 1)",
        [],
    ),
    "bound anew": (
        (
            "def add(tasks: BackgroundTasks, func):\n func = func or send\n tasks.add_task(func)\n"
            "def f(t: BackgroundTasks): add(t, send)"
        ),
        [],
    ),
    "changed by a decorator": (f"@unknown\n{ADD}def f(t: BackgroundTasks): add(t, send)", []),
    "own add_task": (
        (
            "class Q(BackgroundTasks):\n"
            " def add_task(self, func, *args, **kwargs): super().add_task(func, *args, **kwargs)\n"
            "def f(q: Q): q.add_task(send, 1)"
        ),
        [],
    ),
}


def read(body: str) -> App:
    return read_app([parse(HEAD + body)])


def forwarded(body: str) -> list[Site]:
    return [site for site in read(body).sites if site.forwarder is not None]


@pytest.mark.parametrize(("body", "expected"), CALLS.values(), ids=CALLS)
def test_the_calls_of_forwarders_are_sites(body: str, expected: list[str]) -> None:
    sites = forwarded(body)

    def spell(site: Site) -> str:
        keywords = [ast.unparse(each) for each in site.keywords]
        task = [site.task] if site.task else []
        return ", ".join([*map(ast.unparse, [*task, *site.args]), *keywords])

    assert [spell(site) for site in sites] == expected
    assert len({site.call for site in read(body).sites}) == len(read(body).sites)


ALL = "f: Callable[P, object], *args: P.args, **kwargs: P.kwargs"
# What stands in the head of the function, what it adds, what it is given, and what to write instead.
ANNOTATED: dict[str, tuple[str, str, str, str | None]] = {
    "nothing": ("f, *args", "f, *args", "send, 1", ALL),
    "Any": ("f: Any, **k: Any", "f, **k", "send, a=1", ALL.replace("kwargs:", "k:")),
    "anything": ("f: Callable[..., Any]", "f", "send", "f: Callable[[], object]"),
    "anything, quoted": ("f: 'Callable[..., Any]'", "f", "send", "f: Callable[[], object]"),
    "bare": ("f: Callable", "f", "send", "f: Callable[[], object]"),
    "optional": ("f: Callable[..., None] | None", "f", "send", "f: Callable[[], object]"),
    "alias": ("f: Hook", "f", "send", "f: Callable[[], object]"),
    "TypeVar": ("f: F", "f", "send", "f: Callable[[], object]"),
    "fixed": ("f: Hook, a: str, b", "f, a, b", "send, 1, 2", "f: Callable[[str, B], object], a: str, b: B"),
    "arguments of a ParamSpec": (ALL, "f, *args, **kwargs", "send, 1", None),
    "ParamSpec without its arguments": ("f: Callable[P, object], *args: Any", "f, *args", "send", ALL),
    "said": ("f: Callable[[str], None], to: str", "f, to", "send, 1", None),
    "TypeVar that says it": ("f: G", "f", "send", None),
    "Protocol": ("f: Job, to: str", "f, to", "send, 1", None),
}


@pytest.mark.parametrize(("parameters", "adds", "given", "instead"), ANNOTATED.values(), ids=ANNOTATED)
def test_what_a_signature_says_of_the_task(
    parameters: str, adds: str, given: str, instead: str | None
) -> None:
    [site] = forwarded(f"def add({parameters}): BackgroundTask({adds})\nadd({given})")
    assert site.forwarder is not None

    assert erases(site.forwarder) is (instead is not None)
    assert site.direct == ("add_task" if instead else None)
    if instead is not None:
        assert spell_signature(site.forwarder) == instead


# What stands in the head of the function, what it adds, and what to write instead.
MIXED = {
    "of its own": (
        "f: Callable, user",
        "f, user.email, 'hello', user",
        "f: Callable[[<type of user.email>, str, A], object], user: A",
    ),
    "another order": ("f, a: int, b: str", "f, b, a", "f: Callable[[str, int], object], a: int, b: str"),
    "by name": ("f, to: str", "f, 1, to=to", "f as a Protocol whose __call__ takes int, to: str, to: str"),
    "before a star": (
        "f, user, *args",
        "f, 1, user, *args",
        "f: Callable[Concatenate[int, A, P], object], user: A, *args: P.args, **kwargs: P.kwargs",
    ),
}


@pytest.mark.parametrize(("parameters", "adds", "instead"), MIXED.values(), ids=MIXED)
def test_what_to_write_has_all_that_the_task_is_given(parameters: str, adds: str, instead: str) -> None:
    [site] = forwarded(f"def add({parameters}): BackgroundTask({adds})\nadd(send, 1, 2)")
    assert site.forwarder is not None

    assert spell_signature(site.forwarder) == instead


@pytest.mark.parametrize(
    "call",
    [
        pytest.param("add(t, send, *pair)", id="a star"),
        pytest.param("add(t, send, delay=5)", id="something of its own"),
    ],
)
def test_a_call_is_judged_as_a_direct_one_only_where_it_comes_to_that(call: str) -> None:
    [site] = forwarded(
        "def add(tasks: BackgroundTasks, func, *args, delay=0): tasks.add_task(func, *args)\n"
        f"def f(t: BackgroundTasks): {call}"
    )

    assert site.direct is None
