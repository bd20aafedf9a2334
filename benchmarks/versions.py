"""
The type tests under old and new versions of all that they depend on; writes docs/versions.md.

Each version is tried around the newest of all else, and the oldest all together. Every run has an environment
of its own, which uv makes.
"""

import argparse
import ast
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bgtasks.prove.jobs import local, run_all

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "versions.md"
STARLETTE = "starlette.background:BackgroundTasks"

# From the oldest that works to the newest; the newest of each is what constraints.txt pins.
AXES: Mapping[str, Sequence[str]] = {
    "mypy": ("1.11.0", "1.13.0", "1.15.0", "1.18.2", "1.20.2", "2.0.0", "2.4.1"),
    "pyright": ("1.1.393", "1.1.397", "1.1.403", "1.1.408", "1.1.414"),
    "basedpyright": ("1.29.0", "1.40.2"),
    "pyrefly": ("1.2.0", "1.4.1"),
    "ty": ("0.0.50", "0.0.105"),
    "zuban": ("0.7.0", "0.10.2"),
    "starlette": ("0.26.1", "0.46.2", "1.10.0"),
    "fastapi": ("0.95.0", "0.115.0", "0.165.0"),
}
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")
FRAMEWORKS = ("starlette", "fastapi")
GATING = "mypy,mypy+plugin,pyright"

NAMES: Mapping[str, str] = {"starlette": "Starlette", "fastapi": "FastAPI", "pyright": "Pyright"}
# No test has run on the last.
TRIED = PYTHONS[:-1]

SUPPORTED = """\
# Versions

These are supported, from the oldest that works to the newest that was tried; a newer one is expected to work:

| | oldest | newest tried |
|---|---|---|"""

BESIDES = """
Python 3.14 is untried: only the checkers were told to assume it. The [mypy plugin](mypy-plugin.md) works from
mypy 1.8 on, the stubs from mypy 1.6 and Pyright 1.1.335 on: `nox -s plugin` and `nox -s vendoring` try
that."""

HEAD = """
`nox -s versions` writes this page. Do not edit it.

## What was tried

Each row is one run of the type tests with one version moved and all else as `constraints.txt` pins it; the
last has the oldest of all, for the oldest Python. *As marked* means that each claim is met, or is a gap that
the newest version of that checker has too. An older checker has more gaps than are marked: wrong calls that
it accepts, right ones that it rejects, or a rejection in other words.

| version | our class | Starlette's with the stubs |
|---|---|---|"""

EXPORTS = """
## What upstream exports, and our stubs do

A name that the stubs lack is an error in the code of who uses it; one that only the stubs have fails at run
time, and no checker sees that.

| version | module | names | the stubs lack | only the stubs have |
|---|---|---:|---|---|"""


@dataclass(frozen=True, slots=True)
class Cell:
    """
    One run: what is pinned, for which Python, by which checkers.

    It carries the wheel and the files, so that it can run anywhere.
    """

    name: str
    pins: tuple[tuple[str, str], ...]
    python_version: str
    checkers: str
    wheel: tuple[str, bytes]
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a cell, and what the frameworks in it export: by module, the names."""

    cell: Cell
    outcomes: tuple[str, ...]
    exports: Mapping[str, frozenset[str]]


def run_cell(cell: Cell) -> Answer:
    with tempfile.TemporaryDirectory(prefix="bgtasks-versions-") as name:
        folder = Path(name)
        for path, text in cell.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        (folder / cell.wheel[0]).write_bytes(cell.wheel[1])
        python = folder / "environment" / "bin" / "python"
        error = install(folder, python, cell)
        if error:
            return Answer(cell, (f"cannot be installed: {error}",), {})
        cases = find_cases(folder, "typetests")
        ours = verify(folder, python, cell, *cases)
        cases += find_cases(folder, "stubs/typetests")
        with_stubs = verify(folder, python, cell, *cases, "--stubs", "stubs", "--target", STARLETTE)
        return Answer(cell, (ours, with_stubs), dict(read_exports(folder)))


def find_cases(folder: Path, place: str) -> list[str]:
    """Return the type tests in a place, without those that need FastAPI where there is none."""
    there = any(folder.glob("environment/lib/python3*/site-packages/fastapi"))
    paths = sorted((folder / place).glob("*.py"))
    return [str(path.relative_to(folder)) for path in paths if there or not needs_fastapi(path)]


def needs_fastapi(path: Path) -> bool:
    return "from fastapi import" in path.read_text(encoding="utf-8")


def install(folder: Path, python: Path, cell: Cell) -> str:
    """Make the environment; return why that cannot be done, "" where it is done."""
    moved = {name for name, _ in cell.pins}
    lone = "starlette" in moved and "fastapi" not in moved
    constraints = [
        line
        for line in cell.files["constraints.txt"].splitlines()
        # What a framework brings with it is older, too.
        if line.partition("==")[0] not in moved
        and not (moved & set(FRAMEWORKS) and "==" in line and is_theirs(line))
    ]
    (folder / "constraints.txt").write_text("\n".join(constraints), encoding="utf-8")
    extras = "checkers" if lone else "checkers,fastapi"
    commands = (
        ["uv", "venv", "--quiet", f"--python={sys.executable}", str(python.parents[1])],
        [
            *("uv", "pip", "install", "--quiet", f"--python={python}", "--constraints=constraints.txt"),
            f"{cell.wheel[0]}[{extras}]",
            *(f"{name}=={version}" for name, version in cell.pins),
        ],
    )
    for command in commands:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            return " ".join(done.stderr.split())[:300]
    return ""


def is_theirs(line: str) -> bool:
    return line.partition("==")[0] in {*FRAMEWORKS, "pydantic", "pydantic-core", "anyio", "typing-inspection"}


def verify(folder: Path, python: Path, cell: Cell, *arguments: str) -> str:
    """Return what `bgtasks verify` makes of it, in a few words."""
    done = subprocess.run(
        [
            *(str(python), "-m", "bgtasks", "verify", *arguments, "--timeout", "1800", "--output", "json=-"),
            *(
                "--checkers",
                cell.checkers,
                "--gating",
                cell.checkers,
                "--python-version",
                cell.python_version,
            ),
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "VIRTUAL_ENV"}},
    )
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return f"failed: {' '.join((done.stderr or done.stdout).split())[-200:]}"
    return "; ".join(tell(run, several=len(report["runs"]) > 1) for run in report["runs"])


def tell(run: dict[str, Any], *, several: bool) -> str:
    name = f"{run['checker']}: " if several else ""
    if run["failure"]:
        return f"{name}failed: {run['failure']}"
    wrong = [one for one in run["verdicts"] if one["outcome"] not in {"met", "gap", "elsewhere"}]
    closed = sum(one["outcome"] == "closed gap" for one in wrong)
    claims = sum(one["claim"] is not None for one in run["verdicts"])
    if not wrong:
        return f"{name}all {claims} as marked"
    fewer = (
        f"{closed} better, {len(wrong) - closed} worse than marked"
        if closed
        else f"{len(wrong)} worse than marked"
    )
    return f"{name}of {claims}, {fewer}"


def read_exports(folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield what each framework module that has a stub exports, as checkers understand it."""
    for package in FRAMEWORKS:
        for module in ("__init__", "background"):
            for file in folder.glob(f"environment/lib/python3*/site-packages/{package}/{module}.py"):
                name = package if module == "__init__" else f"{package}.{module}"
                yield name, exported(file.read_text(encoding="utf-8"))


