"""The commands of the pages are run as they stand, and say what the pages show."""

import json
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bgtasks.check.codes import ALL
from environments import INSTALLED, make_environment
from pages import blocks
from places import ROOT

pytestmark = [pytest.mark.live, pytest.mark.checker]

BIN = Path(sys.executable).parent
Make = Callable[[Mapping[str, str]], Path]
NEEDED = {"PYTHONPATH": os.pathsep.join(INSTALLED), "COLUMNS": "100"}

# What the pages leave out of their claims.
CLAIMS = """\
from collections.abc import Callable, Iterator
from functools import partial
from typing import ParamSpec

from bgtasks import BackgroundTasks

P = ParamSpec("P")


def send(to: str, body: str) -> None: ...
def rows(count: int) -> Iterator[int]:
    yield count


class Registered(type):
    def __call__(cls, name: str) -> object:
        return type.__call__(cls)


class Plugin(metaclass=Registered): ...


tasks = BackgroundTasks()
"""


def run(command: str, folder: Path, *more: str, code: int = 0) -> str:
    """Run a command of a page, with what only a test needs behind it; return what it prints."""
    program, *arguments = shlex.split(command)
    variables = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "CI"}}
    done = subprocess.run(
        [str(BIN / program), *arguments, *more],
        cwd=folder,
        env=variables | NEEDED,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def snippets(page: str, language: str) -> list[str]:
    return [block.text for block in blocks(page) if block.language == language]


def assert_shown(text: str, output: str) -> None:
    """Compare what a page shows with what was printed; three dots on a page stand for what it leaves out."""
    shown = re.sub(r"^\$ .*\n", "", text).replace("on 3.13", f"on {python_version()}")
    shown = shown.replace("Python 3.13", f"Python {python_version()}").strip()
    pattern = ".*".join(re.escape(part) for part in shown.split("...\n"))
    assert re.search(pattern, output, re.DOTALL), output


def python_version() -> str:
    return "{}.{}".format(*sys.version_info)


@pytest.fixture
def write(tmp_path: Path) -> Make:
    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return tmp_path

    return write


def app_of_the_readme() -> str:
    wrong, app, *_ = snippets("README.md", "python")
    return app.replace("tasks.add_task(notify, email, order, gift=True)\n", wrong)


REMIND = """

@app.post("/orders/{order}/remind")
async def remind(order: int, email: str) -> dict[str, int]:
    tasks = BackgroundTasks()
    tasks.add_task(notify, email, order)
    return {"reminded": order}
"""
DOUBTS = """\
from fastapi import FastAPI

from bgtasks.fastapi import BackgroundTasksDep

app = FastAPI()
users: dict[str, int] = {}


def send(user: int) -> None: ...


@app.post("/welcome")
async def welcome(name: str, tasks: BackgroundTasksDep) -> None:
    tasks.add_task(send, users.get(name))


@app.post("/goodbye")
async def goodbye(name: str, known: bool, tasks: BackgroundTasksDep) -> None:
    if known:
        user = users[name]
    if known:
        tasks.add_task(send, user)
"""
LOCK = 'version = 1\n\n[[package]]\nname = "fastapi"\nversion = "0.112.0"\n'


def test_an_app_is_checked(write: Make) -> None:
    # On the same line, so that its calls stand where they do in the README.
    app = app_of_the_readme().replace("FastAPI\n", "FastAPI; from bgtasks import BackgroundTasks\n", 1)
    folder = write(
        {"app/orders.py": app + REMIND, "app/users.py": DOUBTS, "uv.lock": LOCK, "pyproject.toml": ""}
    )
    make_environment(folder / ".venv", *INSTALLED)

    output = run("bgtasks check", folder, code=1)

    for text in snippets("docs/check.md", "text"):
        assert_shown(text, output)


def test_ci_is_told(write: Make) -> None:
    folder = write({"app/orders.py": app_of_the_readme() + REMIND.replace("Tasks()", "TasksDep()")})
    rules_alone = ("--select", "BGT2", "--python", sys.executable)

    run("bgtasks check app", folder, *rules_alone)
    run("bgtasks check app --output junit=check.xml", folder, *rules_alone)
    installed = '/tmp/bgtasks/bin/bgtasks check app --python "$(command -v python)"'
    assert installed in snippets("docs/ci.md", "sh")[1]
    run(
        installed.replace("/tmp/bgtasks/bin/", "").replace("$(command -v python)", sys.executable),
        folder,
        *rules_alone,
    )
    run("bgtasks check app --output github=- --output sarif=check.sarif", folder, *rules_alone)

    assert "testsuite" in (folder / "check.xml").read_text()
    assert json.loads((folder / "check.sarif").read_text())["runs"]


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("bgtasks rule", "BGT204  dropped-by-response"),
        ("bgtasks rule BGT201", "# BGT201: never-attached"),
        ("bgtasks rule BGT204", "# BGT204: dropped-by-response"),
        ("bgtasks check --select BGT209", "No problems: "),
    ],
)
def test_a_command_that_asks_no_checker(command: str, said: str, write: Make) -> None:
    assert said in run(command, write({"app.py": app_of_the_readme()}))


