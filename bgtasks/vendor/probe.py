"""Proof that the project's checkers, configured as they are, read the stubs and lose nothing else."""

import os
import re
import secrets
import shutil
import sysconfig
from collections import defaultdict
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import anyio

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.meaning import MALFORMED
from bgtasks.checkers.processes import ask_all, execute, find_reason
from bgtasks.checkers.sandbox import open_folder, temporary_in
from bgtasks.documents import from_json
from bgtasks.errors import BgtasksError, RunError
from bgtasks.leftovers import temporary
from bgtasks.model import Checker, Sandbox
from bgtasks.vendor.model import Project, Proof


@dataclass(frozen=True, slots=True)
class Question:
    """
    A line of the probe.

    A checker must speak of it so that `expected` matches; else `problem` is what is wrong.
    """

    package: str
    line: str
    expected: str
    problem: str


STUB = "does not read the stubs of {package}"
LOST = "does not resolve {expression}"
CALL = "reads the stubs, but reports no wrong call of add_task: its rules, or its preset, leave that out"
VERSION = re.compile(r"""['"](\d+\.\d+[^'"]*)['"]""")


def reveal(package: str, expression: str, expected: str, problem: str) -> Question:
    # In a line of its own, for pyright says again what it was asked.
    line = f"answer = {expression}\nreveal_type(answer)"
    return Question(package, line, expected, problem.format(package=package, expression=expression))


QUESTIONS = (
    reveal("starlette", "starlette.background._bgtasks_stubs", VERSION.pattern, STUB),
    reveal("starlette", "starlette.background.BackgroundTasks().add_task", r"\bobject\b", STUB),
    Question("starlette", 'starlette.background.BackgroundTasks().add_task(abs, "", "")', "", CALL),
    reveal("starlette", "starlette.requests.Request({'type': 'http'})", r"\bRequest\b", LOST),
    reveal("starlette", "starlette.requests.Request({'type': 'http'}).url", r"\bURL\b", LOST),
    reveal("fastapi", "fastapi.background._bgtasks_stubs", VERSION.pattern, STUB),
    reveal("fastapi", "fastapi.BackgroundTasks().add_task", r"\bobject\b", STUB),
    reveal("fastapi", "fastapi.FastAPI()", r"\bFastAPI\b", LOST),
    reveal("fastapi", "fastapi.FastAPI().url_path_for('')", r"\bURLPath\b", LOST),
    reveal("fastapi", "fastapi.Depends", r"\buse_cache\b", LOST),
)

# On top of the user's configuration: how to print, and to print what is revealed. No checker may ask
# the network, or leave a cache.
OPTIONS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "mypy": (f"--cache-dir={os.devnull}", "--no-pretty", "--no-error-summary"),
        "pyright": ("--outputjson",),
        "basedpyright": ("--outputjson",),
        "pyrefly": (
            *("check", "--output-format=min-text", "--summary=none"),
            *("--min-severity=info", "--info=reveal-type"),
        ),
        "ty": ("check", "--output-format=concise", "--no-progress", "--color=never"),
        "zuban": ("check", "--no-pretty", "--no-error-summary"),
    }
)


def prove_stubs(
    project: Project, packages: Collection[str], checkers: Sequence[str], timeout: float
) -> tuple[Proof, ...]:
    """
    Ask each of `checkers` about a file in the project's folder, which is gone afterwards.

    They run as in the activated environment of the project. `timeout` is in seconds, for each.
    Raises `BgtasksError` where the file cannot be written.
    """
    questions = [question for question in QUESTIONS if question.package in packages]
    with probe(project, packages, questions) as (sandbox, file, lines):

        async def answer(checker: Checker, _: str, lanes: anyio.CapacityLimiter) -> Proof:
            command = [locate(project.python, checker.program) or "", *OPTIONS[checker.name], file.name]
            version = ""
            try:
                async with lanes:
                    version = await ask_version(command[0], sandbox, timeout)
                    printed = await execute(command, sandbox, timeout)
                said = read_said(*printed, file.name)
            except RunError as error:
                return Proof(checker.name, version, None, (str(error),))
            return conclude(checker.name, version, questions, [said.get(line, "") for line in lines])

        return tuple(anyio.run(ask_all, [(CHECKERS[name], "") for name in checkers], answer))


