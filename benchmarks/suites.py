"""
People's own suites of type tests through `bgtasks verify`, beside the tool that they use today.

Each is fetched at one commit, and checked by both with the same checkers in an environment of its own.
Printed are on how many tests both agree, and how many times our CPU the tool takes: user and system time
of all commands and of what they start, without any cache. Of suites that no tool can be asked about
beside us it is printed, by checker, how many tests and how many of their claims are as claimed. Names of
suites are for these alone.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import tomlkit

HOME = "https://github.com/"
GOOD = {"met", "gap", "elsewhere"}
ROOT = Path(__file__).parent.parent
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@dataclass(frozen=True, slots=True)
class Place:
    """A clone, what it is checked with, and a folder for all that is made of it."""

    clone: Path
    binaries: Path
    made: Path

    def run(self, *command: str, cwd: Path | None = None, codes: Sequence[int] = (0, 1)) -> tuple[float, str]:
        """Return the CPU seconds of a command, and what it printed."""
        environment = ENVIRONMENT | {
            "PATH": f"{self.binaries}{os.pathsep}{os.environ['PATH']}",
            "XDG_CACHE_HOME": str(self.made / "caches"),
            "VIRTUAL_ENV": str(self.binaries.parent),
        }
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            process = subprocess.Popen(
                [str(self.binaries / command[0]), *command[1:]],
                cwd=cwd or self.clone,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            output.seek(0)
            text = output.read()
        if process.returncode not in codes:
            raise SystemExit(
                f"{command} stopped with exit code {process.returncode} and said:\n{text[-3000:]}"
            )
        return usage.ru_utime + usage.ru_stime, text


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool cost, and whether each test passed."""

    cpu: float
    passed: Mapping[str, bool]


Ask = Callable[[Place], Answer]
Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Suite:
    """A repository at a commit, what it needs, and how its tests are checked, by their tool and by us."""

    repository: str
    commit: str
    tool: str
    needs: Sequence[str]
    theirs: Ask
    ours: Ask


@dataclass(frozen=True, slots=True)
class Alone:
    """
    A repository at a commit, what it needs, and the folder of its tests, which no tool checks beside us.

    `options` are those of `bgtasks verify`, and `mypy` is the configuration that mypy gets.
    """

    repository: str
    commit: str
    needs: Sequence[str]
    folder: str
    options: Sequence[str]
    mypy: str = ""


# -- Ours


def verify(place: Place, folder: Path, *options: str) -> tuple[float, Iterator[tuple[str, Path, bool]]]:
    """Return the CPU seconds of `bgtasks verify`, and of each checker and file whether it is as claimed."""
    cpu, text = ask_us(place, folder, *options)
    return cpu, judge(read_runs(place.made, text))


def ask_us(place: Place, folder: Path, *options: str) -> tuple[float, str]:
    report = place.made / "report.json"
    # 2 is also for a claim that no run looks at, which is no error for other tools.
    arguments = ("verify", *options, "--output", f"json={report}", "--timeout", "3000")
    return place.run("bgtasks", *arguments, cwd=folder, codes=(0, 1, 2))


def judge(runs: Iterator[tuple[Table, Table]]) -> Iterator[tuple[str, Path, bool]]:
    for report, run in runs:
        red = {one["path"] for one in run["verdicts"] if is_red(one)}
        for case in report["cases"]:
            yield run["checker"], Path(case["path"]), case["path"] not in red


def read_runs(folder: Path, text: str) -> Iterator[tuple[Table, Table]]:
    """Yield each run with the report that it stands in; `text` is what else was said."""
    reports = sorted(folder.glob("report*.json"))
    if not reports:
        raise SystemExit(f"bgtasks verify wrote no report and said:\n{text[-3000:]}")
    for path in reports:
        report = json.loads(path.read_text(encoding="utf-8"))
        for run in report["runs"]:
            if run["failure"] or run["aside"] or report["errors"]:
                raise SystemExit(f"{path.name}: {run['failure'] or run['aside'] or report['errors']}")
            yield report, run


