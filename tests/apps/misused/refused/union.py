from fastapi import APIRouter, BackgroundTasks, Depends

router = APIRouter()


def add(tasks: BackgroundTasks | None = None) -> None:  # BGT202
    if tasks is not None:
        tasks.add_task(print)


@router.get("/", dependencies=[Depends(add)])
async def endpoint() -> None: ...
