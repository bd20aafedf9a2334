"""What checkers print for `reveal_type`, by place."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeAlias

from bgtasks.documents import from_json

Found: TypeAlias = tuple[str, int, int, str]

# Of a statement with an error, mypy's JSON has the notes in the hint of the error.
OF_MYPY = re.compile(r'Revealed type is "(.*)"')
OF_PYRIGHT = re.compile(r'Type of ".*" is "(.*)"', re.DOTALL)


def of_mypy(output: str) -> Iterator[Found]:
    for line in output.splitlines():
        entry: dict[str, Any] = from_json(line)
        for text in OF_MYPY.findall(f"{entry['message']}\n{entry['hint'] or ''}"):
            yield entry["file"], entry["line"], entry["column"], text


def of_pyright(output: str) -> Iterator[Found]:
    for entry in from_json(output)["generalDiagnostics"]:
        match = OF_PYRIGHT.match(entry["message"]) if entry["severity"] == "information" else None
        if match:
            start = entry["range"]["start"]
            yield entry["file"], start["line"] + 1, start["character"], match[1]


READERS: Mapping[str, Callable[[str], Iterator[Found]]] = MappingProxyType(
    {"mypy": of_mypy, "pyright": of_pyright, "basedpyright": of_pyright}
)


def read_reveals(checker: str, output: str) -> Mapping[str, Mapping[int, Mapping[int, str]]]:
    """Return the types that `checker` revealed, by file as it names it, line and column."""
    revealed: defaultdict[str, dict[int, dict[int, str]]] = defaultdict(dict)
    for file, line, column, text in READERS[checker](output) if checker in READERS else ():
        revealed[file].setdefault(line, {})[column] = text
    return revealed