def test_stubs_are_vendored(write: Make) -> None:
    folder = write({"pyproject.toml": "[tool.mypy]\n"})
    make_environment(folder / ".venv", *INSTALLED)

    assert "reads the stubs" in run("bgtasks vendor --write-config --verify", folder, "--for", "mypy")
    before = sorted(folder.joinpath("typings").rglob("*"))
    run("bgtasks vendor", folder)
    run("bgtasks vendor --write-config", folder)
    run("bgtasks vendor --check", folder)
    assert sorted(folder.joinpath("typings").rglob("*")) == before
    assert "mypy_path" in (folder / "pyproject.toml").read_text()
    run("bgtasks vendor --remove", folder)
    assert not (folder / "typings").exists()


def library() -> dict[str, str]:
    _, _, _, wrong, claims = snippets("README.md", "python")
    return {"my_library.py": wrong, "typetests/pool.py": claims, "my_typetests/pool.py": claims}


def test_a_library_is_verified(write: Make) -> None:
    folder = write(library())
    [*_, console] = snippets("README.md", "console")

    assert_shown(console, run("bgtasks verify typetests", folder, code=1))

    [right] = snippets("docs/mutants.md", "python")
    write({"my_library.py": right})
    run("bgtasks verify my_typetests --target my_library:Pool", folder, "--checkers", "mypy")


def test_mutants_of_a_library(write: Make) -> None:
    [right] = snippets("docs/mutants.md", "python")
    folder = write(library() | {"my_library.py": right})
    [console] = snippets("docs/mutants.md", "console")

    output = run(
        "bgtasks mutate my_library.py --cases typetests --target my_library:Pool --checkers mypy",
        folder,
        code=1,
    )
    assert_shown(console, output)

    write(
        {
            "stubs/my_library-stubs/__init__.pyi": right,
            "pyproject.toml": textwrap.dedent("""\
                [tool.bgtasks]
                cases = ["typetests"]
                stubs = "stubs"
                target = "my_library:Pool"
                """),
        }
    )
    assert "survived under zuban" in run(
        "bgtasks mutate stubs/my_library-stubs", folder, "--checkers", "zuban", code=1
    )


def test_the_claims_of_the_pages_are_met(write: Make) -> None:
    """All of them are of the right kind, and each gap is one."""
    [ten] = snippets("docs/verify.md", "python")
    grammar, several = snippets("typetests/README.md", "python")
    call, override = several.split("\n\n\n")
    subclass = f"\n\nclass Later(BackgroundTasks):\n{textwrap.indent(override, '    ')}"
    numbered = CLAIMS.replace("body: str", "times: int = 1")
    folder = write(
        {
            "typetests/ten.py": numbered + ten,
            "typetests/grammar.py": CLAIMS + grammar,
            "typetests/several.py": CLAIMS + call + subclass,
        }
    )

    run(
        "bgtasks verify typetests --checkers all --gating mypy,pyright"
        " --output junit=typetests.xml --output html=typetests.html",
        folder,
        "--gating=mypy+plugin",
    )


