"""What `add_task` costs, as a ratio to Starlette's own. Exits with 1 where ours misses the bar."""

import sys
from collections.abc import Callable
from functools import lru_cache, partial, wraps
from statistics import median
from timeit import Timer
from typing import Any

from fastapi import BackgroundTasks as FastAPIBackgroundTasks
from starlette.background import BackgroundTasks as StarletteBackgroundTasks

from bgtasks import BackgroundTasks

CLASSES: dict[str, type[StarletteBackgroundTasks]] = {
    "starlette": StarletteBackgroundTasks,
    "fastapi": FastAPIBackgroundTasks,
    "bgtasks": BackgroundTasks,
}
ROUNDS = 60
CALLS = 1_000
BAR = 1.10


class Mail:
    def __init__(self, email: str = "", message: str = "") -> None: ...


class Mailer:
    def notify(self, email: str = "", message: str = "") -> None: ...

    def __call__(self, email: str = "", message: str = "") -> None: ...


def notify(email: str = "", message: str = "") -> None: ...


async def notify_async(email: str = "", message: str = "") -> None: ...


@wraps(notify)
def notify_decorated(*args: Any, **kwargs: Any) -> None:
    notify(*args, **kwargs)


TASKS: dict[str, Callable[..., object]] = {
    "def": notify,
    "async def": notify_async,
    "bound method": Mailer().notify,
    "partial": partial(notify, message="hello"),
    "decorated": notify_decorated,
    "callable object": Mailer(),
    "class": Mail,
    "builtin": print,
    "cached": lru_cache(notify),
}
ARGUMENTS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "": ((), {}),
    "with arguments": (("ann@example.org",), {"message": "hello"}),
}


def seconds_per_call(
    tasks: StarletteBackgroundTasks, func: Callable[..., object], args: Any, kwargs: Any
) -> float:
    timer = Timer(lambda: tasks.add_task(func, *args, **kwargs))
    return timer.timeit(CALLS) / CALLS


def measure(func: Callable[..., object], args: Any, kwargs: Any) -> dict[str, list[float]]:
    measured: dict[str, list[float]] = {name: [] for name in CLASSES}
    names = list(CLASSES)
    for _ in range(ROUNDS):
        for name in names:
            measured[name].append(seconds_per_call(CLASSES[name](), func, args, kwargs))
        # Each round begins with another class, so that none always runs on a warmer machine.
        names.append(names.pop(0))
    return measured


def main() -> None:
    missed: list[str] = []
    print(f"{'':32}{'starlette':>13}{'fastapi':>10}{'bgtasks':>10}{'median':>10}")
    for kind, func in TASKS.items():
        for given, (args, kwargs) in ARGUMENTS.items():
            measured = measure(func, args, kwargs)
            least = {name: min(seconds) for name, seconds in measured.items()}
            ratio = {name: seconds / least["starlette"] for name, seconds in least.items()}
            usual = median(measured["bgtasks"]) / median(measured["starlette"])
            title = f"{kind} {given}".strip()
            print(
                f"{title:32}{least['starlette'] * 1e9:10.0f} ns{ratio['fastapi']:10.2f}"
                f"{ratio['bgtasks']:10.2f}{usual:10.2f}"
            )
            if ratio["bgtasks"] > BAR:
                missed.append(f"{title}: {ratio['bgtasks']:.2f}")
    print(f"The bar is {BAR:.2f}; " + (f"missed by {', '.join(missed)}." if missed else "all are within it."))
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
