import ast
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bgtasks.surroundings.imports import read_imports
from bgtasks.surroundings.services import find_services

USES = "from fastapi import BackgroundTasks\n"


@pytest.fixture
def services(tmp_path: Path) -> Callable[..., list[dict[str, str]]]:
    """Return the services of an app: in each, by file, the module that it is where its imports start."""

    def read(
        files: Mapping[str, str], *paths: str, installed: frozenset[str] = frozenset()
    ) -> list[dict[str, str]]:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(textwrap.dedent(text))
        modules = {
            tmp_path / name: list(read_imports(ast.parse(textwrap.dedent(text))))
            for name, text in files.items()
            if text.startswith(USES)
        }
        starts = [tmp_path / path for path in paths] or [tmp_path]
        return [
            {
                path.relative_to(tmp_path).as_posix(): path.relative_to(service.roots.base_of(path))
                .with_suffix("")
                .as_posix()
                .replace("/", ".")
                for path in service.paths
            }
            for service in find_services(starts, modules, installed.__contains__)
        ]

    return read


LAYOUTS: Mapping[str, tuple[Mapping[str, str], list[dict[str, str]]]] = {
    "a module named like what it imports": (
        {
            "pyproject.toml": "",
            "shop/__init__.py": "",
            "shop/celery.py": "from celery import Celery\napp = Celery()",
            "shop/api.py": f"{USES}from celery import Celery\nfrom shop import celery",
        },
        [{"shop/api.py": "shop.api"}],
    ),
    "a folder named like what is imported": (
        {
            "pyproject.toml": "",
            "shop/redis/cache.py": "",
            "shop/api.py": f"{USES}import redis\nfrom redis import Redis\nfrom redis.asyncio import Redis",
        },
        [{"shop/api.py": "shop.api"}],
    ),
    "a package named like what is imported in it": (
        {
            "pyproject.toml": "",
            "shop/__init__.py": "",
            "shop/mcp/__init__.py": "",
            "shop/mcp/server.py": f"{USES}from mcp.server import Server",
            "shop/api.py": f"{USES}from mcp.server import FastMCP",
        },
        [{"shop/mcp/server.py": "shop.mcp.server", "shop/api.py": "shop.api"}],
    ),
    "a module of a flat app named like what it imports": (
        {
            "pyproject.toml": "",
            "web/celery.py": "from celery import Celery",
            "web/api.py": f"{USES}from celery import Celery",
        },
        [{"web/api.py": "web.api"}],
    ),
    "a package that has what it seems to import": (
        {
            "pyproject.toml": "",
            "shop/__init__.py": "",
            "shop/redis/__init__.py": "class Redis: ...",
            "shop/api.py": f"{USES}from redis import Redis\nfrom .redis import Redis as Own",
        },
        [{"shop/api.py": "shop.api"}],
    ),
    "a folder whose modules import each other as a package": (
        {"web/main.py": f"{USES}from .mail import send", "web/mail.py": "def send(): ..."},
        [{"web/main.py": "web.main"}],
    ),
    "a package that is run in its folder": (
        {
            "pyproject.toml": "",
            "app/__init__.py": "",
            "app/main.py": f"{USES}from routers.items import router",
            "app/routers/items.py": "router = 1",
        },
        [{"app/main.py": "main"}],
    ),
    "a folder above a package, by what is imported": (
        {
            "pyproject.toml": "",
            "shop/api/__init__.py": "",
            "shop/api/mail.py": USES,
            "shop/api/routes.py": f"{USES}from shop.api.mail import send",
        },
        [{"shop/api/mail.py": "shop.api.mail", "shop/api/routes.py": "shop.api.routes"}],
    ),
    "folders above a package, deeper": (
        {
            "pyproject.toml": "",
            "acme/shop/v1/api/__init__.py": "",
            "acme/shop/v1/api/routes.py": f"{USES}import acme.shop.v1.api.mail",
            "acme/shop/v1/api/mail.py": "",
        },
        [{"acme/shop/v1/api/routes.py": "acme.shop.v1.api.routes"}],
    ),
    "a source folder": (
        {"pyproject.toml": "", "src/shop/__init__.py": "", "src/shop/api.py": USES},
        [{"src/shop/api.py": "shop.api"}],
    ),
    "a source folder that is imported by its name": (
        {
            "pyproject.toml": "",
            "src/auth/router.py": f"{USES}from src.auth.service import send",
            "src/auth/service.py": USES,
            "src/main.py": f"{USES}from src.auth import router",
        },
        [
            {
                "src/auth/router.py": "src.auth.router",
                "src/auth/service.py": "src.auth.service",
                "src/main.py": "src.main",
            }
        ],
    ),
    "an app below the repository": (
        {
            ".git/config": "",
            "backend/pyproject.toml": "",
            "backend/app/api/deps.py": f"{USES}from app.core.db import session",
            "backend/app/core/db.py": "session = 1",
        },
        [{"backend/app/api/deps.py": "app.api.deps"}],
    ),
    "a folder that is run": (
        {
            "pyproject.toml": "",
            "tool/__main__.py": f"{USES}from jobs import send",
            "tool/jobs.py": "def send(): ...",
        },
        [{"tool/__main__.py": "__main__"}],
    ),
    "tests that name from above what is run in its folder": (
        {
            "pyproject.toml": "",
            "app/main.py": f"{USES}from routers.items import router",
            "app/routers/items.py": "router = 1",
            "tests/test_main.py": f"{USES}from app.main import x",
        },
        [{"app/main.py": "main"}, {"tests/test_main.py": "tests.test_main"}],
    ),
    "two services of one name": (
        {
            "one/app/__init__.py": "",
            "one/app/main.py": USES,
            "two/app/__init__.py": "",
            "two/app/main.py": USES,
            "two/app/jobs.py": USES,
        },
        [
            {"one/app/main.py": "app.main"},
            {"two/app/main.py": "app.main", "two/app/jobs.py": "app.jobs"},
        ],
    ),
    "services that import a module of one name": (
        {
            "pyproject.toml": "",
            "a/main.py": f"{USES}from db import save",
            "a/db.py": "def save(): ...",
            "b/api.py": f"{USES}from db import save",
            "b/db.py": "def save(row): ...",
        },
        [{"a/main.py": "main"}, {"b/api.py": "api"}],
    ),
    "services that share what lies above them": (
        {
            ".git/config": "",
            "common/__init__.py": "",
            "common/mail.py": USES,
            "services/a/app/__init__.py": "",
            "services/a/app/main.py": f"{USES}from common.mail import send\nfrom app.db import save",
            "services/a/app/db.py": "def save(): ...",
            "services/b/app/__init__.py": "",
            "services/b/app/main.py": f"{USES}from common.mail import send\nfrom app.db import save",
            "services/b/app/db.py": "def save(row): ...",
        },
        [
            {"common/mail.py": "common.mail", "services/a/app/main.py": "app.main"},
            {"services/b/app/main.py": "app.main"},
        ],
    ),
    "services of their own names": (
        {
            "pyproject.toml": "",
            "a/shop/__init__.py": "",
            "a/shop/main.py": USES,
            "a/tests/__init__.py": "x = 1",
            "b/mail/__init__.py": "",
            "b/mail/main.py": USES,
            "b/tests/__init__.py": "",
        },
        [{"a/shop/main.py": "shop.main", "b/mail/main.py": "mail.main"}],
    ),
    "packages that share a namespace": (
        {
            "pyproject.toml": "",
            "libs/x/src/acme/x/__init__.py": f"{USES}def send(): ...",
            "libs/y/src/acme/y/__init__.py": f"{USES}from acme.x import send",
            "libs/x/pyproject.toml": "",
            "libs/y/pyproject.toml": "",
        },
        [
            {
                "libs/x/src/acme/x/__init__.py": "acme.x.__init__",
                "libs/y/src/acme/y/__init__.py": "acme.y.__init__",
            }
        ],
    ),
}


