"""
What `bgtasks verify` costs, in ratios: to the bare checkers, to its peers, and as claims grow.

CPU is user and system time of a process and of all that it started. Everything starts cold.
"""

import argparse
import importlib.metadata
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.sandbox import isolate
from bgtasks.model import Sandbox

# The checkers themselves; a profile of one would measure it twice.
SIX = {name: checker for name, checker in CHECKERS.items() if name == checker.program}
PYTHON = Path(sys.executable)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
CASE = re.compile(r"case_\d{4}")
CORES = os.cpu_count() or 1

# Nothing that tells Python what to do, such as not to keep bytecode, which would cost us and some peers dear.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

# Runs bgtasks and, at its end, writes to the file that is named first what it spent itself.
MEASURED_MAIN = """\
import atexit, resource, sys
from pathlib import Path
path = Path(sys.argv.pop(1))
atexit.register(lambda: path.write_text(str(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))))
from bgtasks.__main__ import main
main()
"""


# -- The claims


@dataclass(frozen=True, slots=True)
class Shape:
    """
    A call with its claim, and what each checker answers to it.

    `answers` are the rules by checker, and the first line of pyright's message. None is an accept.
    """

    call: str
    kind: str | None = None
    answers: Mapping[str, str] | None = None


def answers(mypy: str, pyright: str, pyrefly: str, ty: str, message: str) -> dict[str, str]:
    return {"mypy": mypy, "pyright": pyright, "pyrefly": pyrefly, "ty": ty, "message": message}


ARGUMENT = answers(
    "arg-type",
    "reportArgumentType",
    "bad-argument-type",
    "invalid-argument-type",
    """Argument of type "Literal['b']" cannot be assigned to parameter "p{n}" of type "{type}\"""",
)
MISSING = answers(
    "call-arg",
    "reportCallIssue",
    "missing-argument",
    "missing-argument",
    'Argument missing for parameter "p{n}"',
)
TOO_MANY = answers(
    "call-arg",
    "reportCallIssue",
    "bad-argument-count",
    "too-many-positional-arguments",
    "Expected 2 positional arguments",
)
ATTRIBUTE = answers(
    "attr-defined",
    "reportAttributeAccessIssue",
    "missing-attribute",
    "missing-attribute",
    'Cannot access attribute "add_tusk" for class "BackgroundTasks"',
)
SHAPES = (
    Shape("tasks.add_task(task{n}, 'a', {value})"),
    Shape("tasks.add_task(task{n}, 'a', 'b')", "argument-type", ARGUMENT),
    Shape("tasks.add_task(task{n}, 'a', p{n}={value})"),
    Shape("tasks.add_task(task{n}, 'a')", "missing-argument", MISSING),
    Shape("tasks.add_task(task{n}, text='a', p{n}={value})"),
    Shape("tasks.add_task(task{n}, 'a', {value}, 2)", "too-many-positional", TOO_MANY),
    Shape("tasks.add_task(task{n}, *('a', {value}))"),
    Shape("tasks.add_task(task{n}, 'a', p{n}='b')", "argument-type", ARGUMENT),
    Shape("tasks.add_task(lambda: task{n}('a', {value}))"),
    Shape("tasks.add_tusk(task{n}, 'a', {value})", "unknown-attribute", ATTRIBUTE),
)
TYPES = {"int": "1", "float": "0.5", "bytes": "b'x'"}
A_FILE = len(SHAPES)
HEAD = "from bgtasks import BackgroundTasks\n\ntasks = BackgroundTasks()\n"


@dataclass(frozen=True, slots=True)
class Claim:
    """A function, a call of `add_task` with it, and what is expected of that; by checker for the peers."""

    number: int
    function: str
    call: str
    kind: str | None
    answers: Mapping[str, str] | None


