"""Add to pyproject.toml what is missing, and change nothing that stands."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, resolve, write_whole
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
        kept = tomlkit.parse(new.encode()).unwrap() == meant
    except (TOMLKitError, TypeError, KeyError, ValueError, AttributeError, RecursionError) as error:
        raise BgtasksError(f"{PYPROJECT}: cannot be added to ({error}); add by hand what is shown") from None
    whole = keep_ends(text, new)
    if not kept or whole is None:
        raise BgtasksError(f"{PYPROJECT}: would not keep its layout; add by hand what is shown")
    return whole


def keep_ends(text: str, new: str) -> str | None:
    """Return `new` with the line ends of `text`, None unless every line of that stands in it still."""
    old, lines = text.splitlines(), new.splitlines()
    ends = [line[len(line.rstrip("\r\n")) :] for line in text.splitlines(keepends=True)]
    # What is added is given the end that most lines have; the last one of all may have none.
    usual = "\r\n" if 2 * ends.count("\r\n") > len(ends) else "\n"
    result: list[str] = []
    at = 0
    for line in lines:
        if at < len(old) and line == old[at]:
            result.append(line + (ends[at] or usual))
            at += 1
        else:
            result.append(line + usual)
    return "".join(result) if at == len(old) else None


def add(document: Any, advice: Advice) -> None:
    """Add to a TOML document, or to the plain dictionary of one."""
    table = document
    for depth, name in enumerate(advice.table, 1):
        if name not in table:
            table[name] = tomlkit.table(is_super_table=depth < len(advice.table))
        table = table[name]
    if advice.key and advice.key not in table:
        table[advice.key] = advice.value


def plan_config(root: Path, advices: Sequence[Advice]) -> bytes | None:
    """Return what pyproject.toml becomes, None where nothing is to be added. Raises `BgtasksError`."""
    file = root / PYPROJECT
    try:
        if not resolve(file).is_relative_to(root):
            raise BgtasksError(f"{PYPROJECT}: is a link out of the project; add by hand what is shown")
        text = read_whole(file).decode() if os.path.lexists(file) else ""
        if not os.access(file if text else root, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, UnicodeDecodeError) as error:
        raise BgtasksError(f"{PYPROJECT}: cannot be written: {error}") from None
    new = insert(text, advices)
    return new.encode() if new != text else None


def write_config(root: Path, advices: Sequence[Advice]) -> bool:
    """Add to pyproject.toml; tell whether there was anything to add."""
    content = plan_config(root, advices)
    if content is None:
        return False
    try:
        write_whole(resolve(root / PYPROJECT), content)
    except OSError as error:
        raise BgtasksError(f"{PYPROJECT}: cannot be written: {error}") from None
    return True
