from fastapi import BackgroundTasks, Depends, FastAPI

app = FastAPI()


@app.get("/")
async def endpoint(tasks: BackgroundTasks = Depends()) -> None:  # BGT202
    tasks.add_task(print)
