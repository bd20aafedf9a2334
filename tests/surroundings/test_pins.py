from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

from bgtasks.surroundings.environment import Environment
from bgtasks.surroundings.frameworks import Frameworks
from bgtasks.surroundings.pins import list_folders, read_asked, read_frameworks

UV = '[[package]]\nname = "fastapi"\nversion = "{}"\n'
WITH_STARLETTE = '[[package]]\nname = "starlette"\nversion = "0.38.2"\n'
PROJECT = '[project]\ndependencies = ["fastapi{}"]\n'


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Mapping[str, str]], None]:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "services/shop/app").mkdir(parents=True)

    def write(files: Mapping[str, str]) -> None:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)

    return write


def installed(folder: Path, **versions: str) -> Environment:
    """Return an environment of Python 3.12 in which some distributions are installed."""
    for name, version in versions.items():
        told = folder / f"{name}-{version}.dist-info" / "METADATA"
        told.parent.mkdir(parents=True)
        told.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return Environment(Path("python"), "3.12", (str(folder),))


def frameworks_of(folder: Path, environment: Environment) -> Frameworks:
    """Return what the code in a folder, alone in what is checked, is built on."""
    asked = [each for here in list_folders(folder, Path.cwd()) for each in read_asked(here)]
    return read_frameworks(asked, environment)


@pytest.mark.parametrize(
    ("files", "version", "source"),
    [
        pytest.param({"uv.lock": UV.format("0.112.0")}, "0.112.0", "uv.lock", id="lock of the workspace"),
        pytest.param(
            {"uv.lock": UV.format("0.112.0"), "services/shop/pyproject.toml": PROJECT.format(">=0.100")},
            "0.112.0",
            "uv.lock",
            id="lock above a range",
        ),
        pytest.param(
            {"uv.lock": UV.format("0.112.0"), "services/shop/pyproject.toml": PROJECT.format("<0.100")},
            None,
            "services/shop/pyproject.toml",
            id="lock of others above a range",
        ),
        pytest.param(
            {"uv.lock": UV.format("0.112.0"), "services/shop/requirements.txt": "fastapi==0.110.0"},
            "0.110.0",
            "services/shop/requirements.txt",
            id="the nearest",
        ),
        pytest.param(
            {"pyproject.toml": PROJECT.format(">=0.100"), "poetry.lock": UV.format("0.112.0")},
            "0.112.0",
            "poetry.lock",
            id="lock before project",
        ),
        pytest.param(
            {"requirements.txt": "-r requirements/base.txt", "requirements/base.txt": "fastapi==0.112.0"},
            "0.112.0",
            "requirements/base.txt",
            id="included",
        ),
        pytest.param(
            {"requirements.txt": "fastapi\n-c pins.txt", "pins.txt": "fastapi==0.112.0"},
            "0.112.0",
            "pins.txt",
            id="constrained",
        ),
        pytest.param(
            {"requirements.txt": "fastapi\n-r requirements.txt"}, "0.165.0", "installed", id="includes itself"
        ),
        pytest.param(
            {"requirements.txt": 'fastapi==0.1; python_version < "3.9"\nfastapi==0.112.0'},
            "0.112.0",
            "requirements.txt",
            id="for this Python",
        ),
        pytest.param(
            {"requirements.txt": "fastapi>=0.100"}, "0.165.0", "installed", id="a range of what is there"
        ),
        pytest.param({"requirements.txt": "fastapi<0.100"}, None, "requirements.txt", id="another range"),
        pytest.param({"uv.lock": UV.format("0.110.0") + UV.format("0.112.0")}, None, "uv.lock", id="two"),
        pytest.param(
            {"uv.lock": UV.format("0.110.0") + UV.format("0.165.0")}, "0.165.0", "installed", id="one of two"
        ),
        pytest.param({"uv.lock": "no TOML"}, "0.165.0", "installed", id="a lock that cannot be read"),
        pytest.param({}, "0.165.0", "installed", id="nothing"),
    ],
)
def test_the_nearest_pin_tells_the_version_then_what_is_installed(
    files: Mapping[str, str], version: str | None, source: str, write: Callable[..., None], tmp_path: Path
) -> None:
    write(files)
    environment = installed(tmp_path / "site", fastapi="0.165.0")

    fastapi = frameworks_of(tmp_path / "services/shop/app", environment).fastapi

    assert (str(fastapi.version) if fastapi.version else None, fastapi.source) == (version, source)


def test_what_is_asked_for_is_what_is_allowed(write: Callable[..., None], tmp_path: Path) -> None:
    write({"requirements.txt": "fastapi<0.100", "pyproject.toml": PROJECT.format(">=0.95")})
    environment = installed(tmp_path / "site", fastapi="0.165.0")

    fastapi = frameworks_of(tmp_path, environment).fastapi

    assert fastapi.allowed == SpecifierSet(">=0.95,<0.100")


@pytest.mark.parametrize(
    ("lock", "version"),
    [
        pytest.param(UV.format("0.112.0"), None, id="goes with another"),
        pytest.param(UV.format("0.112.0") + WITH_STARLETTE, "0.38.2", id="locked too"),
        pytest.param(UV.format("0.165.0"), "1.0.0", id="goes with that"),
        pytest.param("", "1.0.0", id="installed"),
    ],
)
def test_the_installed_starlette_goes_with_the_installed_fastapi(
    lock: str, version: str | None, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"uv.lock": lock})
    environment = installed(tmp_path / "site", fastapi="0.165.0", starlette="1.0.0")

    starlette = frameworks_of(tmp_path, environment).starlette

    assert (str(starlette.version) if starlette.version else None) == version


def test_what_lies_above_the_repository_says_nothing(write: Callable[..., None], tmp_path: Path) -> None:
    write({"requirements.txt": "fastapi==0.112.0", "services/.git/config": ""})

    fastapi = frameworks_of(tmp_path / "services/shop", Environment(Path(), "3.12", ())).fastapi

    assert (fastapi.version, fastapi.source) == (None, "")
