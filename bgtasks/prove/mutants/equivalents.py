"""Mutants that are known to be equivalent, as `equivalents.toml` beside the type tests lists them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from bgtasks.checkers import NAMES
from bgtasks.documents import from_toml
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole
from bgtasks.prove.mutants.model import Equivalent, Fate, Judgement, Mutant, Score
from bgtasks.settings import read_checkers, table, text, texts

FILE = "equivalents.toml"
KEYS = {"mutant", "after", "checkers", "reason"}


def read_equivalents(folders: Sequence[Path]) -> tuple[Equivalent, ...]:
    """
    Return what is listed in the folders of type tests.

    Raises `BgtasksError`, with the file and the entry, for what cannot be read or is not as it should be.
    """
    files = dict.fromkeys(
        (folder if folder.is_dir() else folder.parent) / FILE for folder in folders if folder.exists()
    )
    return tuple(one for file in files if file.is_file() for one in read_file(file))


def read_file(file: Path) -> Iterator[Equivalent]:
    try:
        entries = from_toml(read_whole(file)).get("equivalent", [])
    except (OSError, ValueError) as error:
        raise BgtasksError(f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not isinstance(entries, list):
        raise BgtasksError(f"{file}: write each mutant as a table [[equivalent]]")
    for number, entry in enumerate(cast("list[object]", entries), 1):
        try:
            yield read_entry(table(entry))
        except BgtasksError as error:  # noqa: PERF203 - the first one ends it
            raise BgtasksError(f"{file}: equivalent {number}: {error}") from None


def read_entry(entry: dict[str, object]) -> Equivalent:
    if set(entry) != KEYS:
        wrong = ", ".join(sorted(set(entry) ^ KEYS))
        raise BgtasksError(f"has to say {', '.join(sorted(KEYS))}, and no more; see to {wrong}")
    reason = text(entry["reason"]).strip()
    if not reason:
        raise BgtasksError("has no reason; say why no claim can tell it from the original")
    return Equivalent(
        text(entry["mutant"]), text(entry["after"]), read_checkers(texts(entry["checkers"]), NAMES), reason
    )


def excuse(score: Score, equivalents: Sequence[Equivalent]) -> tuple[Score, list[str]]:
    """Return a score with the survivors that are listed as equivalent, and a line on each that is none."""
    listed = {(one.name, one.after): one for one in equivalents if score.checker in one.checkers}
    judgements: list[Judgement] = []
    stale: list[str] = []
    for judgement in score.judgements:
        one = listed.get((judgement.mutant.address, judgement.mutant.after))
        if one and judgement.fate is Fate.SURVIVED:
            judgements.append(replace(judgement, fate=Fate.EQUIVALENT, said=one.reason))
            continue
        judgements.append(judgement)
        if one and judgement.fate is not Fate.UNDECIDED:
            stale.append(
                f"{one.name}: {one.after}: listed as equivalent under {score.checker}, but it is "
                f"{judgement.fate.value}; take it off the list"
            )
    return replace(score, judgements=tuple(judgements)), stale


def find_strangers(
    equivalents: Sequence[Equivalent], mutants: Sequence[Mutant], modules: Collection[str]
) -> list[str]:
    """Return a line on each mutant of `modules` that is listed and is not made."""
    made = {(mutant.address, mutant.after) for mutant in mutants}
    return [
        f"{one.name}: {one.after}: listed as equivalent, but there is no such mutant; take it off the list"
        for one in equivalents
        if one.name.partition(":")[0] in modules and (one.name, one.after) not in made
    ]
