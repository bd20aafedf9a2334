"""Tasks whose parameters bear the names that `add_task` uses itself, and `func` by name."""

from bgtasks import BackgroundTask, BackgroundTasks

tasks = BackgroundTasks()


def send(to: str, body: str = "") -> None: ...


def invoke(args: str, kwargs: int) -> None: ...


def run(command: str, *args: str, **kwargs: int) -> None: ...


async def call(*, args: list[str], kwargs: dict[str, int]) -> None: ...


def profile(func: str, limit: int = 1) -> None: ...


def describe(self: str, other: str) -> None: ...


def queue(task: str, tasks: int) -> None: ...


tasks.add_task(func=send, to="ada")  # OK
tasks.add_task(func=send)  # E: missing-argument  !pyrefly does not check against a func by name
tasks.add_task("ada", func=send)  # E: multiple-values

tasks.add_task(invoke, args="a", kwargs=1)  # OK
tasks.add_task(invoke, args="a")  # E: missing-argument
tasks.add_task(invoke, args="a", kwargs="b")  # E: argument-type
tasks.add_task(invoke, "a", 1, kwargs=1)  # E: multiple-values

tasks.add_task(run, "ls", "-l", timeout=3)  # OK
tasks.add_task(run, "ls", args=1, kwargs=2)  # OK
tasks.add_task(run, "ls", kwargs="-l")  # E: argument-type

tasks.add_task(call, args=["a"], kwargs={"b": 1})  # OK
tasks.add_task(call, args=["a"])  # E: missing-argument
tasks.add_task(call, args=["a"], kwargs=1)  # E: argument-type

tasks.add_task(profile, "render", limit=2)  # OK
tasks.add_task(profile, func="render")  # E: multiple-values  !zuban hands func on to the task

tasks.add_task(describe, "a", "b")  # OK
tasks.add_task(
    describe, self="a", other="b"
)  # E: multiple-values  !mypy,pyright,basedpyright,zuban misses self

tasks.add_task(queue, task="backup", tasks=3)  # OK
tasks.add_task(queue, task="backup")  # E: missing-argument

BackgroundTask(func=send, to="ada")  # OK
BackgroundTask(profile, func="render")  # E: multiple-values  !zuban hands func on to the task
