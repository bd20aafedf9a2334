"""
What catches a mistake: upstream's types, ours, the mypy plugin, `bgtasks check`, or the warning at run time.

Prints the table of the README. Each mistake is a FastAPI app. Real checkers are shown it with the class of
FastAPI and with ours, `check` is shown it, and it is served once, to see of what it warns. Each has a twin
without the mistake, of which nothing may be said; so whatever is said of the app is said of the mistake.
"""

import json
import re
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

BIN = Path(sys.executable).parent

HEAD = """\
import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from fastapi import BackgroundTasks, FastAPI
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

app = FastAPI()


def send(to: str, times: int = 1) -> None: ...


async def notify(to: str) -> None: ...


def export(name: str) -> Iterator[str]:
    yield name


@contextmanager
def opened(name: str) -> Iterator[str]:
    yield name


def greet(to: str, times: int) -> None: ...


"""
ENDPOINT = """\
@app.get("/")
async def endpoint(tasks: BackgroundTasks) -> {returns}:
{body}
"""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A wrong line in an endpoint, and what is right in its place; `after` are the lines that follow."""

    words: str
    wrong: str
    right: str
    after: str = 'return {"ok": True}'
    returns: str = "dict[str, bool]"

    def app(self, line: str) -> str:
        body = textwrap.indent(f"{line}\n{self.after}", "    ")
        return HEAD + ENDPOINT.format(returns=self.returns, body=body)


MISTAKES = (
    Mistake(
        "A keyword argument is misspelt",
        'tasks.add_task(send, "ada", tims=2)',
        'tasks.add_task(send, "ada", times=2)',
    ),
    Mistake(
        "An argument is of the wrong type",
        'tasks.add_task(send, "ada", "twice")',
        'tasks.add_task(send, "ada", 2)',
    ),
    Mistake(
        "The same behind `functools.partial`",
        'tasks.add_task(partial(greet, "ada"), "twice")',
        'tasks.add_task(partial(greet, "ada"), 2)',
    ),
    Mistake(
        "The function is called in place of being handed over",
        'tasks.add_task(send("ada"))',
        'tasks.add_task(send, "ada")',
    ),
    Mistake(
        "A generator function: nothing in it runs",
        'tasks.add_task(export, "ada")',
        'tasks.add_task(list, export("ada"))',
    ),
    Mistake(
        "A context manager that nothing enters",
        'tasks.add_task(opened, "ada")',
        'tasks.add_task(send, "ada")',
    ),
    Mistake(
        "A coroutine that nobody awaits",
        'tasks.add_task(lambda: notify("ada"))',
        'tasks.add_task(notify, "ada")',
    ),
    Mistake(
        "`asyncio.create_task`, which needs the event loop",
        'tasks.add_task(asyncio.create_task, notify("ada"))',
        'tasks.add_task(notify, "ada")',
    ),
    Mistake(
        "Tasks made by hand that reach no response",
        'own = BackgroundTasks(); own.add_task(send, "ada")',
        'own = tasks; own.add_task(send, "ada")',
    ),
    Mistake(
        "Tasks are added, then every path raises, which drops them",
        'tasks.add_task(send, "ada"); raise ValueError("ada")',
        'tasks.add_task(send, "ada")',
        "return None",
        "None",
    ),
    Mistake(
        "The response brings a background of its own",
        'tasks.add_task(send, "ada")',
        "pass",
        'return JSONResponse({}, background=BackgroundTask(send, "ada"))',
        "JSONResponse",
    ),
    Mistake(
        "The None of `add_task` of tasks made by hand is handed to the response",
        'own = BackgroundTasks(); background = own.add_task(send, "ada")',
        'own = BackgroundTasks(); own.add_task(send, "ada"); background = own',
        "return JSONResponse({}, background=background)",
        "JSONResponse",
    ),
)

# Serves the app of each module that is named, and prints the names of those that warn.
SERVE = """\
import sys, warnings
from importlib import import_module
from bgtasks import BackgroundTaskWarning
from starlette.testclient import TestClient
sys.path.insert(0, ".")
for name in sys.argv[1:]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        TestClient(import_module(name).app, raise_server_exceptions=False).get("/")
    if any(issubclass(each.category, BackgroundTaskWarning) for each in caught):
        print(name)
