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
}


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
    source: str, expected: Mapping[str, tuple[Cause, str | None]], tmp_path: Path
) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    modules = {tmp_path / "main.py": list(read_imports(ast.parse(source)))}
    found = find_missing(modules, Roots((tmp_path,), (tmp_path,)), {"fastapi"}.__contains__)

    assert {
        each.module: (each.cause, each.folder.relative_to(tmp_path).as_posix() if each.folder else None)
        for each in found
    } == expected
