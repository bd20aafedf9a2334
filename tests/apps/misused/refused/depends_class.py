from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


@app.get("/")
async def endpoint(tasks=Depends(BackgroundTasks)) -> None:  # BGT202
    tasks.add_task(print)
