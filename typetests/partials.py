"""`functools.partial` objects: what is already given counts."""

from functools import partial

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


def send(to: str, body: str) -> None: ...


def resize_image(path: str, width: int = 640, *, height: int = 480) -> bytes:
    return b""


async def charge(customer: str, cents: int) -> bool:
    return True


def log(level: int, *messages: str) -> None: ...


class Mailer:
    def __init__(self, sender: str, port: int = 25) -> None: ...

    def send(self, to: str, body: str) -> None: ...


tasks.add_task(partial(send, "ada"), "hello")  # OK
tasks.add_task(
    partial(send, "ada")
)  # E: missing-argument  !mypy python/mypy#17461  !zuban takes it for anything
tasks.add_task(
    partial(send, "ada"), "hello", "bob"
)  # E: too-many-positional  !mypy python/mypy#17461  !zuban takes it for anything
tasks.add_task(
    partial(send, "ada"), "hello", copy="bob"
)  # E: unknown-keyword  !mypy python/mypy#17461  !zuban takes it for anything
tasks.add_task(
    partial(send, "ada"), "hello", to="bob"
)  # E: multiple-values  !mypy,zuban allows it  !mypy+plugin,pyright,basedpyright,pyrefly,ty names no "to"
tasks.add_task(
    partial(send, "ada"), 1
)  # E: argument-type  !mypy python/mypy#17461  !zuban takes it for anything

tasks.add_task(partial(send, "ada", "hello"))  # OK

tasks.add_task(partial(send, to="ada"), body="hello")  # OK
tasks.add_task(partial(send, to="ada"), to="bob", body="hello")  # OK
tasks.add_task(
    partial(send, to="ada"), "hello"
)  # E: multiple-values  !mypy,pyright,basedpyright,zuban allows it  !mypy+plugin,pyrefly,ty says too many

tasks.add_task(partial(resize_image, "cat.png"), 320, height=240)  # OK
tasks.add_task(partial(resize_image, height=240), "cat.png")  # OK
tasks.add_task(
    partial(resize_image, "cat.png"), 320, 240
)  # E: too-many-positional  !mypy python/mypy#17461  !zuban takes it for anything

tasks.add_task(partial(charge, "ada"), 500)  # OK
tasks.add_task(
    partial(charge, "ada"), "500"
)  # E: argument-type  !mypy python/mypy#17461  !zuban takes it for anything

tasks.add_task(partial(log, 1), "a", "b")  # OK
tasks.add_task(partial(log, 1), 2)  # E: argument-type  !mypy python/mypy#17461  !zuban takes it for anything

tasks.add_task(partial(Mailer, "bob"), port=2525)  # OK
tasks.add_task(
    partial(Mailer, "bob"), tls=True
)  # E: unknown-keyword  !mypy python/mypy#17461  !ty astral-sh/ty#1536  !zuban takes it for anything

tasks.add_task(partial(partial(send, "ada"), "hello"))  # OK
tasks.add_task(
    partial(partial(send, "ada"), "hello"), "bob"
)  # E: too-many-positional  !mypy python/mypy#17461  !pyrefly,zuban takes it for anything
