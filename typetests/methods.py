"""Methods: bound, unbound, class and static, inherited, and through a property."""

from collections.abc import Callable

from typing_extensions import Self, override

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


class Mailer:
    def __init__(self, sender: str) -> None:
        self.sender = sender

    def send(self, to: str, body: str = "") -> Self:
        return self

    async def flush(self, limit: int) -> None: ...

    def mark(self, key: str, /, *, read: bool) -> None: ...

    @classmethod
    def connect(cls, host: str, *, port: int = 25) -> Self:
        return cls(host)

    @staticmethod
    def check(address: str, strict: bool = True) -> bool:
        return strict

    @property
    def on_error(self) -> Callable[[Exception], None]:
        return print


class Newsletter(Mailer):
    @override
    def send(self, to: str, body: str = "", issue: int = 1) -> Self:
        return self

    def resend(self, to: str) -> None:
        tasks.add_task(super().send, to, "again")  # OK
        tasks.add_task(super().send, to, "again", 2)  # E: too-many-positional


mailer = Mailer("bob")
newsletter = Newsletter("bob")

tasks.add_task(mailer.send, "ada")  # OK
tasks.add_task(mailer.send)  # E: missing-argument
tasks.add_task(mailer.send, mailer, "ada", "hello")  # E: too-many-positional
tasks.add_task(mailer.send, 1)  # E: argument-type

tasks.add_task(mailer.flush, 10)  # OK
tasks.add_task(mailer.flush)  # E: missing-argument

tasks.add_task(mailer.mark, "k1", read=True)  # OK
tasks.add_task(mailer.mark, key="k1", read=True)  # E: positional-only-as-keyword

tasks.add_task(Mailer.send, mailer, "ada")  # OK
tasks.add_task(Mailer.send, mailer)  # E: missing-argument
tasks.add_task(Mailer.send, "ada", "hello")  # E: argument-type
tasks.add_task(Newsletter.send, mailer, "ada")  # E: argument-type

tasks.add_task(Mailer.connect, "localhost")  # OK
tasks.add_task(mailer.connect, "localhost", port=2525)  # OK
tasks.add_task(Mailer.connect, "localhost", port="2525")  # E: argument-type

tasks.add_task(mailer.check, "ada@example.org", strict=False)  # OK
tasks.add_task(mailer.check, mailer, "ada@example.org", True)  # E: too-many-positional
tasks.add_task(Mailer.check, b"ada@example.org")  # E: argument-type

tasks.add_task(newsletter.send, "ada", "hello", 7)  # OK
tasks.add_task(newsletter.send, "ada", issue="7")  # E: argument-type

tasks.add_task(mailer.on_error, ValueError("no address"))  # OK
tasks.add_task(mailer.on_error, "no address")  # E: argument-type
