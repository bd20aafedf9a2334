"""Files at which a checker stops, tried with a program that stops where it is told to."""

import sys
from collections.abc import Sequence
from pathlib import Path

import anyio
import pytest

from bgtasks.canary import CANARY
from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case
from bgtasks.errors import StoppedError
from bgtasks.model import DEFAULT_TARGET, Checker, Diagnostic, Sandbox
from bgtasks.verify.aside import Heard, hear
from bgtasks.verify.layout import Layout, open_layout
from bgtasks.verify.model import Plan

# Prints the name of each file; stops at "stop", and names the file where that says "name".
PROGRAM = """\
import pathlib, sys
for file in sorted(pathlib.Path(sys.argv[1]).rglob("*.py")):
    text = file.read_text()
    if "stop" in text or ("together" in text and "together" in (seen := globals().get("seen", ""))):
        sys.stderr.write(f"crash in project/{file.name}" if "name" in text else "crash")
        sys.exit(3)
    seen = globals().get("seen", "") + text
    print(file.name)
"""


def read(_: str) -> Sequence[Diagnostic]:
    return ()


def no_arguments(_: Sandbox, __: str) -> Sequence[str]:
    return ()


CHECKER = Checker("program", "verify", {}, no_arguments, read)


def case(name: str, text: str) -> Case:
    return read_case(Path(f"t/{name}"), Path(name), f"import bgtasks\n{text}\n", frozenset())


def listen(folder: Path, texts: dict[str, str]) -> Heard:
    program = folder / "program.py"
    program.write_text(PROGRAM)
    plan = Plan([case(name, text) for name, text in texts.items()], DEFAULT_TARGET, Path(sys.executable))

    def command(layout: Layout) -> list[str]:
        return [sys.executable, str(program), str(layout.sandbox.project)]

    with open_layout(plan, {}) as layout:
        return anyio.run(hear, CHECKER, layout, command, 60)


@pytest.mark.parametrize(
    ("texts", "aside"),
    [
        pytest.param({"a.py": "", "b.py": ""}, [], id="none"),
        pytest.param({"a.py": "", "b.py": "# stop name", "c.py": ""}, ["t/b.py"], id="named"),
        pytest.param({"a.py": "", "b.py": "# stop", "c.py": ""}, ["t/b.py"], id="found by halves"),
        pytest.param(
            {"a.py": "# stop", "b.py": "", "c.py": "# stop", "d.py": "# stop name", "e.py": ""},
            ["t/a.py", "t/c.py", "t/d.py"],
            id="several",
        ),
    ],
)
def test_a_file_that_stops_a_checker_costs_itself_alone(
    texts: dict[str, str], aside: list[str], tmp_path: Path
) -> None:
    heard = listen(tmp_path, texts)

    assert sorted(path.as_posix() for path, _ in heard.aside) == aside
    assert all("cannot be checked: stopped with exit code 3" in why for _, why in heard.aside)
    left = {name for name in texts if f"t/{name}" not in aside}
    assert set(heard.output.split()) == {*left, CANARY.name}


def test_where_no_file_is_to_blame_nothing_is_concluded(tmp_path: Path) -> None:
    with pytest.raises(StoppedError, match="exit code 3 and said: crash"):
        listen(tmp_path, {"a.py": "# together", "b.py": "# together"})
