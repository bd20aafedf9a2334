"""Serves the examples of docs/warnings.md, with Starlette's class and with ours, and tells what has run."""

import json
import re
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import BackgroundTasks as FastAPIBackgroundTasks
from fastapi import FastAPI, Response
from starlette.background import BackgroundTasks as StarletteBackgroundTasks
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from bgtasks import BackgroundTasks
from bgtasks.fastapi import BackgroundTasksDep

PAGE = Path(__file__).parent.parent / "docs" / "warnings.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
TEXT = re.compile(r"^> .*(?:\n> .*)*", re.MULTILINE)
IMPORTS = """
import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import lru_cache, wraps
from typing import Any
from fastapi import Query
"""


@dataclass(frozen=True)
class Example:
    """A section of the page: what is wrong, at the lines that it has in the page, and what is right."""

    title: str
    wrong: str
    right: str
    warning: str

    @property
    def line(self) -> int:
        return self.wrong.rstrip().count("\n") + 1


def read_page() -> tuple[str, list[Example]]:
    """Return the code that all examples share, and the examples."""
    page = PAGE.read_text(encoding="utf-8")
    start, end = page.index("\n## What it warns of\n"), page.index("\n## What it does not warn of\n")
    headings = [*re.compile(r"^### (.*)$", re.MULTILINE).finditer(page, start, end)]
    examples: list[Example] = []
    for heading, stop in zip(headings, [*(heading.start() for heading in headings[1:]), end], strict=True):
        wrong, right = BLOCK.finditer(page, heading.end(), stop)
        [text] = TEXT.findall(page, heading.end(), stop)
        at_its_line = "\n" * page.count("\n", 0, wrong.start(1)) + wrong[1]
        definitions, _, _ = wrong[1].rpartition("tasks.add_task")
        warning = " ".join(text.replace("> ", "").split())
        examples.append(Example(heading[1], at_its_line, definitions + right[1], warning))
    [shared] = BLOCK.findall(page, start, headings[0].start())
    return IMPORTS + shared, examples


SHARED, EXAMPLES = read_page()
SENT: dict[str, list[int]] = {}
RAISED: dict[str, str] = {}
app = FastAPI()


def add(library: str, code: str, index: int, tasks: StarletteBackgroundTasks) -> list[int]:
    """Run an example; return what it has sent before the response."""
    names: dict[str, Any] = {"__name__": f"shop_{library}", "tasks": tasks}
    exec(SHARED, names)
    exec(compile(getattr(EXAMPLES[index], code), f"{library}.py", "exec"), names)
    SENT[f"/{library}/{code}/{index}"] = names["sent"]
    return [*names["sent"]]


@app.get("/starlette/{code}/{index}")
def with_starlettes(code: str, index: int) -> Response:
    tasks = StarletteBackgroundTasks()
    return JSONResponse(add("starlette", code, index, tasks), background=tasks)


@app.get("/bgtasks/{code}/{index}")
def with_ours(code: str, index: int) -> Response:
    tasks = BackgroundTasks()
    return JSONResponse(add("bgtasks", code, index, tasks), background=tasks)


@app.get("/injected_fastapi/{code}/{index}")
def with_fastapis_injected(code: str, index: int, tasks: FastAPIBackgroundTasks) -> list[int]:
    return add("injected_fastapi", code, index, tasks)


@app.get("/injected_bgtasks/{code}/{index}")
def with_ours_injected(code: str, index: int, tasks: BackgroundTasksDep) -> list[int]:
    return add("injected_bgtasks", code, index, tasks)


async def served(scope: Scope, receive: Receive, send: Send) -> None:
    try:
        await app(scope, receive, send)
    except Exception as error:  # noqa: BLE001 - of whatever kind, the test asks for it
        RAISED[scope["path"]] = type(error).__name__


if __name__ == "__main__":
    # Uvicorn ends as the signal that has stopped it would have ended the process.
    with socket.create_server(("127.0.0.1", 0)) as listener, suppress(KeyboardInterrupt):
        # A response is sent in two parts, of which the second would wait 40 ms for the first to be confirmed.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sys.stdout.write(f"{listener.getsockname()[1]}\n")
        sys.stdout.flush()
        uvicorn.Server(uvicorn.Config(served, lifespan="off", log_config=None, ws="none")).run([listener])
    sys.stdout.write(json.dumps({"sent": SENT, "raised": RAISED}))
