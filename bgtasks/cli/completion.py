"""What a shell completes behind an option: values, also behind a comma or an equals sign."""

import os
from collections.abc import Iterable, Iterator, Mapping

import click
from click.shell_completion import CompletionItem
from click.types import StringParamType


class Values(StringParamType):
    """
    A value, or several with commas between them; the settings read them, here they are completed.

    `known` are the values, and `said` is what a shell tells of some. No case of letters matters.
    """

    name = "values"

    def __init__(
        self, known: Iterable[str], said: Mapping[str, str] | None = None, *, several: bool = True
    ) -> None:
        self.known: tuple[str, ...] = tuple(known)
        self.said: Mapping[str, str] = said or {}
        self.several = several

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the values that what was typed may become."""
        del ctx, param
        before, comma, begun = incomplete.rpartition(",") if self.several else ("", "", incomplete)
        return [
            CompletionItem(f"{before}{comma}{value}", help=self.said.get(value))
            for value in self.known
            if value.lower().startswith(begun.lower()) and value not in before.split(",")
        ]


class Pairs(Values):
    """A name and a file, as `json=report.json`."""

    name = "pairs"

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__([f"{name}=" for name in known], several=False)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names with an equals sign, and behind that the files and folders."""
        name, equals, begun = incomplete.partition("=")
        if not equals:
            return super().shell_complete(ctx, param, incomplete)
        return [CompletionItem(f"{name}={path}") for path in find_paths(begun)]


def find_paths(begun: str) -> Iterator[str]:
    """Yield the files and folders that a path may become; a folder ends with a slash."""
    folder, name = os.path.split(begun)
    try:
        entries = sorted(os.scandir(folder or os.curdir), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(name or tuple(set(entry.name[:1]) - {"."})):
            yield os.path.join(folder, entry.name) + ("/" if entry.is_dir() else "")  # noqa: PTH118 - as typed
