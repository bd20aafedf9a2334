"""Every command and snippet of the pages is run by a test, or stands here with the reason why it is not."""

import ast
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from runpy import run_path
from types import SimpleNamespace
from typing import Any

import click
import pytest
from packaging.version import Version

from bgtasks.check.codes import ALL
from bgtasks.check.settings import load_check_settings
from bgtasks.cli import COMMANDS, app
from bgtasks.cli.completion import Pairs, Values
from bgtasks.documents import from_python, from_toml
from bgtasks.surroundings.pins import READERS as READERS_OF_PINS
from bgtasks.verify.settings import READERS as OTHERS
from bgtasks.verify.settings import load_settings
from pages import PAGES, Block, Command, blocks, commands, spans
from places import ROOT, TESTS

PYPROJECT: dict[str, Any] = from_toml((ROOT / "pyproject.toml").read_bytes())
PROJECT = PYPROJECT["project"]
yaml: Any = import_module("yaml")  # it has no types
HOOKS: list[dict[str, Any]] = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_bytes())
versions: Any = SimpleNamespace(**run_path(str(ROOT / "benchmarks" / "versions.py")))  # no test installs it
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_bytes())
SESSIONS = re.findall(
    r"^@nox\.session(.*)\ndef (\w+)", (ROOT / "noxfile.py").read_text(encoding="utf-8"), re.MULTILINE
)
IN_CI = {name for options, name in SESSIONS if '"ci"' in options}

