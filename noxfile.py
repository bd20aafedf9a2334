"""Everything that is run on this project, by hand and in CI. `nox --list` tells what there is."""

import json
import os
import re
import shutil
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from importlib.metadata import distributions
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nox
from packaging.requirements import Requirement
from python_discovery import get_interpreter

PYPROJECT = nox.project.load_toml("pyproject.toml")
PROJECT = PYPROJECT["project"]
PYTHONS = nox.project.python_versions(PYPROJECT)
CONSTRAINTS = Path("constraints.txt").resolve()
STRICT = ("-W", "error::RuntimeWarning", "-c")
REFINED = ("starlette.background", "fastapi.background")
# What the mypy plugin is held to, from its oldest on; the tests run it under the newest.
OLDER_MYPYS = ("1.8.0", "1.11.2", "1.15.0", "1.20.2")
# Between 0.106 and 0.118 dependencies with a `yield` end before the tasks run.
MIDDLE_FASTAPI = "0.110.3"
TESTS_OF_THE_CORE = [
    f"tests/test_{module}.py"
    for module in ("background", "import", "fastapi", "example", "warnings", "warnings_served")
]

# A shim of pyenv fails where its version is not activated; behind it on PATH stand the versions themselves.
PYENV = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
os.environ["PATH"] = os.pathsep.join([os.environ["PATH"], *map(str, sorted(PYENV.glob("versions/3.*/bin")))])
NEWEST = next((version for version in reversed(PYTHONS) if get_interpreter(version)), None)

# Pyright's launcher would ask the package index whether it is the newest.
os.environ["PYRIGHT_PYTHON_IGNORE_WARNINGS"] = "1"

nox.options.sessions = ["types"]
nox.options.default_venv_backend = "uv"
nox.options.download_python = "never"
# The tests skip a Python that this machine lacks, and say so; to lack them all is an error.
nox.options.error_on_missing_interpreters = NEWEST is None


def install(session: nox.Session, *packages: str) -> None:
    session.install("-c", str(CONSTRAINTS), "-b", str(CONSTRAINTS), *packages)


def group(name: str) -> tuple[str, ...]:
    return nox.project.dependency_groups(PYPROJECT, name)


def output_of(session: nox.Session, *command: str, codes: Sequence[int] = (0,), **env: str) -> str:
    return str(session.run(*command, env=env, success_codes=codes, silent=True, external=True))


def verify(session: nox.Session, *options: str) -> None:
    install(session, ".[verify,fastapi]")
    session.run("bgtasks", "verify", "typetests", *options, *session.posargs)


@nox.session(tags=["ci"])
def types(session: nox.Session) -> None:
    """Verify the type tests with mypy, without the plugin and with it, and Pyright."""
    verify(session)


@nox.session
def mypy(session: nox.Session) -> None:
    """Verify the type tests with mypy only, without the plugin and with it."""
    verify(session, "--checkers", "mypy,mypy+plugin")


@nox.session
def pyright(session: nox.Session) -> None:
    """Verify the type tests with Pyright only."""
    verify(session, "--checkers", "pyright")


@nox.session(tags=["ci"])
def oracle(session: nox.Session) -> None:
    """Execute the type tests, and let Python itself say of each claim whether it is right."""
    install(session, ".[verify,fastapi,oracle]")
    session.run("bgtasks", "verify", "typetests", "--oracle", *session.posargs)


@nox.session(tags=["ci"])
def fuzz(session: nox.Session) -> None:
    """Compare what checkers make of 1,000 generated calls with what is right, and with the direct calls."""
    install(session, ".[verify,fastapi]")
    session.run("bgtasks", "fuzz", "--calls", "1000", *session.posargs)


# Weekly, and before a release: with a seed of its own each time, `nox -s fuzz_long -- --seed 7`.
@nox.session
def fuzz_long(session: nox.Session) -> None:
    """Compare what all checkers make of 20,000 generated calls, and write the table in docs/fuzz.md."""
    install(session, ".[checkers,fastapi]")
    command = ("bgtasks", "fuzz", "--calls", "20000", "--checkers", "all", "--timeout", "3600")
    session.run(*command, "--output", "markdown=docs/fuzz.md", *session.posargs)


@nox.session(tags=["ci"])
def matrix(session: nox.Session) -> None:
    """Verify the type tests with all six checkers; at their pins all gate, so a gap that closes is seen."""
    install(session, ".[checkers,fastapi]")
    session.run("bgtasks", "verify", "typetests", "--checkers", "all", "--gating", "all", *session.posargs)


