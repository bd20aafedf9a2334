import os
from pathlib import Path

from fastapi import FastAPI

from bgtasks.fastapi import BackgroundTasksDep

OUTBOX = Path(os.environ["OUTBOX"])

app = FastAPI()


def notify(email: str, order: int, *, gift: bool = False) -> None:
    wrapped = ", wrapped as a gift" if gift else ""
    with OUTBOX.open("a", encoding="utf-8") as outbox:
        outbox.write(f"{email}: order {order} is on its way{wrapped}\n")


@app.post("/orders/{order}/ship", status_code=202)
async def ship(order: int, email: str, tasks: BackgroundTasksDep) -> dict[str, int]:
    tasks.add_task(notify, email, order, gift=True)
    return {"shipped": order}
