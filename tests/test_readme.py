import re
import subprocess
import sys
from pathlib import Path

import pytest

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import read_case

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRONG, APP, STARLETTE, *_ = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
[CLAIMS] = re.findall(
    r"```python\n(.*?)```", (ROOT / "docs" / "verify.md").read_text(encoding="utf-8"), re.DOTALL
)
RIGHT = "tasks.add_task(notify, email, order, gift=True)\n"
COMMANDS = {
    "mypy": ["--strict", "--no-incremental", f"--python-executable={sys.executable}", "--config-file="],
    "pyright": [f"--pythonpath={sys.executable}"],
}


def ask(checker: str, path: Path) -> str:
    command = [str(BIN / checker), *COMMANDS[checker], path.name]
    return subprocess.run(command, cwd=path.parent, capture_output=True, text=True, check=False).stdout


def test_the_app_is_the_example() -> None:
    assert (ROOT / "examples" / "notify.py").read_text(encoding="utf-8") == APP


def test_the_claims_are_read() -> None:
    path = Path("readme.py")
    assert len(read_case(path, path, CLAIMS, frozenset(NAMES)).claims) == len(CLAIMS.splitlines())


def test_ci_runs_the_test_command() -> None:
    *_, tests = re.findall(r"```sh\n(python3 .*?)\n```", README)
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == tests


@pytest.mark.checker
def test_check_says_of_the_wrong_call_what_the_readme_shows(tmp_path: Path) -> None:
    [console] = re.findall(r"```console\n\$ bgtasks check notify.py\n(.*?)```", README, re.DOTALL)
    said, summary = console.split("...\n")
    (tmp_path / "notify.py").write_text(APP.replace(RIGHT, WRONG))
    command = [str(BIN / "bgtasks"), "check", "notify.py", f"--python={sys.executable}"]
    output = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert output.startswith(said)
    assert output.endswith(summary)


@pytest.mark.checker
def test_the_table_is_what_the_command_prints() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "mistakes.py")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed in README
    assert printed.count("\n") > 10


@pytest.mark.checker
@pytest.mark.parametrize("checker", COMMANDS)
def test_the_app_of_the_readme_is_accepted(checker: str, tmp_path: Path) -> None:
    app = tmp_path / "notify.py"
    app.write_text(APP)
    assert re.search(r"Success|^0 errors", ask(checker, app), re.MULTILINE)


@pytest.mark.checker
@pytest.mark.parametrize("checker", COMMANDS)
def test_the_starlette_app_is_accepted(checker: str, tmp_path: Path) -> None:
    app = tmp_path / "shop.py"
    app.write_text(STARLETTE)
    assert re.search(r"Success|^0 errors", ask(checker, app), re.MULTILINE)