async def ask_version(executable: str, sandbox: Sandbox, timeout: float) -> str:
    if not executable:
        raise RunError("is not installed, so nothing is proved")
    told, _ = await execute([executable, "--version"], sandbox, timeout)
    return ".".join(re.findall(r"\d+(?:\.\d+)+", told)[:1])


@contextmanager
def probe(
    project: Project, packages: Collection[str], questions: Sequence[Question]
) -> Generator[tuple[Sandbox, Path, list[int]], None, None]:
    """Write the probe; yield where to run, the file, and on which line each question stands."""
    text = "# If this file is still here, then bgtasks was killed: delete it.\n"
    text += "".join(f"import {name}\nimport {name}.background\nimport {name}.requests\n" for name in packages)
    lines: list[int] = []
    for number, question in enumerate(questions):
        text += question.line.replace("answer", f"answer_{number}") + "\n"
        lines.append(text.count("\n"))
    file = project.root / f"bgtasks_probe_{secrets.token_hex(4)}.py"
    with open_folder() as folder, temporary(file, watched=True):
        try:
            with file.open("x", encoding="utf-8") as stream:
                stream.write(text)
        except OSError as error:
            raise BgtasksError(
                f"{project.root}: cannot be written: {error.strerror}; "
                "nothing was proved, for the file that the checkers are asked about has to lie there"
            ) from None
        yield (
            Sandbox(
                folder=project.root,
                project=project.root,
                cwd=project.root,
                cache=Path(os.devnull),
                python=project.python,
                python_version="",
                environment=activate(project.python) | temporary_in(folder),
            ),
            file,
            lines,
        )


def activate(python: Path) -> dict[str, str]:
    """Return the user's variables as they are where the environment of `python` is active."""
    path = os.pathsep.join(filter(None, [str(python.parent), os.environ.get("PATH")]))
    active = dict(os.environ) | {"PATH": path, "NO_COLOR": "1", "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}
    if (python.parent.parent / "pyvenv.cfg").is_file():
        active |= {"VIRTUAL_ENV": str(python.parent.parent)}
    return active


def locate(python: Path, name: str) -> str | None:
    """Return the executable of a checker: the project's, before one on PATH, before ours."""
    places = (str(python.parent), None, sysconfig.get_path("scripts"))
    return next(filter(None, (shutil.which(name, path=place) for place in places)), None)


def missing(python: Path, checkers: Sequence[str]) -> list[str]:
    """Return those of `checkers` that are installed nowhere."""
    return [name for name in checkers if locate(python, name) is None]


def read_said(output: str, complaint: str, name: str) -> Mapping[int, str]:
    """Return all that was said of each line of the file `name`. Raises `RunError` where that is nothing."""
    said: defaultdict[int, str] = defaultdict(str)
    with suppress(*MALFORMED):
        for entry in from_json(output)["generalDiagnostics"]:
            if Path(entry["file"]).name == name:
                said[int(entry["range"]["start"]["line"]) + 1] += entry["message"] + "\n"
    # probe.py:6:12-22: revealed type: URL [reveal-type]
    for match in re.finditer(rf"\b{re.escape(name)}:([0-9]{{1,9}})\b[\d:-]*(.*)", output):
        said[int(match[1])] += match[2] + "\n"
    if not said:
        reason = find_reason(complaint) or find_reason(output) or "nothing"
        raise RunError(f"checks no file beside pyproject.toml, so nothing is proved; it said: {reason}")
    return said


def conclude(checker: str, version: str, questions: Sequence[Question], answers: Sequence[str]) -> Proof:
    """Return what the answers prove."""
    asked = list(zip(questions, answers, strict=True))
    wrong = [
        question.problem
        for question, answer in asked
        if not answer or not re.search(question.expected, answer)
    ]
    if any(problem.startswith(STUB.partition("{")[0]) for problem in wrong):
        wrong = [problem for problem in wrong if problem != CALL]
    versions = {
        found[1]
        for question, answer in asked
        if question.expected == VERSION.pattern and (found := VERSION.search(answer))
    }
    return Proof(checker, version, " and ".join(sorted(versions)) or None, tuple(dict.fromkeys(wrong)))
