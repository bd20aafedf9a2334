from collections.abc import Callable
from typing import Any

from fastapi import BackgroundTasks
from missing.mail import send

from . import work
from .work import Courier, Hooks, pack_small


class Queue(BackgroundTasks):
    def add_task(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        super().add_task(func, *args, **kwargs)  # func is annotated Callable[..., Any], which takes anything (main.py:12)


def run(add: Callable[..., None]) -> None:
    add(work.pack, 1, "small")  # add is annotated Callable[..., None], which takes anything (main.py:16)


def functions(tasks: BackgroundTasks, queue: Queue) -> None:
    tasks.add_task(work.pack, 1, "small")  # parcel has no annotation (work.py:11)
    tasks.add_task(pack_small, 1)  # parcel has no annotation (work.py:11)
    tasks.add_task(work.anything, 1)  # anything takes anything: *args, **kwargs (work.py:35)
    tasks.add_task(send, 1)  # module missing is not installed (main.py:5)
    tasks.add_task(send.later, 1)  # module missing is not installed (main.py:5)
    tasks.add_task(lambda parcel: None, 1)  # the parameters of a lambda have no types (main.py:26)
    queue.add_task(print, 1)  # queue.add_task does not compare the arguments with the task (main.py:12); write func: Callable[P, object], *args: P.args, **kwargs: P.kwargs


def decorated(tasks: BackgroundTasks) -> None:
    tasks.add_task(work.weigh, 1)  # decorator logged of weigh does not keep the parameters (decorators.py:5)
    tasks.add_task(work.track, 1)  # decorator job of track: module missing is not installed (work.py:4)
    tasks.add_task(work.label, 1)  # decorator broker.task of label: module missing is not installed (work.py:4)
    tasks.add_task(work.price, 1)  # decorator cache of price does not keep the parameters (work.py:30)


def values(
    tasks: BackgroundTasks,
    done: Callable[..., None],
    plain: Callable,
    hooks: Hooks,
    courier: Courier,
    jobs: dict[str, Any],
    untyped,
) -> None:
    tasks.add_task(done, 1)  # done is annotated Callable[..., None], which takes anything (main.py:39)
    tasks.add_task(plain, 1)  # plain is annotated Callable, which takes anything (main.py:40)
    tasks.add_task(hooks.done, 1)  # done has no annotation (work.py:49)
    tasks.add_task(hooks.failed, 1)  # failed is annotated Any (work.py:49)
    tasks.add_task(courier.close, 1)  # Courier inherits from Broker, and module missing is not installed (work.py:43)
    tasks.add_task(jobs["pack"], 1)  # jobs is annotated dict[str, Any] (main.py:43)
    tasks.add_task(untyped, 1)  # untyped has no annotation (main.py:44)
    tasks.add_task(work.make("pack"), 1)  # what make returns is annotated Any (work.py:39)
    for each in jobs.values():
        tasks.add_task(each, 1)  # jobs is annotated dict[str, Any] (main.py:43)
    pair = (work.pack, 1, "small")
    tasks.add_task(*pair)  # the "*" of the call hides its task
    run(tasks.add_task)  # tasks.add_task is handed on, and nobody compares its tasks with their arguments there
    tasks.add_task(work.pack, 1, "small")  # type: ignore # "# type: ignore" in line 59 silences the checkers


def later(tasks: BackgroundTasks, func: Callable[..., Any], *args: Any) -> None:
    tasks.add_task(func, *args)  # func is annotated Callable[..., Any], which takes anything (main.py:62)


class Mailer:
    def __init__(self, tasks: BackgroundTasks) -> None:
        self.tasks = tasks

    def run(self, func) -> None:
        self.tasks.add_task(func)  # func has no annotation (main.py:70)


def forwarded(tasks: BackgroundTasks, mailer: Mailer) -> None:
    later(tasks, print, 1)  # later does not compare the arguments with the task (main.py:62); write func: Callable[P, object], *args: P.args, **kwargs: P.kwargs
    mailer.run(print)  # mailer.run does not compare the arguments with the task (main.py:70); write func: Callable[[], object]
