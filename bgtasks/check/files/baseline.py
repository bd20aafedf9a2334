"""What was wrong when somebody began to check: it is known, and only what is new is reported."""

import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, NamedTuple

from bgtasks.check.model import Finding
from bgtasks.documents import from_json
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute, read_whole, write_whole

VERSION = 1


class Known(NamedTuple):
    """What tells one finding from another wherever its lines move: file, code, and source text."""

    path: str
    code: str
    text: str


def key_of(finding: Finding, sources: Mapping[Path, str], folder: Path, code: str = "") -> Known:
    """Return what `finding` is known by, under its own code or another that it had."""
    place = finding.call or finding.place
    lines = sources.get(place.path, "").split("\n")[place.line - 1 : place.end_line]
    return Known(relative(place.path, folder), code or finding.rule.code, " ".join(" ".join(lines).split()))


def relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path, folder)).as_posix()


def write_baseline(file: Path, findings: Iterable[Finding], sources: Mapping[Path, str]) -> None:
    """Write `findings`, which stand in `sources`, to `file`. Raises `BgtasksError`."""
    counts = Counter(key_of(finding, sources, file.parent) for finding in findings)
    entries = [{**known._asdict(), "count": count} for known, count in sorted(counts.items())]
    text = json.dumps({"version": VERSION, "findings": entries}, indent=2, ensure_ascii=False) + "\n"
    try:
        write_whole(file, text.encode(errors="backslashreplace"))  # which is JSON for what is no character
    except OSError as error:
        raise BgtasksError(f"{file}: cannot be written: {error.strerror}") from None


def read_baseline(file: Path) -> Counter[Known]:
    """Return how often each finding is known. Raises `BgtasksError` for a file that is no baseline."""
    try:
        document: dict[str, Any] = from_json(read_whole(file))
        if document["version"] != VERSION:
            raise BgtasksError(
                f"{file}: is a baseline of another version; write it anew with --write-baseline"
            )
        entries = document["findings"]
        return Counter(
            {Known(*(str(entry[name]) for name in Known._fields)): int(entry["count"]) for entry in entries}
        )
    except OSError as error:
        hint = "; make it with --write-baseline" if isinstance(error, FileNotFoundError) else ""
        raise BgtasksError(f"{file}: cannot be read: {error.strerror}{hint}") from None
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        raise BgtasksError(f"{file}: is no baseline; write it anew with --write-baseline") from None


def apply_baseline(
    file: Path,
    baseline: Counter[Known],
    findings: Sequence[Finding],
    sources: Mapping[Path, str],
    *,
    paths: Sequence[Path],
    asked: AbstractSet[str],
) -> tuple[list[Finding], list[str]]:
    """
    Return the findings that `baseline`, read from `file`, does not know, and a line for each stale entry.

    An entry is stale when less is found than it knows, in a file that lies at one of `paths`, of a
    code that was `asked` for. Of findings that it cannot tell apart, it knows the first ones. It
    knows a finding by the code that it had before, too; what were several then may be one now.
    """
    left = Counter(baseline)
    met = set[Known]()
    fresh: list[Finding] = []
    for finding in findings:
        keys = [key_of(finding, sources, file.parent, code) for code in ("", finding.was)]
        known = next((key for key in keys if left[key] > 0), None)
        if known is None:
            fresh.append(finding)
        else:
            left[known] -= 1
            met |= {known} if known.code != finding.rule.code else set()
    for known in met:
        del left[known]
    left = Counter({known: count for known, count in left.items() if known.code in asked})
    return fresh, list(stale(file, left, [absolute(path) for path in paths]))


def stale(file: Path, left: Mapping[Known, int], roots: Sequence[Path]) -> Iterator[str]:
    for known, count in sorted(left.items()):
        place = absolute(file.parent / known.path)
        if count > 0 and any(place.is_relative_to(root) for root in roots):
            times = f" ({count} times)" if count > 1 else ""
            yield f"{file}: stale, {known.code} is gone from {known.path}{times}: {known.text}"
