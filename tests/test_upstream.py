"""docs/upstream.md: its tables are what the type tests mark, and its programs show what they say."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "upstream.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"^### ((\w+): [^\n]*)\n\n```python\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)
# Each prints `file:line:` and, further on in that line, that it is an error.
COMMANDS: dict[str, Callable[[], list[str]]] = {
    "mypy": lambda: ["mypy", "--strict", "--no-incremental", "--config-file="],
    "pyright": lambda: ["pyright", f"--pythonpath={sys.executable}"],
    "pyrefly": lambda: ["pyrefly", "check", "--output-format=min-text", "-c", "pyrefly.toml"],
    "zuban": lambda: ["zuban", "check", "--strict"],
}


def test_the_tables_are_what_the_command_prints() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "upstream.py")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    filed, others = printed.strip().split("\n\n")
    assert f"\n{filed}\n\n" in PAGE
    assert f"\n{others}\n\n" in PAGE
    assert "python/mypy#17461" in filed


@pytest.mark.checker
@pytest.mark.live
@pytest.mark.parametrize(("checker", "program"), [pytest.param(*each[1:], id=each[0]) for each in PROGRAMS])
def test_a_program_that_is_ready_to_send_shows_the_gap(checker: str, program: str, tmp_path: Path) -> None:
    """Two canaries prove that the checker has read the program."""
    canary = '\nwrong_canary: int = "text"\nright_canary: int = 1\n'
    lines = (program + canary).splitlines()
    (tmp_path / "shown.py").write_text(program + canary)
    (tmp_path / "pyrefly.toml").write_text('preset = "strict"\n')
    program_path, *options = COMMANDS[checker]()
    command = [str(Path(sys.executable).parent / program_path), *options, "shown.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    reported = {int(number) for number in re.findall(r"shown\.py:(\d+):.*error", done.stdout, re.IGNORECASE)}
    reported |= {int(number) for number in re.findall(r"ERROR shown\.py:(\d+):", done.stdout)}
    shown = {number for number, line in enumerate(lines, 1) if line.endswith("# right")}
    canaries = {number for number, line in enumerate(lines, 1) if line.startswith("wrong_canary")}
    assert reported == shown | canaries, done.stdout
    assert "# right" in program or "# wrong" in program
