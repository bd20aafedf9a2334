"""What a shell completes: asked of the command line by itself, and of real shells at a terminal."""

import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from bgtasks.check.codes import ALL
from bgtasks.cli import app

CHECKERS = ["mypy", "pyright", "basedpyright", "pyrefly", "ty", "zuban", "all"]


def complete(*words: str) -> list[str]:
    """Return what the last of `words` may become."""
    found = ShellComplete(app, {}, "bgtasks", "_BGTASKS_COMPLETE").get_completions([*words[:-1]], words[-1])
    return [item.value for item in found]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "check.json").touch()
    (tmp_path / ".hidden").touch()
    (tmp_path / "readme.md").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "values"),
    [
        pytest.param("", "check rule vendor verify convert mutate fuzz doctor", id="commands"),
        pytest.param("v", "vendor verify", id="one of several commands"),
        pytest.param("check --checkers ", " ".join(CHECKERS), id="checkers"),
        pytest.param("check --checkers mypy,p", "mypy,pyright mypy,pyrefly", id="behind a comma"),
        pytest.param("check --checkers=mypy,t", "mypy,ty", id="joined to the option"),
        pytest.param("check --checkers PYR", "pyright pyrefly", id="capitals"),
        pytest.param("check --checkers pyright,mypy,pyr", "pyright,mypy,pyrefly", id="not twice"),
        pytest.param("verify --checkers m", "mypy mypy+plugin", id="profiles"),
        pytest.param("verify --gating m", "mypy mypy+plugin", id="gating"),
        pytest.param("doctor --checkers zu", "zuban", id="doctor"),
        pytest.param("fuzz --checkers zu", "zuban", id="fuzz"),
        pytest.param("mutate --checkers zu", "zuban", id="mutate"),
        pytest.param("check --select BGT21", "BGT210 BGT211 BGT212 BGT213 BGT214 BGT215", id="codes"),
        pytest.param("check --ignore BGT101,bgt90", "BGT101,BGT901", id="codes to ignore"),
        pytest.param("rule bgt90", "BGT901", id="a code"),
        pytest.param("rule dropped-by-resp", "dropped-by-response", id="the name of a rule"),
        pytest.param("check --output j", "json= junit=", id="formats"),
        pytest.param("verify --output m", "markdown=", id="formats of verify"),
        pytest.param("fuzz --output c", "case=", id="formats of fuzz"),
        pytest.param("check --output json=", "json=readme.md json=reports/", id="files"),
        pytest.param("check --output json=rep", "json=reports/", id="a folder"),
        pytest.param("check --output json=reports/", "json=reports/check.json", id="in a folder"),
        pytest.param("check --output json=nowhere/", "", id="no folder"),
        pytest.param("check --output json=.h", "json=.hidden", id="what is hidden"),
        pytest.param("verify --config pyri", "pyright=", id="configurations"),
        pytest.param("verify --platform ", "linux darwin win32", id="platforms"),
        pytest.param("vendor --only ", "starlette fastapi all", id="packages"),
        pytest.param("vendor --for pyre", "pyrefly", id="for"),
        pytest.param("mutate --executor ", "local dask://", id="executors"),
        pytest.param("check --write", "--write-baseline", id="options"),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_was_typed_becomes_a_value(line: str, values: str) -> None:
    assert complete(*line.split(" ")) == values.split()


def test_a_code_has_its_summary_beside_it() -> None:
    [item] = ShellComplete(app, {}, "bgtasks", "_BGTASKS_COMPLETE").get_completions(
        ["check", "--select"], "BGT204"
    )

    assert item.help == ALL["BGT204"].summary


# What readies each shell for it; the last one completes without a terminal.
SHELLS: Mapping[str, tuple[list[str], str]] = {
    "bash": (["--norc", "--noprofile", "-i"], 'eval "$(_BGTASKS_COMPLETE=bash_source bgtasks)"'),
    "zsh": (
        ["-f", "-i"],
        'autoload -U compinit; compinit -D; eval "$(_BGTASKS_COMPLETE=zsh_source bgtasks)"',
    ),
    "fish": (["--no-config"], "_BGTASKS_COMPLETE=fish_source bgtasks | source"),
}
TYPED = {
    "bgtasks check --checkers=mypy,pyri": "bgtasks check --checkers=mypy,pyright ",
    "bgtasks check --output sar": "bgtasks check --output sarif=",
    "bgtasks check --output json=reports/ch": "bgtasks check --output json=reports/check.json ",
    "bgtasks check --output=json=reports/ch": "bgtasks check --output=json=reports/check.json ",
    "bgtasks rule dropped-by-resp": "bgtasks rule dropped-by-response ",
}
"""What becomes of a line, with a blank behind it where the word is whole."""


@pytest.fixture
def variables(files: Path) -> Mapping[str, str]:
    """Install the command of this checkout; return the environment of a shell that has it."""
    commands = files / "bin"
    commands.mkdir()
    command = commands / "bgtasks"
    command.write_text(f"#!{sys.executable}\nfrom bgtasks.__main__ import main\nmain()\n")
    command.chmod(0o755)
    return {
        "PATH": f"{commands}:/usr/bin:/bin",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "HOME": str(files),
        "TERM": "dumb",
    }


def read_until(terminal: int, pattern: str) -> re.Match[str]:
    """Return where a pattern is met by what a shell prints."""
    seen, end = "", time.monotonic() + 60
    while not (found := re.search(pattern, seen)):
        ready, _, _ = select.select([terminal], [], [], max(end - time.monotonic(), 0))
        assert ready, seen
        seen += os.read(terminal, 65536).decode(errors="replace")
    return found


@pytest.mark.live
@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_a_shell_completes_at_a_terminal(shell: str, variables: Mapping[str, str]) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    pty = pytest.importorskip("pty")  # not on Windows
    options, setup = SHELLS[shell]
    ours, its = pty.openpty()
    process = subprocess.Popen([shell, *options], env=variables, stdin=its, stdout=its, stderr=its)
    try:
        os.write(ours, f"{setup}; echo rea''dy\n".encode())
        read_until(ours, "\nready")
        for line, completed in TYPED.items():
            # Control-A goes to where the line begins, so that it is shown and not run.
            os.write(ours, f"{line}\t>\x01echo '<' \n".replace(">", "'>'").encode())
            assert read_until(ours, r"\n< (.*?)>\r")[1] == completed
    finally:
        process.kill()
        process.wait()
        os.close(ours)
        os.close(its)


@pytest.mark.live
def test_fish_completes(variables: Mapping[str, str]) -> None:
    if shutil.which("fish") is None:
        pytest.skip("fish is not installed")
    options, setup = SHELLS["fish"]
    for line, completed in TYPED.items():
        command = ["fish", *options, "-c", f"{setup}; complete -C $argv[1]", line]
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
        assert [each.partition("\t")[0] for each in done.stdout.splitlines()] == [completed.split()[-1]]
