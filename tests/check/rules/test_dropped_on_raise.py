"""BGT203 and BGT209: what breaks the rule, and what is left alone."""

import re

import pytest

from bgtasks.check.rules import dropped_on_condition
from bgtasks.check.rules.dropped_on_raise import RULE
from examples import codes_of, endpoint, find

FAIL = """
        def fail(detail):
            raise HTTPException(404, detail)
"""
INVALID = {
    "by a function that always raises": f"""{FAIL}
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            fail("not there")
    """,
    "by what it returns": f"""{FAIL}
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if unknown:
                tasks.add_task(send)
                return fail("not there")
    """,
    "by a static method that is awaited": """
        class Service:
            @staticmethod
            async def refuse(): raise HTTPException(403)
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            await Service.refuse()
    """,
    "given to the task as well": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send, tasks=tasks)
            raise ValueError
    """,
    "in a try that catches something else": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            try:
                y()
                if not x:
                    tasks.add_task(send)
                    raise HTTPException(404)
            except ValueError:
                return 1
    """,
    "after a branch": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            if x:
                y()
            raise ValueError
    """,
    "in a loop": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            for x in y:
                tasks.add_task(send)
                raise ValueError
    """,
    "in each branch": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            if x:
                raise ValueError
            else:
                raise KeyError
    """,
    "from a handler": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            try:
                x()
            except Exception:
                tasks.add_task(send)
                raise
    """,
    "in a match": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            match x:
                case 1:
                    tasks.add_task(send)
                    raise ValueError
    """,
    "under open": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            with open(x):
                tasks.add_task(send)
                raise ValueError
    """,
    "under a context manager that lets through": """
        @contextmanager
        def log():
            yield

        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            with log():
                tasks.add_task(send)
                raise ValueError
    """,
    "endless loop": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if y:
                tasks.add_task(send)
            while True:
                if x:
                    raise ValueError
    """,
    "by its looks": """
        @unknown.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            raise ValueError
    """,
}
CONDITIONAL = {
    "behind a condition": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            if x:
                raise ValueError
    """,
    "in a loop": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            for x in y:
                raise ValueError
    """,
    "or left": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            if x:
                return 1
            raise ValueError
    """,
    "not caught": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            try:
                raise HTTPException(1)
            except ValueError:
                pass
    """,
    "not caught by its own": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):

            class A(Exception):
                ...

            class B(Exception):
                ...
            tasks.add_task(send)
            try:
                raise A
            except B:
                pass
    """,
}
VALID = {
    "by a function that may return": """
        def fail(detail):
            if detail:
                raise HTTPException(404, detail)
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            fail("not there")
    """,
    "by a function whose exception is caught": f"""{FAIL}
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            try:
                fail("not there")
            except HTTPException:
                pass
    """,
    "by a method that may be replaced": """
        class Service:
            def refuse(self): raise HTTPException(403)
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks, service: Service = Depends()):
            tasks.add_task(send)
            service.refuse()
    """,
    "by a function that is to be replaced": """
        def refuse(): raise NotImplementedError
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            refuse()
    """,
    "helper": """
        def f(tasks: BackgroundTasks):
            tasks.add_task(send)
            raise ValueError
    """,
    "handed on": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            help(tasks)
            raise ValueError
    """,
    "kept by a closure": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            tasks.add_task(send)
            app.x = lambda: tasks()
            raise ValueError
    """,
    "caught by its parent": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):

            class A(Exception):
                ...

            class B(A):
                ...
            try:
                tasks.add_task(send)
                raise B
            except A:
                pass
    """,
    "caught by a built-in parent": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            try:
                tasks.add_task(send)
                raise KeyError
            except LookupError:
                pass
    """,
    "caught by an unknown": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            try:
                tasks.add_task(send)
                raise unknown()
            except ValueError:
                pass
    """,
    "caught under another name": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            from x import HTTPException as E
            try:
                tasks.add_task(send)
                raise HTTPException(1)
            except E:
                pass
    """,
    "caught further out": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            try:
                try:
                    tasks.add_task(send)
                    raise KeyError
                except ValueError:
                    pass
            except Exception:
                pass
    """,
    "raised by a task of its own": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):

            def g():
                raise ValueError
            tasks.add_task(g)
    """,
    "suppressed": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            with suppress(ValueError):
                tasks.add_task(send)
                raise ValueError
    """,
    "under an unknown context manager": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            async with lock:
                tasks.add_task(send)
                raise ValueError
    """,
    "behind what may be swallowed": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            with suppress(KeyError):
                y()
                tasks.add_task(send)
            if x:
                raise ValueError
    """,
    "added by a closure": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):

            def g():
                tasks.add_task(send)
            app.x = g
            raise ValueError
    """,
    "continued": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            for x in y:
                if x:
                    tasks.add_task(send)
                    continue
                raise ValueError
    """,
    "first another branch": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            if x:
                tasks.add_task(send)
            if y:
                raise ValueError
    """,
    "break": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            while True:
                tasks.add_task(send)
                if x:
                    break
            return 1
    """,
    "conditional": """
        @app.get('/')
        async def endpoint(tasks: BackgroundTasks):
            x and tasks.add_task(send)
            raise ValueError
    """,
    "generator": """
        def dep(tasks: BackgroundTasks):
            tasks.add_task(send)
            yield
            raise ValueError
        x = Depends(dep)
    """,
}


@pytest.mark.parametrize("source", INVALID.values(), ids=INVALID)
def test_what_breaks_the_rule_is_reported(source: str) -> None:
    assert set(codes_of(source)) == {RULE.code}


@pytest.mark.parametrize("source", CONDITIONAL.values(), ids=CONDITIONAL)
def test_what_is_raised_on_a_condition_only_has_another_code(source: str) -> None:
    [finding] = find(source)
    assert (finding.rule, finding.was) == (dropped_on_condition.RULE, RULE.code)
    assert re.match(r"this task is dropped when line \d+ raises; ", finding.message)


def test_each_raise_is_named_that_drops_the_task() -> None:
    source = endpoint("tasks.add_task(send)\nif x:\n    raise KeyError\nraise ValueError")
    [finding] = find(source)
    first = finding.place.line + 2
    assert finding.message.startswith(
        f"this task never runs, because line {first} or {first + 1} raises on every path from here; "
    )


@pytest.mark.parametrize("source", VALID.values(), ids=VALID)
def test_what_is_not_shown_to_fail_is_left_alone(source: str) -> None:
    assert codes_of(source) == []
