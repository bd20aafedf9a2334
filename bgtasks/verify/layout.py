"""A throwaway project: the cases, the canaries and one configuration per checker."""

import ast
import re
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bgtasks.canary import LAST_LINE, canary
from bgtasks.checkers.sandbox import (
    copy_file,
    copy_to,
    find_stubs,
    isolate,
    lay_over,
    open_cache,
    open_folder,
)
from bgtasks.claims.cases import dotted
from bgtasks.claims.model import Case
from bgtasks.claims.probes import with_probes
from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute
from bgtasks.model import Sandbox, Target
from bgtasks.surroundings.environment import ask_python
from bgtasks.verify.model import Plan

# Who names one of these as under test means the one that is installed, whatever lies among the cases.
INSTALLED = {"bgtasks", "starlette", "fastapi"}


@dataclass(frozen=True, slots=True)
class Layout:
    """
    Where checkers run, and what each file was made from that they are to check.

    Of what lies in `silent`, files or folders, nothing that is said is heard.
    """

    sandbox: Sandbox
    files: Mapping[Path, Case]
    silent: Sequence[Path] = ()


@contextmanager
def open_layout(plan: Plan, configs: Mapping[str, str]) -> Generator[Layout, None, None]:
    """
    Lay out the cases, the canaries and `configs` (name: text) in a temporary folder.

    Yields the layout and removes it at the end. Raises `BgtasksError` when no case imports the
    target, when the interpreter cannot be run, or when there are no stubs where they should be.
    """
    sources = {
        case.module: redirect(with_probes(case.checked, case.probes), plan.imported, plan.target)
        for case in plan.cases
    }
    if plan.target:
        require_target(plan, sources.values(), plan.target)
    with open_folder() as folder:
        try:
            layout = lay_out(plan, sources, configs, folder)
        except OSError as error:
            raise BgtasksError(f"the temporary folder cannot be written: {error.strerror}") from None
        yield layout


def require_target(plan: Plan, sources: Iterable[str], target: Target) -> None:
    """Raise `BgtasksError` when no case imports the target, or when a file of the suite hides it."""
    if not any(imports_target(source, target) for source in sources):
        raise BgtasksError(f"no case imports {target}; name what is under test with --target module:Class")
    tested = target.module.partition(".")[0]
    installed = tested in INSTALLED
    if not installed and any(defines(case, target) for case in plan.cases):
        return
    files = [(case.module, case.path) for case in plan.cases]
    for module, file in (*files, *(plan.beside if installed else ())):
        if dotted(module)[0] == tested:
            raise BgtasksError(f"{file}: hides the module {tested!r} that is under test; rename it")


def defines(case: Case, target: Target) -> bool:
    """Tell whether a file without claims is the module of the target, and has it."""
    name = target.imported
    bound = rf"^((async )?def|class) +{name}\b|^{name} *[:=]|^from [^#]*\b{name}\b"
    return (
        not case.claims
        and ".".join(dotted(case.module)) == target.module
        and re.search(bound, case.source, re.MULTILINE) is not None
    )


def lay_out(plan: Plan, sources: Mapping[Path, str], configs: Mapping[str, str], folder: Path) -> Layout:
    stubs = find_stubs(plan.stubs) if plan.stubs else []
    # Not resolved: the interpreter of an environment is a link out of it.
    python = absolute(plan.python)
    if stubs or python != Path(sys.executable):
        version, paths = ask_python(python)
    else:  # there is no need to ask ourselves
        version, paths = "{}.{}".format(*sys.version_info), []
    project, cwd = folder / "project", folder / "cwd"
    cwd.mkdir()
    cases = (canary(plan.target, stubs, find_modules(plan)), *plan.cases)
    for case in cases:
        copy_to(project / case.module, f"{sources.get(case.module, case.checked)}\n{LAST_LINE}")
    for module, file in plan.beside:
        copy_file(file, project / module)
    for config, text in configs.items():
        copy_to(folder / config, text)
    sandbox = Sandbox(
        folder=folder,
        project=project,
        cwd=cwd,
        cache=open_cache(plan.cache) or folder / "cache",
        python=lay_over(python, paths, stubs, folder / "environment") if stubs else python,
        python_version=version,
        environment=isolate(folder),
    )
    silent = [*plan.starts, *(project / module for module, _ in plan.beside)]
    return Layout(sandbox, {project / case.module: case for case in cases}, silent)


def find_modules(plan: Plan) -> list[str]:
    """Return what the cases import, unless a target is proved in its place."""
    if plan.target:
        return []
    return sorted({module for case in plan.cases if case.claims for module in case.imports})


def imports_target(source: str, target: Target) -> bool:
    """Tell whether `source` imports `target`, by name or through its module."""
    return target.module.rpartition(".")[2] in source and any(
        any(alias.name == target.module for alias in node.names)
        if isinstance(node, ast.Import)
        else names_target(node, target)
        for node in ast.walk(from_python(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    )


def names_target(node: ast.ImportFrom, target: Target) -> bool:
    return (
        node.level == 0
        and node.module == target.module
        and any(alias.name == target.imported for alias in node.names)
    )


def redirect(source: str, imported: Target, target: Target | None) -> str:
    """Return `source` with `target` imported in the place of `imported`, line for line."""
    if target is None or target == imported or imported.imported not in source:
        return source
    lines = source.split("\n")
    for node in reversed(list(ast.walk(from_python(source)))):
        if not isinstance(node, ast.ImportFrom) or not names_target(node, imported):
            continue
        moved = [
            ast.alias(target.imported, alias.asname or alias.name)
            for alias in node.names
            if alias.name == imported.imported
        ]
        kept = [alias for alias in node.names if alias.name != imported.imported]
        statements = [ast.ImportFrom(target.module, moved, 0)]
        if kept:
            statements.append(ast.ImportFrom(node.module, kept, 0))
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = lines[first].encode()[: node.col_offset].decode()
        after = lines[last].encode()[node.end_col_offset :].decode()
        text = "; ".join(ast.unparse(statement) for statement in statements)
        lines[first : last + 1] = [before + text + after, *[""] * (last - first)]
    return "\n".join(lines)