def is_red(verdict: Table) -> bool:
    """Tell whether a claim is not met; other tools know of silence only, whether it was looked at or not."""
    unseen = verdict["outcome"] == "not looked at"
    rejects = (verdict["claim"] or "").startswith("E") and not verdict["claim"].startswith("E?")
    return rejects if unseen else verdict["outcome"] not in GOOD


def convert(place: Place, *paths: str) -> tuple[float, Path, str]:
    folder = place.made / "converted"
    cpu, text = place.run("bgtasks", "convert", *paths, "--to", str(folder))
    return cpu, folder, text


# -- pytest-mypy-plugins: a test is a case of its YAML, with all its parameters


def with_mypy_plugins(paths: Sequence[str], *options: str) -> Ask:
    def ask(place: Place) -> Answer:
        report = place.made / "junit.xml"
        # Their pytest is told to run all of their tests; here it is the type tests alone.
        quiet = ("-q", "-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider", f"--junitxml={report}")
        base = f"--mypy-testing-base={place.made}"
        cpu, _ = place.run("python", "-m", "pytest", *quiet, base, *options, *paths)
        passed: dict[str, bool] = {}
        tree = ET.parse(report)  # noqa: S314 - pytest has just written it
        for test in tree.iter("testcase"):
            if test.find("skipped") is None:
                name = slug(test.get("name", "").partition("[")[0])
                good = test.find("failure") is None and test.find("error") is None
                passed[name] = passed.get(name, True) and good
        return Answer(cpu, passed)

    return ask


def converted(paths: Sequence[str], *options: str) -> Ask:
    def ask(place: Place) -> Answer:
        conversion, folder, _ = convert(place, *paths)
        given = [option.replace("CLONE", str(place.clone)) for option in options]
        cpu, files = verify(place, folder, *given)
        passed: dict[str, bool] = {}
        for _, path, good in files:
            # A test with files of its own is the folder of that name.
            name = (
                path.parts[1] if path.parts[0] == "suites" and "options-" not in path.parts[1] else path.stem
            )
            passed[slug(name)] = passed.get(slug(name), True) and good
        return Answer(conversion + cpu, passed)

    return ask


def slug(name: str) -> str:
    """Return the name of a test without what tells it from others of that name."""
    return re.sub(r"(_\d+|_)*$", "", re.sub(r"\W", "_", name))


# -- Checkers themselves: a test is a file under a checker


def with_checkers(paths: Sequence[str], config: str, *checkers: str) -> Ask:
    def ask(place: Place) -> Answer:
        files = sorted(
            path.relative_to(place.clone)
            for folder in paths
            for path in place.clone.joinpath(folder).rglob("*.py")
        )
        passed: dict[str, bool] = {}
        total = 0.0
        for checker in checkers:
            cpu, red = BARE[checker](place, paths, config)
            total += cpu
            passed |= {f"{checker} {path}": path not in red for path in files}
        return Answer(total, passed)

    return ask


def ask_mypy(place: Place, paths: Sequence[str], config: str) -> tuple[float, set[Path]]:
    cache = f"--cache-dir={place.made / 'mypy'}"
    cpu, text = place.run("mypy", f"--config-file={config}", cache, *paths)
    return cpu, {
        Path(found[1]) for found in re.finditer(r"^([^:\n]+):\d+:(?:\d+:)? error:", text, re.MULTILINE)
    }


def ask_pyright(place: Place, paths: Sequence[str], config: str) -> tuple[float, set[Path]]:
    project = place.clone / "pyright-of-type-tests.json"
    table = read_toml(place.clone / config)["tool"]["pyright"] | {"include": list(paths)}
    project.write_text(json.dumps(table), encoding="utf-8")
    cpu, text = place.run("pyright", f"--project={project}", "--outputjson")
    found = json.loads(text[text.index("{") :])["generalDiagnostics"]
    said = {one["file"] for one in found if one["severity"] in {"error", "warning"}}
    return cpu, {Path(file).relative_to(place.clone) for file in said}


def read_toml(file: Path) -> dict[str, Any]:
    return tomlkit.parse(file.read_text(encoding="utf-8")).unwrap()


BARE = {"mypy": ask_mypy, "pyright": ask_pyright}


