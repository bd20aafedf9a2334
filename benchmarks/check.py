"""
What `bgtasks check` adds to the checkers over 2,000 files, in CPU seconds. Exits with 1 over the bar.

The whole command is started as a user starts it. Its own CPU is that of its process, without the
checkers that it starts; the shares are measured in one process, step by step, the least of three.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bgtasks.check.ask.layout import open_layout
from bgtasks.check.facts.app import App, read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.rules import find_violations
from bgtasks.check.services import Served, read_services
from bgtasks.surroundings.environment import read_environment
from bgtasks.surroundings.frameworks import Framework, Frameworks, read_version

BAR = 2.0
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
def compute_{number}(records: list[str], factor: int = {number}) -> dict[str, int]:
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
                FUNCTION.format(number=number if index == 0 else f"{number}_{index}") for index in range(10)
            )
            text = PLAIN.format(number=number, functions=functions.replace(f"= {number}_", f"= {number}"))
        (part / f"module{number}.py").write_text(text, encoding="utf-8")
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


def command(folder: Path) -> tuple[float, float, int]:
    """Return the CPU of the command itself, of the checkers, and how many calls it judged."""
    report = folder / "report.json"
    watched = [
        sys.executable,
        "-c",
        WATCH,
        "check",
        ".",
        "--output",
        f"json={report}",
        "--python",
        sys.executable,
    ]
    report.unlink(missing_ok=True)
    done = subprocess.run(watched, cwd=folder, capture_output=True, text=True, check=False)
    if not report.exists():
        sys.exit(f"the command failed: {done.stderr}")
    own, children = map(float, done.stdout.splitlines()[-1].split())
    return own, children, len(json.loads(report.read_text("utf-8"))["coverage"]["call_sites"])


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
        if not quick:
            own, children, calls = min(command(folder) for _ in range(ROUNDS))
            if calls != CALLING * CALLS:
                print(f"the command judged {calls} calls, not {CALLING * CALLS}: nothing was measured")
                return 1
            print(f"{own:6.2f}  the whole command without the checkers, which took {children:.1f}")
            total = own
        print(f"the bar is {BAR:g} s: {'met' if total <= BAR else 'MISSED'}")
    return int(total > BAR)


if __name__ == "__main__":
    sys.exit(main())
