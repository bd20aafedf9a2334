import ast
from pathlib import Path

import pytest

from bgtasks.check.code.imports import file_at, make_absolute
from bgtasks.check.model import Module


@pytest.mark.parametrize(
    ("path", "name", "dotted", "expected"),
    [
        pytest.param("p/a.py", "p.a", "x.y", "x.y", id="absolute"),
        pytest.param("p/a.py", "p.a", ".b", "p.b", id="beside"),
        pytest.param("p/q/a.py", "p.q.a", "..b.c", "p.b.c", id="above"),
        pytest.param("p/__init__.py", "p", ".b", "p.b", id="in the package itself"),
        pytest.param("p/q/__init__.py", "p.q", "..b", "p.b", id="above the package"),
    ],
)
def test_a_relative_import_is_made_absolute(path: str, name: str, dotted: str, expected: str) -> None:
    assert make_absolute(dotted, Module(Path(path), name, "", ast.Module([], []))) == expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (["a"], "a.py"),
        (["p"], "p/__init__.py"),
        (["p", "b"], "p/b.py"),
        (["both"], "both.py"),
        (["n"], None),
        (["n", "c"], "n/c.py"),
        (["nowhere"], None),
        ([], None),
    ],
)
def test_a_module_is_a_file_or_a_package(parts: list[str], expected: str | None, tmp_path: Path) -> None:
    for name in ("a.py", "p/__init__.py", "p/b.py", "both.py", "both/__init__.py", "n/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()

    assert file_at(tmp_path, parts) == (tmp_path / expected if expected else None)
