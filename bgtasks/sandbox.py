"""A throwaway project: the cases, the canaries and one configuration per checker."""

import ast
import os
import subprocess
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bgtasks.cases import read_case
from bgtasks.errors import BgtasksError
from bgtasks.model import Case, Sandbox, Target

DEFAULT_TARGET = Target("bgtasks", "BackgroundTasks")

# Each claim proves something of a run: that wrong calls are rejected, that right ones are not, and
# that the target was found and neither is nor inherits from Any (of which every attribute exists).
CANARY = Path("bgtasks_canary.py")
CANARY_SOURCE = """\
from {target.module} import {target.name} as target


def take(number: int) -> None: ...


take("")  # E: argument-type
take(1)  # OK
target.no_such_attribute  # E: unknown-attribute
"""

# Stands at the end of every case: a checker that skipped the file, or that takes its end for
# unreachable, does not reject it.
LAST_LINE = 'bgtasks_canary: int = ""\n'

# What a checker may see of the user's environment; all else could change what it reports.
VARIABLES = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA")


@contextmanager
def open_sandbox(
    cases: Sequence[Case], target: Target, python: Path, configs: Mapping[str, str]
) -> Generator[Sandbox, None, None]:
    """
    Lay out `cases`, the canaries and `configs` (name: text) in a temporary folder.

    Where the cases import `bgtasks.BackgroundTasks` they import `target` instead. Yields the
    sandbox and removes it at the end. Raises `BgtasksError` when no case imports the target, or
    when `python` cannot be run.
    """
    sources = {case.module: redirect(case.source, target) for case in cases}
    if not any(imports(source, target) for source in sources.values()):
        raise BgtasksError(f"no case imports {target}; name the class under test with --target module:Class")
    version = read_version(python)
    with tempfile.TemporaryDirectory(prefix="bgtasks-") as name:
        folder = Path(name).resolve()
        project, cwd = folder / "project", folder / "cwd"
        cwd.mkdir()
        canary = read_case(CANARY, CANARY, CANARY_SOURCE.format(target=target), frozenset())
        for case in (canary, *cases):
            copy = project / case.module
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(f"{sources.get(case.module, case.source)}\n{LAST_LINE}", encoding="utf-8")
        for config, text in configs.items():
            (folder / config).write_text(text, encoding="utf-8")
        files = {project / case.module: case for case in (canary, *cases)}
        yield Sandbox(folder, project, cwd, python, version, isolate(folder), files)


def last_line(case: Case) -> int:
    """Return the line in the copy of `case` on which its canary stands."""
    return case.source.count("\n") + 2


def isolate(folder: Path) -> dict[str, str]:
    """Return the environment for a checker: nothing in it names the user's settings."""
    kept = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    return kept | {"XDG_CONFIG_HOME": str(folder / "config"), "LANG": "C.UTF-8", "NO_COLOR": "1"}


def read_version(python: Path) -> str:
    """Return the version of an interpreter, such as "3.12"."""
    code = "import sys; print('{}.{}'.format(*sys.version_info))"
    try:
        done = subprocess.run(
            [python, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise BgtasksError(f"{python}: cannot be run as Python ({error}); name one with --python") from None
    return done.stdout.strip()


def imports(source: str, target: Target) -> bool:
    """Tell whether `source` imports `target`, by name or through its module."""
    return target.module.rpartition(".")[2] in source and any(
        any(alias.name == target.module for alias in node.names)
        if isinstance(node, ast.Import)
        else names(node, target)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def names(node: ast.ImportFrom, target: Target) -> bool:
    return (
        node.level == 0
        and node.module == target.module
        and any(alias.name == target.name for alias in node.names)
    )


def redirect(source: str, target: Target) -> str:
    """Return `source` with `target` imported in the place of the default target, line for line."""
    if target == DEFAULT_TARGET or DEFAULT_TARGET.name not in source:
        return source
    lines = source.split("\n")
    for node in reversed(list(ast.walk(ast.parse(source)))):
        if not isinstance(node, ast.ImportFrom) or not names(node, DEFAULT_TARGET):
            continue
        moved = [
            ast.alias(target.name, alias.asname or alias.name)
            for alias in node.names
            if alias.name == DEFAULT_TARGET.name
        ]
        kept = [alias for alias in node.names if alias.name != DEFAULT_TARGET.name]
        imported = [ast.ImportFrom(target.module, moved, 0)]
        if kept:
            imported.append(ast.ImportFrom(node.module, kept, 0))
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = lines[first].encode()[: node.col_offset].decode()
        after = lines[last].encode()[node.end_col_offset :].decode()
        text = "; ".join(ast.unparse(statement) for statement in imported)
        lines[first : last + 1] = [before + text + after, *[""] * (last - first)]
    return "\n".join(lines)
