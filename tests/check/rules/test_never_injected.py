"""BGT202: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.never_injected import RULE
from examples import codes_of

INVALID = {
    "in a dependency": """
        def dep(a: BackgroundTasks, b: BackgroundTasks):
            ...
        x = Depends(dep)
    """,
    "subclass that is handed on": """
        class Own(BackgroundTasks):
            def later(self, func): self.add_task(func)

        def plan(tasks: Own):
            tasks.later(send)

        @app.get('/')
        async def endpoint(tasks: Own):
            plan(tasks)
    """,
    "in a class": """
        class Dep:

            def __init__(self, a: Optional[BackgroundTasks]):
                ...
        x = Depends(Dep)
    """,
    "of a router": """
        r = APIRouter()

        @r.post('/')
        def f(t: Union[BackgroundTasks, None]):
            ...
    """,
    "Annotated Depends": """
        @app.get('/')
        async def endpoint(t: Annotated[BackgroundTasks, Depends()]):
            ...
    """,
    "alias with Depends": """
        T = Annotated[BackgroundTasks, Depends()]

        @app.get('/')
        async def endpoint(t: T):
            ...
    """,
    "Any with Depends": """
        @app.get('/')
        async def endpoint(t: Annotated[Any, Depends(BackgroundTasks)]):
            ...
    """,
    "added by a call": """
        def f(a: BackgroundTasks, b: BackgroundTasks):
            ...
        app.add_api_route('/', f)
    """,
    "app as a parameter": """
        def make(a: FastAPI):

            @a.get('/')
            def f(tasks=None):
                tasks.add_task(send)
    """,
}
VALID = {
    "subclass that is handed to what adds": """
        class Own(BackgroundTasks):
            def later(self, func): self.add_task(func)

        def plan(tasks):
            tasks.add_task(send)

        @app.get('/')
        async def endpoint(tasks: Own):
            plan(tasks)
    """,
    "plain function": """
        def f(a: BackgroundTasks, b: BackgroundTasks):
            ...
    """,
    "decorated": """
        @app.get('/')
        @unknown
        async def endpoint(a: BackgroundTasks, b: BackgroundTasks):
            ...
    """,
    "untyped and unused": """
        @app.get('/')
        async def endpoint(tasks):
            ...
    """,
    "untyped, of another framework": """
        @route.get('/')
        async def endpoint(tasks):
            tasks.add_task(send)
    """,
    "optional, by its looks": """
        @unknown.get('/')
        async def endpoint(tasks: Optional[BackgroundTasks]):
            ...
    """,
    "rebound": """
        @app.get('/')
        async def endpoint(tasks=None):
            tasks = BackgroundTasks()
            tasks.add_task(send)
            return tasks
    """,
    "by an unknown dependency": """
        @app.get('/')
        async def endpoint(tasks=Depends(unknown)):
            tasks.add_task(send)
    """,
    "optional with a dependency": """
        def dep(t: BackgroundTasks):
            return t

        @app.get('/')
        async def endpoint(tasks: Optional[Any]=Depends(dep)):
            tasks.add_task(send)
    """,
    "single task": """
        @app.get('/')
        async def endpoint(task: BackgroundTask=Depends(unknown)):
            ...
    """,
    "both of ours": """
        from bgtasks.fastapi import BackgroundTasksDep

        @app.get('/')
        async def endpoint(a: BackgroundTasksDep, b: BackgroundTasks):
            ...
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
