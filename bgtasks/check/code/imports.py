"""What an import names: the module, and the file below a folder that its imports start from."""

from collections.abc import Sequence
from pathlib import Path

from bgtasks.check.model import Module


def file_at(folder: Path, parts: Sequence[str], *, stubs: bool = False) -> Path | None:
    """Return the file of the module that `parts` name below a folder; with `stubs`, its stub first."""
    stem = folder.joinpath(*parts)
    files = [stem / "__init__.py"]
    if parts:
        files.insert(0, stem.with_name(f"{stem.name}.py"))
    if stubs:
        files[:0] = [file.with_suffix(".pyi") for file in files]
        if parts:
            apart = folder.joinpath(f"{parts[0]}-stubs", *parts[1:])
            files[:0] = [apart.with_name(f"{apart.name}.pyi"), apart / "__init__.pyi"]
    return next((file for file in files if file.is_file()), None)


def make_absolute(dotted: str, module: Module) -> str:
    name = dotted.lstrip(".")
    level = len(dotted) - len(name)
    if not level:
        return name
    parts = module.name.split(".")
    above = parts[: len(parts) - level + (module.path.stem == "__init__")]
    return ".".join([*above, name])