def as_they_stand(paths: Sequence[str], config: str, *checkers: str, version: str = "") -> Ask:
    def ask(place: Place) -> Answer:
        names = ",".join(checkers)
        versions = ("--python-version", version) if version else ()
        configs = [part for name in checkers for part in ("--config", f"{name}={config}")]
        options = ("--checkers", names, "--gating", names, "--ignores-are-claims", *configs, *versions)
        cpu, files = verify(place, place.clone, *paths, *options)
        return Answer(cpu, {f"{checker} {path}": good for checker, path, good in files})

    return ask


# -- typing's conformance suite, under its own runner: a test is a file under a checker

CHECKERS = ("mypy", "pyright", "ty", "pyrefly", "zuban")
# As its runner starts them.
CONFIGS = {
    "mypy": "[mypy]\nenable_error_code = deprecated\nenable_incomplete_feature = TypeForm\n",
    "zuban": "[mypy]\nenable_error_code = deprecated\n",
    "pyright": "{}",
    "pyrefly": "",
}


def run_conformance(place: Place) -> Answer:
    folder, total = place.clone / "conformance", 0.0
    passed: dict[str, bool] = {}
    for checker in CHECKERS:
        total += place.run("python", "src/main.py", "--only-run", checker, cwd=folder)[0]
        for file in folder.glob(f"results/{checker}/*.toml"):
            conclusion = read_toml(file).get("conformance_automated")
            # A stub has no claims of its own with us; the library around it has.
            if conclusion and (folder / "tests" / f"{file.stem}.py").exists():
                passed[f"{checker} {file.stem}"] = conclusion == "Pass"
    return Answer(total, passed)


def verify_conformance(place: Place) -> Answer:
    conversion, folder, _ = convert(place, "conformance/tests")
    own = place.clone / "conformance/tests/ty.toml"
    configs = dict(CONFIGS) | {"ty": own.read_text(encoding="utf-8")}
    passed: dict[str, bool] = {}
    # The runner has ty check for the version that its configuration names, and the others for their own.
    version = read_toml(own)["environment"]["python-version"]
    for names, versions in (([*set(CHECKERS) - {"ty"}], ()), (["ty"], ("--python-version", version))):
        options = ["--checkers", ",".join(names), "--gating", ",".join(names), *versions]
        for name in names:
            file = place.made / f"{name}.{'json' if name == 'pyright' else 'ini' if name in INI else 'toml'}"
            file.write_text(configs[name], encoding="utf-8")
            options += ["--config", f"{name}={file}"]
        cpu, files = verify(place, folder, *options)
        conversion += cpu
        # What starts with a line is imported by tests, and none.
        passed |= {f"{checker} {path.stem}": good for checker, path, good in files if path.stem[0] != "_"}
    return Answer(conversion, passed)


INI = {"mypy", "zuban"}


# -- The suites, and the table