def make_claims(count: int) -> list[Claim]:
    claims: list[Claim] = []
    for n in range(count):
        shape = SHAPES[n % len(SHAPES)]
        annotation, value = list(TYPES.items())[n // len(SHAPES) % len(TYPES)]
        expected = shape.answers and {
            key: text.format(n=n, type=annotation) for key, text in shape.answers.items()
        }
        function = f"def task{n}(text: str, p{n}: {annotation}) -> None: ..."
        claims.append(Claim(n, function, shape.call.format(n=n, value=value), shape.kind, expected))
    return claims


def by_file(claims: Sequence[Claim]) -> list[Sequence[Claim]]:
    return [claims[start : start + A_FILE] for start in range(0, len(claims), A_FILE)]


def write_cases(folder: Path, claims: Sequence[Claim]) -> Path:
    """Write `claims` into files of ten in `folder`/project; return `folder`."""
    project = folder / "project"
    project.mkdir(parents=True)
    for index, together in enumerate(by_file(claims)):
        lines = [HEAD]
        for claim in together:
            text = f"E: {claim.kind}" if claim.kind else "OK"
            lines.append(f"\n{claim.function}\n\n\n{claim.call}  # {text}\n")
        (project / f"case_{index:04}.py").write_text("".join(lines), encoding="utf-8")
    return folder


# -- The measure


@dataclass(frozen=True, slots=True)
class Cost:
    """In seconds; `own` is the CPU of the first process without those that it started, where known."""

    cpu: float
    wall: float
    own: float = 0
    output: str = ""


def measure(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run a command that may exit with 0 or 1 and return what it cost, with all that it started."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode not in {0, 1}:
        raise SystemExit(f"{command} stopped with exit code {process.returncode} and said:\n{text}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, output=text)


def measure_ours(folder: Path, checkers: str = ",".join(SIX), *, warm: bool = False) -> Cost:
    """Run `bgtasks verify` over `folder`/project, where it must find every claim met."""
    caches = folder / "caches"
    if not warm:
        shutil.rmtree(caches, ignore_errors=True)
    own = folder / "own"
    main = (str(PYTHON), "-c", MEASURED_MAIN, str(own))
    environment = ENVIRONMENT | {"XDG_CACHE_HOME": str(caches)}
    cost = measure((*main, "verify", "project", "--checkers", checkers), folder, environment)
    if "Green" not in cost.output:
        raise SystemExit(f"bgtasks verify --checkers {checkers} is not green:\n{cost.output}")
    return Cost(cost.cpu, cost.wall, float(own.read_text(encoding="utf-8")))


def measure_bare(folder: Path) -> Cost:
    """
    Have a shell run the six checkers over `folder`/project side by side, as many at once as we do.

    Each gets the command that bgtasks gives it, in the same order, and nothing else.
    """
    cwd, cache = folder / "cwd", folder / "cache"
    for part in (cwd, folder / "tmp"):
        part.mkdir(exist_ok=True)
    shutil.rmtree(cache, ignore_errors=True)
    sandbox = Sandbox(folder, folder / "project", cwd, cache, PYTHON, VERSION, isolate(folder))
    lines: list[str] = []
    for name, checker in SIX.items():
        for config, text in checker.configs.items():
            (folder / config).write_text(text, encoding="utf-8")
        command = shlex.join((str(PYTHON.with_name(name)), *checker.arguments(sandbox, VERSION)))
        lines.append(f"{command} > {shlex.quote(str(folder / name))} 2>&1; true")
    commands = folder / "commands"
    commands.write_text("\0".join(lines), encoding="utf-8")
    start = f"xargs -0 -P {CORES + 1} -I COMMAND sh -c COMMAND < {shlex.quote(str(commands))}"
    cost = measure(("sh", "-c", start), cwd, sandbox.environment)
    for name in SIX:
        output = (folder / name).read_text(encoding="utf-8")
        if len(set(CASE.findall(output))) != len(list(sandbox.project.iterdir())):
            raise SystemExit(f"{name} does not report every file:\n{output[:2000]}")
    return cost


# -- The peers


@dataclass(frozen=True, slots=True)
class Peer:
    """
    A pytest plugin that asks `checker`.

    `write` lays out claims as its tests in a folder; `options` are what pytest is told.
    """

    package: str
    checker: str
    plugin: str
    write: Callable[[Path, Sequence[Claim]], None]
    options: Sequence[str] = ()


def for_mypy_plugins(folder: Path, claims: Sequence[Claim]) -> None:
    cases: list[str] = []
    for claim in claims:
        comment = rf"  # ER: .*\[{claim.answers['mypy']}\]" if claim.answers else ""
        main = f"{HEAD}{claim.function}\n{claim.call}{comment}"
        indented = "\n".join(f"    {line}" for line in main.splitlines())
        cases.append(f"- case: claim_{claim.number}\n  main: |\n{indented}\n")
    (folder / "test_claims.yml").write_text("".join(cases), encoding="utf-8")


def for_mypy_testing(folder: Path, claims: Sequence[Claim]) -> None:
    # It asks mypy once for each file, so it gets the files that bgtasks gets.
    for index, together in enumerate(by_file(claims)):
        lines = [f"import pytest\n{HEAD}"]
        for claim in together:
            comment = f"  # E: [{claim.answers['mypy']}]" if claim.answers else ""
            lines.append(
                f"{claim.function}\n@pytest.mark.mypy_testing\n"
                f"def mypy_test_{claim.number}() -> None:\n    {claim.call}{comment}\n"
            )
        (folder / f"test_{index:04}.py").write_text("".join(lines), encoding="utf-8")


def for_pyright(folder: Path, claims: Sequence[Claim]) -> None:
    (folder / "typesafety").mkdir()
    for claim in claims:
        comment = f"  # E: {claim.answers['message']}" if claim.answers else ""
        text = f"{HEAD}{claim.function}\n{claim.call}{comment}\n"
        (folder / "typesafety" / f"claim_{claim.number}.py").write_text(text, encoding="utf-8")


def for_typing(folder: Path, claims: Sequence[Claim]) -> None:
    sections: list[str] = []
    for claim in claims:
        rules = claim.answers or {}
        comment = "".join(f"  # {name}-error: [{rule}]" for name, rule in rules.items() if name in CHECKERS)
        sections.append(
            f"# claim {claim.number}\n\n```python\n{HEAD}{claim.function}\n{claim.call}{comment}\n```\n"
        )
    (folder / "test_typing_claims.md").write_text("\n".join(sections), encoding="utf-8")


MYPY_PLUGINS = Peer(
    "pytest-mypy-plugins",
    "mypy",
    "pytest_mypy_plugins.collect",
    for_mypy_plugins,
    ("--mypy-testing-base={folder}",),
)
MYPY_TESTING = Peer("pytest-mypy-testing", "mypy", "pytest_mypy_testing.plugin", for_mypy_testing)
PYRIGHT = Peer("pytest-pyright", "pyright", "pytest_pyright.plugin", for_pyright)
TYPING = {
    name: Peer("pytest-typing", name, "pytest_typing.plugin", for_typing, (f"--typing-checkers={name}",))
    for name in ("mypy", "pyright", "pyrefly", "ty")
}
# The quick ones are the nearest to the bar, but for one that is ten times over it.
QUICK = (MYPY_PLUGINS, TYPING["pyrefly"], TYPING["ty"])
PEERS = (MYPY_TESTING, PYRIGHT, TYPING["mypy"], TYPING["pyright"], *QUICK)


def measure_peer(peer: Peer, folder: Path, claims: Sequence[Claim]) -> tuple[Cost, dict[str, int]]:
    """Run a peer over `claims`, a test each; return the cost and how many passed and failed."""
    folder.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    peer.write(folder, claims)
    environment = ENVIRONMENT | {
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        "VIRTUAL_ENV": sys.prefix,
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    }
    options = [option.format(folder=folder) for option in peer.options]
    cost = measure((str(PYTHON), "-m", "pytest", "-q", "-p", peer.plugin, *options), folder, environment)
    counts = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", cost.output)}
    return cost, counts


# type-assert can say of no call that it is wrong, so it gets types: those that calls return.
TYPE_ASSERT = "type-assert"
IMPORTS = {True: "from typing_extensions import assert_type", False: "from type_assert import assert_types"}


def write_types(folder: Path, *, ours: bool, wrong: bool = False) -> Path:
    """Write 100 types of calls in ten files, one of them not what the call returns where they are `wrong`."""
    project = folder / "project"
    project.mkdir(parents=True)
    for index in range(10):
        lines = [f"{IMPORTS[ours]}\n"]
        for number in range(A_FILE):
            lines.append(f"def call{number}(x: int) -> list[int]: return [x]\n")
            expected = "list[str]" if wrong and not (index or number) else "list[int]"
            lines.append(f"{IMPORTS[ours].split()[-1]}(call{number}(1), {expected})\n")
        (project / f"case_{index:04}.py").write_text("".join(lines), encoding="utf-8")
    return folder


def measure_type_assert(folder: Path, checker: str) -> tuple[Cost, dict[str, int]]:
    """Have type-assert ask a checker of the types in a folder; what they are at run time is left out."""
    settings = f"[pytest]\ntype_assert_cases = project\ntype_assert_checkers = {checker}\n"
    (folder / "pytest.ini").write_text(settings, encoding="utf-8")
    environment = ENVIRONMENT | {
        "PATH": f"{PYTHON.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
    }
    command = (str(PYTHON), "-m", "pytest", "-q", "-p", "type_assert.plugin", "-k", "static", "project")
    cost = measure(command, folder, environment)
    return cost, {
        word: int(number) for number, word in re.findall(r"(\d+) (passed|failed|error)", cost.output)
    }


def spoil(claims: Sequence[Claim]) -> list[Claim]:
    """Return an accept that is claimed as a reject, and a reject that is claimed as an accept."""
    right, wrong, *_ = claims
    return [
        replace(right, kind=wrong.kind, answers=wrong.answers),
        replace(wrong, kind=None, answers=None),
    ]


def judge_peer(peer: Peer, folder: Path, claims: Sequence[Claim]) -> Cost | str:
    """Return what a peer costs, or why that cannot be said."""
    try:
        importlib.metadata.version(peer.package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
    _, spoiled = measure_peer(peer, folder / "spoiled", spoil(claims))
    if spoiled != {"failed": 2}:
        return f"does not fail where it must: {spoiled}"
    cost, counts = measure_peer(peer, folder / "right", claims)
    if counts != {"passed": len(claims)}:
        return f"does not pass where it must: {counts}"
    return cost


# -- The table


@dataclass(frozen=True, slots=True)
class Row:
    """A measured ratio and its bar; without a bar it is told only, without a ratio it was not measured."""

    what: str
    ratio: float | None
    least: float | None = None
    most: float | None = None
    remark: str = ""

    @property
    def met(self) -> bool:
        if self.ratio is None:
            return False
        return (self.least is None or self.ratio >= self.least) and (
            self.most is None or self.ratio <= self.most
        )

    def __str__(self) -> str:
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        bar = f">= {self.least:g}" if self.least else f"<= {self.most:g}" if self.most else ""
        met = ("yes" if self.met else "NO") if bar else ""
        return f"| {self.what:68} | {ratio:>6} | {bar:7} | {met:3} | {self.remark}".rstrip()


def against_bare(root: Path, rounds: int) -> tuple[Cost, list[Row]]:
    """Compare 1,000 claims through us, cold and again, with a shell that runs the six; they take turns."""
    folder = write_cases(root, make_claims(1_000))
    measure_ours(folder)  # writes the bytecode of all that is imported
    ours: list[Cost] = []
    again: list[Cost] = []
    bare: list[Cost] = []
    for _ in range(rounds):
        ours.append(measure_ours(folder))
        again.append(measure_ours(folder, warm=True))
        bare.append(measure_bare(folder))
    cpu = min(cost.cpu for cost in ours)
    wall = min(cost.wall for cost in ours)
    least = {what: min(getattr(cost, what) for cost in bare) for what in ("cpu", "wall")}
    return Cost(cpu, wall), [
        Row("1,000 claims, six checkers: CPU, to a shell that runs them", cpu / least["cpu"], most=1.1),
        Row("the same: wall, to a shell that runs as many at once", wall / least["wall"], most=1.1),
        Row("the same once more, nothing changed: CPU, to the first run", min(c.cpu for c in again) / cpu),
        Row("the same once more, nothing changed: wall, to the first run", min(c.wall for c in again) / wall),
    ]


def against_peers(root: Path, peers: Sequence[Peer], rounds: int) -> Iterator[Row]:
    """Compare 100 claims through us with each peer; as many at once as there are cores."""
    claims = make_claims(100)
    folders = [write_cases(root / f"ours-{index}", claims) for index in range(rounds)]
    names = sorted({peer.checker for peer in peers})
    with ThreadPoolExecutor(CORES) as pool:
        theirs = [
            pool.submit(judge_peer, peer, root / f"{peer.package}-{peer.checker}", claims) for peer in peers
        ]
        ours = {name: [pool.submit(measure_ours, folder, name) for folder in folders] for name in names}
    for peer, answer in zip(peers, theirs, strict=True):
        cost = answer.result()
        what = f"100 claims, {peer.checker}: CPU of {peer.package}, to ours"
        if isinstance(cost, str):
            yield Row(what, None, least=10, remark=cost)
        else:
            usual = median(run.result().cpu for run in ours[peer.checker])
            yield Row(what, cost.cpu / usual, least=10)


def against_types(root: Path, checkers: Sequence[str]) -> Iterator[Row]:
    """Compare 100 types through us with type-assert, which asks a checker once as well."""
    for checker in checkers:
        what = f"100 types, {checker}: CPU of {TYPE_ASSERT}, to ours"
        try:
            importlib.metadata.version(TYPE_ASSERT)
        except importlib.metadata.PackageNotFoundError:
            yield Row(what, None, remark="not installed")
            continue
        folder = root / f"{TYPE_ASSERT}-{checker}"
        _, spoiled = measure_type_assert(write_types(folder / "spoiled", ours=False, wrong=True), checker)
        cost, counts = measure_type_assert(write_types(folder / "right", ours=False), checker)
        # A checker's own count of errors stands in what it says of the failure.
        failed = spoiled.get("passed"), spoiled.get("failed")
        if failed != (99, 1) or counts != {"passed": 100}:
            yield Row(what, None, remark=f"does not fail where it must, or only there: {spoiled}, {counts}")
        else:
            yield Row(what, cost.cpu / measure_ours(write_types(folder / "ours", ours=True), checker).cpu)


def growth(root: Path, few: Cost, rounds: int) -> list[Row]:
    """Compare 10,000 claims in one run with `few`, what 1,000 cost; and say what of it is our own."""
    folder = write_cases(root, make_claims(10_000))
    many = min((measure_ours(folder) for _ in range(rounds)), key=lambda cost: cost.cpu)
    return [
        Row("10,000 claims, six checkers: CPU, to that of 1,000", many.cpu / few.cpu, most=10),
        Row("the same: our own CPU, to all CPU", many.own / many.cpu, most=0.08),
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and only the quicker peers")
    quick = parser.parse_args().quick
    print(f"| {'what':68} | {'ratio':>6} | {'bar':7} | met | remark")
    print(f"|{'-' * 70}|{'-' * 8}|{'-' * 9}|-----|-------")
    rows: list[Row] = []

    def tell(more: Iterable[Row]) -> None:
        for row in more:
            rows.append(row)
            print(row, flush=True)

    with tempfile.TemporaryDirectory(prefix="bgtasks-benchmark-") as name:
        root = Path(name).resolve()
        few, compared = against_bare(root / "bare", 2 if quick else 5)
        tell(compared)
        tell(growth(root / "growth", few, 1 if quick else 2))
        tell(against_peers(root / "peers", QUICK if quick else PEERS, 1 if quick else 3))
        tell(against_types(root / "types", ("mypy",) if quick else ("mypy", "pyright")))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
