"""Keyword-only parameters cannot be given by position."""

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


def send(to: str, *, body: str) -> None: ...


def archive(*, path: str, days: int = 30) -> None: ...


async def charge(customer: str, *, cents: int, currency: str = "EUR") -> None: ...


def export(*rows: int, path: str, header: bool = True) -> None: ...


tasks.add_task(send, "ada", body="hello")  # OK
tasks.add_task(send, "ada", "hello")  # E: too-many-positional
tasks.add_task(send, "ada")  # E: missing-argument
tasks.add_task(send, body="hello")  # E: missing-argument
tasks.add_task(send, "ada", body="hello", copy="bob")  # E: unknown-keyword
tasks.add_task(send, "ada", body=b"hello")  # E: argument-type

tasks.add_task(archive, path="cat.png")  # OK
tasks.add_task(archive, days=7, path="cat.png")  # OK
tasks.add_task(archive, "cat.png")  # E: too-many-positional
tasks.add_task(archive, days=7)  # E: missing-argument
tasks.add_task(archive, path="cat.png", day=7)  # E: unknown-keyword
tasks.add_task(archive, path="cat.png", days="7")  # E: argument-type

tasks.add_task(charge, "ada", cents=500)  # OK
tasks.add_task(charge, customer="ada", cents=500, currency="CHF")  # OK
tasks.add_task(charge, "ada", currency="CHF")  # E: missing-argument
tasks.add_task(charge, "ada", cents=500, customer="bob")  # E: multiple-values

tasks.add_task(export, 1, 2, 3, path="rows.csv", header=False)  # OK
tasks.add_task(export, 1, 2, 3)  # E: missing-argument
tasks.add_task(export, 1, 2, "rows.csv", path="rows.csv")  # E: argument-type
tasks.add_task(export, rows=1, path="rows.csv")  # E: unknown-keyword
