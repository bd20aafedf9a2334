"""Variadic parameters: plain ones, and those that unpack a tuple or a TypedDict."""

from typing_extensions import NotRequired, TypedDict, Unpack

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


class EmailOptions(TypedDict):
    subject: str
    urgent: NotRequired[bool]


def log(*messages: str) -> None: ...


def label(image: str, *labels: str, color: str = "red") -> None: ...


def store(**fields: int) -> None: ...


async def notify(user: str, *channels: str, **options: bool) -> None: ...


def deliver(to: str, *, subject: str, urgent: bool = False) -> None: ...


def email(to: str, **options: Unpack[EmailOptions]) -> None:
    deliver(to, **options)


def mark(x: int, y: int) -> None: ...


def draw(*point: Unpack[tuple[int, int]]) -> None:
    mark(*point)


def plot(*series: Unpack[tuple[str, Unpack[tuple[int, ...]]]]) -> None:
    log(series[0])


tasks.add_task(log, "a", "b", "c")  # OK
tasks.add_task(log, "a", 2)  # E: argument-type
tasks.add_task(log, messages="a")  # E: unknown-keyword

tasks.add_task(label, "cat.png", "cat", "pet", color="blue")  # OK
tasks.add_task(label)  # E: missing-argument
tasks.add_task(label, "cat.png", "cat", image="dog.png")  # E: multiple-values
tasks.add_task(label, "cat.png", colour="blue")  # E: unknown-keyword

tasks.add_task(store, width=1, height=2)  # OK
tasks.add_task(store, 1)  # E: too-many-positional
tasks.add_task(store, width=1, height="2")  # E: argument-type

tasks.add_task(notify, "ada", "mail", "sms", silent=True, retry=False)  # OK
tasks.add_task(notify, "ada", "mail", user="bob")  # E: multiple-values  !zuban says argument-type
tasks.add_task(notify, "ada", silent="yes")  # E: argument-type

tasks.add_task(email, "ada", subject="hello")  # OK
tasks.add_task(email, "ada", urgent=True)  # E: missing-argument
tasks.add_task(email, "ada", "hello")  # E: too-many-positional
tasks.add_task(
    email, "ada", subject="hello", copy="bob"
)  # E: unknown-keyword  !ty astral-sh/ty#4212  !zuban allows it through P
tasks.add_task(email, "ada", subject=1)  # E: argument-type

tasks.add_task(draw, 1, 2)  # OK
tasks.add_task(draw, 1)  # E: missing-argument
tasks.add_task(draw, 1, 2, 3)  # E: too-many-positional
tasks.add_task(draw, 1, "2")  # E: argument-type

tasks.add_task(plot, "cats", 1, 2, 3)  # OK
tasks.add_task(plot, "cats", 1, "2")  # E: argument-type
