"""Markdown, as GitHub shows it in the summary of a job."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bgtasks.report.words import plural, printable

# GitHub drops a summary that is larger than 1 MiB, so no section may be larger than a part of that.
LIMIT = 250_000


SPECIAL = re.compile(r"[\\`*_{}\[\]<>|#~$&@]")


def row(name: str, cells: Iterable[str], *, escaped: bool = False) -> str:
    texts = (name, *cells)
    return f"| {' | '.join(texts if escaped else map(escape, texts))} |"


def section(title: str, items: Iterable[str]) -> Iterator[str]:
    listed = list(items)
    if listed:
        yield f"\n### {title}\n"
        yield from bullets(listed)


def folded(noun: str, items: Sequence[str]) -> Iterator[str]:
    if items:
        yield f"\n<details><summary>{plural(len(items), noun)}</summary>\n"
        yield from bullets(items)
        yield "\n</details>"


def bullets(items: Sequence[str]) -> Iterator[str]:
    """Yield as many of `items` as there is room for."""
    room = LIMIT
    for index, item in enumerate(items):
        room -= len(item.encode())
        if room < 0:
            yield f"- and {len(items) - index} more"
            return
        yield f"- {item}"


def escape(text: str) -> str:
    return SPECIAL.sub(r"\\\g<0>", " ".join(printable(text).split()))
