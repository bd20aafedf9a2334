"""Lambdas: their parameters have to agree with the arguments that follow."""

from collections.abc import Callable

from bgtasks import BackgroundTasks

tasks = BackgroundTasks()


def send(to: str, body: str) -> None: ...


def double(n: int) -> int:
    return 2 * n


def repeat(times: int, action: Callable[[int], object]) -> None: ...


tasks.add_task(lambda: send("ada", "hello"))  # OK
tasks.add_task(lambda: 1, 1)  # E: too-many-positional  !pyrefly lets it take anything

tasks.add_task(lambda to: send(to, "hello"), "ada")  # OK
tasks.add_task(lambda to: send("ada", "hello"))  # E: missing-argument  !pyrefly lets it take anything
tasks.add_task(
    lambda to: send("ada", "hello"), "ada", "bob"
)  # E: too-many-positional  !pyrefly lets it take anything
tasks.add_task(
    lambda to: send("ada", "hello"), name="ada"
)  # E: unknown-keyword  !pyrefly lets it take anything
tasks.add_task(lambda to: None, "ada", to="bob")  # E: multiple-values  !pyrefly lets it take anything

tasks.add_task(lambda w, h=2: None, 1)  # OK  !mypy python/mypy#12557
tasks.add_task(lambda w, h=2: None, 1, h=3)  # OK  !mypy python/mypy#12557
tasks.add_task(lambda w, h=2: None)  # E: missing-argument  !pyrefly lets it take anything
tasks.add_task(lambda w, h=2: None, 1, 2, 3)  # E: too-many-positional  !pyrefly lets it take anything

tasks.add_task(lambda *names: None, "ada", "bob")  # OK
tasks.add_task(lambda *names: None, name="ada")  # E: unknown-keyword  !mypy,pyrefly lets it take anything
tasks.add_task(lambda **fields: None, width=1)  # OK
tasks.add_task(lambda **fields: None, 1)  # E: too-many-positional  !mypy,pyrefly lets it take anything

tasks.add_task(lambda *, days: None, days=7)  # OK  !mypy cannot infer the lambda
tasks.add_task(lambda *, days: None)  # E: missing-argument  !pyrefly lets it take anything

tasks.add_task(lambda path, /: None, "cat.png")  # OK
tasks.add_task(
    lambda path, /: None, path="cat.png"
)  # E: positional-only-as-keyword  !pyrefly lets it take anything

shout: Callable[[str], None] = lambda text: print(text.upper())
tasks.add_task(shout, "hello")  # OK
tasks.add_task(shout, 1)  # E: argument-type
tasks.add_task(shout)  # E: missing-argument

tasks.add_task(repeat, 3, lambda n: double(n))  # OK
tasks.add_task(repeat, 3, lambda: None)  # E: argument-type
