"""Every code that a check may report."""

from collections.abc import Mapping
from types import MappingProxyType

from bgtasks.check.ask.kinds import CALL_RULES, GROUPS, MEMBERS
from bgtasks.check.files.ignores import UNUSED_IGNORE
from bgtasks.check.model import Rule
from bgtasks.check.rules import RULES, RULES_OF_PITFALLS

CODES: Mapping[str, Rule] = MappingProxyType({**CALL_RULES, **RULES, UNUSED_IGNORE.code: UNUSED_IGNORE})
ALL: Mapping[str, Rule] = MappingProxyType(dict(sorted({**GROUPS, **CODES}.items())))
"""The codes with those that are only a name for several."""

__all__ = ["ALL", "CODES", "GROUPS", "MEMBERS", "RULES_OF_PITFALLS"]