# What else runs a command, as it stands or made smaller: a session of CI, or a test.
ELSEWHERE: Mapping[str, str] = {
    ".venv/bin/nox -t ci": "tests/test_readme.py::test_ci_runs_the_test_command",
    ".venv/bin/pip install -q -c constraints.txt 'nox[uv]'": (
        "tests/test_readme.py::test_ci_runs_the_test_command"
    ),
    '/tmp/bgtasks/bin/bgtasks check app --python "$(command -v python)"': (
        "tests/test_docs_run.py::test_ci_is_told"
    ),
    "bgtasks check notify.py": (
        "tests/test_readme.py::test_check_says_of_the_wrong_call_what_the_readme_shows"
    ),
    **{
        f"bgtasks check --select {code}": (
            "tests/test_docs_run.py::test_the_code_on_a_page_of_a_checkers_code_is_reported"
        )
        for code in ("BGT151", "BGT152", "BGT153", "BGT154", "BGT155", "BGT156")
    },
    "bgtasks fuzz --calls 1000 --seed 7": "noxfile.py::fuzz",
    "bgtasks vendor --verify": "tests/vendor/test_probe.py::test_all_six_prove_it_of_a_crlf_checkout",
    "bgtasks verify --update": "tests/cli/test_verify_options.py::test_open_claims_are_filled_in",
    "bgtasks verify typetests --checkers all --explain FILE:LINE": (
        "tests/cli/test_verify_options.py::test_a_claim_is_explained_checker_by_checker"
    ),
    "bgtasks verify docs": (
        "tests/verify/test_find.py::test_the_sections_of_a_document_are_cases_on_their_lines"
    ),
    "bgtasks verify typetests --oracle": "noxfile.py::oracle",
    'eval "$(_BGTASKS_COMPLETE=bash_source bgtasks)"': (
        "tests/cli/test_completion.py::test_a_shell_completes_at_a_terminal"
    ),
    'pip install "$(echo dist/typed_bgtasks-*.whl)[verify,fastapi]"': "noxfile.py::build",
    "pip install '.[verify,fastapi]'": "noxfile.py::build",
    "pip install ./stubs": "noxfile.py::verifytypes",
    "pip wheel --no-deps --wheel-dir dist .": "noxfile.py::build",
    "python -m benchmarks.figures": (
        "tests/test_figures.py::test_the_page_and_the_charts_are_what_the_data_makes"
    ),
    "python benchmarks/mistakes.py": "tests/test_readme.py::test_the_table_is_what_the_command_prints",
    "python benchmarks/upstream.py": "tests/test_upstream.py::test_the_tables_are_what_the_command_prints",
    "python3 -m venv .venv": "tests/test_readme.py::test_ci_runs_the_test_command",
}
MEASURES = "it measures, for minutes and more, on a machine with nothing else to do"
RELEASE = "it is for who releases: it asks the package index, and writes into the repository"
UNRELEASED = "there is no release yet; the session build installs the same from a wheel"
NOT_RUN: Mapping[str, str] = {
    "/tmp/bgtasks/bin/pip install -c tools/constraints.txt"
    ' "$(echo tools/typed_bgtasks-*.whl)[verify,fastapi]"': (
        "the session build installs the same wheel, with the same constraints"
    ),
    "python3 -m venv /tmp/bgtasks": "it needs no more than Python, and leaves something behind",
    ".venv/bin/pip install -q -c constraints.txt -e '.[checkers,fastapi]'"
    " --group test --group lint --group nox": "the sessions of CI install the same extras and groups",
    "bgtasks fuzz --calls 20000 --seed 1 --target bgtasks:BackgroundTasks --checkers"
    " mypy,mypy+plugin,pyright,basedpyright,pyrefly,ty,zuban": "it wrote the page that it stands on",
    "nox -s benchmarks": MEASURES,
    "nox -s benchmarks -- --quick": MEASURES,
    "nox -s benchmarks -- --write": MEASURES,
    "nox -s fuzz_long": "a workflow runs it weekly",
    "nox -s lock": RELEASE,
    "nox -s lock -- --upgrade": RELEASE,
    "nox -s upstream": "a workflow runs it daily",
    "nox -s versions": "a workflow runs it weekly",
    "nox --list": "noxfile.py is read by the tests of this file",
    "pip install 'typed-bgtasks[verify,fastapi]'": UNRELEASED,
    "pip install typed-bgtasks-stubs": UNRELEASED,
    "python benchmarks/add_task.py": MEASURES,
    "python benchmarks/suites.py": MEASURES,
    "python benchmarks/check.py": MEASURES,
    "python benchmarks/fuzz.py": MEASURES,
    "python benchmarks/gains.py": MEASURES,
    "python benchmarks/gains.py --write": MEASURES,
    "python benchmarks/mutants.py": MEASURES,
    "python benchmarks/mypy_plugin.py": MEASURES,
    "python benchmarks/stub_forms.py": "a workflow runs it weekly, by nox -s versions",
    "python benchmarks/versions.py": "a workflow runs it weekly, by nox -s versions",
    "python tests/recorded/apps/count.py": "it asks for the public apps that were counted",
    "python tests/recorded/fastapi/measure.py": "it installs fourteen releases of FastAPI",
    "python tests/recorded/record.py NAME VERSION": "it installs the release of a checker that it records",
    "uvx -c constraints.txt --from 'nox[uv]' nox -s types": "the same as the line for pip, for who has uv",
    "uvx -c constraints.txt --from 'nox[uv]' nox -t ci": "the same as the line for pip, for who has uv",
}
STRINGS = {
    node.value
    for node in ast.walk(from_python((TESTS / "test_docs_run.py").read_bytes()))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
}


def is_run(command: Command) -> bool:
    """Tell whether a command is run: in CI by its session, by the tests beside this, or as listed above."""
    if command.words[0].endswith("nox") and command.words[-1] in IN_CI and len(command.words) == len("ns."):
        return True
    return command.text in STRINGS or command.text in ELSEWHERE


def is_name(command: Command) -> bool:
    """Tell whether it is the name of one of our commands in the flow of the text, and no more."""
    words = command.words
    return command.text == "pytest --bgtasks" or (len(words) == len(["bgtasks", ""]) and words[1] in COMMANDS)


