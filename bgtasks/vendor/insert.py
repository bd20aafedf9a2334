"""Add to pyproject.toml what is missing, and change nothing that stands."""

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bgtasks.errors import BgtasksError
from bgtasks.files import write_whole
from bgtasks.vendor.configure import PYPROJECT
from bgtasks.vendor.model import Advice


def refuse_contradictions(advices: Sequence[Advice]) -> None:
    """Raise `BgtasksError` where something cannot simply be added."""
    lines = [
        f"{advice.file}: {'.'.join((*advice.table, advice.key))}, for {advice.checker}: {advice.problem}"
        for advice in advices
        if advice.problem
    ]
    if lines:
        raise BgtasksError(
            f"{'; '.join(lines)}; nothing was written; leave --write-config out and add it by hand"
        )


def insert(text: str, advices: Sequence[Advice]) -> str:
    """Return a TOML document with `advices` added. Raises `BgtasksError` rather than change what stands."""
    try:
        document = tomlkit.parse(text)
        meant = document.unwrap()
        for advice in advices:
            add(document, advice)
            add(meant, advice)
        new = tomlkit.dumps(document)
        kept = tomlkit.parse(new).unwrap() == meant
    except (TOMLKitError, TypeError, KeyError, ValueError) as error:
        raise BgtasksError(f"{PYPROJECT}: cannot be added to ({error}); add by hand what is shown") from None
    if "\r\n" in text:
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    if not kept or any(
        line.startswith(("-", "?")) for line in difflib.ndiff(text.splitlines(), new.splitlines())
    ):
        raise BgtasksError(f"{PYPROJECT}: would not keep its layout; add by hand what is shown")
    return new


def add(document: Any, advice: Advice) -> None:
    """Add to a TOML document, or to the plain dictionary of one."""
    table = document
    for depth, name in enumerate(advice.table, 1):
        if name not in table:
            table[name] = tomlkit.table(is_super_table=depth < len(advice.table))
        table = table[name]
    if advice.key and advice.key not in table:
        table[advice.key] = advice.value


def write_config(root: Path, advices: Sequence[Advice]) -> bool:
    """Add to pyproject.toml; tell whether there was anything to add."""
    file = root / PYPROJECT
    try:
        if not file.resolve().is_relative_to(root):
            raise BgtasksError(f"{PYPROJECT}: is a link out of the project; add by hand what is shown")
        text = file.read_bytes().decode() if file.exists() else ""
        new = insert(text, advices)
        if new == text:
            return False
        write_whole(file.resolve(), new.encode())
    except (OSError, UnicodeDecodeError) as error:
        raise BgtasksError(f"{PYPROJECT}: cannot be written: {error}") from None
    return True
