"""mypy with our plugin, which judges a task as the direct call: a profile with a proof of its own."""

import os

from bgtasks.checkers import mypy
from bgtasks.errors import RunError
from bgtasks.model import CALL_KINDS, Checker, Diagnostic, Kind, Sandbox

NAME = "mypy+plugin"

# Only the plugin rejects this. It lies beside the cases, so that no other checker reads it.
CANARY = "plugin/bgtasks_plugin_canary.py"
SOURCE = """\
from collections.abc import Iterator

from starlette.background import BackgroundTask


def count() -> Iterator[int]:
    yield 1


BackgroundTask(count)
"""
# Where there is no Starlette, there is nothing that the plugin could judge either.
SUNG = {"background-task", "import-not-found"}


def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
    canary = (sandbox.folder / CANARY).parent
    return [*mypy.arguments(sandbox, python_version, NAME), os.path.relpath(canary, sandbox.cwd)]


def read(output: str) -> list[Diagnostic]:
    """
    Read what mypy printed, without what it said of the plugin's canary.

    Raises `RunError` as mypy's reader does, and where the plugin was not in effect.
    """
    found = mypy.read(output)
    rules = {diagnostic.rule for diagnostic in found if is_canary(diagnostic)}
    if not rules & SUNG:
        raise RunError("accepted a generator function as a task, so the plugin was not in effect")
    return [explain(diagnostic) for diagnostic in found if not is_canary(diagnostic)]


def is_canary(diagnostic: Diagnostic) -> bool:
    return diagnostic.path.as_posix().endswith(CANARY)


def explain(diagnostic: Diagnostic) -> Diagnostic:
    # Of the direct call of an overloaded function mypy says no more, whatever is wrong.
    kinds = CALL_KINDS if Kind.NO_OVERLOAD in diagnostic.kinds else frozenset[Kind]()
    return diagnostic._replace(kinds=diagnostic.kinds | kinds)


MYPY_WITH_PLUGIN: Checker = Checker(
    NAME,
    "verify",
    {f"{NAME}.ini": f"{mypy.CONFIG}plugins = bgtasks.mypy_plugin\n", CANARY: SOURCE},
    arguments,
    read,
    mypy.on_path,
)
