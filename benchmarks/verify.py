"""
What `bgtasks verify` costs, in ratios: to the bare checkers, to its peers, and as claims grow.

CPU is user and system time of a process and of all that it started. Everything starts cold, and what is
written is kept in memory where the machine has a folder for that.
`--write` writes what was measured to docs/data/verify.json, and the tables and charts of docs/speed.md.
"""

import argparse
import datetime as dt
import importlib.metadata
import json
import os
import platform
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median

from bgtasks.checkers import CHECKERS
from bgtasks.checkers.sandbox import isolate
from bgtasks.model import Sandbox

# The checkers themselves; a profile of one would measure it twice.
SIX = {name: checker for name, checker in CHECKERS.items() if name == checker.program}
ROOT = Path(__file__).parents[1]
PYTHON = Path(sys.executable)
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
SIZES = (10, 30, 100)
CASE = re.compile(r"case_\d{4}")
CORES = os.cpu_count() or 1
MEGABYTE = 1024 if sys.platform == "linux" else 1024**2

# In memory, where that can be: a disk may make a new file dear for minutes, to whoever comes then.
MEMORY = "/dev/shm"  # noqa: S108 - a folder is made in it that no other has
TEMPORARY = MEMORY if os.access(MEMORY, os.W_OK) else tempfile.gettempdir()
# Nothing that tells Python what to do, such as not to keep bytecode, which would cost us and some peers dear.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
ENVIRONMENT["TMPDIR"] = TEMPORARY

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
    """
    In seconds; `own` is the CPU of the first process without those that it started, where known.

    `memory` is what the largest of the processes took, in megabytes.
    """

    cpu: float
    wall: float
    own: float = 0
    output: str = ""
    memory: float = 0


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
    return Cost(usage.ru_utime + usage.ru_stime, wall, output=text, memory=usage.ru_maxrss / MEGABYTE)


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


def write_commands(folder: Path) -> tuple[Sandbox, Mapping[str, str]]:
    """
    Return the commands by which a shell runs each of the six over `folder`/project, with nothing cached.

    Each is the command that bgtasks gives it, in the same order, and nothing else.
    """
    cwd, cache = folder / "cwd", folder / "cache"
    for part in (cwd, folder / "tmp"):
        part.mkdir(exist_ok=True)
    shutil.rmtree(cache, ignore_errors=True)
    sandbox = Sandbox(folder, folder / "project", cwd, cache, PYTHON, VERSION, isolate(folder))
    commands: dict[str, str] = {}
    for name, checker in SIX.items():
        for config, text in checker.configs.items():
            (folder / config).write_text(text, encoding="utf-8")
        command = shlex.join((str(PYTHON.with_name(name)), *checker.arguments(sandbox, VERSION)))
        commands[name] = f"{command} > {shlex.quote(str(folder / name))} 2>&1; true"
    return sandbox, commands


def measure_bare(folder: Path) -> Cost:
    """Have a shell run the six checkers over `folder`/project side by side, as many at once as we do."""
    sandbox, lines = write_commands(folder)
    commands = folder / "commands"
    commands.write_text("\0".join(lines.values()), encoding="utf-8")
    start = f"xargs -0 -P {CORES + 1} -I COMMAND sh -c COMMAND < {shlex.quote(str(commands))}"
    cost = measure(("sh", "-c", start), sandbox.cwd, sandbox.environment)
    for name in lines:
        expect_all_files(name, folder)
    return cost


def measure_alone(name: str, folder: Path) -> Cost:
    """Have a shell run one checker over `folder`/project."""
    sandbox, lines = write_commands(folder)
    cost = measure(("sh", "-c", lines[name]), sandbox.cwd, sandbox.environment)
    expect_all_files(name, folder)
    return cost


def expect_all_files(name: str, folder: Path) -> None:
    output = (folder / name).read_text(encoding="utf-8")
    if len(set(CASE.findall(output))) != len(list((folder / "project").iterdir())):
        raise SystemExit(f"{name} does not report every file:\n{output[:2000]}")


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


def judge_peer(peer: Peer, folder: Path, sizes: Sequence[Sequence[Claim]]) -> Sequence[Cost | str]:
    """Return what a peer costs for the claims of each size, or why that cannot be said."""
    try:
        importlib.metadata.version(peer.package)
    except importlib.metadata.PackageNotFoundError:
        return ["not installed" for _ in sizes]
    _, spoiled = measure_peer(peer, folder / "spoiled", spoil(sizes[-1]))
    if spoiled != {"failed": 2}:
        return [f"does not fail where it must: {spoiled}" for _ in sizes]
    found: list[Cost | str] = []
    for claims in sizes:
        cost, counts = measure_peer(peer, folder / str(len(claims)), claims)
        right = counts == {"passed": len(claims)}
        found.append(cost if right else f"does not pass where it must: {counts}")
    return found


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


@dataclass(frozen=True, slots=True)
class Point:
    """How many times our CPU a peer takes for so many claims, None where that was not measured."""

    package: str
    checker: str
    claims: int
    ratio: float | None
    remark: str = ""

    @property
    def row(self) -> Row:
        what = f"{self.claims} claims, {self.checker}: CPU of {self.package}, to ours"
        return Row(what, self.ratio, least=10 if self.claims == SIZES[-1] else None, remark=self.remark)