def oldest_supported() -> list[str]:
    requirements = map(Requirement, [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["fastapi"]])
    return [
        f"{requirement.name}=={bound.version}"
        for requirement in requirements
        if requirement.name in {"starlette", "fastapi"}
        for bound in requirement.specifier
        if bound.operator == ">="
    ]


@nox.session(python=PYTHONS, tags=["ci"])
def tests(session: nox.Session) -> None:
    """Run the tests on each Python, and at both ends those of the core with old frameworks too."""
    install(session, ".[checkers,fastapi,oracle]", *group("test"))
    # A checker is told which Python to assume, so one Python to run the checkers is enough.
    selection = () if session.python == NEWEST else ("-m", "not checker and not browser")
    # Most tests wait for a checker that keeps one core busy.
    session.run("pytest", "-n", "auto", "--dist", "worksteal", *selection, *session.posargs)
    if session.posargs:
        session.log("Not run with the oldest Starlette and FastAPI, since there are arguments.")
        return
    # What an old Starlette does, it does on every Python that both ends of the range agree on.
    if session.python in {PYTHONS[0], NEWEST}:
        session.install(*oldest_supported())
        session.run("pytest", "-n", "auto", *TESTS_OF_THE_CORE)


# The newest is served by the tests themselves.
@nox.session(python=NEWEST)
@nox.parametrize("fastapi", [oldest_supported()[-1], f"fastapi=={MIDDLE_FASTAPI}"])
def served(session: nox.Session, fastapi: str) -> None:
    """Serve the app that breaks each rule with two older versions of FastAPI: what is marked fails there."""
    install(session, ".[verify,fastapi]", *group("test"))
    session.install(fastapi)
    # An old Starlette leaves streams open where a task fails.
    options = ("-p", "no:unraisableexception", "-m", "not checker")
    session.run("pytest", "tests/check/test_apps.py", "-k", "marked or served or refused", *options)


@nox.session(python="3.12", tags=["ci"])
def plugin(session: nox.Session) -> None:
    """See that the mypy plugin says the same under older versions of mypy."""
    install(session, ".[verify]", *group("test"))
    folder = Path(session.create_tmp()).resolve()
    pythons = [folder / version / "bin" / "python" for version in OLDER_MYPYS]
    for version, python in zip(OLDER_MYPYS, pythons, strict=True):
        session.run("uv", "venv", "--quiet", "--clear", str(python.parents[1]))
        session.run("uv", "pip", "install", "--quiet", f"--python={python}", f"mypy=={version}")
    mypys = os.pathsep.join(map(str, pythons))
    session.run("pytest", "-n2", "tests/mypy_plugin/test_versions.py", *session.posargs, env={"MYPYS": mypys})


def oldest_checkers() -> list[str]:
    """Return the oldest checkers that the stubs are for: two are older than what `bgtasks verify` can ask."""
    versions = {"mypy": "1.6.0", "pyright": "1.1.335"}
    for requirement in map(Requirement, PROJECT["optional-dependencies"]["checkers"]):
        for bound in requirement.specifier:
            versions[requirement.name] = bound.version
    return [f"{name}=={version}" for name, version in versions.items()]


# The newest Python that the oldest mypy has a compiled wheel for; any other takes thrice as long.
@nox.session(python="3.12", tags=["ci"])
def vendoring(session: nox.Session) -> None:
    """Vendor the stubs into projects that use the oldest checkers."""
    install(session, ".[checkers,fastapi]", *group("test"))
    session.install(*oldest_checkers())
    only = "loses_nothing or all_six or another_folder"  # the rest says nothing of a checker's age
    session.run("pytest", "-n2", "tests/vendor/test_probe.py", "-k", only, *session.posargs)


@nox.session(tags=["ci"])
def stubtest(session: nox.Session) -> None:
    """Compare the stubs with what Starlette and FastAPI are at run time."""
    install(session, ".[verify,fastapi]")
    # In MYPYPATH mypy does not look for "*-stubs", and stubtest would compare upstream with itself.
    session.run("stubtest", *REFINED, env={"PYTHONPATH": "stubs"})

    wrong = Path(session.create_tmp(), "stubs")
    shutil.copytree("stubs", wrong, dirs_exist_ok=True)
    for stub in wrong.glob("*/background.pyi"):
        stub.write_text(stub.read_text(encoding="utf-8").replace(" func: ", " function: "), encoding="utf-8")
    session.log("Now with wrong stubs, which it must report:")
    report = output_of(session, "stubtest", *REFINED, codes=[1], PYTHONPATH=str(wrong))
    for module in REFINED:
        if f"error: {module}.BackgroundTasks.add_task" not in report:
            session.error(f"stubtest does not see the stubs of {module}.")


