from typing import Optional

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


@app.get("/")
async def endpoint(tasks: Optional[BackgroundTasks] = None) -> None:  # BGT202
    if tasks is not None:
        tasks.add_task(print)
