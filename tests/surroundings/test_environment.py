import sys
from pathlib import Path

import pytest

from bgtasks.surroundings.environment import read_environment

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a shell script")


@pytest.fixture
def venv(tmp_path: Path) -> Path:
    site = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    (site / "starlette").mkdir(parents=True)
    (tmp_path / "src").mkdir()
    (site / "app.pth").write_text(f"import os; open('{tmp_path}/RUN', 'w')\n# no\n{tmp_path}/src\nnowhere\n")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.11.4\n")
    (tmp_path / ".venv" / "bin").mkdir()
    python = tmp_path / ".venv" / "bin" / "python"
    python.write_text(f"#!/bin/sh\ntouch {tmp_path}/RUN\n")
    python.chmod(0o755)
    return tmp_path


def test_the_interpreter_of_an_environment_is_not_run(venv: Path) -> None:
    environment = read_environment(venv / ".venv" / "bin" / "python")
    assert environment.version == "3.11"
    assert environment.paths == (
        f"{venv}/.venv/lib/python3.11/site-packages",
        f"{venv}/src",
    )
    assert environment.has("starlette")
    assert not (venv / "RUN").exists()


@pytest.mark.parametrize("text", ["", "version = nonsense", "\0\xff", "version_info = 3.11.4.final.0"])
def test_a_broken_configuration_is_read_as_far_as_it_goes(venv: Path, text: str) -> None:
    (venv / ".venv" / "pyvenv.cfg").write_text(text)
    told = "3.11" in text
    assert read_environment(venv / ".venv" / "bin" / "python").has("starlette") == told
    assert not (venv / "RUN").exists()
