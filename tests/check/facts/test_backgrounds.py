import ast

import pytest

from bgtasks.check.facts.app import read_app
from examples import parse

HEAD = """\
from fastapi.responses import RedirectResponse
from starlette.templating import Jinja2Templates
templates = Jinja2Templates("templates")
def plain(): ...
def make() -> BackgroundTask: ...
job = lambda: plain()
class Service:
    def run(self): ...
    @property
    def task(self): return BackgroundTask(plain)
    def respond(self): return JSONResponse({}, background=self.{attr})
service = Service()
def endpoint(tasks: BackgroundTasks, given): return {call}
"""
GIVEN: dict[str, bool] = {
    **dict.fromkeys(("plain", "notify", "job", "print", "service.run", "lambda: plain()"), True),
    **dict.fromkeys(("notify(1)", "asyncio.sleep(1)", "functools.partial(plain)", "[job]"), True),
    **dict.fromkeys(("tasks", "None", "given", "service.task", "make()", "unknown", "send"), False),
}


def backgrounds(call: str, attr: str = "task") -> list[str]:
    source = HEAD.replace("{attr}", attr).replace("{call}", call)
    sites = read_app([parse(source)]).sites
    return [ast.unparse(site.call) for site in sites if site.background]


@pytest.mark.parametrize(("value", "unfit"), GIVEN.items(), ids=GIVEN)
def test_what_is_surely_no_task_is_a_site(value: str, unfit: bool) -> None:
    # Python 3.10 spells a lambda without parameters otherwise.
    spelled = ast.unparse(ast.parse(value))
    assert backgrounds(f"JSONResponse({{}}, background={value})") == [spelled] * unfit


@pytest.mark.parametrize(
    ("call", "found"),
    [
        pytest.param("JSONResponse({}, 200, None, None, plain)", ["plain"], id="by position"),
        pytest.param("RedirectResponse('/', 302, None, plain)", ["plain"], id="redirect"),
        pytest.param("JSONResponse({}, 200, None, plain)", [], id="another position"),
        pytest.param("templates.TemplateResponse('a', {}, background=plain)", ["plain"], id="template"),
        pytest.param("unknown({}, background=plain)", [], id="no response"),
    ],
)
def test_where_responses_get_it(call: str, found: list[str]) -> None:
    assert backgrounds(call) == found


def test_a_method_is_told_from_a_property() -> None:
    assert backgrounds("None", "run") == ["self.run"]