@pytest.mark.parametrize(
    ("files", "expected"), [pytest.param(*case, id=name) for name, case in LAYOUTS.items()]
)
def test_modules_are_named_as_their_app_imports_them(
    files: Mapping[str, str], expected: list[dict[str, str]], services: Callable[..., list[dict[str, str]]]
) -> None:
    assert services(files) == expected


def test_what_imports_from_beside_it_is_in_a_package(services: Callable[..., list[dict[str, str]]]) -> None:
    files = {"web/api/main.py": f"{USES}from ..mail import send", "web/mail.py": "def send(): ..."}

    assert services(files, "web") == [{"web/api/main.py": "web.api.main"}]


def test_a_library_of_the_project_is_where_its_own_project_says(
    services: Callable[..., list[dict[str, str]]],
) -> None:
    files = {
        ".git/config": "",
        "libs/common/pyproject.toml": "",
        "libs/common/src/common/__init__.py": "",
        "libs/common/src/common/mail.py": f"{USES}def send(): ...",
        "api/pyproject.toml": "",
        "api/main.py": f"{USES}from common.mail import send",
    }

    assert services(files) == [{"libs/common/src/common/mail.py": "common.mail", "api/main.py": "main"}]


def test_what_is_installed_is_not_looked_for_in_the_app(
    services: Callable[..., list[dict[str, str]]],
) -> None:
    files = {
        "pyproject.toml": "",
        "web/api.py": f"{USES}from redis import Redis",
        "web/redis/__init__.py": "Cache = 1",
    }

    assert services(files, installed=frozenset({"redis"})) == [{"web/api.py": "web.api"}]
    assert services(files) == [{"web/api.py": "api"}]


def test_the_services_of_two_paths_are_told_apart(services: Callable[..., list[dict[str, str]]]) -> None:
    files = {
        f"{name}/{file}": text
        for name in ("one", "two")
        for file, text in {"pyproject.toml": "", "main.py": USES}.items()
    }

    assert services(files, "one", "two") == [{"one/main.py": "main"}, {"two/main.py": "main"}]