def exported(source: str) -> frozenset[str]:
    """Return the names that a module or a stub defines, or imports under the name that they have."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        match node:
            case ast.ImportFrom():
                names |= {alias.name for alias in node.names if alias.asname == alias.name}
            case ast.Assign():
                names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(ast.Name(name)):
                names.add(name)
            case ast.FunctionDef() | ast.ClassDef() | ast.AsyncFunctionDef():
                names.add(node.name)
            case _:
                pass
    return frozenset(name for name in names if not name.startswith("_") or name == "__version__")


def plan(wheel: tuple[str, bytes], files: Mapping[str, str]) -> Iterator[Cell]:
    """Yield the cells: one axis at a time around the newest, and the oldest of all together."""
    for axis, versions in AXES.items():
        checkers = GATING if axis in FRAMEWORKS else f"{axis},mypy+plugin" if axis == "mypy" else axis
        for version in versions:
            yield Cell(f"{axis} {version}", ((axis, version),), "3.13", checkers, wheel, files)
    for python in PYTHONS:
        yield Cell(f"for Python {python}", (), python, GATING, wheel, files)
    oldest = tuple((axis, versions[0]) for axis, versions in AXES.items() if axis != "starlette")
    yield Cell("the oldest of all", oldest, PYTHONS[0], "all", wheel, files)


def read_files() -> dict[str, str]:
    paths = [*ROOT.glob("typetests/*"), *ROOT.glob("stubs/typetests/*.py"), *ROOT.glob("stubs/*-stubs/*")]
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in [*paths, ROOT / "constraints.txt"]
    }


def build_wheel(folder: Path) -> tuple[str, bytes]:
    subprocess.run(["uv", "build", "--quiet", "--wheel", f"--out-dir={folder}", str(ROOT)], check=True)  # noqa: S607
    [wheel] = folder.glob("*.whl")
    return wheel.name, wheel.read_bytes()


def supported() -> Iterator[str]:
    """Yield what the page begins with: which versions are supported."""
    yield SUPPORTED
    yield f"| Python | {TRIED[0]} | {TRIED[-1]} |"
    for axis in sorted(AXES, key=lambda axis: axis not in FRAMEWORKS):
        yield f"| {NAMES.get(axis, axis)} | {AXES[axis][0]} | {AXES[axis][-1]} |"


def page(answers: Sequence[Answer]) -> Iterator[str]:
    yield from supported()
    yield BESIDES
    yield HEAD
    for answer in answers:
        cells = [answer.cell.name, *answer.outcomes, *[""] * (2 - len(answer.outcomes))]
        yield f"| {' | '.join(cell.replace('|', '') for cell in cells)} |"
    yield EXPORTS
    for answer in answers:
        if answer.cell.name.partition(" ")[0] in FRAMEWORKS:
            for module, names in answer.exports.items():
                ours = exported(answer.cell.files[stub_of(module)])
                told = f"{listed(names - ours)} | {listed(ours - names)}"
                yield f"| {answer.cell.name} | `{module}` | {len(names)} | {told} |"


def listed(names: Collection[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def stub_of(module: str) -> str:
    package, _, name = module.partition(".")
    return f"stubs/{package}-stubs/{name or '__init__'}.pyi"


def is_failure(outcome: str) -> bool:
    return "failed: " in outcome or outcome.startswith("cannot be installed")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--only", default="", help="run only the cells that have this in their name, and print"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
    cells = [cell for cell in plan(wheel, read_files()) if options.only in cell.name]
    answers = run_all(run_cell, cells, local(options.jobs))
    text = "\n".join(page(answers)) + "\n"
    if options.only:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)}: {len(answers)} runs")
    failed = [answer.cell.name for answer in answers if any(map(is_failure, answer.outcomes))]
    for name in failed:
        print(f"not done: {name}")
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
