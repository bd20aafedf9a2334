"""The checkers as an app is checked with them: its calls are judged, and it is not held to be strict."""

import json
import os
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from pathlib import Path

from bgtasks.check.ask.layout import Layout
from bgtasks.checkers import CHECKERS
from bgtasks.checkers.mypy_with_plugin import MYPY_WITH_PLUGIN
from bgtasks.model import Checker, Sandbox

# A default of None is taken at its word, as PEP 484 once had it. mypy says nothing at all where one file
# has two names, so what is imported from such a `package.__init__` is of no known type.
MYPY = """\
[mypy]
mypy_path = $MYPY_CONFIG_FILE_DIR/project
plugins = bgtasks.mypy_plugin
follow_imports = silent
check_untyped_defs = True
implicit_optional = True

[mypy-*.__init__]
follow_imports = skip

"""
# mypy says nothing at all where one file cannot be parsed, so such a file is kept from it.
SKIPPED = """\
[mypy-{module}]
follow_imports = skip
"""
PYRIGHT: dict[str, object] = {
    "exclude": [],
    "extraPaths": ["project"],
    "typeCheckingMode": "standard",
    "reportMissingModuleSource": False,
    "reportUnusedCoroutine": False,
    "reportUnusedExpression": False,
    "strictParameterNoneValue": False,
}


def prepare(name: str, layout: Layout, skipped: AbstractSet[Path]) -> Checker:
    """Return a checker that checks the files of `layout`; mypy, as if `skipped` were not there."""
    files = [file for file in layout.files if file not in skipped]
    match name:
        case "mypy":
            return mypy(files, [module_of(path, layout.sandbox) for path in sorted(skipped)])
        case "pyright" | "basedpyright":
            include = [file.relative_to(layout.sandbox.folder).as_posix() for file in files]
            config = json.dumps({"include": include, **PYRIGHT})
            return replace(CHECKERS[name], configs={"pyrightconfig.json": config})
        case _:
            return CHECKERS[name]


def mypy(files: Sequence[Path], skipped: Iterable[str]) -> Checker:
    def arguments(sandbox: Sandbox, python_version: str) -> list[str]:
        project = os.path.relpath(sandbox.project, sandbox.cwd)
        kept = [part for part in MYPY_WITH_PLUGIN.arguments(sandbox, python_version) if part != project]
        return [*kept, *(os.path.relpath(file, sandbox.cwd) for file in files)]

    profile = f"{MYPY_WITH_PLUGIN.name}.ini"
    config = MYPY + "".join(SKIPPED.format(module=module) for module in skipped)
    return replace(
        MYPY_WITH_PLUGIN,
        name="mypy",
        configs={**MYPY_WITH_PLUGIN.configs, profile: config},
        arguments=arguments,
    )


def module_of(path: Path, sandbox: Sandbox) -> str:
    """Return the name of the module at `path`, in the copy of the app or installed."""
    if path.is_relative_to(sandbox.project):
        parts = path.relative_to(sandbox.project).parts
    else:
        above = max((index for index, part in enumerate(path.parts) if part == "site-packages"), default=-1)
        parts = path.parts[above + 1 :]
    names = [*parts[:-1], Path(parts[-1]).stem]
    return ".".join(names[:-1] if names[-1] == "__init__" else names).replace("-stubs", "")
