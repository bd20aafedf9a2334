"""ARCHITECTURE.md names paths, folders and names that are there."""

import ast
import re

import pytest

from places import ROOT

PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`([\w./-]+(?:/|\.\w+))`", PAGE)))


@pytest.mark.parametrize("path", [path for path in PATHS if "/" in path and "NAME" not in path])
def test_what_is_named_is_there(path: str) -> None:
    found = ROOT / path.rstrip("/")

    assert found.is_dir() if path.endswith("/") else found.is_file()


def test_every_folder_and_module_of_the_package_is_named() -> None:
    package = ROOT / "bgtasks"
    there = {
        path.name for path in package.iterdir() if (path / "__init__.py").exists() or path.suffix == ".py"
    }
    rooms = {name.removesuffix(".py") for name in there if not name.startswith("__")}

    assert {room for room in rooms if not re.search(rf"\b{room}\b", PAGE)} == set()


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("bgtasks/check/rules/__init__.py", "MODULES"),
        ("bgtasks/verify/reporters/__init__.py", "FORMATS"),
        ("bgtasks/check/reporters/__init__.py", "FORMATS"),
        ("bgtasks/checkers/__init__.py", "CHECKERS"),
        ("bgtasks/claims/ignores.py", "IGNORE"),
        ("bgtasks/vendor/configure.py", "NEEDS"),
        ("bgtasks/vendor/probe.py", "OPTIONS"),
        ("bgtasks/errors.py", "RunError"),
        ("bgtasks/checkers/mypy.py", "BY_CODE"),
        ("bgtasks/checkers/mypy.py", "BY_MESSAGE"),
        ("bgtasks/model.py", "Kind"),
        ("bgtasks/model.py", "Checker"),
        ("bgtasks/check/rules/never_attached.py", "RULE"),
        ("bgtasks/check/rules/never_attached.py", "find"),
    ],
)
def test_the_names_to_add_to_are_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    names = {getattr(node, "name", None) for node in tree.body}
    names |= {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }

    assert f"`{name}`" in PAGE or f"{name}(" in PAGE
    assert name in names


def test_the_layers_are_those_of_the_contract() -> None:
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    [layers] = re.findall(r'containers = \["bgtasks"\]\nlayers = \[\n(.*?)\]', contract, re.DOTALL)
    drawn = PAGE.split("## Who may import whom")[1].split("```")[1]

    assert [set(re.findall(r"\w+", line)) - {"__main__"} for line in layers.splitlines()[1:]] == [
        set(re.findall(r"\w+", re.split(r"  {3,}", line)[0])) for line in drawn.strip().splitlines()
    ]
