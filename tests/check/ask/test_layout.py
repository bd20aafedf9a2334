import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bgtasks.canary import CANARY
from bgtasks.check.ask.layout import open_layout
from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Module
from bgtasks.errors import BgtasksError
from bgtasks.surroundings.environment import read_environment
from bgtasks.surroundings.imports import read_imports
from bgtasks.surroundings.roots import Roots
from bgtasks.surroundings.services import find_services


def module(path: Path, source: str = "") -> Module:
    return Module(path, path.stem, source, ast.parse(source))


def roots_of(path: Path, *modules: Module) -> Roots:
    [service] = find_services([path], {module.path: list(read_imports(module.tree)) for module in modules})
    return service.roots


def test_a_copy_never_writes_to_a_file_of_the_user(make: Callable[..., Path]) -> None:
    source = "from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n"
    ours = [str(CANARY), "bgtasks_witness.pyi", "bgtasks_witness_app.py", "bgtasks_witness_bgtasks_canary.py"]
    root = make("pyproject.toml", "other.py", **{"app.py": source}, **dict.fromkeys(ours, "mine"))
    (root / "other.py").chmod(0o400)
    before = {path: (path.read_bytes(), path.stat().st_mode) for path in root.iterdir()}
    app = module(root / "app.py", source)
    environment = read_environment(Path(sys.executable))
    with open_layout(roots_of(root, app), read_app([app]).sites, environment, None) as layout:
        project = layout.sandbox.project
        assert {"app.py", "other.py", *ours} == {path.name for path in project.iterdir()}
        assert "mine" not in "".join((project / name).read_text() for name in ours)
    assert {path: (path.read_bytes(), path.stat().st_mode) for path in root.iterdir()} == before


def test_two_modules_of_one_name_are_named(make: Callable[..., Path]) -> None:
    source = "from fastapi import BackgroundTasks\nBackgroundTasks().add_task(print)\n"
    root = make("pyproject.toml", "one/app/__init__.py", "two/app/__init__.py")
    modules = [module(root / part / "app/__init__.py", source) for part in ("one", "two")]
    sites, roots = read_app(modules).sites, Roots((root,), (root / "one", root / "two"))
    with (
        pytest.raises(BgtasksError, match=r"two/app/__init__.py: is the module 'app' and so is .*one"),
        open_layout(roots, sites, read_environment(Path(sys.executable)), None),
    ):
        pass
