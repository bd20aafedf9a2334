"""Which files are converted, by which reader, and where the cases go."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import tomlkit

from bgtasks.convert.mdtest import read_mdtest
from bgtasks.convert.model import Converted
from bgtasks.convert.mypy_data import read_mypy_data
from bgtasks.convert.mypy_plugins import read_mypy_plugins
from bgtasks.convert.python import read_python, set_slips_apart
from bgtasks.convert.silence import claim_silence
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, search
from bgtasks.leftovers import temporary

READERS: Mapping[str, Callable[[str], Iterator[Converted]]] = {
    ".test": read_mypy_data,
    ".yml": read_mypy_plugins,
    ".yaml": read_mypy_plugins,
    ".md": read_mdtest,
}
SUFFIXES = (*READERS, ".py", ".pyi")
# ty's suites are checked with all rules but these.
MDTEST = """\
[rules]
all = "error"
missing-override-decorator = "ignore"
unsound-assignment = "ignore"
unsound-return-statement = "ignore"
"""
# Whose tests a format has, and a configuration that leaves it as it is there when nobody asks it for more.
CHECKERS: Mapping[str, tuple[str, str, str]] = {
    ".test": ("mypy", "mypy.ini", "[mypy]\n"),
    ".yml": ("mypy", "mypy.ini", "[mypy]\n"),
    ".yaml": ("mypy", "mypy.ini", "[mypy]\n"),
    ".md": ("ty", "ty.toml", MDTEST),
}


OPTIONS = "options-"
CASES = ["cases"]


@dataclass(slots=True)
class Conversion:
    """
    The files to write, the settings of suites by their folders, and a line for each thing no claim says.

    `checkers` are those that the tests were written for, each with a configuration for them. `starts` are
    the folders of the project they come from that their imports start from.
    """

    files: dict[PurePosixPath, str] = field(default_factory=dict[PurePosixPath, str])
    untold: list[str] = field(default_factory=list[str])
    suites: dict[PurePosixPath, Mapping[str, object]] = field(
        default_factory=dict[PurePosixPath, Mapping[str, object]]
    )
    checkers: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    starts: Sequence[Path] = ()
    alone: int = 0
    apart: int = 0


def convert(paths: Iterable[Path]) -> Conversion:
    """
    Convert the tests at `paths`, files or folders that are searched for them.

    What can be checked together goes into `cases`, tests with options of their own into a folder for each
    set of those, a test with files of its own into a folder of its own, both in `suites`, and what cannot
    be checked here, since it needs mypy's fixtures or is no Python, into `apart`. Raises `BgtasksError`.
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
    claim_silence(made.files)
    if not made.files:
        raise BgtasksError(
            f"no test in {', '.join(map(str, paths))}; known are files in {', '.join(SUFFIXES)}"
        )
    return made


def read(file: Path, place: Path) -> Sequence[Converted]:
    try:
        text = read_whole(file).decode().replace("\r\n", "\n")
    except OSError as error:
        raise BgtasksError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise BgtasksError(f"{file}: cannot be decoded: {error}") from None
    try:
        if file.suffix in {".py", ".pyi"}:
            return list(read_python(place.as_posix(), text))
        return list(reader_of(file)(text))
    except ValueError as error:
        raise BgtasksError(f"{file}: cannot be converted: {error}") from None
    except BgtasksError as error:
        raise BgtasksError(f"{file}: {error}") from None


def reader_of(file: Path) -> Callable[[str], Iterator[Converted]]:
    reader = READERS.get(file.suffix)
    if reader is None:
        raise BgtasksError(f"of no known form; known are files in {', '.join(SUFFIXES)}")
    return reader


