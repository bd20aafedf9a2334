"""The modules that code imports: where each lies, and by which of them another is reached."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bgtasks.documents import decode
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole

# Good enough to follow: an import that is none only makes us look where we need not.
IMPORT = re.compile(
    r"(?:^|;)[ \t]*(?:from[ \t]+(?P<base>[.\w]+)[ \t]+import[ \t]*(?P<names>\([^)]*\)|[^\n#;]*)"
    r"|import[ \t]+(?P<modules>[^\n#;]*))",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its dotted name."""

    name: str
    path: Path
    source: str

    @property
    def package(self) -> str:
        """What its relative imports start from."""
        return self.name if self.path.stem == "__init__" else self.name.rpartition(".")[0]


@dataclass
class Modules:
    """What can be imported from `roots`, the first before the others, and a stub before what it is for."""

    roots: Sequence[Path]
    found: dict[str, Module | None] = field(default_factory=dict[str, "Module | None"])
    imported: dict[str, tuple[Module, ...]] = field(default_factory=dict[str, tuple[Module, ...]])

    def find(self, name: str) -> Module | None:
        """Return a module, None for one of the standard library or one that is not there."""
        if name not in self.found:
            top = name.partition(".")[0]
            known = top.isidentifier() and top not in sys.stdlib_module_names
            self.found[name] = self.read(name) if known else None
        return self.found[name]

    def read(self, name: str) -> Module | None:
        top, _, rest = name.partition(".")
        for root in self.roots:
            for package in (root / f"{top}-stubs", root / top):
                place = package.joinpath(*filter(None, rest.split(".")))
                files = [place / "__init__.pyi", place / "__init__.py"]
                if rest or not package.name.endswith("-stubs"):
                    files = [place.with_name(f"{place.name}{suffix}") for suffix in (".pyi", ".py")] + files
                for path in files:
                    if path.is_file():
                        return Module(name, path, read_source(path))
        return None

    def imports(self, source: str, package: str) -> Iterator[str]:
        """Yield the modules that `source` names in its imports."""
        for statement in IMPORT.finditer(source):
            if statement["modules"] is not None:
                for words in filter(None, map(str.split, statement["modules"].split(","))):
                    # `import a.b` binds a, through which the others are reached.
                    yield from (words[0], words[0].partition(".")[0])
            else:
                base = absolute(statement["base"], package)
                yield base
                for part in re.split(r"[,()\s]+", statement["names"]):
                    if part.isidentifier():
                        yield f"{base}.{part}"

    def neighbours(self, module: Module) -> tuple[Module, ...]:
        """Return the modules that are there of those that a module imports."""
        if module.name not in self.imported:
            self.imported[module.name] = tuple(self.resolve(module.source, module.package))
        return self.imported[module.name]

    def resolve(self, source: str, package: str = "") -> Iterator[Module]:
        """Yield the modules that are there of those that `source` imports."""
        for name in dict.fromkeys(self.imports(source, package)):
            if module := self.find(name):
                yield module

    def between(self, source: str, end: str) -> Mapping[str, Module]:
        """Return the modules through which `source` reaches `end`, and that; none where it does not."""
        above: dict[str, list[str]] = {}
        known: dict[str, Module] = {}
        left = list(self.resolve(source))
        while left:
            module = left.pop()
            if module.name not in known:
                known[module.name] = module
                for other in self.neighbours(module):
                    above.setdefault(other.name, []).append(module.name)
                    left.append(other)
        kept: dict[str, Module] = {}
        names = [end] if end in known else []
        for name in names:
            if name not in kept:
                kept[name] = known[name]
                names += above.get(name, [])
        return kept


def read_source(path: Path) -> str:
    """Return the text of a module. Raises `BgtasksError` where it cannot be read."""
    try:
        return decode(read_whole(path))
    except (OSError, ValueError) as error:
        raise BgtasksError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def absolute(name: str, package: str) -> str:
    """Return the module that a name behind `from` is, where a relative one starts from `package`."""
    level = len(name) - len(name.lstrip("."))
    if not level:
        return name
    parts = package.split(".")
    base = parts[: len(parts) - level + 1]
    return ".".join([*base, *filter(None, [name[level:]])])


def name_of(path: Path) -> tuple[Path, str]:
    """Return the root from which a file is imported, and the name by which it is."""
    parts = [] if path.stem == "__init__" else [path.stem]
    folder = path.parent
    while is_package(folder):
        parts.append(folder.name.removesuffix("-stubs"))
        folder = folder.parent
    return folder, ".".join(reversed(parts))


def is_package(folder: Path) -> bool:
    return folder.name.endswith("-stubs") or any(
        (folder / f"__init__{suffix}").is_file() for suffix in (".py", ".pyi")
    )


def find_files(path: Path) -> list[Path]:
    """
    Return the modules at `path`: that file, or of a folder its stubs or, if it has none, its Python files.

    Raises `BgtasksError` where there are none.
    """
    if path.is_file() and path.suffix in {".py", ".pyi"}:
        return [path]
    found = sorted(path.rglob("*.pyi")) or sorted(path.rglob("*.py")) if path.is_dir() else []
    if not found:
        raise BgtasksError(
            f"{path}: no Python file or stub, nor a folder of them; name what is to be mutated"
        )
    return found
