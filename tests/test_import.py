import subprocess
import sys

import pytest

import bgtasks
from bgtasks import background


def output_of(code: str) -> str:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def modules_loaded_by(statement: str) -> set[str]:
    return set(output_of(f"{statement}; import sys; print(*sys.modules)").split())


def test_importing_bgtasks_loads_nothing_else() -> None:
    required = modules_loaded_by("import importlib, typing")

    assert modules_loaded_by("import bgtasks") - required == {"bgtasks"}


@pytest.mark.parametrize(
    "statement",
    [
        "from bgtasks import BackgroundTasks",
        "from bgtasks import *",
        "from bgtasks import background",
        "import bgtasks; bgtasks.BackgroundTask",
        "import bgtasks; bgtasks.background",
    ],
)
def test_using_it_loads_starlette_and_typing_extensions_only(statement: str) -> None:
    required = modules_loaded_by("import starlette.background, typing_extensions")

    assert modules_loaded_by(statement) - required == {
        "bgtasks",
        "bgtasks.background",
        "bgtasks.distribution",
        "bgtasks.pitfalls",
        "bgtasks.wording",
    }


def test_what_is_public_is_there() -> None:
    assert set(bgtasks.__all__) == set(background.__all__)
    for name in bgtasks.__all__:
        assert getattr(bgtasks, name) is getattr(background, name)


def test_what_is_public_is_listed_before_it_is_used() -> None:
    listed = output_of("import bgtasks; print(*dir(bgtasks))").split()

    assert set(bgtasks.__all__) <= set(listed)


def test_help_shows_what_is_public() -> None:
    shown = output_of("import bgtasks; help(bgtasks)")

    assert "|  add_task(" in shown


def test_what_is_not_there_is_an_error_as_ever() -> None:
    with pytest.raises(AttributeError, match=r"^module 'bgtasks' has no attribute 'BackgroundTaks'$"):
        getattr(bgtasks, "BackgroundTaks")  # noqa: B009 - a checker knows as well
    with pytest.raises(ImportError, match="cannot import name 'BackgroundTaks'"):
        exec("from bgtasks import BackgroundTaks")