def public_types(session: nox.Session, module: str, *options: str) -> dict[str, bool]:
    """Tell of each public name in an installed module whether Pyright knows its type."""
    with session.chdir(session.create_tmp()):  # away from the checkout
        output = output_of(
            session, "pyright", "--outputjson", "--verifytypes", module, *options, codes=[0, 1]
        )
    exported = [
        symbol for symbol in json.loads(output)["typeCompleteness"]["symbols"] if symbol["isExported"]
    ]
    if not exported:
        session.error(f"Pyright finds nothing in {module}.")
    for symbol in exported:
        if not symbol["isTypeKnown"]:
            session.log(f"{symbol['name']}: {' '.join(found['message'] for found in symbol['diagnostics'])}")
    known = {symbol["name"]: bool(symbol["isTypeKnown"]) for symbol in exported}
    session.log(f"{module}: {sum(known.values()) / len(known):.1%}")
    return known


@nox.session(tags=["ci"])
def verifytypes(session: nox.Session) -> None:
    """See that Pyright knows every public type of the package, and with the stubs those of upstream."""
    install(session, ".[verify,fastapi]", *group("test"))
    known = public_types(session, "bgtasks", "--ignoreexternal")
    session.log("Starlette and FastAPI without the stubs:")
    upstream = [name for module in REFINED for name in public_types(session, module)]
    install(session, "./stubs")
    for module in REFINED:
        known |= public_types(session, module)
    if lost := set(upstream) - set(known):
        session.error(f"The stubs lack {lost}.")
    if not all(known.values()):
        session.error("Not every public type is known.")


