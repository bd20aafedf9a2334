"""Whether a package `bgtasks` is ours, and ours alone: on PyPI that is the name of another project."""

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress

PACKAGE = "bgtasks"
OURS = "typed_bgtasks-"
# A name that our __init__.py has, and hardly any other.
SIGN = "BackgroundTaskWarning"
CURE = "uninstall both, then install typed-bgtasks alone"


def warn_of_others() -> None:
    """
    Warn where another distribution has put its files into this package.

    The library does so at its first import: two folders are listed, and one file is read.
    """
    package = os.path.dirname(__file__)
    packages = os.path.dirname(package)
    with suppress(OSError):
        if is_suspicious(package, packages):
            others = [owner for owner in find_owners([packages]) if not owner.startswith(OURS)]
            warnings.warn(tell_of(others, package), RuntimeWarning, stacklevel=3)


def tell_of(others: Iterable[str], package: str) -> str:
    """Return one line on other distributions whose files lie in our package."""
    whose = " and ".join(others) or "another distribution"
    return f"typed-bgtasks and {whose} overwrite each other's files in {package}; {CURE}"


def is_suspicious(package: str, packages: str) -> bool:
    """Tell whether the start of our package, or a file in it, is none that typed-bgtasks has installed."""
    if SIGN not in getattr(sys.modules.get(PACKAGE), "__all__", ()):
        return True
    installed = os.listdir(packages)
    if any(name.startswith(f"{PACKAGE}-") for name in installed):
        return True
    records = [name for name in installed if name.startswith(OURS) and name.endswith(".dist-info")]
    files = [file for name in records for file in read_record(os.path.join(packages, name))]
    ours = {file.split("/")[1] for file in files}
    return bool(ours) and not ours.issuperset(
        name for name in os.listdir(package) if not name.startswith((".", "__pycache__"))
    )


def find_owners(folders: Iterable[str]) -> Iterator[str]:
    """Yield each distribution in some folders that has a package `bgtasks`, as `name-version`."""
    for folder in folders:
        with suppress(OSError):
            for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
                name, suffix = os.path.splitext(entry.name)
                if suffix in {".dist-info", ".egg-info"} and any(read_record(entry.path)):
                    yield name


def read_record(distribution: str) -> Iterator[str]:
    """
    Yield the files that a distribution has in a package `bgtasks`; of an egg only that it has one.

    Source: <https://packaging.python.org/en/latest/specifications/recording-installed-packages/>
    """
    with suppress(OSError), open(f"{distribution}/RECORD", encoding="utf-8", errors="replace") as record:
        for line in record:
            if line.startswith(f"{PACKAGE}/"):
                yield line.partition(",")[0]
    with suppress(OSError), open(f"{distribution}/top_level.txt", encoding="utf-8") as names:
        if PACKAGE in names.read().split():
            yield f"{PACKAGE}/__init__.py"
