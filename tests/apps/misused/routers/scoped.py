"""Dependencies that end with the function that has them, which FastAPI 0.121 brought: BGT210."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends

from ..dependencies import File, lend_file, log_in_function, open_file

router = APIRouter()


class Reader:
    """Has a file read that a dependency opens."""

    def __init__(self, file: File = Depends(open_file, scope="function")) -> None:
        self.file = file

    def read(self, path: str) -> None:
        self.file.read(path)


@router.get("/files/log-in-function", dependencies=[Depends(log_in_function, scope="function")])
async def use_log_in_function() -> None: ...


@router.get("/files/closed")
async def closed(tasks: BackgroundTasks, file: File = Depends(open_file, scope="function")) -> None:
    tasks.add_task(File.read, file, "/files/closed")  # BGT210 /files/closed


@router.get("/files/lent")
async def lent(tasks: BackgroundTasks, file: File = Depends(lend_file, scope="function")) -> None:
    tasks.add_task(File.read, file, "/files/lent")


@router.get("/resources/reader")
def by_class(tasks: BackgroundTasks, reader: Annotated[Reader, Depends()]) -> None:
    tasks.add_task(reader.read, "/resources/reader")  # BGT210 /resources/reader
