"""Positional-only parameters cannot be given by name."""

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


def send(to: str, body: str, /) -> None: ...


def archive(path: str, /, days: int = 30) -> None: ...


async def notify(user: int, /, *, silent: bool = False) -> None: ...


def store(key: str, /, **fields: int) -> None: ...


def publish(topic: str, payload: bytes = b"", /) -> None: ...


tasks.add_task(send, "ada", "hello")  # OK
tasks.add_task(send, to="ada", body="hello")  # E: positional-only-as-keyword
tasks.add_task(send, "ada")  # E: missing-argument
tasks.add_task(send, "ada", "hello", "bob")  # E: too-many-positional
tasks.add_task(send, "ada", "hello", copy="bob")  # E: unknown-keyword
tasks.add_task(send, "ada", 1)  # E: argument-type

tasks.add_task(archive, "cat.png")  # OK
tasks.add_task(archive, path="cat.png")  # E: positional-only-as-keyword
tasks.add_task(archive, days=7)  # E: missing-argument
tasks.add_task(archive, "cat.png", 7, days=8)  # E: multiple-values
tasks.add_task(archive, "cat.png", days="7")  # E: argument-type

tasks.add_task(notify, 1)  # OK
tasks.add_task(notify, user=1)  # E: positional-only-as-keyword
tasks.add_task(notify, 1, True)  # E: too-many-positional
tasks.add_task(notify, "ada")  # E: argument-type

tasks.add_task(store, "ada", age=36)  # OK
tasks.add_task(store, "ada", key=36)  # OK
tasks.add_task(store, key=36)  # E: missing-argument
tasks.add_task(store, "ada", key="36")  # E: argument-type

tasks.add_task(publish, "orders", b"1")  # OK
tasks.add_task(publish, "orders", payload=b"1")  # E: positional-only-as-keyword
