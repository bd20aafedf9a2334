from functools import partial
from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


def send(x, y=None): ...


@app.post("/")
async def f(tasks: BackgroundTasks, items: list[str]):
    for item in items:
        tasks.add_task(lambda: send(item))  # BGT311
        tasks.add_task(lambda item=item: send(item))
        tasks.add_task(partial(send, item))
        tasks.add_task(lambda x: send(x), item)
        tasks.add_task(send, item)
    for i, item2 in enumerate(items):
        tasks.add_task(lambda: send(item2, i))  # BGT311
    for it in items:

        def run():
            send(it)

        tasks.add_task(run)  # BGT311
    for it2 in items:

        def run2(it2=it2):
            send(it2)

        tasks.add_task(run2)
    for it3 in items:

        async def run3():
            send(it3)

        tasks.add_task(run3)  # BGT311
    for key, value in {"a": 1}.items():
        tasks.add_task(lambda: send(value))  # BGT311
    async for x in aiter(items):
        tasks.add_task(lambda: send(x))  # BGT311
    for x2 in items:
        name = x2.upper()
        tasks.add_task(lambda: send(name))  # BGT311
    for x3 in items:
        tasks.add_task(lambda: send("a"))
        tasks.add_task(partial(lambda v: send(v), x3))
    [tasks.add_task(lambda: send(z)) for z in items]  # BGT311
    [tasks.add_task(lambda z2=z2: send(z2)) for z2 in items]
    for x4 in items:
        tasks.add_task(lambda: send(x4))
        break
    for x5 in items:
        if x5 == "a":
            tasks.add_task(lambda: send(x5))
            return

    def make(v):
        return lambda: send(v)

    for x6 in items:
        tasks.add_task(make(x6))
