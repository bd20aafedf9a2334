"""What an import names: the module, and the file below a folder that its imports start from."""

from collections.abc import Sequence
from pathlib import Path

from bgtasks.check.model import Module


def file_at(folder: Path, parts: Sequence[str]) -> Path | None:
    stem = folder.joinpath(*parts)
    files = [stem / "__init__.py"]
    if parts:
        files.insert(0, stem.with_name(f"{stem.name}.py"))
    return next((file for file in files if file.is_file()), None)


def make_absolute(dotted: str, module: Module) -> str:
    name = dotted.lstrip(".")
    level = len(dotted) - len(name)
    if not level:
        return name
    parts = module.name.split(".")
    above = parts[: len(parts) - level + (module.path.stem == "__init__")]
    return ".".join([*above, name])