def test_every_command_is_run_or_has_a_reason_not_to_be() -> None:
    left = [str(each) for each in commands() if not (is_run(each) or is_name(each) or each.text in NOT_RUN)]

    assert left == []


def test_nothing_is_listed_that_stands_nowhere() -> None:
    there = {command.text for command in commands()}

    assert {*ELSEWHERE, *NOT_RUN} - there == set()
    assert {*NOT_RUN} & ({*ELSEWHERE} | STRINGS) == set()


@pytest.mark.parametrize("place", sorted(set(ELSEWHERE.values())))
def test_what_runs_a_command_elsewhere_is_there(place: str) -> None:
    file, name = place.split("::")
    functions = {
        node.name
        for node in ast.walk(from_python((ROOT / file).read_bytes()))
        if isinstance(node, ast.FunctionDef)
    }

    assert name in functions
    assert file != "noxfile.py" or name in IN_CI


def parse_ours(words: Sequence[str], *, whole: bool = True) -> None:
    """Parse what stands behind `bgtasks`, or raise; without `whole`, something may be missing."""
    context = click.Context(app)
    command = app.get_command(context, words[0])
    assert command is not None, words
    made = command.make_context(words[0], [*words[1:]], parent=context, resilient_parsing=not whole)
    for parameter in command.params:
        given: Any = made.params.get(parameter.name or "")
        kind = parameter.type
        values: list[str] = [*given] if isinstance(given, tuple) else [given] if given else []
        for value in values:
            if isinstance(kind, Pairs):
                assert f"{value.partition('=')[0]}=" in kind.known, value
            elif isinstance(kind, Values):
                for part in value.split(","):
                    assert part.startswith("dask://") or is_known(part, kind), value


def is_known(word: str, values: Values) -> bool:
    """Tell whether a word is a value, or for codes what values begin with."""
    return any(
        value.startswith(word) if "BGT100" in values.known else value == word for value in values.known
    )


@pytest.mark.parametrize("command", {each.text: each for each in commands()}.values(), ids=str)
def test_a_command_can_be_read(command: Command) -> None:
    program, *words = command.words
    if is_name(command):
        return
    match program.rpartition("/")[2]:
        case "bgtasks":
            parse_ours(words)
        case "nox":
            [*_, option, name] = ["", *words] if "--" not in words else ["", *words[: words.index("--")]]
            assert (option, name) in {("-t", "ci"), ("", "--list")} or name in {name for _, name in SESSIONS}
        case "python":
            path = f"{words[1].replace('.', '/')}.py" if words[0] == "-m" else words[0]
            assert (ROOT / path).is_file()
        case "pip" | "uvx" | "python3" | "eval":
            extras = {
                extra for found in re.findall(r"\[([\w,]+)\]", command.text) for extra in found.split(",")
            }
            assert extras <= {*PROJECT["optional-dependencies"], "uv"}
        case "pytest":
            assert words[0] == "--bgtasks"
            assert all((ROOT / word.partition("::")[0]).exists() for word in words[1:])
        case _:
            pytest.fail(f"{command.text}: nobody knows this program")


def test_only_these_pages_and_one_function_say_how_to_install() -> None:
    """So that the first release changes it there, as CONTRIBUTING.md says."""
    asked = re.compile(r"pip install[^`\n]*typed-bgtasks|typed-bgtasks\[|pip install '?\.[\[/]")
    pages = {page for page in PAGES if asked.search((ROOT / page).read_text(encoding="utf-8"))}
    code = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "bgtasks").rglob("*.py")
        if asked.search(path.read_text(encoding="utf-8"))
    }

    assert pages == {"README.md", "CONTRIBUTING.md", "docs/ci.md", "stubs/README.md"}
    assert code == {"bgtasks/errors.py"}


