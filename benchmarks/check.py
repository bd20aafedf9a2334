"""
What `bgtasks check` costs: over 2,000 files, and beside the bare checkers. Exits with 1 over a bar.

The whole command is started as a user starts it. Its own CPU is that of its process, without the
checkers that it starts; the shares are measured in one process, step by step, the least of three. For
the comparison, the command and the bare checkers read the same three files in turn, the checkers at the
same time as each other; it holds only where nothing else runs.
"""

import argparse
import ast
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bgtasks.check.ask.layout import open_layout
from bgtasks.check.facts.app import App, read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.rules import find_violations
from bgtasks.check.services import Served, read_services
from bgtasks.surroundings.environment import read_environment
from bgtasks.surroundings.frameworks import Framework, Frameworks, read_version

BAR = 2.0
RULES_BAR = 1.0
WALL_BAR = 1.15
FILES, CALLING, CALLS = 2000, 200, 5
ROUNDS = 3
FRAMEWORKS = Frameworks(Framework("FastAPI", read_version("0.139.0")))

# What most files of an app are: code that knows nothing of background tasks.
PLAIN = '''\
"""Module {number}."""

from dataclasses import dataclass


@dataclass
class Record{number}:
    """One record."""

    name: str
    size: int = 0


{functions}
'''
FUNCTION = '''\
def compute_{number}(records: list[str], factor: int = {factor}) -> dict[str, int]:
    """Return how long each of the records is."""
    found: dict[str, int] = {{}}
    for record in records:
        if len(record) > factor:
            found[record] = len(record) * factor
        else:
            found[record] = len(record)
    return found
'''
CALLER = """\
from fastapi import APIRouter, BackgroundTasks

from app.part{part}.module{other} import compute_{other}

router = APIRouter()


{routes}
"""
ROUTE = """\
@router.post("/{number}")
async def route_{number}(tasks: BackgroundTasks) -> dict[str, int]:
    tasks.add_task(compute_{other}, ["a"], factor={number})
    return {{"added": {number}}}
"""


# An app of three files, whose checkers read FastAPI and little else.
SMALL = {
    "app/__init__.py": "",
    "app/mail.py": '''\
def send(address: str, subject: str = "", *, copies: int = 1) -> None:
    """Send a mail."""
''',
    "app/models.py": """\
from pydantic import BaseModel


class Order(BaseModel):
    number: int
    address: str
""",
    "app/main.py": """\
from fastapi import BackgroundTasks, FastAPI

from app.mail import send
from app.models import Order

app = FastAPI()


@app.post("/orders")
async def create(order: Order, tasks: BackgroundTasks) -> None:
    tasks.add_task(send, order.address, copies=2)
    tasks.add_task(send, order.address, subject=f"Order {order.number}")
""",
    "pyproject.toml": "",
}


