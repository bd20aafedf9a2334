from collections.abc import Callable
from pathlib import Path

import pytest

from bgtasks.surroundings.configured import find_configured

Make = Callable[..., Path]


def test_the_settings_of_other_tools_are_heeded(make: Make) -> None:
    root = make(
        *(f"{name}/x.py" for name in "abcdefg"),
        **{
            "pyproject.toml": "[tool.mypy]\nmypy_path = ['$MYPY_CONFIG_FILE_DIR/a', 'none']\n"
            "[tool.pyright]\nextraPaths = ['b']\n[tool.pytest.ini_options]\npythonpath = 'c d'\n",
            "mypy.ini": "[mypy]\nmypy_path = e:f\n",
            "pyrightconfig.json": '{\n  // ours\n  "extraPaths": ["g"],\n}\n',
        },
    )
    assert {path.name for path in find_configured(root)} == set("abcdefg")


@pytest.mark.parametrize("text", ["[tool", "[tool]\nmypy = 3", "[tool.mypy]\nmypy_path = 3", "\xff"])
def test_settings_that_cannot_be_read_are_not_ours_to_judge(text: str, tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(text, encoding="latin-1")
    (tmp_path / "pyrightconfig.json").write_text("// {")
    (tmp_path / "mypy.ini").write_text("mypy_path")
    assert list(find_configured(tmp_path)) == []
