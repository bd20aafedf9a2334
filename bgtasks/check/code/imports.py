"""Where an import leads: the folders and files that it may name."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bgtasks.check.model import Module

ROOTS = ("pyproject.toml", "setup.py", ".git")


def file_at(folder: Path, parts: Sequence[str]) -> Path | None:
    stem = folder.joinpath(*parts)
    files = [stem / "__init__.py"]
    if parts:
        files.insert(0, stem.with_name(f"{stem.name}.py"))
    return next((file for file in files if file.is_file()), None)


def find_roots(start: Path) -> Iterator[Path]:
    """Yield the folders that may be on the path of the app's imports, the nearest to `start` first."""
    for folder in (start, *start.parents):
        if not (folder / "__init__.py").exists():
            yield folder
            yield folder / "src"
        if any((folder / name).exists() for name in ROOTS):
            return


def make_absolute(dotted: str, module: Module) -> str:
    name = dotted.lstrip(".")
    level = len(dotted) - len(name)
    if not level:
        return name
    parts = module.name.split(".")
    above = parts[: len(parts) - level + (module.path.stem == "__init__")]
    return ".".join([*above, name])