PANDAS_COMMIT = "af30812c6901331be77e8ed76db8f099f20d00b8"
PANDAS = (
    "pandas==3.0.5", f"pandas-stubs @ git+{HOME}pandas-dev/pandas-stubs@{PANDAS_COMMIT}",
    "numpy", "pytest", "loguru", "typing-extensions",
    "matplotlib", "openpyxl", "types-openpyxl", "lxml", "xlsxwriter", "odfpy", "xarray", "jinja2",
    "scipy-stubs", "SQLAlchemy", "types-python-dateutil", "pyarrow", "pyarrow-stubs", "pytz", "types-pytz",
    "optype[numpy]",
)  # fmt: skip
PHANTOM = [
    f"tests/{name}.yaml"
    for name in (
        "ext/test_phonenumbers", "test_datetime", "test_fn", "test_intersection", "test_interval",
        "test_iso3166", "test_negated", "test_re", "test_sized",
    )
]  # fmt: skip
TRIO = ["src/trio/_tests/type_tests", "src/trio/_core/_tests/type_tests"]
SUITES = {
    "attrs": Suite(
        "python-attrs/attrs",
        "c1dc5dcba16ed827aa6dcad896b41a3afedb4e32",
        "pytest-mypy-plugins",
        ("attrs==26.1.0", "pytest-mypy-plugins", "hypothesis"),
        with_mypy_plugins(["tests/test_mypy.yml"]),
        converted(["tests/test_mypy.yml"]),
    ),
    "returns": Suite(
        "dry-python/returns",
        "c96420bdf7fc3d2af382486374f05a5fb60c6215",
        "pytest-mypy-plugins",
        ("returns", "mypy<2.4", "pytest-mypy-plugins", "hypothesis"),
        with_mypy_plugins(["typesafety"], "--mypy-ini-file=setup.cfg"),
        converted(
            ["typesafety"],
            "--config=mypy=CLONE/setup.cfg",
            "--path=CLONE",
            "--path=CLONE/tests/test_examples/test_your_container",
        ),
    ),
    "phantom-types": Suite(
        "antonagestam/phantom-types",
        "458040665f700c49adc1c97aac6d51f4aa2a34b0",
        "pytest-mypy-plugins",
        ("phantom-types[all]", "mypy<1.19", "pytest-mypy-plugins", "types-python-dateutil"),
        with_mypy_plugins(PHANTOM, "--mypy-ini-file=mypy.ini"),
        converted(PHANTOM, "--config=mypy=CLONE/mypy.ini", "--python-version=3.10"),
    ),
    "trio": Suite(
        "python-trio/trio",
        "60d0c2f84854ec6ef74995663dcdce3296840485",
        "mypy and pyright",
        ("attrs", "sortedcontainers", "idna", "outcome", "sniffio"),
        with_checkers(TRIO, "pyproject.toml", "mypy", "pyright"),
        as_they_stand(TRIO, "pyproject.toml", "mypy", "pyright", version="3.10"),
    ),
    "pandas-stubs": Suite(
        "pandas-dev/pandas-stubs",
        PANDAS_COMMIT,
        "mypy and pyright",
        PANDAS,
        with_checkers(["tests"], "pyproject.toml", "mypy", "pyright"),
        as_they_stand(["tests"], "pyproject.toml", "mypy", "pyright"),
    ),
    "typing": Suite(
        "python/typing",
        "b41e5096bc9b1333355911614648616f7cfbf943",
        "its conformance runner, five checkers",
        ("tomlkit", "jinja2", "markdown"),
        run_conformance,
        verify_conformance,
    ),
}
ALONE = {
    "typeshed": Alone(
        "python/typeshed",
        "21dff5c0ca9a6cc18f70dac51b36e1f08e30be5d",
        (),
        "stdlib/@tests/test_cases",
        (
            "--config=mypy=mypy.ini",
            "--config=pyright=CLONE/pyrightconfig.testcases.json",
            "--python-version=3.13",
            "--python-version=3.14",
        ),
        # As its tests/regr_test.py starts it.
        "[mypy]\nstrict = true\ndisable_error_code = empty-body\ncustom_typeshed_dir = CLONE\n",
    ),
    # The commit that this release of ty was built from.
    "mdtest": Alone(
        "astral-sh/ruff",
        "f42a9e0b99237195cf293f7515b96139a07851e3",
        ("ty==0.0.74",),
        "crates/ty_python_semantic/resources/mdtest",
        ("--gating=ty",),
    ),
}


def prepare(name: str, suite: Suite | Alone, root: Path) -> Place:
    """Clone a suite and make the environment that it is checked in; what is there already is taken."""
    clone, environment, made = (root / name / part for part in ("clone", "environment", "made"))
    made.mkdir(parents=True, exist_ok=True)
    if not clone.exists():
        git = shutil.which("git") or "git"
        subprocess.run([git, "clone", "-q", HOME + suite.repository, str(clone)], check=True)
        subprocess.run([git, "-C", str(clone), "checkout", "-q", suite.commit], check=True)
    binaries = environment / "bin"
    if not environment.exists():
        venv.create(environment, with_pip=True)
        needs = [f"{ROOT}[checkers]", *suite.needs]
        subprocess.run([str(binaries / "pip"), "install", "-q", *needs], check=True)
    return Place(clone, binaries, Path(tempfile.mkdtemp(prefix="run-", dir=made)))