@nox.session(tags=["ci"])
def lint(session: nox.Session) -> None:
    """Check the style, the types and the imports of this project's own code, and its workflows."""
    install(session, ".[verify,fastapi,oracle]", *group("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("pyright")
    session.run("lint-imports")
    session.run("actionlint")
    session.run("zizmor", "--offline", "--quiet", ".")
    session.run("pytest", "-q", "tests/test_docs.py", "-k", "workflow")


@nox.session(tags=["ci"])
def docs(session: nox.Session) -> None:
    """
    Build the site into site/, and look at it in a browser.

    `-- --serve` shows it, and what changes in it, on localhost. `-- --external` follows the links out of it.
    """
    install(session, ".[verify,fastapi]", *group("docs"), *group("test"))
    # It tells that MkDocs 2 will be another program.
    env = {"NO_MKDOCS_2_WARNING": "1"}
    if "--serve" in session.posargs:
        session.run("mkdocs", "serve", "--livereload", env=env)
    else:
        session.run("mkdocs", "build", "--strict", env=env)
        external = {"EXTERNAL": "1"} if "--external" in session.posargs else {}
        session.run("pytest", "-s", "tests/test_site.py", env={"SITE": "site", **external})


def inspect(session: nox.Session, wheel: Path, project: dict[str, Any], files: set[str]) -> None:
    [distribution] = distributions(path=[str(wheel)])
    wanted = {
        "Name": project["name"],
        "Version": project["version"],
        "License-Expression": project["license"],
        "Requires-Python": project["requires-python"],
    }
    stated = {key: distribution.metadata[key] for key in wanted}
    if stated != wanted:
        session.error(f"{wheel.name} states {stated}, not {wanted}.")
    described = distribution.metadata["Description"]
    if relative := re.findall(r"\]\((?!https:)[^)]*\)", described):
        session.error(f"{wheel.name} has links that lead nowhere on a package index: {relative}.")
    packed = {file.as_posix() for file in distribution.files or () if ".dist-info" not in file.parts[0]}
    if packed != files:
        session.error(f"{wheel.name} lacks {files - packed} and should not hold {packed - files}.")


@contextmanager
def installed(session: nox.Session, *requirements: str) -> Generator[Path, None, None]:
    """Install into a new environment away from the checkout, and stay there for the length of the block."""
    with TemporaryDirectory() as folder, session.chdir(folder):
        session.run("uv", "venv", "--quiet", "--seed", "environment")
        pinned = ("--quiet", "--python=environment", f"--constraints={CONSTRAINTS}")
        if requirements:
            session.run("uv", "pip", "install", *pinned, *requirements)
        yield Path(folder, "environment", "bin")


def vendor(session: nox.Session, commands: Path, *command: str) -> None:
    """Vendor into a project, and see that the project's mypy reads the stubs."""
    project = Path("project")
    project.mkdir()
    with session.chdir(project):
        Path("pyproject.toml").write_text("", encoding="utf-8")
        python = str(commands.resolve() / "python")
        arguments = ("--python", python, "--for", "mypy", "--write-config", "--verify")
        if ": reads the stubs " not in output_of(session, *command, "vendor", *arguments):
            session.error("mypy did not prove it.")
    shutil.rmtree(project)


def judge_calls(session: nox.Session, commands: Path, *modules: str) -> None:
    """See that both checkers go by our signature, accept the right calls, and reject the wrong ones."""
    for name, arguments in {"right.py": '"a", times=1', "wrong.py": '"a", times="b"'}.items():
        lines = ["def send(to: str, times: int) -> None: ..."]
        for module in modules:
            lines += [
                f"import {module}",
                f"reveal_type({module}.BackgroundTasks.add_task)",
                f"{module}.BackgroundTasks().add_task(send, {arguments})",
            ]
        Path(name).write_text("\n".join(lines), encoding="utf-8")
    for checker, python in {"mypy": "--python-executable", "pyright": "--pythonpath"}.items():
        command = (str(commands / checker), python, str(commands / "python"))
        if output_of(session, *command, "right.py").count("-> object") != len(modules):
            session.error(f"{checker} does not go by our signature of {' and '.join(modules)}.")
        if f"{len(modules)} error" not in output_of(session, *command, "wrong.py", codes=[1]):
            session.error(f"{checker} reports more or less than the wrong call of {' and '.join(modules)}.")


def follow_the_readme(session: nox.Session, commands: Path, checkout: Path) -> None:
    """Run the lines of the README that install from a checkout, in a copy of it, and see the command."""
    lines = re.findall(
        r"^```sh\n((?:pip .*\n)+)```", (checkout / "README.md").read_text("utf-8"), re.MULTILINE
    )
    hidden = shutil.ignore_patterns(".*", "__pycache__", "dist", "site")
    copy = shutil.copytree(checkout, "checkout", ignore=hidden)
    path = os.pathsep.join([str(commands), os.environ["PATH"]])
    env = {"PATH": path, "PIP_CONSTRAINT": str(CONSTRAINTS), "PIP_QUIET": "1"}
    for block in lines:
        with session.chdir(copy):
            session.run("bash", "-ec", block, env=env, external=True)
        output_of(session, str(commands / "bgtasks"), "--version")
        session.run(str(commands / "python"), "-m", "pip", "uninstall", "--quiet", "-y", PROJECT["name"])
    if len(lines) != len(["from the checkout", "from a wheel"]):
        session.error(f"The README installs from a checkout by {lines}.")


def meet_another(session: nox.Session, commands: Path) -> None:
    """Install a distribution that has a package `bgtasks` too, and see that its user is told."""
    source = Path("another")
    source.mkdir()
    Path(source, "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "bgtasks"\nversion = "1.0"\n',
        encoding="utf-8",
    )
    Path(source, "bgtasks").mkdir()
    Path(source, "bgtasks", "__init__.py").touch()
    session.run("python", "-m", "build", "--no-isolation", "--wheel", str(source), silent=True)
    session.run(
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python=environment",
        "--no-deps",
        *map(str, source.glob("dist/*")),
    )
    output_of(session, str(commands / "python"), *STRICT, "import bgtasks.fastapi", codes=[1])
    told = output_of(session, str(commands / "bgtasks"), "doctor", "--checkers", "mypy", codes=[2])
    if "typed-bgtasks and bgtasks-1.0 overwrite each other's files" not in told:
        session.error(f"The doctor does not tell of another package called bgtasks: {told}")


@nox.session(tags=["ci"])
def build(session: nox.Session) -> None:
    """Build both distributions, and use each wheel as who has installed it would; `-- DIR` keeps them."""
    install(session, *group("build"))
    stub_files = {path.relative_to("stubs").as_posix() for path in Path("stubs").glob("*-stubs/*")}
    files = {path.as_posix() for path in Path("bgtasks").rglob("*.*") if path.suffix != ".pyc"}
    with TemporaryDirectory() as dist:
        for source in (".", "stubs"):
            # The wheel is built from the sdist, so that has to be whole as well.
            session.run("python", "-m", "build", "--no-isolation", "--outdir", dist, source, silent=True)
        session.run("twine", "check", "--strict", *map(str, Path(dist).iterdir()))
        [package] = Path(dist).glob("typed_bgtasks-*.whl")
        [stubs] = Path(dist).glob("typed_bgtasks_stubs-*.whl")
        stubbed = {f"bgtasks/_stubs/{file}" for file in stub_files}
        pages = {f"bgtasks/_rules/{page.name}" for page in Path("docs/rules").iterdir()}
        inspect(session, package, PROJECT, files | stubbed | pages)
        inspect(session, stubs, nox.project.load_toml("stubs/pyproject.toml")["project"], stub_files)

        with installed(session, str(package)) as commands:
            output_of(session, str(commands / "python"), *STRICT, "from bgtasks import BackgroundTasks")
        with installed(session, f"{package}[verify,fastapi]") as commands:
            output_of(session, str(commands / "bgtasks"), "--help")
            judge_calls(session, commands, "bgtasks")
            vendor(session, commands, str(commands.resolve() / "bgtasks"))
            session.run("uv", "pip", "uninstall", "--quiet", "--python=environment", PROJECT["name"])
            zipped = (
                f"import sys; sys.path.insert(0, {str(package)!r}); from bgtasks.__main__ import main; main()"
            )
            vendor(session, commands, str(commands.resolve() / "python"), "-c", zipped)
        with installed(session, str(stubs), "fastapi", "mypy", "pyright[nodejs]") as commands:
            judge_calls(session, commands, *REFINED)
        checkout = Path.cwd()
        with installed(session) as commands:
            follow_the_readme(session, commands, checkout)
            session.run("uv", "pip", "install", "--quiet", "--python=environment", str(package))
            meet_another(session, commands)
        for kept in session.posargs:
            shutil.copytree(dist, kept, dirs_exist_ok=True)


def mutate(session: nox.Session, *modules: str, target: str = "bgtasks:BackgroundTasks") -> None:
    """Have every mutant of some modules killed under each checker that gates without a plugin."""
    cases = ("--cases", "typetests", "--cases", "stubs/typetests") if "stubs" in modules[0] else ()
    session.run(
        *("bgtasks", "mutate", *modules, *cases, "--target", target, "--checkers", "mypy,pyright"),
        *session.posargs,
    )


@nox.session(tags=["ci"])
def core_mutants(session: nox.Session) -> None:
    """See that the type tests kill each mutant of our class and of the dependency for FastAPI."""
    install(session, ".[verify,fastapi]")
    mutate(session, "bgtasks/background.py", "bgtasks/fastapi.py")


@nox.session
def mutants(session: nox.Session) -> None:
    """See that the type tests kill each mutant of our class, and of the stubs; it takes some minutes."""
    core_mutants(session)
    mutate(
        session,
        *("stubs/starlette-stubs", "stubs/fastapi-stubs/__init__.pyi"),
        target="starlette.background:BackgroundTasks",
    )
    mutate(session, "stubs/fastapi-stubs/background.pyi", target="fastapi.background:BackgroundTasks")


@nox.session
def versions(session: nox.Session) -> None:
    """Run the type tests under old and new versions of all that they depend on; writes docs/versions.md."""
    install(session, ".[checkers,fastapi]")
    session.run("python", "benchmarks/versions.py", *session.posargs)
    if not session.posargs:
        forms = output_of(session, "python", "benchmarks/stub_forms.py")
        with Path("docs/versions.md").open("a", encoding="utf-8") as page:
            page.write(forms)


@nox.session
def upstream(session: nox.Session) -> None:
    """See that the stubs fit the newest Starlette and FastAPI; a workflow does so daily."""
    install(session, ".[verify,fastapi]", *group("test"))
    session.install("--upgrade", "starlette", "fastapi")
    session.run("pytest", "tests/test_stubs.py", *session.posargs)
    session.run("stubtest", *REFINED, env={"PYTHONPATH": "stubs"})


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure what a run costs, on a machine with nothing else to do; `-- --write` writes docs/speed.md."""
    install(session, ".[checkers,fastapi]", *group("benchmarks"))
    if "--write" in session.posargs:
        session.run("python", "benchmarks/gains.py", "--write")
    session.run("python", "benchmarks/verify.py", *session.posargs)


@nox.session
def lock(session: nox.Session) -> None:
    """Pin anew what the sessions install; `-- --upgrade` moves every pin."""
    session.run(
        *("uv", "pip", "compile", "pyproject.toml", "--all-extras"),
        *(f"--group={name}" for name in PYPROJECT["dependency-groups"]),
        *("--universal", f"--python-version={PYTHONS[0]}", "--no-annotate", "--no-header"),
        *(f"--output-file={CONSTRAINTS}", "--quiet", *session.posargs),
    )