def test_another_class_is_put_to_the_claims(write: Make) -> None:
    folder = write({"typetests/case.py": f"{CLAIMS}tasks.add_task(send, 'ada', 'hello')  # OK\n"})

    output = run("bgtasks verify typetests --target fastapi:BackgroundTasks", folder, "--checkers", "zuban")

    assert "for fastapi:BackgroundTasks" in output


SUITE = """\
- case: right
  main: |
    import json
    json.dumps()  # E: Missing positional argument "obj" in call to "dumps"  [call-arg]
"""


def test_anybodys_type_tests(write: Make) -> None:
    [page] = snippets("docs/type-tests.md", "python")
    folder = write({"tests/typing/case.py": page, "tests/typecheck/json.yml": SUITE})

    run("bgtasks verify tests/typing --checkers mypy,pyright,ty,pyrefly,zuban --gating mypy,pyright", folder)
    run("bgtasks convert tests/typecheck --to converted", folder)
    run("bgtasks verify", folder / "converted", "--checkers=mypy")


def test_generated_calls_are_a_type_test(write: Make) -> None:
    folder = write({})

    run("bgtasks fuzz --calls 40 --seed 7 --output case=case.py --checkers zuban", folder)
    run("bgtasks verify FILE".replace("FILE", "case.py"), folder, "--checkers=zuban", "--gating=zuban")


def test_the_items_of_pytest_are_called_so(write: Make) -> None:
    options = ("--collect-only", "-q", "-p", "no:cacheprovider", "-o", "addopts=")
    versions = ("--bgtasks-python-version", "3.12", "--bgtasks-python-version", "3.13")
    [shown] = snippets("docs/pytest.md", "text")

    ids = run("pytest --bgtasks typetests", ROOT, *options).split()
    ids += run("pytest --bgtasks typetests/partials.py::31", ROOT, *options, *versions).split()
    folder = write({"pyproject.toml": '[tool.bgtasks.suites.loose]\ncases = ["typetests"]\n'})
    (folder / "typetests").symlink_to(ROOT / "typetests")
    ids += run("pytest --bgtasks typetests/partials.py::31", folder, *options).split()

    assert {line.split()[0] for line in shown.splitlines()} <= set(ids)


# What the pages of the codes leave out.
HEAD = """\
from typing import Any, overload

from fastapi import BackgroundTasks, FastAPI, Response
from pydantic import BaseModel, Field
from sqlalchemy import Base, Column, Integer

app = FastAPI()
"""
LEFT_OUT: Mapping[str, str] = {
    "BGT101": "def send(event: object) -> None: ...",
    "BGT107": "def send_report(kind: str, to: str) -> None: ...",
    "BGT151": (
        "session: Any = 1\ndef convert(id: int) -> None: ...\n"
        "class Row(BaseModel):\n    id: int | None = None"
    ),
    "BGT152": "def find_user() -> str: ...\ndef notify(user: str) -> None: ...",
    "BGT153": "def convert(id: int) -> None: ...",
    "BGT154": "def send(event: object) -> None: ...",
    "BGT155": "import client\ndef save(content: str) -> None: ...",
    "BGT901": "def notify(name: str) -> None: ...\ntasks = BackgroundTasks()",
}
OTHERS: Mapping[str, str] = {
    "client.py": "async def ask():\n    return {}\n",
    "sqlalchemy.py": """\
from typing import Generic, TypeVar

T = TypeVar("T")


class Integer: ...


class Column(Generic[T]):
    def __init__(self: "Column[int]", kind: type[Integer], *, primary_key: bool = False) -> None: ...


class Base: ...
""",
}


