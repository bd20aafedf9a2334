"""BGT213: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.replaced_background import RULE
from examples import codes_of


def served(body: str, router: str = "router = APIRouter(route_class=Logged)", task: str = "send, 1") -> str:
    """Return a route class whose handler has a body, with a router and an endpoint."""
    inside = "".join(f"            {line}\n" for line in body.split("\n"))
    return (
        "from fastapi.routing import APIRoute\nclass Logged(APIRoute):\n    def get_route_handler(self):\n"
        "        original = super().get_route_handler()\n        async def handler(request):\n"
        f"            response = await original(request)\n{inside}            return response\n"
        f"        return handler\n{router}\n@router.get('/')\n"
        f"async def index(tasks: BackgroundTasks):\n    tasks.add_task({task})\n"
    )


PLAIN = "response.background = BackgroundTask(send)"
INVALID = {
    "single": PLAIN,
    "several": "own = BackgroundTasks()\nown.add_task(send)\nresponse.background = own",
}
VALID = {
    "joined": "if response.background is None:\n    response.background = BackgroundTask(send)",
    "nested": "response.background = BackgroundTasks([response.background, BackgroundTask(send)])",
    "on a condition": "if request.url == '/':\n    response.background = BackgroundTask(send)",
    "unknown": "response.background = unknown",
    "nothing": "...",
}


@pytest.mark.parametrize("body", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(body: str) -> None:
    assert codes_of(served(body)) == [RULE.code]


@pytest.mark.parametrize("body", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(body: str) -> None:
    assert codes_of(served(body)) == []


@pytest.mark.parametrize(
    ("router", "reported"),
    [
        pytest.param("router = APIRouter(route_class=Logged)", True, id="by the router"),
        pytest.param("router = app\napp.router.route_class = Logged", True, id="set later"),
        pytest.param("router = APIRouter()", False, id="not used"),
        pytest.param("router = unknown(route_class=Logged)\n", False, id="unknown router"),
    ],
)
def test_it_matters_who_uses_the_class(router: str, reported: bool) -> None:
    assert codes_of(served(PLAIN, router)) == [RULE.code] * reported


def test_a_base_that_is_no_route_is_left_alone() -> None:
    assert codes_of(served(PLAIN).replace("(APIRoute)", "(unknown)")) == []
