"""Which kinds a checker may mean: most rules say it, some only in their message."""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from bgtasks.model import Kind


def meaning(
    rule: str,
    message: str,
    by_rule: Mapping[str, AbstractSet[Kind]],
    by_message: Sequence[tuple[str, AbstractSet[Kind]]],
) -> frozenset[Kind]:
    """Return the kinds that `rule` stands for, and those of every pattern found in `message`."""
    named = (kinds for pattern, kinds in by_message if re.search(pattern, message))
    return frozenset(by_rule.get(rule, frozenset())).union(*named)
