import sys
from pathlib import Path

import pytest

from bgtasks.check.session import check
from bgtasks.check.settings import CheckSettings

APP = """\
from fastapi import BackgroundTasks
from helpers import rows

BackgroundTasks().add_task(rows)
"""


def check_rules(app: Path) -> list[tuple[str, str]]:
    """Return where rules are broken in the app at a path, no checker asked."""
    report = check(CheckSettings(paths=(app,), python=Path(sys.executable), select=("BGT3",)))
    assert report.runs == ()
    return [(finding.rule.code, finding.place.path.name) for finding in report.findings]


@pytest.mark.parametrize(
    ("file", "text"),
    [
        pytest.param("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = ['lib']", id="pytest"),
        pytest.param("pytest.ini", "[pytest]\npythonpath = lib", id="pytest.ini"),
        pytest.param("pyproject.toml", "[tool.mypy]\nmypy_path = 'lib'", id="mypy"),
        pytest.param("pyproject.toml", "[tool.pyright]\nextraPaths = ['lib']", id="pyright"),
        pytest.param("pyrightconfig.json", '{"extraPaths": ["lib"]}', id="pyrightconfig.json"),
    ],
)
def test_the_rules_follow_imports_where_the_settings_of_other_tools_lead(
    file: str, text: str, tmp_path: Path
) -> None:
    for name, content in {
        "pyproject.toml": "",
        file: text,
        "app/main.py": APP,
        "lib/helpers.py": "def rows(): yield",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)

    assert check_rules(tmp_path) == [("BGT301", "main.py")]

    (tmp_path / file).write_text("")
    assert check_rules(tmp_path) == []
