"""What one call of `add_task` costs, as a ratio to Starlette's own."""

from statistics import median
from timeit import Timer

from fastapi import BackgroundTasks as FastAPIBackgroundTasks
from starlette.background import BackgroundTasks as StarletteBackgroundTasks

from bgtasks import BackgroundTasks

CLASSES: dict[str, type[StarletteBackgroundTasks]] = {
    "starlette": StarletteBackgroundTasks,
    "fastapi": FastAPIBackgroundTasks,
    "bgtasks": BackgroundTasks,
}
ROUNDS = 60
CALLS = 5_000


def notify(email: str, message: str = "") -> None: ...


def seconds_per_call(tasks: StarletteBackgroundTasks) -> float:
    timer = Timer(lambda: tasks.add_task(notify, "ann@example.org", message="hello"))
    return timer.timeit(CALLS) / CALLS


def main() -> None:
    measured: dict[str, list[float]] = {name: [] for name in CLASSES}
    names = list(CLASSES)
    for _ in range(ROUNDS):
        for name in names:
            measured[name].append(seconds_per_call(CLASSES[name]()))
        # Each round begins with another class, so that none always runs on a warmer machine.
        names.append(names.pop(0))

    starlette = measured["starlette"]
    print(f"{'':10}{'ns, min':>10}{'ns, median':>12}{'ratio, min':>12}{'ratio, median':>15}")
    for name, seconds in measured.items():
        print(
            f"{name:10}{min(seconds) * 1e9:10.0f}{median(seconds) * 1e9:12.0f}"
            f"{min(seconds) / min(starlette):12.2f}{median(seconds) / median(starlette):15.2f}"
        )


if __name__ == "__main__":
    main()
