import ast

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.facts.routes import Called, is_injected, read_filled
from examples import endpoint, parse


def called_in(source: str) -> list[Called]:
    return list(read_app([parse(source)]).called)


CALLED: dict[str, tuple[str, list[tuple[str, bool, bool, int]]]] = {
    "endpoint": (endpoint("..."), [("endpoint", True, True, 0)]),
    "of a router": ("r = APIRouter()\n@r.post('/')\ndef f(): ...", [("f", True, True, 0)]),
    "of an heir": ("class A(FastAPI): ...\na = A()\n@a.get('/')\ndef f(): ...", [("f", True, True, 0)]),
    "by its looks": ("@unknown.get('/')\ndef f(): ...", [("f", False, True, 0)]),
    "of something else": ("q = dict()\n@q.get('/')\ndef f(): ...", []),
    "without a path": ("@unknown.get(1)\ndef f(): ...", []),
    "decorated": ("@app.get('/')\n@unknown\ndef f(): ...", [("f", True, False, 0)]),
    "added by a call": ("def f(): ...\napp.add_api_route('/', f)", [("f", True, True, 0)]),
    "dependency": ("def f(): ...\nx = Depends(f)\ny = Depends(dependency=f)", [("f", True, True, 2)]),
    "class of dependencies": (
        "class D:\n    def __init__(self): ...\nx = Depends(D)",
        [("__init__", True, True, 1)],
    ),
    "endpoint and dependency": (endpoint("...") + "\nx = Depends(endpoint)", [("endpoint", True, True, 0)]),
    "another Depends": ("from x import Depends\ndef f(): ...\nx = Depends(f)", []),
}


@pytest.mark.parametrize(("source", "expected"), CALLED.values(), ids=CALLED)
def test_what_fastapi_calls(source: str, expected: list[tuple[str, bool, bool, int]]) -> None:
    found = called_in(source)

    assert [(each.function.name, each.shown, each.bare, len(each.depends)) for each in found] == expected


FILLED: dict[str, tuple[str, list[tuple[str, bool, str | None]]]] = {
    "tasks": ("t: BackgroundTasks", [("t", True, None)]),
    "in quotes": ("t: 'BackgroundTasks'", [("t", True, None)]),
    "optional": ("t: Optional[BackgroundTasks]", [("t", False, None)]),
    "depends": ("t=Depends(unknown)", [("t", False, "unknown")]),
    "depends beside the class": ("t: BackgroundTasks = Depends(unknown)", [("t", False, "unknown")]),
    "depends in Annotated": ("t: Annotated[Any, Depends(unknown)]", [("t", False, "unknown")]),
    "the last of several": ("t: Annotated[Any, Depends(send), Depends(unknown)]", [("t", False, "unknown")]),
    "in quotes in Annotated": ("t: 'Annotated[Any, Depends(unknown)]'", [("t", False, "unknown")]),
    "single task": ("t: BackgroundTask", [("t", False, None)]),
    "variadics": ("*args, **kwargs", []),
    "several": ("a: int, t: BackgroundTasks", [("a", False, None), ("t", True, None)]),
}


@pytest.mark.parametrize(("parameters", "expected"), FILLED.values(), ids=FILLED)
def test_what_a_parameter_is_filled_with(
    parameters: str, expected: list[tuple[str, bool, str | None]]
) -> None:
    [called] = called_in(endpoint("...", parameters))

    assert [
        (
            filled.parameter.node.arg,
            is_injected(filled),
            ast.unparse(filled.depends.provider) if filled.depends and filled.depends.provider else None,
        )
        for filled in read_filled(called)
    ] == expected


def test_the_scope_of_a_dependency_is_read_where_it_is_written_out() -> None:
    [called] = called_in(
        "def f(): ...\nx = Depends(f, scope='function')\ny = Depends(f, scope=x)\nz = Depends(f)"
    )

    assert [each.scope for each in called.depends] == ["function", None, None]
