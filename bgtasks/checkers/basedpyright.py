"""basedpyright: pyright, but for the baseline of known errors that it would keep to itself."""

from bgtasks.checkers import pyright
from bgtasks.model import Checker, Sandbox


def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
    return [*pyright.arguments(sandbox, python_version), f"--baselinefile={sandbox.folder / 'no_baseline'}"]


BASEDPYRIGHT = Checker(
    "basedpyright", "checkers", {"pyrightconfig.json": pyright.CONFIG}, arguments, pyright.read
)