"""
MYPY = "[mypy]\nstrict = True\n"
PLUGIN = f"{MYPY}plugins = bgtasks.mypy_plugin\n"


def with_ours(app: str) -> str:
    """Return an app that gets our class in place of FastAPI's."""
    imported = "from bgtasks import BackgroundTasks\nfrom bgtasks.fastapi import BackgroundTasksDep\n"
    return (
        app.replace("import BackgroundTasks, FastAPI", "import FastAPI")
        .replace("from fastapi.responses", f"{imported}from fastapi.responses")
        .replace("tasks: BackgroundTasks)", "tasks: BackgroundTasksDep)")
    )


def run(folder: Path, *command: str) -> str:
    """Return what a command prints that may exit with 0 or 1, as one does that finds something."""
    program = [str(BIN / command[0]), *command[1:]]
    done = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{program} stopped with exit code {done.returncode}:\n{done.stderr}{done.stdout}")
    return done.stdout


def ask_mypy(folder: Path, config: str) -> set[str]:
    (folder / "mypy.ini").write_text(config, encoding="utf-8")
    options = ("--no-incremental", "--config-file=mypy.ini", f"--python-executable={sys.executable}")
    return set(re.findall(r"^(\w+)\.py:\d+: error:", run(folder, "mypy", *options, "."), re.MULTILINE))


def ask_pyright(folder: Path) -> set[str]:
    output = json.loads(run(folder, "pyright", "--outputjson", f"--pythonpath={sys.executable}", "."))
    found = output["generalDiagnostics"]
    return {Path(each["file"]).stem for each in found if each["severity"] == "error"}


def ask_check(folder: Path) -> set[str]:
    run(folder, "bgtasks", "check", ".", f"--python={sys.executable}", "--output", "json=report.json")
    report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    return {Path(each["path"]).stem for each in report["findings"]}


def ask_server(folder: Path, names: Sequence[str]) -> set[str]:
    return set(run(folder, "python", "-c", SERVE, *names).split())


def name_of(kind: str, mistake: Mistake) -> str:
    return f"{kind}_{MISTAKES.index(mistake):02}"


def ask_all(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Return, for each column, who was asked and the apps that they report."""
    names: list[str] = []
    theirs, ours = folder / "theirs", folder / "ours"
    for place in (theirs, ours):
        place.mkdir()
    for mistake in MISTAKES:
        for kind, line in (("wrong", mistake.wrong), ("right", mistake.right)):
            names.append(name_of(kind, mistake))
            app = mistake.app(line)
            (theirs / f"{names[-1]}.py").write_text(app, encoding="utf-8")
            (ours / f"{names[-1]}.py").write_text(with_ours(app), encoding="utf-8")
    return {
        "FastAPI's types": {"mypy": ask_mypy(theirs, MYPY), "pyright": ask_pyright(theirs)},
        "our types": {"mypy": ask_mypy(ours, MYPY), "pyright": ask_pyright(ours)},
        "our mypy plugin": {"mypy": ask_mypy(theirs, PLUGIN)},
        "`bgtasks check`": {"check": ask_check(theirs)},
        "our warning": {"server": ask_server(ours, names)},
    }


def cell(mistake: Mistake, said: dict[str, set[str]]) -> str:
    """Return who of those that were asked reports the mistake; raise where one reports its twin."""
    for who, found in said.items():
        if name_of("right", mistake) in found:
            raise SystemExit(f"{who} reports the right app, too: {mistake.words}")
    caught = [who for who, found in said.items() if name_of("wrong", mistake) in found]
    return "yes" if len(caught) == len(said) else " ".join(caught)


def table(folder: Path) -> Iterator[str]:
    """Yield the lines of the table, in Markdown."""
    columns = ask_all(folder)
    yield f"| the mistake | {' | '.join(columns)} |"
    yield f"|---{'|:-:' * len(columns)}|"
    for mistake in MISTAKES:
        cells = [cell(mistake, said) for said in columns.values()]
        yield f"| {mistake.words} | {' | '.join(cells)} |"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bgtasks-mistakes-") as name:
        for text in table(Path(name).resolve()):
            print(text, flush=True)
