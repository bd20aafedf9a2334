import ast
from collections.abc import Mapping
from pathlib import Path

import pytest

from bgtasks.surroundings.imports import read_imports
from bgtasks.surroundings.missing import Cause, find_missing
from bgtasks.surroundings.roots import Roots

FILES = {
    "app/__init__.py": "",
    "app/mail.py": "def send(): ...",
    "lib/shop/orders.py": "def ship(): ...",
    "app/redis.py": "from redis import Redis",
    "config/app.cfg": "",
    "alembic/env.py": "",
    "app/fast.cpython-313-x86_64-linux-gnu.so": "",
    "app/entities/__init__.py": "",
    "app/entities/requests.py": "class Timeout: ...",
    "typings/yaml/__init__.pyi": "",
    "typings/yaml/nodes.pyi": "class Node: ...",
    "deploy/celery/__init__.py": "class Celery: ...",
    "app/worker/__init__.py": "",
    "app/worker/helpers.py": "def log(): ...",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("import os, app.mail\nfrom app.mail import send", {}, id="found"),
        pytest.param("from app import mail, nothing", {}, id="a name of a package"),
        pytest.param("import fastapi.routing", {}, id="installed"),
        pytest.param("from . import beside", {}, id="relative"),
        pytest.param("from .app.mail import send", {}, id="relative, found"),
        pytest.param(
            "from .app.made import x", {".app.made": (Cause.ABSENT, None)}, id="relative, not there"
        ),
        pytest.param("from app.made import x", {"app.made": (Cause.ABSENT, None)}, id="not there"),
        pytest.param(
            "from shop.orders import ship", {"shop.orders": (Cause.UNREAD, "lib")}, id="below another folder"
        ),
        pytest.param(
            "from shop.orders import other", {"shop.orders": (Cause.NOT_INSTALLED, None)}, id="another"
        ),
        pytest.param("from redis import Redis", {"redis": (Cause.NOT_INSTALLED, None)}, id="a namesake"),
        pytest.param(
            "from alembic import op",
            {"alembic": (Cause.NOT_INSTALLED, None)},
            id="a folder of a package's name",
        ),
        pytest.param(
            "from requests import Timeout",
            {"requests": (Cause.NOT_INSTALLED, None)},
            id="a namesake in a package",
        ),
        pytest.param(
            "from nodes import Node",
            {"nodes": (Cause.NOT_INSTALLED, None)},
            id="a namesake in a package of stubs",
        ),
        pytest.param(
            "from celery import Celery",
            {"celery": (Cause.NOT_INSTALLED, None)},
            id="a namesake of what the project asks for",
        ),
        pytest.param("import config.app", {"config.app": (Cause.NOT_INSTALLED, None)}, id="a folder"),
        pytest.param("try:\n import orjson\nexcept ImportError:\n orjson = None", {}, id="optional"),
        pytest.param("try:\n import orjson\nexcept:\n orjson = None", {}, id="optional, whatever comes"),
        pytest.param(
            "try:\n x = 1\nexcept ImportError:\n import orjson",
            {"orjson": (Cause.NOT_INSTALLED, None)},
            id="the other way",
        ),
        pytest.param(
            "try:\n import orjson\nfinally:\n x = 1", {"orjson": (Cause.NOT_INSTALLED, None)}, id="not caught"
        ),
    ],
)
def test_what_is_not_found_is_told_as_what_it_is(
    source: str, expected: Mapping[str, tuple[Cause, str | None]], folder: Path
) -> None:
    modules = {folder / "main.py": list(read_imports(ast.parse(source)))}
    found = find_missing(
        modules, Roots((folder,), (folder,)), {"fastapi"}.__contains__, lambda _, name: name == "celery"
    )

    assert {
        each.module: (each.cause, each.folder.relative_to(folder).as_posix() if each.folder else None)
        for each in found
    } == expected


def test_what_lies_beside_a_module_in_a_package_may_be_meant(folder: Path) -> None:
    modules = {folder / "app/worker/main.py": list(read_imports(ast.parse("from helpers import log")))}
    [found] = find_missing(modules, Roots((folder,), (folder,)), lambda _: False)

    assert (found.cause, found.folder) == (Cause.UNREAD, folder / "app/worker")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(["tests/helpers.py"], [], id="in a folder of tests"),
        pytest.param(["app/orders_test.py"], [], id="beside the code"),
        pytest.param(["conftest.py"], [], id="what tests share"),
        pytest.param(["app/testing.py"], ["app/testing.py"], id="the name of no test"),
        pytest.param(["tests/test_orders.py", "app/orders.py"], ["app/orders.py"], id="by the app as well"),
    ],
)
def test_a_package_that_only_tests_need_is_not_told(
    files: list[str], expected: list[str], folder: Path
) -> None:
    root = folder / "tests"  # what lies above the app makes no test of it
    modules = {root / file: list(read_imports(ast.parse("import pytest"))) for file in files}
    found = find_missing(modules, Roots((root,), (root,)), lambda _: False)

    assert [each.path.relative_to(root).as_posix() for each in found] == expected


def test_a_module_that_tests_do_not_find_is_told(folder: Path) -> None:
    modules = {folder / "tests/test_orders.py": list(read_imports(ast.parse("from shop.orders import ship")))}
    [found] = find_missing(modules, Roots((folder,), (folder,)), lambda _: False)

    assert (found.cause, found.folder) == (Cause.UNREAD, folder / "lib")