def add(made: Conversion, file: Path, test: Converted) -> None:
    if file.suffix in CHECKERS:
        name, config, text = CHECKERS[file.suffix]
        made.checkers[name] = config, text
    if test.apart and file.suffix != ".test":
        made.untold.append(f"{file}: {test.name}: it needs {test.apart}")
    if file.suffix in {".py", ".pyi"} and test.settings:
        # What it imports stays with the others.
        test = replace(test, settings={**test.settings, "paths": CASES})
    folder = find_folder(made, test)
    for path, text in test.files.items():
        place = folder / path
        if ".." in place.parts or place.is_absolute():
            raise BgtasksError(f"{file}: {test.name}: {path} leads out of the folder; rename it")
        if not PurePosixPath(path).name or "\0" in path:
            raise BgtasksError(f"{file}: {test.name}: {path!r} is no name of a file; rename it")
        while place in made.files and made.files[place] != text:
            place = place.with_stem(f"{place.stem}_")
        made.files[place] = set_slips_apart(text) if place.suffix in {".py", ".pyi"} else text
    made.untold += [f"{file}: {test.name}: {what}" for what in test.untold]


def find_folder(made: Conversion, test: Converted) -> PurePosixPath:
    """Return where a test goes: with others of the same settings, or alone."""
    if test.apart:
        made.apart += 1
        return PurePosixPath("apart", test.name) if test.alone else PurePosixPath("apart")
    if test.alone:
        made.alone += 1
        folder = PurePosixPath("suites", test.name)
        while folder in made.suites:
            folder = folder.with_name(f"{folder.name}_")
    elif test.settings:
        same = (folder for folder, settings in made.suites.items() if settings == test.settings)
        together = [folder for folder in same if folder.name.startswith(OPTIONS)]
        number = sum(folder.name.startswith(OPTIONS) for folder in made.suites) + 1
        folder = together[0] if together else PurePosixPath("suites", f"{OPTIONS}{number}")
    else:
        return PurePosixPath("cases")
    made.suites[folder] = test.settings
    return folder


def make_settings(made: Conversion, folder: Path) -> str:
    """Return the settings in `folder` by which all suites are checked, each under its own options."""
    starts = [relate(start, folder) for start in made.starts]
    table: dict[str, object] = {}
    if any(place.parts[0] == "cases" for place in made.files):
        table["cases"] = ["cases"]
    if starts:
        table["paths"] = starts
    if made.checkers:
        table["checkers"] = list(made.checkers)
        table["config"] = {name: config for name, (config, _) in made.checkers.items()}
    left_out = "" if "cases" in table else "paths"
    suites = {
        re.sub(r"[^\w-]", "_", folder.name): {
            "cases": [folder.as_posix()],
            **{key: value for key, value in settings.items() if key != left_out},
            **({"paths": [*CASES, *starts]} if starts and "paths" in settings and not left_out else {}),
        }
        for folder, settings in made.suites.items()
    }
    return tomlkit.dumps({"tool": {"bgtasks": table | ({"suites": suites} if suites else {})}})


def relate(start: Path, folder: Path) -> str:
    """Return how a folder is written in the settings that lie in another."""
    try:
        return Path(os.path.relpath(start, folder)).as_posix()
    except ValueError:  # on another drive
        return start.as_posix()


def write(made: Conversion, folder: Path) -> None:
    """Write what was made into a folder that is new or empty, all or nothing. Raises `BgtasksError`."""
    configs = {PurePosixPath(config): text for config, text in made.checkers.values()}
    try:
        new = not folder.exists()
        if not new and any(folder.iterdir()):
            raise BgtasksError(f"{folder}: is not empty; name a new folder with --to")
        with temporary((folder.parent if new else folder) / f".bgtasks.{os.getpid()}") as draft:
            settings = {PurePosixPath("pyproject.toml"): make_settings(made, folder)}
            for place, text in (made.files | settings | configs).items():
                (draft / place).parent.mkdir(parents=True, exist_ok=True)
                (draft / place).write_text(text, encoding="utf-8")
            for source, target in (
                [(draft, folder)] if new else [(path, folder / path.name) for path in draft.iterdir()]
            ):
                source.rename(target)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise BgtasksError(f"{folder}: cannot be written: {why}") from None
