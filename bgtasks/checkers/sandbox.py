"""A throwaway project: the cases, the canaries and one configuration per checker."""

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bgtasks.checkers.canary import LAST_LINE, SENTINEL, canary
from bgtasks.claims.cases import dotted
from bgtasks.errors import BgtasksError
from bgtasks.model import Plan, Sandbox, Target

# What a checker may see of the user's environment; all else could change what it reports.
VARIABLES = ("PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "USERPROFILE", "LOCALAPPDATA")


@contextmanager
def open_sandbox(plan: Plan, configs: Mapping[str, str]) -> Generator[Sandbox, None, None]:
    """
    Lay out the cases, the canaries and `configs` (name: text) in a temporary folder.

    Yields the sandbox and removes it at the end. Raises `BgtasksError` when no case imports the
    target, when the interpreter cannot be run, or when there are no stubs where they should be.
    """
    sources = {case.module: redirect(case.source, plan.imported, plan.target) for case in plan.cases}
    if not any(imports(source, plan.target) for source in sources.values()):
        raise BgtasksError(
            f"no case imports {plan.target}; name the class under test with --target module:Class"
        )
    tested = plan.target.module.partition(".")[0]
    for case in plan.cases:
        if dotted(case.module)[0] == tested:
            raise BgtasksError(f"{case.path}: hides the module {tested!r} that is under test; rename it")
    with open_folder() as folder:
        try:
            sandbox = lay_out(plan, sources, configs, folder)
        except OSError as error:
            raise BgtasksError(f"the temporary folder cannot be written: {error.strerror}") from None
        yield sandbox


@contextmanager
def open_folder() -> Generator[Path, None, None]:
    """Make a temporary folder and remove it at the end. Raises `BgtasksError` where none can be made."""
    try:
        temporary = tempfile.TemporaryDirectory(prefix="bgtasks-", ignore_cleanup_errors=True)
    except OSError as error:
        raise BgtasksError(f"no temporary folder can be made: {error.strerror}") from None
    with temporary as name:
        yield Path(name).resolve()


def lay_out(plan: Plan, sources: Mapping[Path, str], configs: Mapping[str, str], folder: Path) -> Sandbox:
    stubs = find_stubs(plan.stubs) if plan.stubs else []
    # Not resolved: the interpreter of an environment is a link out of it.
    python = Path(os.path.abspath(plan.python))  # noqa: PTH100
    if stubs or python != Path(sys.executable):
        version, paths = ask_python(python)
    else:  # there is no need to ask ourselves
        version, paths = "{}.{}".format(*sys.version_info), []
    project, cwd = folder / "project", folder / "cwd"
    cwd.mkdir()
    cases = (canary(plan.target, stubs), *plan.cases)
    for case in cases:
        copy_to(project / case.module, f"{sources.get(case.module, case.source)}\n{LAST_LINE}")
    for config, text in configs.items():
        copy_to(folder / config, text)
    return Sandbox(
        folder=folder,
        project=project,
        cwd=cwd,
        cache=open_cache(plan.cache) or folder / "cache",
        python=lay_over(python, paths, stubs, folder / "environment") if stubs else python,
        python_version=version,
        environment=isolate(folder),
        files={project / case.module: case for case in cases},
    )


def copy_to(path: Path, source: str) -> None:
    """Write a copy whose time stamp is made of its text: a cache goes by that, and by the size."""
    data = source.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    stamp = int.from_bytes(hashlib.sha256(data).digest()[:4], "big") // 2
    os.utime(path, (stamp, stamp))


def find_stubs(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.glob("*-stubs") if path.is_dir())
    if not found:
        raise BgtasksError(f"--stubs {folder}: no folder such as 'starlette-stubs' in it")
    return found


def lay_over(python: Path, paths: Sequence[str], stubs: Sequence[Path], environment: Path) -> Path:
    """
    Make an environment with `stubs` in it and, behind them, all that `python` finds at `paths`.

    A module that only our copy of the stubs has shows a checker's canary that they are in effect.
    Returns its interpreter.
    """
    run_python(python, "-m", "venv", "--without-pip", "--symlinks", str(environment))
    [site_packages] = (path for path in environment.glob("[Ll]ib/**/site-packages") if path.is_dir())
    (site_packages / "paths.pth").write_text("".join(f"{path}\n" for path in paths), encoding="utf-8")
    for path in stubs:
        copy = site_packages / path.name
        shutil.copytree(path, copy)
        (copy / f"{SENTINEL}.pyi").write_text("sentinel: int\n", encoding="utf-8")
    return next(
        path
        for path in (environment / "bin" / "python", environment / "Scripts" / "python.exe")
        if path.exists()
    )


def open_cache(folder: Path | None) -> Path | None:
    """Make the cache folder, out of sight of git; None where that cannot be written."""
    if folder is None:
        return None
    try:
        folder.mkdir(exist_ok=True)
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    except OSError:
        return None
    return folder.resolve()


def isolate(folder: Path) -> dict[str, str]:
    """Return the environment for a checker: nothing in it names the user's settings."""
    kept = {name: os.environ[name] for name in VARIABLES if name in os.environ}
    return kept | {"XDG_CONFIG_HOME": str(folder / "config"), "LANG": "C.UTF-8", "NO_COLOR": "1"}


def ask_python(python: Path) -> tuple[str, list[str]]:
    """Return the version of an interpreter, such as "3.12", and where it finds what is installed."""
    code = (
        "import json, sys; own = set(sys.path); import site; site.main();"
        "added = [path for path in sys.path if path not in own];"
        "print(json.dumps(['{}.{}'.format(*sys.version_info), added]))"
    )
    try:
        version, paths = json.loads(run_python(python, "-S", "-c", code))
    except ValueError:
        raise BgtasksError(f"{python}: does not answer as Python; name one with --python") from None
    return version, paths


def run_python(python: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            [python, "-I", *arguments], capture_output=True, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        code = getattr(error, "returncode", None)
        why = f"exit code {code}" if code is not None else getattr(error, "strerror", None) or "no answer"
        raise BgtasksError(f"{python}: cannot be run as Python ({why}); name one with --python") from None
    return done.stdout


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


def redirect(source: str, imported: Target, target: Target) -> str:
    """Return `source` with `target` imported in the place of `imported`, line for line."""
    if target == imported or imported.name not in source:
        return source
    lines = source.split("\n")
    for node in reversed(list(ast.walk(ast.parse(source)))):
        if not isinstance(node, ast.ImportFrom) or not names(node, imported):
            continue
        moved = [
            ast.alias(target.name, alias.asname or alias.name)
            for alias in node.names
            if alias.name == imported.name
        ]
        kept = [alias for alias in node.names if alias.name != imported.name]
        statements = [ast.ImportFrom(target.module, moved, 0)]
        if kept:
            statements.append(ast.ImportFrom(node.module, kept, 0))
        first, last = node.lineno - 1, (node.end_lineno or node.lineno) - 1
        before = lines[first].encode()[: node.col_offset].decode()
        after = lines[last].encode()[node.end_col_offset :].decode()
        text = "; ".join(ast.unparse(statement) for statement in statements)
        lines[first : last + 1] = [before + text + after, *[""] * (last - first)]
    return "\n".join(lines)
