"""Callables of the standard library, and those that run another callable in turn."""

import asyncio
import logging
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from anyio import from_thread
from starlette.concurrency import run_in_threadpool

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()
logger = logging.getLogger(__name__)
executor = ThreadPoolExecutor(1)


def resize_image(path: str, width: int) -> bytes:
    return b""


async def notify(user: int, *, silent: bool = False) -> None: ...


names: list[str] = []
seen: set[int] = set()
ages: dict[str, int] = {}
path = Path("cat.png")

tasks.add_task(print, "a", 1, sep=", ")  # OK
tasks.add_task(print, "a", sep=1)  # E: argument-type  !pyrefly facebook/pyrefly#2355
tasks.add_task(open, os.devnull, "rb", encoding=None)  # OK
tasks.add_task(open)  # E: missing-argument  !pyrefly facebook/pyrefly#2355

tasks.add_task(names.append, "ada")  # OK
tasks.add_task(names.append, 1)  # E: argument-type
tasks.add_task(names.append, object="ada")  # E: positional-only-as-keyword
tasks.add_task(seen.add, 1)  # OK
tasks.add_task(seen.add, 1, 2)  # E: too-many-positional
tasks.add_task(ages.update, {"ada": 36})  # OK

tasks.add_task(time.sleep, 0)  # OK
tasks.add_task(time.sleep, "1")  # E: argument-type
tasks.add_task(shutil.copyfile, "cat.png", dst="dog.png")  # OK
tasks.add_task(shutil.copyfile, "cat.png")  # E: missing-argument
tasks.add_task(shutil.copyfile, "cat.png", "dog.png", follow=True)  # E: unknown-keyword
tasks.add_task(logger.info, "sent %s", "ada", extra={"user": 1})  # OK
tasks.add_task(path.write_text, "hello", encoding="utf-8")  # OK
tasks.add_task(path.write_text, b"hello")  # E: argument-type

tasks.add_task(run_in_threadpool, resize_image, "cat.png", 640)  # OK
tasks.add_task(
    run_in_threadpool, resize_image, "cat.png"
)  # E: missing-argument  !pyrefly solves no P within P
tasks.add_task(
    run_in_threadpool, resize_image, "cat.png", "640"
)  # E: argument-type  !pyrefly solves no P within P
tasks.add_task(executor.submit, resize_image, "cat.png", 640)  # OK
tasks.add_task(asyncio.to_thread, resize_image, "cat.png", 640)  # OK
tasks.add_task(
    asyncio.to_thread, resize_image, "cat.png", size=640
)  # E: unknown-keyword  !pyrefly solves no P within P
tasks.add_task(asyncio.run, notify(1))  # OK
tasks.add_task(asyncio.run, notify)  # E: argument-type
tasks.add_task(asyncio.wait_for, notify(1), timeout=5)  # OK
tasks.add_task(asyncio.wait_for, notify(1))  # E: missing-argument
tasks.add_task(from_thread.run, notify, 1)  # OK  !mypy counts defaults into a TypeVarTuple
