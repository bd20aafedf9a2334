"""BGT201: what breaks the rule, and what is left alone."""

import pytest

from bgtasks.check.rules.never_attached import RULE
from examples import codes_of

KEEPER = """
        class Keeper:
            def __init__(self, tasks: BackgroundTasks, name: str = "") -> None:
                self.tasks = tasks
                self.name = name
            def later(self):
                self.tasks.add_task(send, self.name)
"""
INVALID = {
    "given to a task of their own": """
        async def lifespan(app):
            tasks = BackgroundTasks()
            tasks.add_task(send, tasks)
            tasks.add_task(send, tasks=tasks)
            yield
    """,
    "annotated": """
        def f():
            tasks: BackgroundTasks = BackgroundTasks()
            tasks.add_task(send)
    """,
    "with a list": """
        def f():
            tasks = BackgroundTasks([BackgroundTask(send)])
    """,
    "in a method": """
        class A:

            def f(self):
                tasks = BackgroundTasks()
                tasks.add_task(send)
    """,
    "in a closure": """
        def f():
            tasks = BackgroundTasks()

            def g():
                tasks.add_task(send)
            g()
    """,
    "handed to what only adds": """
        def plan(tasks: BackgroundTasks, name):
            tasks.add_task(send, name)

        def f():
            tasks = BackgroundTasks()
            plan(tasks, "a")
    """,
    "handed to an endpoint": """
        @app.get("/")
        async def index(tasks: BackgroundTasks):
            tasks.add_task(send)

        async def f():
            await index(BackgroundTasks())
    """,
    "in each branch": """
        def f(x):
            if x:
                tasks = BackgroundTasks()
            else:
                tasks = BackgroundTasks()
            tasks.add_task(send)
    """,
    "kept by an object that only adds": KEEPER
    + """
        async def endpoint():
            keeper = Keeper(BackgroundTasks())
            keeper.later()
    """,
    "kept by an object without a name": KEEPER
    + """
        async def endpoint():
            Keeper(tasks=BackgroundTasks()).later()
    """,
    "named and kept by an object": KEEPER
    + """
        async def endpoint():
            tasks = BackgroundTasks()
            keeper = Keeper(tasks)
            keeper.later()
    """,
}
VALID = {
    "kept by an object that is handed on": KEEPER
    + """
        async def endpoint():
            keeper = Keeper(BackgroundTasks())
            keeper.later()
            return answer(keeper)
    """,
    "read from the object": KEEPER
    + """
        async def endpoint():
            keeper = Keeper(BackgroundTasks())
            keeper.later()
            return JSONResponse({}, background=keeper.tasks)
    """,
    "kept by an object that hands it out": KEEPER
    + """
            def attach(self, response):
                response.background = self.tasks
        async def endpoint():
            keeper = Keeper(BackgroundTasks())
            keeper.later()
            keeper.attach(response)
    """,
    "kept by an object that hands itself out": KEEPER
    + """
            def attach(self, response):
                attach(self, response)
        async def endpoint():
            keeper = Keeper(BackgroundTasks())
            keeper.later()
    """,
    "kept by an heir": KEEPER.replace("Keeper:", "Keeper(Unknown):")
    + """
        async def endpoint():
            Keeper(BackgroundTasks()).later()
    """,
    "kept and not used": KEEPER
    + """
        async def endpoint():
            Keeper(BackgroundTasks())
    """,
    "kept by an injected object": KEEPER
    + """
        async def endpoint(tasks: BackgroundTasks):
            Keeper(tasks).later()
        app.get("/")(endpoint)
    """,
    "handed to an endpoint by a test": """
        @app.get("/")
        async def index(tasks: BackgroundTasks):
            tasks.add_task(send)

        async def test_index():
            await index(BackgroundTasks())
    """,
    "handed to what attaches": """
        def respond(tasks: BackgroundTasks):
            tasks.add_task(send)
            return JSONResponse({}, background=tasks)

        def f():
            return respond(BackgroundTasks())
    """,
    "no task": """
        def f():
            tasks = BackgroundTasks()
    """,
    "of a module": """
        tasks = BackgroundTasks()
        tasks.add_task(send)
    """,
    "of a class": """
        class A:
            tasks = BackgroundTasks()
            tasks.add_task(send)
    """,
    "global": """
        def f():
            global tasks
            tasks = BackgroundTasks()
            tasks.add_task(send)
    """,
    "nonlocal": """
        def f():
            tasks = None

            def g():
                nonlocal tasks
                tasks = BackgroundTasks()
                tasks.add_task(send)
            g()
            return tasks
    """,
    "attribute": """
        class A:

            def f(self):
                self.tasks = BackgroundTasks()
                self.tasks.add_task(send)
    """,
    "yielded": """
        def f():
            tasks = BackgroundTasks()
            tasks.add_task(send)
            yield tasks
    """,
    "in a list": """
        def f():
            tasks = BackgroundTasks()
            tasks.add_task(send)
            return [tasks]
    """,
    "by another name": """
        def f():
            t = BackgroundTasks()
            u = t
            t.add_task(send)
            return u
    """,
    "used in a closure": """
        def f():
            t = BackgroundTasks()
            t.add_task(send)
            return lambda: t()
    """,
    "given in part": """
        def f(t=None):
            t = t or BackgroundTasks()
            t.add_task(send)
    """,
    "of an unknown class": """
        from x import T

        def f():
            t = T()
            t.add_task(send)
    """,
    "of a class with methods": """
        class T(BackgroundTasks):

            def add_task(self, f):
                f()

        def f():
            t = T()
            t.add_task(send)
    """,
    "locals": """
        def f():
            tasks = BackgroundTasks()
            tasks.add_task(send)
            return locals()
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
