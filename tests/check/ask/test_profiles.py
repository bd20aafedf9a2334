import json
from pathlib import Path

import pytest

from bgtasks.check.ask.layout import Copy, Layout
from bgtasks.check.ask.profiles import module_of, prepare
from bgtasks.check.model import Module
from bgtasks.model import Sandbox
from sources import read_source

FOLDER = Path("/sandbox")
SANDBOX = Sandbox(
    FOLDER, FOLDER / "project", FOLDER / "cwd", FOLDER / "cache", Path("/bin/python"), "3.12", {}
)


def copy_of(name: str) -> Copy:
    module: Module = read_source("").module
    return Copy(module, (), SANDBOX.project / f"{name}.py", SANDBOX.project / f"bgtasks_witness_{name}.py")


LAYOUT = Layout(SANDBOX, Path("/bin/python"), (copy_of("app"),), copy_of("bgtasks_canary"), {})


def test_a_checker_is_asked_about_the_modules_with_call_sites_and_the_witnesses() -> None:
    checker = prepare("pyright", LAYOUT, frozenset())

    assert json.loads(checker.configs["pyrightconfig.json"])["include"] == [
        "project/app.py",
        "project/bgtasks_witness_app.py",
        "project/bgtasks_canary.py",
        "project/bgtasks_witness_bgtasks_canary.py",
    ]


def test_what_mypy_cannot_parse_is_kept_from_it() -> None:
    skipped = frozenset({SANDBOX.project / "app.py", Path("/env/lib/site-packages/lib/broken.py")})
    checker = prepare("mypy", LAYOUT, skipped)

    arguments = checker.arguments(SANDBOX, "3.12")
    assert "../project/app.py" not in arguments
    assert "../project/bgtasks_canary.py" in arguments
    [config] = [text for name, text in checker.configs.items() if name.endswith(".ini")]
    assert "[mypy-app]\nfollow_imports = skip" in config
    assert "[mypy-lib.broken]\nfollow_imports = skip" in config


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/sandbox/project/app/main.py", "app.main"),
        ("/sandbox/project/app/__init__.py", "app"),
        ("/env/lib/python3.12/site-packages/lib/a.py", "lib.a"),
        ("/env/lib/python3.12/site-packages/lib-stubs/a.pyi", "lib.a"),
    ],
)
def test_the_name_of_a_module_is_told_by_where_it_lies(path: str, name: str) -> None:
    assert module_of(Path(path), SANDBOX) == name
