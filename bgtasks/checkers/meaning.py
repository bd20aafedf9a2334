"""Which kinds a checker may mean: most rules say it, some only in their message."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from pathlib import Path

from bgtasks.model import Kind


# re has a cache of its own, but to look into that costs more than most searches.
@cache
def compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


# One path for all that is said of a file: to make and to hash a path costs more than all the rest.
@lru_cache(4096)
def path_of(name: str) -> Path:
    return Path(name)


def meaning(
    rule: str,
    message: str,
    by_rule: Mapping[str, AbstractSet[Kind]],
    by_message: Sequence[tuple[str, AbstractSet[Kind]]],
) -> frozenset[Kind]:
    """Return the kinds that `rule` stands for, and those of every pattern found in `message`."""
    named = (kinds for pattern, kinds in by_message if compiled(pattern).search(message))
    return frozenset(by_rule.get(rule, frozenset())).union(*named)
