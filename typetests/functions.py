"""A function's ordinary parameters, sync or async, with and without defaults."""

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


def ping() -> None: ...


def send(to: str, body: str) -> None: ...


def resize_image(path: str, width: int = 640, height: int = 480) -> bytes:
    return b""


async def refresh() -> None: ...


async def charge(customer: str, cents: int, currency: str = "EUR") -> bool:
    return True


tasks.add_task(ping)  # OK
tasks.add_task(ping, 1)  # E: too-many-positional

tasks.add_task(send, "ada", "hello")  # OK
tasks.add_task(send, to="ada", body="hello")  # OK
tasks.add_task(send, body="hello", to="ada")  # OK
tasks.add_task(send)  # E: missing-argument
tasks.add_task(send, "ada")  # E: missing-argument
tasks.add_task(send, "ada", "hello", "bob")  # E: too-many-positional
tasks.add_task(send, "ada", "hello", copy="bob")  # E: unknown-keyword
tasks.add_task(send, "ada", text="hello")  # E: unknown-keyword
tasks.add_task(send, "ada", "hello", to="bob")  # E: multiple-values
tasks.add_task(send, 1, "hello")  # E: argument-type
tasks.add_task(send, "ada", 1)  # E: argument-type

tasks.add_task(resize_image, "cat.png")  # OK
tasks.add_task(resize_image, "cat.png", height=240)  # OK
tasks.add_task(resize_image, path="cat.png", height=240, width=320)  # OK
tasks.add_task(resize_image, height=240)  # E: missing-argument
tasks.add_task(resize_image, "cat.png", heigth=240)  # E: unknown-keyword
tasks.add_task(resize_image, "cat.png", "320")  # E: argument-type

tasks.add_task(refresh)  # OK
tasks.add_task(refresh, 60)  # E: too-many-positional

tasks.add_task(charge, "ada", 500)  # OK
tasks.add_task(charge, cents=500, customer="ada", currency="CHF")  # OK
tasks.add_task(charge, "ada")  # E: missing-argument
tasks.add_task(charge, "ada", 500, retry=True)  # E: unknown-keyword
tasks.add_task(charge, "ada", "500")  # E: argument-type
