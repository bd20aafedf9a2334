"""Which files are converted, by which reader, and where the cases go."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from bgtasks.convert.mdtest import read_mdtest
from bgtasks.convert.model import Converted
from bgtasks.convert.mypy_data import read_mypy_data
from bgtasks.convert.mypy_plugins import read_mypy_plugins
from bgtasks.convert.python import read_python
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, search

READERS: Mapping[str, Callable[[str], Iterator[Converted]]] = {
    ".test": read_mypy_data,
    ".yml": read_mypy_plugins,
    ".yaml": read_mypy_plugins,
    ".md": read_mdtest,
}
SUFFIXES = (*READERS, ".py", ".pyi")


@dataclass(slots=True)
class Conversion:
    """The files to write, and a line for each thing that no claim says."""

    files: dict[PurePosixPath, str] = field(default_factory=dict[PurePosixPath, str])
    untold: list[str] = field(default_factory=list[str])
    alone: set[PurePosixPath] = field(default_factory=set[PurePosixPath])
    apart: int = 0


def convert(paths: Iterable[Path]) -> Conversion:
    """
    Convert the tests at `paths`, files or folders that are searched for them.

    What can be checked together goes into `cases`, a test with files of its own into a folder of its own
    in `suites`, and what needs what is not here, as mypy's fixtures, into `fixtures`. Raises `BgtasksError`.
    """
    made = Conversion()
    for path in paths:
        if not path.exists():
            raise BgtasksError(f"{path}: no such file or folder; name the tests to convert")
        errors: list[str] = []
        base = path if path.is_dir() else path.parent
        for file in search(path, SUFFIXES, errors):
            for test in read(file, file.relative_to(base)):
                add(made, file, test)
        made.untold += errors
    if not made.files:
        raise BgtasksError(
            f"no test in {', '.join(map(str, paths))}; known are files in {', '.join(SUFFIXES)}"
        )
    return made


def read(file: Path, place: Path) -> Sequence[Converted]:
    try:
        text = read_whole(file).decode().replace("\r\n", "\n")
        if file.suffix in {".py", ".pyi"}:
            return list(read_python(place.as_posix(), text))
        return list(reader_of(file)(text))
    except OSError as error:
        raise BgtasksError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BgtasksError(f"{file}: cannot be decoded: {error}") from None
    except BgtasksError as error:
        raise BgtasksError(f"{file}: {error}") from None


def reader_of(file: Path) -> Callable[[str], Iterator[Converted]]:
    reader = READERS.get(file.suffix)
    if reader is None:
        raise BgtasksError(f"of no known form; known are files in {', '.join(SUFFIXES)}")
    return reader


def add(made: Conversion, file: Path, test: Converted) -> None:
    folder = PurePosixPath("fixtures" if test.apart else "suites" if test.alone else "cases")
    if test.alone:
        folder /= test.name
        made.alone.add(folder)
    made.apart += bool(test.apart)
    for path, text in test.files.items():
        place = folder / path
        if ".." in place.parts or place.is_absolute():
            raise BgtasksError(f"{file}: {test.name}: {path} leads out of the folder; rename it")
        while place in made.files and made.files[place] != text:
            place = place.with_stem(f"{place.stem}_")
        made.files[place] = text
    made.untold += [f"{file}: {test.name}: {what}" for what in test.untold]


def write(made: Conversion, folder: Path) -> None:
    """Write what was made into a folder that is new or empty. Raises `BgtasksError`."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise BgtasksError(f"{folder}: is not empty; name a new folder with --to")
        for place, text in made.files.items():
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            (folder / place).write_text(text, encoding="utf-8")
    except OSError as error:
        raise BgtasksError(f"{folder}: cannot be written: {error.strerror}") from None
