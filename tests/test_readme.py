import re
import subprocess
import sys
from pathlib import Path

import pytest

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import read_case

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
WRONG, APP, STARLETTE, CLAIMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
RIGHT = "tasks.add_task(notify, email, order, gift=True)\n"
COMMANDS = {
    "mypy": ["--strict", "--no-incremental", f"--python-executable={sys.executable}", "--config-file="],
    "pyright": [f"--pythonpath={sys.executable}"],
}


def ask(checker: str, path: Path) -> str:
    command = [str(Path(sys.executable).parent / checker), *COMMANDS[checker], path.name]
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
@pytest.mark.parametrize("checker", COMMANDS)
def test_a_checker_says_of_the_wrong_call_what_the_readme_says(checker: str, tmp_path: Path) -> None:
    [words] = re.findall(rf"^{checker}: (.*)$", README, re.MULTILINE)
    app = tmp_path / "notify.py"
    app.write_text(APP.replace(RIGHT, WRONG))
    assert words in ask(checker, app)
    app.write_text(APP)
    assert "error:" not in ask(checker, app)


@pytest.mark.checker
@pytest.mark.parametrize("checker", COMMANDS)
def test_the_starlette_app_is_accepted(checker: str, tmp_path: Path) -> None:
    app = tmp_path / "shop.py"
    app.write_text(STARLETTE)
    assert re.search(r"Success|^0 errors", ask(checker, app), re.MULTILINE)