def test_the_page_of_versions_begins_with_those_that_are_supported() -> None:
    page = (ROOT / "docs" / "versions.md").read_text(encoding="utf-8")
    oldest = {axis: tried[0] for axis, tried in versions.AXES.items()}
    optional: Mapping[str, list[str]] = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *optional["checkers"], *optional["verify"], *optional["fastapi"]]
    bounds = dict(re.findall(r"^([a-z]+)(?:\[\w+\])?>=([\d.]+)$", "\n".join(asked), re.MULTILINE))

    assert page.startswith("\n".join([*versions.supported(), versions.BESIDES, versions.HEAD]))
    assert {axis: Version(bounds[axis]) for axis in oldest} == {
        axis: Version(version) for axis, version in oldest.items()
    }
    assert PROJECT["requires-python"] == f">={versions.TRIED[0]}"
    assert f"Programming Language :: Python :: {versions.TRIED[-1]}" in PROJECT["classifiers"]


# What is not ours: options of pytest, pip, Python and pip's files of requirements.
FOREIGN = {"-", "-W", "-c", "-r", "--continue-on-collection-errors", "--group", "--lf", "--runxfail"}
OF_BENCHMARKS = {"--counts", "--quick"}


@pytest.mark.parametrize(
    "span", {each.text: each for each in spans() if each.text[:1] == "-"}.values(), ids=str
)
def test_an_option_is_one(span: Command) -> None:
    words = shlex.split(span.text)
    if words[0] in FOREIGN | OF_BENCHMARKS or words[0] == "-k":
        return
    if words[0].startswith("--bgtasks"):
        assert f'"{words[0]}"' in (ROOT / "bgtasks" / "pytest_plugin.py").read_text(encoding="utf-8")
        return
    taken = [name for name in COMMANDS if takes(name, words)]
    assert taken, f"{span}: no command takes it"


def takes(name: str, words: Sequence[str]) -> bool:
    """Tell whether a command has these options and takes their values; the last may have none."""
    for given in (
        [*words],
        [*words, "x"],
        [*words, "x=y"],
        [*words, "BGT1"],
        [*words, "mypy"],
        [*words, "1"],
    ):
        try:
            parse_ours([name, *given], whole=False)
        except (click.UsageError, AssertionError):
            continue
        return True
    return False


# Where the blocks of a page are run or compared, by their language.
SNIPPETS: Mapping[tuple[str, str], str] = {
    ("ARCHITECTURE.md", ""): "tests/test_architecture.py",
    ("README.md", "console"): "tests/test_docs_run.py and tests/test_readme.py",
    ("README.md", "python"): "tests/test_docs_run.py and tests/test_readme.py",
    ("docs/check.md", "text"): "tests/test_docs_run.py",
    ("docs/check.md", "toml"): "test_settings_are_read, below",
    ("docs/ci.md", "yaml"): (
        "test_a_hook_is_ours, test_a_workflow_is_right, test_a_pipeline_is_right"
        " and test_a_step_fits_into_the_workflow, below"
    ),
    ("docs/editors.md", "json"): "tests/test_editors.py",
    ("docs/editors.md", "lua"): "tests/test_editors.py",
    ("docs/fuzz.md", "python"): "no test: nox -s fuzz_long writes them, and bgtasks fuzz has checked them",
    ("docs/mutants.md", "console"): "tests/test_docs_run.py",
    ("docs/mutants.md", "python"): "tests/test_docs_run.py",
    ("docs/mutants.md", "toml"): "test_an_equivalent_is_one_of_ours, below",
    ("docs/mypy-plugin.md", "python"): "tests/mypy_plugin/test_docs.py",
    ("docs/mypy-plugin.md", "toml"): "tests/test_docs_run.py",
    ("docs/pytest.md", "text"): "tests/test_docs_run.py",
    ("docs/pytest.md", "yaml"): "test_a_hook_is_ours, below",
    ("docs/type-tests.md", "python"): "tests/test_docs_run.py",
    ("docs/type-tests.md", "toml"): "test_settings_are_read, below",
    ("docs/upstream.md", "python"): "tests/test_upstream.py",
    ("docs/vendoring.md", "yaml"): "test_a_hook_is_ours, below",
    ("docs/verify.md", "python"): "tests/test_docs_run.py",
    ("docs/verify.md", "toml"): "test_settings_are_read, below",
    ("docs/warnings.md", "python"): "tests/test_warnings.py and tests/test_warnings_served.py",
    ("docs/warnings.md", "text"): "tests/test_docs_run.py",
    ("docs/warnings.md", "toml"): "tests/test_docs_run.py",
    ("typetests/README.md", "python"): "tests/test_docs_run.py",
    **{(f"docs/rules/{code}.md", "python"): "tests/test_docs_run.py" for code in ALL if code < "BGT2"},
    **{
        (f"docs/rules/{code}.md", "python"): "tests/check/rules/test_rules.py"
        for code in ALL
        if code[3] in "23"
    },
    ("docs/rules/BGT901.md", "python"): "tests/test_docs_run.py",
}


