import ast
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bgtasks.check.model import Module
from bgtasks.check.services import Served, read_services

MAIN = "from fastapi import BackgroundTasks\n"


@pytest.fixture
def read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Served]]:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)

    def read(files: Mapping[str, str], python: Path | None = None) -> list[Served]:
        modules: list[Module] = []
        for name, text in {".git/config": "", **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            if text.startswith(MAIN):
                modules.append(Module(path, path.stem, text, ast.parse(text)))
        return list(read_services([tmp_path], modules, python))

    return read


def environment(name: str, version: str) -> dict[str, str]:
    """Return the files of an environment in a service, of a Python and with FastAPI of a version."""
    told = f"lib/python3.{version}/site-packages/fastapi-0.{version}.dist-info/METADATA"
    return {
        f"{name}/.venv/pyvenv.cfg": f"version = 3.{version}",
        f"{name}/.venv/bin/python": "",
        f"{name}/.venv/{told}": f"Metadata-Version: 2.1\nName: fastapi\nVersion: 0.{version}\n",
    }


SERVICES = {
    "one/app/__init__.py": "",
    "one/app/main.py": MAIN,
    "two/app/__init__.py": "",
    "two/app/main.py": MAIN,
    **environment("one", "11"),
    **environment("two", "12"),
}


def described(services: list[Served]) -> list[tuple[str, str, str, str]]:
    return [
        (
            runtime.folder.relative_to(Path.cwd()).as_posix(),
            runtime.python_version,
            str(runtime.frameworks.fastapi.version),
            runtime.frameworks.fastapi.source,
        )
        for service in services
        for runtime in service.runtimes
    ]


def test_each_service_has_the_environment_beside_it(read: Callable[..., list[Served]]) -> None:
    assert described(read(SERVICES)) == [
        ("one", "3.11", "0.11", "installed"),
        ("two", "3.12", "0.12", "installed"),
    ]


def test_the_environment_beside_the_only_service_is_found_from_above(
    read: Callable[..., list[Served]],
) -> None:
    files = {"one/app/__init__.py": "", "one/app/main.py": MAIN, **environment("one", "11")}

    assert described(read(files)) == [("one", "3.11", "0.11", "installed")]


def test_an_interpreter_that_is_named_is_that_of_all(
    read: Callable[..., list[Served]], tmp_path: Path
) -> None:
    services = read(SERVICES, tmp_path / "two/.venv/bin/python")

    assert [version for _, version, _, _ in described(services)] == ["3.12", "3.12"]


def test_a_part_with_a_pin_of_its_own_is_told_apart(read: Callable[..., list[Served]]) -> None:
    files = {
        "requirements.txt": "fastapi==0.112.0",
        "mail/requirements.txt": "fastapi==0.110.0",
        "mail/server.py": MAIN,
        "shop/api.py": MAIN,
        "shop/admin/views.py": MAIN,
    }

    [service] = read(files, Path(sys.executable))

    assert [
        (source, [module.path.name for module in part])
        for source, part in ((frameworks.fastapi.source, part) for frameworks, part in service.parts.items())
    ] == [("mail/requirements.txt", ["server.py"]), ("requirements.txt", ["api.py", "views.py"])]


def test_an_app_without_background_tasks_is_one_service(read: Callable[..., list[Served]]) -> None:
    [service] = read({"app.py": "x = 1"}, Path(sys.executable))

    assert (service.modules, service.runtimes) == ([], [])


@pytest.mark.parametrize(
    ("requirements", "folder"),
    [pytest.param("Celery>=5", None, id="asked for"), pytest.param("fastapi", "deploy", id="not asked for")],
)
def test_a_namesake_of_a_package_that_is_asked_for_is_not_what_is_imported(
    requirements: str, folder: str | None, read: Callable[..., list[Served]]
) -> None:
    [service] = read(
        {
            "requirements.txt": requirements,
            "app/main.py": f"{MAIN}from celery import Celery\n",
            "deploy/celery/__init__.py": "class Celery: ...",
        }
    )
    [missing] = [each for each in service.missing if each.module == "celery"]

    assert missing.folder == (Path.cwd() / folder if folder else None)