def write(file: Path, text: str) -> None:
    """Write a file of the app; a mistake in it ends the benchmark, which would measure something else."""
    if file.suffix == ".py":
        ast.parse(text, file.name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def write_app(folder: Path) -> None:
    for number in range(FILES):
        part = folder / "app" / f"part{number % 20}"
        part.mkdir(parents=True, exist_ok=True)
        if number % (FILES // CALLING) == 1:
            other = number % 200 - 1  # tasks live in few modules
            routes = "\n\n".join(ROUTE.format(number=index, other=other) for index in range(CALLS))
            text = CALLER.format(part=other % 20, other=other, routes=routes)
        else:
            functions = "\n\n".join(
                FUNCTION.format(number=f"{number}_{index}" if index else number, factor=number + index)
                for index in range(10)
            )
            text = PLAIN.format(number=number, functions=functions)
        write(part / f"module{number}.py", text)
    for package in [folder / "app", *(folder / "app").iterdir()]:
        (package / "__init__.py").touch()
    (folder / "pyproject.toml").touch()


def own_cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def steps(folder: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    """Yield what the command does beside the checkers, in order; the third step does the second again."""
    paths = [folder]
    modules, _ = find_modules(paths)
    sites = read_app(modules).sites
    environment = read_environment(Path(sys.executable))

    def read() -> App:
        return read_app(modules, FRAMEWORKS)

    def break_rules() -> None:
        list(find_violations(read()))

    def find_roots() -> list[Served]:
        return list(read_services(paths, modules, None))

    [service] = find_roots()

    def lay_out() -> None:
        with open_layout(service.roots, sites, environment, None):
            pass

    yield "find and parse the files that mention a task", lambda: find_modules(paths)
    yield "find their call sites, and what else the rules look at", read
    yield "the same once more, and the rules", break_rules
    yield "find where its imports start, and what it runs with", find_roots
    yield "copy the app, write the witnesses, make the environment", lay_out


def command(folder: Path, *arguments: str) -> tuple[float, float, int]:
    """Return the CPU of the command itself, of the checkers, and how many calls it judged."""
    report = folder / "report.json"
    output = ("--output", f"json={report}", "--python", sys.executable)
    watched = [sys.executable, "-c", WATCH, "check", ".", *output, *arguments]
    report.unlink(missing_ok=True)
    done = subprocess.run(watched, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRONMENT)
    if not report.exists():
        sys.exit(f"the command failed: {done.stderr}")
    told = json.loads(report.read_text("utf-8"))
    if told["errors"]:
        sys.exit(f"the command could not read all files: {told['errors']}")
    own, children = map(float, done.stdout.splitlines()[-1].split())
    return own, children, len(told["coverage"]["call_sites"])


# As for a user: what Python has compiled once is kept.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def compare(folder: Path) -> tuple[float, float, float, float]:
    """Return the wall and the CPU of the command and those of the bare checkers, the least of all rounds."""
    for name, text in SMALL.items():
        write(folder / name, text)
    environment = {**ENVIRONMENT, "XDG_CACHE_HOME": str(folder / "cache")}
    scripts = Path(sys.executable).parent
    files = sorted(str(file.relative_to(folder)) for file in folder.rglob("*.py"))
    bare = [
        [str(scripts / "mypy"), f"--cache-dir={folder / 'mypy'}", *files],
        [str(scripts / "pyright"), f"--pythonpath={sys.executable}", *files],
    ]
    ours = [[str(scripts / "bgtasks"), "check", "app", "--python", sys.executable]]
    rounds = [
        (*measure(ours, folder, environment), *measure(bare, folder, environment)) for _ in range(ROUNDS + 1)
    ]
    wall, cpu, bare_wall, bare_cpu = (min(each) for each in zip(*rounds[1:], strict=True))
    return wall, cpu, bare_wall, bare_cpu


def measure(
    commands: Sequence[Sequence[str]], folder: Path, environment: dict[str, str]
) -> tuple[float, float]:
    """Return the wall and the CPU of commands that run at the same time."""
    began, before = time.monotonic(), own_cpu(resource.RUSAGE_CHILDREN)
    running = [
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for command in commands
    ]
    for process in running:
        printed, _ = process.communicate()
        if process.returncode:
            sys.exit(f"{process.args!r} failed: {printed.decode()}")
    return time.monotonic() - began, own_cpu(resource.RUSAGE_CHILDREN) - before


WATCH = """\
import resource, sys
from bgtasks.__main__ import main
try:
    main()
except SystemExit:
    pass
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    used = resource.getrusage(who)
    print(used.ru_utime + used.ru_stime, end=" ")
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="Do not start the checkers.")
    quick: bool = parser.parse_args().quick
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_app(folder)
        print(
            f"{FILES} files, {CALLING} of them with {CALLS} calls each; CPU seconds on {os.cpu_count()} cores"
        )
        shares: list[float] = []
        for title, step in steps(folder):
            spent: list[float] = []
            for _ in range(ROUNDS):
                before = time.process_time()
                step()
                spent.append(time.process_time() - before)
            shares.append(min(spent))
            print(f"{min(spent):6.2f}  {title}")
        total = sum(shares) - shares[1]
        print(f"{total:6.2f}  together")
        rules, _, _ = min(command(folder, "--select", "BGT2,BGT3") for _ in range(ROUNDS))
        met = tell("the rules alone, CPU of the whole command", rules, RULES_BAR)
        if quick:
            return int(not (tell("all but the checkers", total, BAR) and met))
        own, children, calls = min(command(folder) for _ in range(ROUNDS))
        if calls != CALLING * CALLS:
            sys.exit(f"the command judged {calls} calls, not {CALLING * CALLS}: nothing was measured")
        print(f"{children:6.2f}  the checkers over the calls of all files, CPU")
        met &= tell("the whole command without the checkers, CPU", own, BAR)
    with tempfile.TemporaryDirectory() as name:
        wall, cpu, bare_wall, bare_cpu = compare(Path(name).resolve())
    print(f"{len(SMALL) - 1} files: the command, to mypy and pyright side by side over the same files")
    print(f"{cpu / bare_cpu:6.2f}  CPU")
    return int(not (tell("wall", wall / bare_wall, WALL_BAR) and met))


def tell(title: str, value: float, bar: float) -> bool:
    print(f"{value:6.2f}  {title}; the bar is {bar:g}: {'met' if value <= bar else 'MISSED'}")
    return value <= bar


if __name__ == "__main__":
    sys.exit(main())
