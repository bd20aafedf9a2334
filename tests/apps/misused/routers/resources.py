"""Files that are closed, or not, by the time a task reads them: BGT210."""

import tempfile
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from typing import BinaryIO

from fastapi import APIRouter, BackgroundTasks, Request
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from ..dependencies import File, Folder, Library, borrow_file, read_later
from ..services import mail

router = APIRouter(prefix="/resources")


def read_path(path: Path, name: str) -> None:
    if path.exists():
        mail.send(name)


def read_stream(stream: BinaryIO, name: str) -> None:
    if not stream.closed:
        mail.send(name)


@router.get("/with")
async def with_class(tasks: BackgroundTasks) -> None:
    with Folder() as file:
        tasks.add_task(file.read, "/resources/with")  # BGT210 /resources/with


@router.get("/generator")
async def with_generator(tasks: BackgroundTasks) -> None:
    with borrow_file() as file:
        tasks.add_task(File.read, file, path="/resources/generator")  # BGT210 /resources/generator


@router.get("/closing")
def with_closing(tasks: BackgroundTasks) -> None:
    with closing(File()) as file:
        tasks.add_task(lambda: file.read("/resources/closing"))  # BGT210 /resources/closing


@router.get("/stack")
def with_stack(tasks: BackgroundTasks) -> None:
    with ExitStack() as stack:
        file = stack.enter_context(borrow_file())
        tasks.add_task(partial(file.read, "/resources/stack"))  # BGT210 /resources/stack


@router.get("/response")
def with_response() -> JSONResponse:
    with borrow_file() as file:
        task = BackgroundTask(Library(file).read, "/resources/response")  # BGT210 /resources/response
        return JSONResponse({}, background=task)


@router.get("/helper")
def with_helper(tasks: BackgroundTasks) -> None:
    with borrow_file() as file:
        read_later(tasks, file, "/resources/helper")  # BGT210 /resources/helper


@router.get("/close")
def close(tasks: BackgroundTasks) -> None:
    file = File()
    try:
        tasks.add_task(file.read, "/resources/close")  # BGT210 /resources/close
    finally:
        file.close()


@router.get("/folder")
def in_folder(tasks: BackgroundTasks) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report"
        path.touch()
        tasks.add_task(read_path, path, "/resources/folder")  # BGT210 /resources/folder


@router.get("/stream")
def stream(tasks: BackgroundTasks) -> None:
    with tempfile.TemporaryFile() as file:
        tasks.add_task(read_stream, file, "/resources/stream")  # BGT210 /resources/stream


@router.get("/state")
def of_state(request: Request, tasks: BackgroundTasks) -> None:
    tasks.add_task(File.read, request.state.file, "/resources/state")  # BGT210 /resources/state


@router.get("/still-open")
def leave_open(tasks: BackgroundTasks) -> None:
    file = File()
    tasks.add_task(file.read, "/resources/still-open")


@router.get("/run-inside")
async def run_inside() -> None:
    own = BackgroundTasks()
    with borrow_file() as file:
        own.add_task(file.read, "/resources/run-inside")
        await own()


@router.get("/content")
def content(tasks: BackgroundTasks) -> None:
    with tempfile.TemporaryFile() as file:
        tasks.add_task(mail.send, file.read().decode() or "/resources/content")


@router.get("/kept")
def kept(tasks: BackgroundTasks) -> None:
    with tempfile.NamedTemporaryFile(delete=False) as file:
        tasks.add_task(read_path, Path(file.name), "/resources/kept")


@router.get("/close-perhaps")
def close_perhaps(tasks: BackgroundTasks, small: bool = True) -> None:
    file = File()
    tasks.add_task(file.read, "/resources/close-perhaps")
    if not small:
        file.close()
