"""Wrappers around async functions that lose the coroutine, and those that do not."""

import pytest

from examples import codes_of, endpoint

BEFORE = """
import inspect
def thin(func):
    def wrapper(*args): return func(*args)
    return wrapper
def timed(func):
    @functools.wraps(func)
    def wrapper(*args):
        print(func.__name__)
        try:
            result = func(*args)
            return result
        finally:
            print("end")
    return wrapper
def status(func):
    def wrapper(*args):
        try:
            func(*args)
        except Exception:
            print("failed")
    return wrapper
def short(func): return lambda *args: func(*args)
def labelled(label):
    def decorate(func):
        def wrapper(*args): return func(*args)
        return wrapper
    return decorate
class Timed:
    def __init__(self, func): self.func = func
    def __call__(self, *args): return self.func(*args)
class Runner:
    def __init__(self, func): self.func = func
    def __call__(self, *args): return asyncio.run(self.func(*args))
def awaiting(func):
    async def wrapper(*args): return await func(*args)
    return wrapper
def running(func):
    def wrapper(*args): return asyncio.run(func(*args))
    return wrapper
def careful(func):
    def wrapper(*args):
        result = func(*args)
        if inspect.isawaitable(result): asyncio.run(result)
        return result
    return wrapper
def choosing(func):
    if inspect.iscoroutinefunction(func):
        async def wrapper(*args): return await func(*args)
        return wrapper
    def plain(*args): return func(*args)
    return plain
def same(func): return func
def plain(user): ...
@timed
async def decorated(user): ...
@labelled("a")
async def labelled_too(user): ...
@Timed
async def by_class(user): ...
@awaiting
async def awaited(user): ...
class Commands:
    def set(self, key): return self.execute(key)
    def execute(self, key): ...
class Client(Commands):
    async def execute(self, key): ...
class Plain(Commands): ...
client, other = Client(), Plain()
def add(tasks: BackgroundTasks, func, *args): tasks.add_task(timed(func), *args)
def run(tasks: BackgroundTasks, func, *args): tasks.add_task(running(func), *args)
"""
LOST = {
    "thin": "tasks.add_task(thin(notify), 1)",
    "with statements around": "tasks.add_task(timed(notify), 1)",
    "dropped": "tasks.add_task(status(notify), 1)",
    "lambda": "tasks.add_task(short(notify), 1)",
    "object": "tasks.add_task(Timed(notify), 1)",
    "partial": "tasks.add_task(thin(functools.partial(notify, 1)))",
    "in a partial": "tasks.add_task(functools.partial(thin(notify), 1))",
    "by a name": "job = timed(notify)\ntasks.add_task(job, 1)",
    "decorator": "tasks.add_task(decorated, 1)",
    "factory of decorators": "tasks.add_task(labelled_too, 1)",
    "decorating class": "tasks.add_task(by_class, 1)",
    "overridden": "tasks.add_task(client.set, 1)",
    "in a helper": "add(tasks, notify, 1)",
}
KEPT = {
    "a plain function": "tasks.add_task(timed(plain), 1)",
    "awaited": "tasks.add_task(awaiting(notify), 1)",
    "run": "tasks.add_task(running(notify), 1)",
    "run by an object": "tasks.add_task(Runner(notify), 1)",
    "looked at": "tasks.add_task(careful(notify), 1)",
    "chosen": "tasks.add_task(choosing(notify), 1)",
    "the same": "tasks.add_task(same(notify), 1)",
    "unknown": "tasks.add_task(unknown(notify), 1)",
    "an unknown function": "tasks.add_task(timed(unknown), 1)",
    "decorator that awaits": "tasks.add_task(awaited, 1)",
    "not overridden": "tasks.add_task(other.set, 1)",
    "a plain function in a helper": "add(tasks, plain, 1)",
    "a helper that runs it": "run(tasks, notify, 1)",
}


@pytest.mark.parametrize("call", LOST.values(), ids=LOST)
def test_a_coroutine_that_is_lost_is_reported(call: str) -> None:
    assert codes_of(BEFORE + endpoint(call)) == ["BGT303"]


@pytest.mark.parametrize("call", KEPT.values(), ids=KEPT)
def test_a_coroutine_that_may_be_awaited_is_not(call: str) -> None:
    assert codes_of(BEFORE + endpoint(call)) == []