def test_the_code_on_a_page_of_a_checkers_code_is_reported(write: Make) -> None:
    """On each page the first block is wrong, and the second, where there is one, is right."""
    codes = [code for code in ALL if (code < "BGT2" or code == "BGT901") and code != "BGT100"]
    wrong = {code: snippets(f"docs/rules/{code}.md", "python") for code in codes}
    files = {
        f"app/{code.lower()}.py": "\n".join([HEAD, LEFT_OUT.get(code, ""), texts[0]])
        for code, texts in wrong.items()
    }
    files |= {
        f"app/right_{code.lower()}.py": "\n".join(
            [HEAD, LEFT_OUT.get(code, ""), texts[0].partition("@app")[0], texts[1]]
        )
        for code, texts in wrong.items()
        if len(texts) > 1
    }
    folder = write({**files, **OTHERS, "pyproject.toml": ""})

    python = ("--python", sys.executable)
    report = json.loads(
        run("bgtasks check --select BGT1,BGT901", folder, "--output", "json=-", *python, code=1)
    )

    found = {(Path(one["path"]).stem, one["code"]) for one in report["findings"]}
    assert found == {(code.lower(), code) for code in codes}


def test_a_warning_is_shown_so(write: Make) -> None:
    [shown] = snippets("docs/warnings.md", "text")
    line = int(re.findall(r"shop\.py:(\d+):", shown)[0])
    program = [
        "from collections.abc import Iterator",
        "from bgtasks import BackgroundTasks",
        "def rows(count: int) -> Iterator[int]:",
        "    yield count",
        "tasks = BackgroundTasks()",
    ]
    filled = program + ["#"] * (line - len(program) - 1) + ["tasks.add_task(rows, 7)"]
    folder = write({"shop.py": "\n".join(filled)})

    done = subprocess.run(
        [sys.executable, "shop.py"],
        cwd=folder,
        env=os.environ | NEEDED,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stderr.replace(f"{folder}/", "").replace("  tasks", "tasks") == shown.replace(
        "  tasks", "tasks"
    )
    [settings] = snippets("docs/warnings.md", "toml")
    write({"pyproject.toml": settings, "test_shop.py": "def test_shop() -> None:\n    import shop\n"})
    assert "BackgroundTaskWarning" in run("pytest", folder, "-p", "no:cacheprovider", code=1)


def test_the_plugin_is_configured_so(write: Make) -> None:
    wrong = snippets("docs/mypy-plugin.md", "python")[1]
    with_plugin, without_code = snippets("docs/mypy-plugin.md", "toml")
    imports = "from collections.abc import Iterator\nfrom bgtasks import BackgroundTasks\n"
    folder = write({"shop.py": f"{imports}tasks = BackgroundTasks()\n{wrong}", "pyproject.toml": with_plugin})
    assert "[background-task]" in run("mypy", folder, "shop.py", code=1)

    write({"pyproject.toml": with_plugin + without_code})
    assert "Success" in run("mypy", folder, "shop.py")


def test_a_helper_takes_our_class_and_fastapis(write: Make) -> None:
    """The example is accepted as it stands, and a wrong call in the helper is rejected."""
    [helper] = [text for text in snippets("docs/warnings.md", "python") if "def later(tasks" in text]
    wrong = helper.replace("add_task(greet, name)", "add_task(greet, 1)")
    folder = write({"right.py": helper, "wrong.py": wrong})

    for command in (["mypy", "--strict", f"--python-executable={sys.executable}"], ["pyright"]):
        done = subprocess.run(
            [Path(sys.executable).with_name(command[0]), *command[1:], "right.py", "wrong.py"],
            cwd=folder,
            env=os.environ | NEEDED,
            capture_output=True,
            text=True,
            check=False,
        )
        assert re.findall(r"(\w+)\.py:\d+.*error", done.stdout) == ["wrong"], done.stdout
