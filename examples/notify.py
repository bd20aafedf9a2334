from fastapi import FastAPI

from bgtasks.fastapi import BackgroundTasksDep

app = FastAPI()


def notify(email: str, order: int, *, gift: bool = False) -> None:
    wrapped = ", wrapped as a gift" if gift else ""
    print(f"{email}: order {order} is on its way{wrapped}")


@app.post("/orders/{order}/ship", status_code=202)
async def ship(order: int, email: str, tasks: BackgroundTasksDep) -> dict[str, int]:
    tasks.add_task(notify, email, order, gift=True)
    return {"shipped": order}
