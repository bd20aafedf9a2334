"""Every code that a check may report."""

from collections.abc import Mapping
from types import MappingProxyType

from bgtasks.check.ask.calls import CALL_RULES
from bgtasks.check.files.ignores import UNUSED_IGNORE
from bgtasks.check.model import Rule
from bgtasks.check.rules import RULES

CODES: Mapping[str, Rule] = MappingProxyType({**CALL_RULES, **RULES, UNUSED_IGNORE.code: UNUSED_IGNORE})
