import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bgtasks.errors import BgtasksError
from bgtasks.surroundings.environment import Environment, ask_python, find_python, read_environment

Make = Callable[..., Path]


@pytest.fixture
def inactive(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.usefixtures("inactive")
class TestFindPython:
    def test_an_environment_in_the_project_is_taken(self, make: Make) -> None:
        root = make("app/main.py", ".venv/pyvenv.cfg", ".venv/bin/python")
        assert find_python(root / "app") == root / ".venv/bin/python"

    def test_the_active_one_comes_first(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make(".venv/pyvenv.cfg", ".venv/bin/python", "active/bin/python")
        monkeypatch.setenv("VIRTUAL_ENV", str(root / "active"))
        assert find_python(root) == root / "active/bin/python"

    def test_that_we_run_in_one_says_nothing(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make(".venv/pyvenv.cfg", ".venv/bin/python")
        monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
        assert find_python(root) == root / ".venv/bin/python"

    def test_an_installed_package_has_its_own(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        root = make("env/bin/python", "env/lib/python3.13/site-packages/one/x.py", "active/bin/python")
        monkeypatch.setenv("VIRTUAL_ENV", str(root / "active"))
        assert find_python(root / "env/lib/python3.13/site-packages/one") == root / "env/bin/python"

    def test_without_any_it_is_ours(self, tmp_path: Path) -> None:
        assert find_python(tmp_path) == Path(sys.executable)

    def test_an_active_one_without_python_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("CONDA_PREFIX", os.fspath(tmp_path))
        with pytest.raises(BgtasksError, match=r"CONDA_PREFIX is .*, where no Python lies; name one with"):
            find_python(tmp_path)


def test_an_interpreter_tells_its_version_and_what_is_installed_there() -> None:
    environment = read_environment(Path(sys.executable))

    assert environment.version == "{}.{}".format(*sys.version_info)
    assert environment.version_of("pytest") == pytest.__version__
    assert environment.version_of("nowhere-to-be-found") is None
    assert environment.has("starlette")
    assert not environment.has("nowhere_to_be_found")


@pytest.mark.skipif(sys.platform == "win32", reason="there are no FIFOs")
@pytest.mark.parametrize("kind", ["fifo", "endless", "loop", "folder", "latin", "empty"])
def test_metadata_that_cannot_be_read_tell_no_version(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "starlette-1.2.3.dist-info" / "METADATA"
    file.parent.mkdir()
    match kind:
        case "fifo":
            os.mkfifo(file)
        case "endless":
            file.symlink_to("/dev/zero")
        case "loop":
            file.symlink_to("METADATA")
        case "folder":
            file.mkdir()
        case "latin":
            file.write_bytes(b"Name: \xe9\nVersion: ")
        case _:
            file.touch()
    assert Environment(Path(sys.executable), "3.13", (str(tmp_path),)).version_of("starlette") is None


def test_what_does_not_answer_as_python_is_named(tmp_path: Path) -> None:
    liar = tmp_path / "python"
    liar.write_text("#!/bin/sh\necho hello\n")
    liar.chmod(0o755)

    with pytest.raises(BgtasksError, match=r"python: does not answer as Python; name one with --python"):
        ask_python(liar)


POSIX = pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a shell script")


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    """Return a project whose environment is of a Python that is not ours."""
    site = tmp_path / ".venv" / "lib" / "python3.99" / "site-packages"
    (site / "starlette").mkdir(parents=True)
    (tmp_path / "src").mkdir()
    (site / "app.pth").write_text(f"import os; open('{tmp_path}/RUN', 'w')\n# no\n{tmp_path}/src\nnowhere\n")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.99.4\n")
    (tmp_path / ".venv" / "bin").mkdir()
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/RUN\n")
    python.chmod(0o755)
    return tmp_path


@POSIX
def test_the_interpreter_of_an_environment_is_not_run(venv: Path) -> None:
    environment = read_environment(venv / ".venv" / "bin" / "python")
    assert environment.version == "3.99"
    assert environment.paths == (
        f"{venv}/.venv/lib/python3.99/site-packages",
        f"{venv}/src",
    )
    assert environment.has("starlette")
    assert not (venv / "RUN").exists()


@POSIX
@pytest.mark.parametrize(
    "text",
    [
        "",
        "version = nonsense",
        "\0\xff",
        "version_info = 3.99.4.final.0",
        "home = /a\0b/bin\nversion = 3.99\ninclude-system-site-packages = true",
    ],
)
def test_a_broken_configuration_is_read_as_far_as_it_goes(venv: Path, text: str) -> None:
    (venv / ".venv" / "pyvenv.cfg").write_text(text)
    told = "3.99" in text
    assert read_environment(venv / ".venv" / "bin" / "python").has("starlette") == told
    assert not (venv / "RUN").exists()