def test_every_snippet_is_run_or_compared() -> None:
    there = {(block.page, block.language) for block in blocks() if block.language != "sh"}
    there -= {("stubs/README.md", "console")}  # a command for pip

    assert there - SNIPPETS.keys() == set()
    assert SNIPPETS.keys() - there == {("docs/rules/BGT100.md", "python")}
    assert {page for page, _ in SNIPPETS} <= {*PAGES, "docs/rules/BGT100.md"}


@pytest.mark.parametrize("block", [each for each in blocks() if each.language == "python"], ids=str)
def test_python_can_be_read(block: Block) -> None:
    from_python(block.text)


@pytest.mark.parametrize("block", [each for each in blocks() if each.language == "toml"], ids=str)
def test_toml_can_be_read(block: Block) -> None:
    assert from_toml(block.text.encode())


@pytest.mark.parametrize(
    "block", [each for each in blocks() if "[tool.bgtasks" in each.text and each.language == "toml"], ids=str
)
def test_settings_are_read(block: Block, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key or a value that is wrong raises."""
    folder = make("app/main.py", "tests/typing/case.py", "pyproject.toml")
    (folder / "pyproject.toml").write_text(block.text)
    monkeypatch.chdir(folder)

    check, verify = load_check_settings(folder, OTHERS), load_settings(folder)

    tables: dict[str, Any] = from_toml(block.text.encode())["tool"]  # type: ignore[assignment]
    said = tables["bgtasks"].get("check") or tables["bgtasks"]
    read = check if "check" in tables["bgtasks"] else verify
    for key in said:
        assert getattr(read, key.replace("-", "_")) != getattr(
            type(read)(), key.replace("-", "_")
        ) or key in {
            "checkers",
            "gating",
        }


def test_an_equivalent_is_one_of_ours() -> None:
    [block] = [each for each in blocks("docs/mutants.md") if each.language == "toml"]

    assert block.text in (ROOT / "typetests" / "equivalents.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "block", [each for each in blocks() if each.language == "yaml" and "hooks:" in each.text], ids=str
)
def test_a_hook_is_ours(block: Block) -> None:
    [repo] = yaml.safe_load(block.text)["repos"]
    [hook] = repo["hooks"]
    [ours] = [each for each in HOOKS if each["id"] == hook["id"]]

    if repo["repo"] == "local":
        assert hook.pop("language") == "system"
        assert hook["entry"].rpartition("/")[2] == ours["entry"]
        assert {**ours, **hook, "entry": ours["entry"], "language": "python"} == {
            **ours,
            "args": hook["args"],
        }
        assert hook.keys() >= {"name", "files", "pass_filenames", "require_serial"}
    else:
        assert repo["repo"] == PROJECT["urls"]["Source"]
    parse_ours([*ours["entry"].split()[1:], *hook["args"]])


@pytest.mark.parametrize(
    ("path", "runs"),
    [
        *(
            (path, True)
            for path in ("app/main.py", "stubs/x.pyi", "requirements/dev.txt", "a/requirements-x.in")
        ),
        *((name, True) for name in ("constraints.txt", "requirements.txt", *READERS_OF_PINS)),
        *((f"services/a/{name}", True) for name in READERS_OF_PINS),
        *(
            (path, False)
            for path in ("README.md", "yarn.lock", "notes.txt", "app.pyc", "docs/my-pyproject.toml")
        ),
    ],
)
def test_the_hook_runs_where_what_it_reads_changes(path: str, runs: bool) -> None:
    [hook] = [each for each in HOOKS if each["id"] == "bgtasks-check"]

    assert (re.search(hook["files"], path) is not None) == runs


def test_a_pipeline_is_right() -> None:
    [block] = [each for each in blocks("docs/ci.md") if each.language == "yaml" and "script:" in each.text]
    [job] = yaml.safe_load(block.text).values()
    *install, check = job["script"]
    known = {command.text for command in commands("docs/ci.md")}

    assert set(install) - {"pip install -r requirements.txt"} <= known
    assert any(check.startswith(command) for command in known if "command -v" in command)
    parse_ours(shlex.split(check)[1:])
    assert f"junit={job['artifacts']['reports']['junit']}" in check
    assert job["variables"]["XDG_CACHE_HOME"].removeprefix("$CI_PROJECT_DIR/") in job["cache"]["paths"]


def test_a_step_fits_into_the_workflow() -> None:
    """The cache lies where checkers keep theirs, and in the session `lint` actionlint reads the whole."""
    [step] = [each.text for each in blocks("docs/ci.md") if "restore-keys" in each.text]
    [workflow] = [each.text for each in blocks("docs/ci.md") if "jobs:" in each.text]
    ours = workflow[workflow.index("      - uses: typed-bgtasks") :]
    whole = workflow.replace(ours, step + ours)
    actionlint = Path(sys.executable).with_name("actionlint")
    if actionlint.exists():
        subprocess.run([str(actionlint), "-"], input=whole, text=True, check=True)

    [*_, cache, _] = yaml.safe_load(whole)["jobs"]["check"]["steps"]
    assert cache["with"]["path"] == "~/.cache/bgtasks"
    assert cache["with"]["key"].startswith(cache["with"]["restore-keys"])


@pytest.mark.parametrize(
    "block", [each for each in blocks() if each.language == "yaml" and "jobs:" in each.text], ids=str
)
def test_a_workflow_is_right(block: Block) -> None:
    """In the session `lint` actionlint says so too."""
    actionlint = Path(sys.executable).with_name("actionlint")
    if actionlint.exists():
        subprocess.run([str(actionlint), "-"], input=block.text, text=True, check=True)
    workflow = yaml.safe_load(block.text)
    [ours] = [
        step
        for job in workflow["jobs"].values()
        for step in job["steps"]
        if "bgtasks" in step.get("uses", "")
    ]

    assert (
        ours["uses"]
        == f"{PROJECT['urls']['Source'].removeprefix('https://github.com/')}@v{PROJECT['version']}"
    )
    assert set(ours["with"]) <= set(ACTION["inputs"])


@pytest.mark.parametrize(
    "form", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=lambda path: path.stem
)
def test_what_a_form_asks_for_is_a_command(form: Path) -> None:
    loaded: dict[str, Any] = yaml.safe_load(form.read_bytes())
    asked = re.findall(r"`(bgtasks (?!\.\.\.)[^`]*)`", form.read_text(encoding="utf-8"))

    for command in asked:
        parse_ours(command.split()[1:])
    assert ("render: json" in form.read_text(encoding="utf-8")) == any("json=-" in each for each in asked)
    assert all(field["attributes"]["label"] for field in loaded.get("body", []))
