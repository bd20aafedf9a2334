"""Why a task does nothing in the background: the pitfalls by name, and what is said of each."""

from enum import Enum

__all__ = ["NEED_LOOP", "OF_FUTURES", "SCHEDULING", "Pitfall", "describe", "find_pitfall"]


class Pitfall(Enum):
    """Why a task does nothing: what is wrong with it, and what to write instead."""

    GENERATOR = "is a generator function, so nothing in it runs", "add a function that iterates over it"
    ASYNC_GENERATOR = (
        "is an async generator function, so nothing in it runs",
        'add an "async def" that iterates over it',
    )
    CONTEXT_MANAGER = "is a context manager that nothing enters", "add a function that enters it"
    ASYNC_CONTEXT_MANAGER = "is a context manager that nothing enters", 'add an "async def" that enters it'
    UNAWAITED = "returns a coroutine that is never awaited", 'add an "async def" that awaits it'
    LOST = "was never awaited", 'add an "async def" that awaits it'
    NEEDS_LOOP = (
        "would be called in a thread that runs no event loop, and fail there",
        'add an "async def" in its place',
    )
    CALLED = (
        "is called at once, not in the background",
        "add the function itself, with its arguments behind it",
    )
    COROUTINE = (
        "makes a coroutine here, which is never awaited and cannot be called",
        "add the function itself, with its arguments behind it",
    )
    UNFILLED = "is called without what only FastAPI fills", "give it a value"
    NOT_CALLABLE = "object is not callable: add the function itself, not what it returns", ""
    NONE = "returns None, not a background task", "add the task before, and give the response the tasks"

    def __init__(self, wrong: str, instead: str) -> None:
        self.wrong = wrong
        self.instead = instead


SCHEDULING: frozenset[str] = frozenset({"create_task", "ensure_future", "gather", "shield"})
"""The functions of asyncio that hand a coroutine to the running event loop."""
OF_FUTURES: frozenset[str] = frozenset({"ensure_future", "gather", "shield"})
"""Those of them that take a future as it is, from any thread: it knows the loop that it belongs to."""
NEED_LOOP: frozenset[str] = SCHEDULING | {"get_running_loop"}
"""The functions of asyncio that raise RuntimeError in a thread that runs no event loop."""


def describe(pitfall: Pitfall, name: str, instead: str = "", *, where: str = "") -> str:
    """Say what is wrong with `name`, which has its quotes, and what to write instead."""
    return f"{name} {pitfall.wrong}{where}; {instead or pitfall.instead}"


def find_pitfall(message: str) -> Pitfall | None:
    """Return which pitfall a message of `describe` tells of."""
    return next((pitfall for pitfall in Pitfall if f" {pitfall.wrong}" in message), None)
