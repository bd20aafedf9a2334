import ast
import textwrap

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.sites import Site
from examples import codes_of, endpoint, parse

Told = tuple[str, str | None, tuple[str, ...], str | None]


def find_values(body: str) -> list[Site]:
    """Return the sites that do not call `add_task` by its own name."""
    return [
        site
        for site in read_app([parse(body)]).sites
        if not ast.unparse(site.call).startswith("tasks.add_task(")
    ]


def tell(site: Site) -> Told:
    args = tuple(map(ast.unparse, site.args))
    task = ast.unparse(site.task) if site.task is not None else None
    return ast.unparse(site.call), task, args, site.direct


PARTIAL = "functools.partial(tasks.add_task, send, 1)"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(PARTIAL, [(PARTIAL, "send", ("1",), "partial")], id="partial"),
        pytest.param(
            "defer = tasks.add_task\ndefer(send, 1)",
            [("defer(send, 1)", "send", ("1",), "add_task")],
            id="name",
        ),
        pytest.param(
            "defer: Any = tasks.add_task\ndefer(send)",
            [("defer(send)", "send", (), "add_task")],
            id="annotated",
        ),
        pytest.param(
            "a = tasks.add_task\nb = a\nb(send)", [("b(send)", "send", (), "add_task")], id="name of a name"
        ),
        pytest.param(
            "defer = functools.partial(tasks.add_task)\ndefer(send)",
            [("defer(send)", "send", (), "add_task")],
            id="partial without a task",
        ),
        pytest.param(
            "asyncio.get_running_loop().call_soon(tasks.add_task, send, 1)",
            [
                (
                    "asyncio.get_running_loop().call_soon(tasks.add_task, send, 1)",
                    "send",
                    ("1",),
                    "add_task",
                )
            ],
            id="called later by a loop",
        ),
        pytest.param("unknown(tasks.add_task)", [("tasks.add_task", None, (), None)], id="handed on"),
        pytest.param("unknown(add=tasks.add_task)", [("tasks.add_task", None, (), None)], id="by keyword"),
        pytest.param("return tasks.add_task", [("tasks.add_task", None, (), None)], id="returned"),
        pytest.param("x = [tasks.add_task]", [("tasks.add_task", None, (), None)], id="in a list"),
        pytest.param(
            "defer = tasks.add_task\nunknown(defer)", [("defer", None, (), None)], id="name handed on"
        ),
        pytest.param(
            "state.defer = tasks.add_task", [("tasks.add_task", None, (), None)], id="attribute of another"
        ),
        pytest.param("def f(): return 1", [], id="nothing"),
        pytest.param("tasks.add_task", [], id="only named"),
        pytest.param("callable(tasks.add_task)", [], id="looked at"),
        pytest.param("tasks.add_task.__name__", [], id="attribute of it"),
        pytest.param("assert tasks.add_task is other", [], id="compared"),
        pytest.param("tasks.add_task = unknown", [], id="replaced"),
        pytest.param("functools.partial(send.add_task, 1)", [], id="of nobody knows what"),
    ],
)
def test_what_holds_add_task_is_a_site(body: str, expected: list[Told]) -> None:
    assert [tell(site) for site in find_values(endpoint(body))] == expected


def test_a_partial_of_a_single_task_is_a_site() -> None:
    [site] = find_values("make = functools.partial(BackgroundTask, send, 1)")
    assert tell(site) == ("functools.partial(BackgroundTask, send, 1)", "send", ("1",), "partial")


def test_calls_of_a_filled_partial_are_sites_too() -> None:
    sites = find_values(endpoint("add = functools.partial(tasks.add_task, send, 1)\nadd(2)\nunknown(add)"))
    assert [tell(site)[:3] for site in sites] == [
        ("functools.partial(tasks.add_task, send, 1)", "send", ("1",)),
        ("add(2)", "send", ("1", "2")),
    ]


def test_a_filled_partial_is_not_followed_to_where_its_names_mean_something_else() -> None:
    sites = find_values(
        "def run(send, add): add(2)\n" + endpoint("run(1, functools.partial(tasks.add_task, send, 1))")
    )
    assert [tell(site)[0] for site in sites] == ["functools.partial(tasks.add_task, send, 1)"]


def test_a_value_is_followed_into_a_function_of_the_app() -> None:
    sites = find_values("def run(user, add): add(send, user)\n" + endpoint("run(1, tasks.add_task)"))
    assert [(*tell(site)[:2], site.direct) for site in sites] == [
        ("add(send, user)", "send", "add_task"),
        ("tasks.add_task", None, None),
    ]


KEEPING = """
class Add(typing.Protocol):
    def __call__(self, func: Callable[P, object], *args: {annotation}, **kwargs: P.kwargs) -> None: ...
def run(add: Add): add(send)
"""


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        pytest.param("P.args", ["add(send)"], id="keeps the parameters"),
        pytest.param("Any", ["add(send)", "tasks.add_task"], id="takes anything"),
    ],
)
def test_what_is_handed_to_what_takes_the_same_is_no_site_of_its_own(
    annotation: str, told: list[str]
) -> None:
    sites = find_values(KEEPING.format(annotation=annotation) + endpoint("run(tasks.add_task)"))
    assert [tell(site)[0] for site in sites] == told


def test_a_function_that_hands_it_to_itself_comes_to_an_end() -> None:
    sites = find_values("def run(add): run(add)\n" + endpoint("run(tasks.add_task)"))
    assert [tell(site)[0] for site in sites] == ["add", "tasks.add_task"]


def test_a_value_is_followed_through_an_attribute_of_self() -> None:
    sites = find_values(
        textwrap.dedent(
            """
            class Outbox:
                def __init__(self, tasks: BackgroundTasks):
                    self.defer = tasks.add_task
                def welcome(self): self.defer(send, 1)
            """
        )
    )
    assert [tell(site) for site in sites] == [("self.defer(send, 1)", "send", ("1",), "add_task")]


OWN = """
class Queue(BackgroundTasks):
    def add_task(self, func, *args, **kwargs):
        {body}
"""


@pytest.mark.parametrize(
    ("body", "direct"),
    [
        pytest.param("super().add_task(func, *args, **kwargs)", "partial", id="hands all on"),
        pytest.param("super().add_task(func, 1, *args, **kwargs)", None, id="with one of its own"),
    ],
)
def test_a_class_of_the_app_decides_what_becomes_of_it(body: str, direct: str | None) -> None:
    sites = find_values(OWN.format(body=body) + endpoint(PARTIAL, "tasks: Queue"))
    assert [site.direct for site in sites if not site.adds] == [direct]


@pytest.mark.parametrize("body", [f"x = await {PARTIAL}", f"unknown({PARTIAL})"])
def test_a_partial_does_not_yet_return_none(body: str) -> None:
    assert "BGT206" not in codes_of(endpoint(body))


def test_a_generator_in_a_partial_is_found() -> None:
    assert codes_of(endpoint("unknown(functools.partial(tasks.add_task, rows, 1))")) == ["BGT301"]
