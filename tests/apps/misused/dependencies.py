from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from fastapi import BackgroundTasks, Depends, HTTPException

from misused.services import mail


def make_own_tasks() -> BackgroundTasks:
    """Make tasks that no response will ever have."""
    return BackgroundTasks()


def take_tasks(tasks: BackgroundTasks) -> BackgroundTasks:
    return tasks


def audit(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/audit")


def refuse(tasks: BackgroundTasks) -> None:
    tasks.add_task(mail.send, "/payments/refuse")  # BGT203 /payments/refuse
    raise HTTPException(402)


def log_late(tasks: BackgroundTasks) -> Iterator[None]:
    yield
    tasks.add_task(mail.send, "/files/log-late")  # BGT207 /files/log-late, FastAPI <0.106 || >=0.118


async def log_finally(tasks: BackgroundTasks) -> AsyncIterator[None]:
    try:
        yield
    finally:
        tasks.add_task(mail.notify, "/files/log-finally")  # BGT207 /files/log-finally, FastAPI <0.106 || >=0.118


def log_early(tasks: BackgroundTasks) -> Iterator[None]:
    tasks.add_task(mail.send, "/files/log-early")
    yield


def log_in_function(tasks: BackgroundTasks) -> Iterator[None]:
    yield
    tasks.add_task(mail.send, "/files/log-in-function")


class File:
    """A file that leaves a trace while it is open."""

    open = True

    def close(self) -> None:
        self.open = False

    def read(self, path: str) -> None:
        if self.open:
            mail.send(path)


def open_file() -> Iterator[File]:
    file = File()
    try:
        yield file
    finally:
        file.close()


def lend_file() -> Iterator[File]:
    file = File()
    yield file
    print("lent", end="")


class Folder:
    """A resource with a `with` of its own."""

    def __init__(self) -> None:
        self.file = File()

    def __enter__(self) -> File:
        return self.file

    def __exit__(self, *_: object) -> None:
        self.file.close()


@contextmanager
def borrow_file() -> Iterator[File]:
    file = File()
    try:
        yield file
    finally:
        file.close()


class Library:
    """What keeps a file, and has it read later."""

    def __init__(self, file: File) -> None:
        self.file = file

    def read(self, path: str) -> None:
        self.file.read(path)


def read_later(tasks: BackgroundTasks, file: File, path: str) -> None:
    tasks.add_task(file.read, path)