def compare(name: str, root: Path) -> tuple[str, list[str]]:
    """Return the row of a suite, and a line for each test that both do not agree on."""
    suite = SUITES[name]
    place = prepare(name, suite, root)
    theirs, ours = suite.theirs(place), suite.ours(place)
    tests = sorted(theirs.passed.keys() | ours.passed.keys())
    apart = [
        f"{name}: {test}: {word(theirs.passed.get(test))} today, {word(ours.passed.get(test))} with ours"
        for test in tests
        if theirs.passed.get(test) is not ours.passed.get(test)
    ]
    same = f"{len(tests) - len(apart)} of {len(tests)}"
    ratio = theirs.cpu / ours.cpu
    return f"| {name:13} | {suite.tool:37} | {same:>10} | {ratio:9.2f} |", apart


def tell(name: str, root: Path) -> tuple[list[str], str]:
    """Return a row for each checker over the tests that are checked together, and what was converted."""
    suite = ALONE[name]
    place = prepare(name, suite, root)
    _, folder, said = convert(place, suite.folder)
    if suite.mypy:
        (folder / "mypy.ini").write_text(suite.mypy.replace("CLONE", str(place.clone)), encoding="utf-8")
    options = [option.replace("CLONE", str(place.clone)) for option in suite.options]
    _, text = ask_us(place, folder, "cases", *options)
    runs = list(read_runs(place.made, text))
    rows = [
        count(name, [one for one in runs if one[1]["checker"] == checker])
        for checker in dict.fromkeys(run["checker"] for _, run in runs)
    ]
    return rows, f"{name}: {' '.join(re.findall(r'^(?:Wrote .*|No claim [^:]*)', said, re.MULTILINE))}"


def count(name: str, runs: Sequence[tuple[Table, Table]]) -> str:
    """Return the row of a checker's runs, each for another version of Python: what one misses is missed."""
    (report, run), *_ = runs
    outcomes: dict[tuple[str, int, str | None], set[str]] = {}
    for _, one in runs:
        for verdict in one["verdicts"]:
            place = (verdict["path"], verdict["line"], verdict["claim"])
            outcomes.setdefault(place, set()).add(verdict["outcome"])
    red = {path for (path, _, _), found in outcomes.items() if found - GOOD}
    claims = [found for (_, _, claim), found in outcomes.items() if claim is not None]
    met = sum(found <= GOOD for found in claims)
    unseen = sum("not looked at" in found for found in claims)
    tests = len(report["cases"])
    checker = f"{run['checker']} {run['version']}, {', '.join(one['python_version'] for _, one in runs)}"
    same = f"{tests - len(red):,} of {tests:,}"
    return f"| {name:13} | {checker:37} | {same:>14} | {f'{met:,} of {len(claims):,}':>16} | {unseen:11,} |"


def word(passed: bool | None) -> str:
    return "not there" if passed is None else "passed" if passed else "failed"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    known = [*SUITES, *ALONE]
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where clones and environments stay")
    given = parser.parse_args()
    if unknown := set(given.names) - set(known):
        parser.error(f"no suite {', '.join(sorted(unknown))}; known are {', '.join(known)}")
    names = given.names or known
    with tempfile.TemporaryDirectory(prefix="bgtasks-suites-") as folder:
        root = (given.keep or Path(folder)).resolve()
        apart: list[str] = []
        if beside := [name for name in names if name in SUITES]:
            print(f"| {'suite':13} | {'today':37} | {'same':>10} | CPU ratio |")
            print(f"|{'-' * 15}|{'-' * 39}|{'-' * 12}|-----------|")
        for name in beside:
            row, differing = compare(name, root)
            print(row, flush=True)
            apart += differing
        if beside:
            print("", *apart, sep="\n")
        converted: list[str] = []
        if alone := [name for name in names if name in ALONE]:
            print(f"| {'suite':13} | {'under':37} | {'as claimed':>14} | {'claims met':>16} | not reached |")
            print(f"|{'-' * 15}|{'-' * 39}|{'-' * 16}|{'-' * 18}|{'-' * 13}|")
        for name in alone:
            rows, said = tell(name, root)
            print(*rows, sep="\n", flush=True)
            converted.append(said)
        if alone:
            print("", *converted, sep="\n")
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
