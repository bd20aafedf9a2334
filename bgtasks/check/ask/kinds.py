"""What checkers say of a call, by code: a code for each kind of fault, and those of what may well work."""

from collections.abc import Mapping
from types import MappingProxyType

from bgtasks.check.model import Rule
from bgtasks.model import CALL_KINDS, Kind

WRONG_CALL = Rule("BGT100", "wrong-call", "all that is wrong with how a task is called: BGT102 to BGT109")
TYPE_ERROR = Rule("BGT101", "type-error", "a type error in what a task is handed, not in how it is called")

# In the order in which one is chosen where a checker may mean several.
BY_KIND: Mapping[Kind, Rule] = MappingProxyType(
    {
        Kind.UNKNOWN_KEYWORD: Rule(
            "BGT104", "unknown-keyword", "a task is given a keyword that it does not have"
        ),
        Kind.MISSING_ARGUMENT: Rule("BGT102", "missing-argument", "a task is not given all that it needs"),
        Kind.TOO_MANY_POSITIONAL: Rule(
            "BGT103", "too-many-positional", "a task is given more positional arguments than it takes"
        ),
        Kind.MULTIPLE_VALUES: Rule(
            "BGT105", "multiple-values", "a task is given one of its parameters twice"
        ),
        Kind.POSITIONAL_ONLY_AS_KEYWORD: Rule(
            "BGT106", "positional-only-as-keyword", "a positional-only parameter is given by its name"
        ),
        Kind.NO_OVERLOAD: Rule("BGT108", "no-overload", "no overload of a task takes what it is given"),
        Kind.ARGUMENT_TYPE: Rule(
            "BGT109", "argument-type", "an argument is of a type that a task does not take"
        ),
        Kind.NOT_CALLABLE: Rule("BGT107", "not-callable", "what is added as a task cannot be called"),
    }
)
MAY_BE_NONE = Rule("BGT151", "may-be-none", "a value may be None where None will not do", on=False)
POSSIBLY_UNBOUND = Rule("BGT152", "possibly-unbound", "a name may have no value yet", on=False)
COLUMN = Rule("BGT153", "orm-attribute", "a column of a model in place of the value in it", on=False)
PLUGIN_DEFAULT = Rule(
    "BGT154", "model-argument", "an argument of a model that only a checker's plugin can judge", on=False
)
REBOUND = Rule("BGT155", "rebound-name", "a name that is bound to something else by then", on=False)
INFERRED = Rule("BGT156", "inferred-type", "a type inferred where nothing is annotated", on=False)
DOUBTS = (MAY_BE_NONE, POSSIBLY_UNBOUND, COLUMN, PLUGIN_DEFAULT, REBOUND, INFERRED)
CALL_RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.code: rule for rule in sorted((TYPE_ERROR, *BY_KIND.values(), *DOUBTS), key=lambda rule: rule.code)}
)
GROUPS: Mapping[str, Rule] = MappingProxyType({WRONG_CALL.code: WRONG_CALL})
"""Codes that are none of a rule any more: the findings that were theirs are still known by them."""
MEMBERS: Mapping[str, frozenset[str]] = MappingProxyType(
    {WRONG_CALL.code: frozenset(rule.code for rule in BY_KIND.values())}
)
"""The codes that each group stands for, without those of doubts."""

ABOUT_CALLS = CALL_KINDS | {Kind.PITFALL}


def code_before(kinds: frozenset[Kind]) -> str:
    """Return under which code something of these kinds was reported before kinds had codes of their own."""
    return (WRONG_CALL if kinds & ABOUT_CALLS else TYPE_ERROR).code