def against_peers(root: Path, peers: Sequence[Peer], rounds: int) -> Iterator[Point]:
    """Compare us with each peer as claims grow, right after it; as many at once as there are cores."""
    sizes = [make_claims(size) for size in SIZES]

    def compare(peer: Peer) -> list[Point]:
        folder = root / f"{peer.package}-{peer.checker}"
        points: list[Point] = []
        for claims, cost in zip(sizes, judge_peer(peer, folder, sizes), strict=True):
            size = len(claims)
            if isinstance(cost, str):
                points.append(Point(peer.package, peer.checker, size, None, cost))
                continue
            ours = write_cases(folder / f"ours-{size}", claims)
            usual = median(measure_ours(ours, peer.checker).cpu for _ in range(rounds))
            points.append(Point(peer.package, peer.checker, size, cost.cpu / usual))
        return points

    with ThreadPoolExecutor(CORES) as pool:
        for points in pool.map(compare, peers):
            yield from points


@dataclass(frozen=True, slots=True)
class Alone:
    """A checker that runs alone: its share of the CPU of all, its memory, and how much of its CPU we take."""

    name: str
    share: float
    memory: float
    ours: float


def each_alone(root: Path, rounds: int) -> list[Alone]:
    """Run each checker alone over 1,000 claims, by a shell and by us, in turn."""
    folder = write_cases(root, make_claims(1_000))
    bare: dict[str, list[Cost]] = {name: [] for name in SIX}
    ours: dict[str, list[Cost]] = {name: [] for name in SIX}
    for _ in range(rounds):
        for name in SIX:
            bare[name].append(measure_alone(name, folder))
            ours[name].append(measure_ours(folder, name))
    least = {name: min(cost.cpu for cost in costs) for name, costs in bare.items()}
    return [
        Alone(
            name,
            100 * least[name] / sum(least.values()),
            max(cost.memory for cost in bare[name]),
            min(cost.cpu for cost in ours[name]) / least[name],
        )
        for name in SIX
    ]


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


# -- What is kept


@dataclass(slots=True)
class Measured:
    """All that was measured so far, and of what; `complete` is set at the end."""

    command: str
    quick: bool
    date: str
    cores: int
    load: float
    versions: Mapping[str, str]
    complete: bool = False
    rows: list[Row] = field(default_factory=list[Row])
    peers: list[Point] = field(default_factory=list[Point])
    checkers: list[Alone] = field(default_factory=list[Alone])

    def write(self) -> None:
        kept = asdict(self)
        kept["rows"] = [asdict(row) | {"met": row.met} for row in self.rows]
        text = json.dumps(kept, indent=2) + "\n"
        (ROOT / "docs" / "data" / "verify.json").write_text(text, encoding="utf-8")


def begin(options: argparse.Namespace) -> Measured:
    packages = sorted({*SIX, *(peer.package for peer in PEERS)})
    versions = {name: version for name in packages if (version := version_of(name))}
    return Measured(
        "nox -s benchmarks -- --write",
        options.quick,
        dt.datetime.now(tz=dt.timezone.utc).date().isoformat(),
        CORES,
        busy(),
        {"Python": platform.python_version(), **versions},
    )


def busy() -> float:
    """Return how many cores others keep at work just now, on Linux, and in the last minute elsewhere."""
    stat = Path("/proc/stat")
    if not stat.exists():
        return os.getloadavg()[0]
    times: list[tuple[int, int]] = []
    for wait in (2, 0):
        spent = [int(part) for part in stat.read_text(encoding="ascii").split("\n", 1)[0].split()[1:9]]
        times.append((sum(spent), spent[3] + spent[4]))
        time.sleep(wait)
    (total, idle), (total_then, idle_then) = times
    return CORES * (1 - (idle_then - idle) / (total_then - total))


def version_of(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def measure_all(measured: Measured, root: Path, *, quick: bool) -> Iterator[Row]:
    """Yield a row for each ratio as soon as it is known; all that is measured goes into `measured`."""
    few, compared = against_bare(root / "bare", 2 if quick else 5)
    for row in (*compared, *growth(root / "growth", few, 1 if quick else 2)):
        measured.rows.append(row)
        yield row
    measured.checkers += each_alone(root / "alone", 1 if quick else 2)
    for point in against_peers(root / "peers", QUICK if quick else PEERS, 1 if quick else 3):
        measured.peers.append(point)
        yield point.row
    for row in against_types(root / "types", ("mypy",) if quick else ("mypy", "pyright")):
        measured.rows.append(row)
        yield row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and only the quicker peers")
    parser.add_argument("--write", action="store_true", help="write what docs/speed.md shows, step by step")
    options = parser.parse_args()
    print(f"| {'what':68} | {'ratio':>6} | {'bar':7} | met | remark")
    print(f"|{'-' * 70}|{'-' * 8}|{'-' * 9}|-----|-------")
    measured = begin(options)
    rows: list[Row] = []
    try:
        with tempfile.TemporaryDirectory(prefix="bgtasks-benchmark-", dir=TEMPORARY) as name:
            for row in measure_all(measured, Path(name).resolve(), quick=options.quick):
                rows.append(row)
                print(row, flush=True)
                if options.write:
                    measured.write()
        measured.complete = True
    finally:
        if options.write:
            measured.write()
            subprocess.run((sys.executable, "-m", "benchmarks.figures"), cwd=ROOT, check=True)
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
