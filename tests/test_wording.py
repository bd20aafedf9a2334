import asyncio
import threading

import pytest

from bgtasks.wording import NEED_LOOP, SCHEDULING, Pitfall, describe, find_pitfall


@pytest.mark.parametrize("pitfall", Pitfall)
def test_each_pitfall_is_known_by_what_is_said_of_it(pitfall: Pitfall) -> None:
    message = describe(pitfall, '"send"', "write another", where=" at once")

    found = find_pitfall(message)

    # Of a context manager the same is wrong, be it asynchronous or not.
    assert found is not None
    assert found.wrong == pitfall.wrong


def test_what_is_wrong_is_said_before_what_to_write_instead() -> None:
    said = describe(Pitfall.GENERATOR, '"rows"')

    assert (
        said == '"rows" is a generator function, so nothing in it runs; add a function that iterates over it'
    )
    assert describe(Pitfall.GENERATOR, '"rows"', "leave it") == said.partition(";")[0] + "; leave it"


@pytest.mark.parametrize(
    "message",
    [
        'Argument 1 to "send" has incompatible type',
        '"add_task" does not return a value',
        "",
        "nothing in it runs",
    ],
)
def test_what_checkers_say_tells_of_no_pitfall(message: str) -> None:
    assert find_pitfall(message) is None


@pytest.mark.parametrize("name", sorted(NEED_LOOP))
def test_what_needs_a_loop_fails_in_a_thread_without_one(name: str) -> None:
    failed: list[str] = []

    async def notify() -> None: ...

    def call() -> None:
        coroutines = [notify()] if name in SCHEDULING else []
        try:
            getattr(asyncio, name)(*coroutines)
        except RuntimeError as error:
            failed.append(str(error))
        for coroutine in coroutines:
            coroutine.close()

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()

    assert ["event loop" in message for message in failed] == [True]
