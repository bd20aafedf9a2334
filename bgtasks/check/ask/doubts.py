"""
What is wrong only by what a checker takes a value for.

The id of a row is None until it is saved, and a column of a model is a value in an instance; neither
can be seen from the types. So what says no more than that is told apart, in the words of each checker.
"""

import re
from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from bgtasks.check.ask.kinds import COLUMN, MAY_BE_NONE, POSSIBLY_UNBOUND
from bgtasks.check.model import Rule
from bgtasks.model import Diagnostic

TYPES = (
    # mypy and zuban; of an item of a dict the key stands before the value
    re.compile(r'incompatible type (?:".*": )?"(?P<given>.*)"; expected (?:".*": )?"(?P<wanted>.*)"'),
    re.compile(r'expression has type "(?P<given>.*)", TypedDict item ".*" has type "(?P<wanted>.*)"'),
    # pyright and basedpyright
    re.compile(
        r'Argument of type "(?P<given>.*)" cannot be assigned to parameter ".*?" of type "(?P<wanted>.*?)"'
        r'(?: in function ".*")?$'
    ),
    re.compile(r"Expected `(?P<wanted>.*)`, found `(?P<given>.*)`"),  # ty
    re.compile(r"Argument `(?P<given>.*)` is not assignable to parameter `.*` with type `(?P<wanted>.*?)`"),
)
REASON = re.compile(r'(?:Type )?"(.*)" is not assignable to (?:type )?".*"$')
OPTIONAL = re.compile(r"reportOptional(Call|ContextManager|Iterable|MemberAccess|Operand|Subscript)")
# Item "None" of "User | None" has no attribute "email"; Operator "+" not supported for types "int" and "None"
NONE_OF_UNION = re.compile(r'^Item "None" of |not supported for types "None" and |for types ".*" and "None"')
# Value of type "X | None" is not indexable; Left operand is of type "X | None"
OF_UNION = re.compile(r'^Value of type "(?P<type>.*)" is not |operand is of type "(?P<other>.*)"')
WRAPPERS = (
    "BinaryExpression|Column|ColumnElement|InstrumentedAttribute|Mapped|MappedColumn|QueryableAttribute|"
    "Relationship|RelationshipProperty|_RelationshipDeclared|hybrid_property"
)
WRAPPED = re.compile(rf"\b(?:{WRAPPERS})\[")
SUBJECT = re.compile(rf'"(?:type\[)?(?:{WRAPPERS})(?:\[.*?\])?"')
# Of a task that may be None no more is said than this, by mypy and besides by pyright.
OPEN_WORDS = ('"None" not callable', "Arguments for ParamSpec")
# That a function has no such attribute, as Pyright has it of what a decorator without types makes of one.
OF_FUNCTIONS = "reportFunctionMemberAccess"
OPEN, CLOSED = "([{", ")]}"
# Values of which none is taken for one of another.
PLAIN = {"bool", "bytes", "date", "datetime", "dict", "float", "int", "list", "set", "str", "tuple"}
WIDER = {"bool": {"int", "float"}, "int": {"float"}, "datetime": {"date"}}


class Certainty(Enum):
    """What a checker's words show where they show no doubt."""

    SURE = "it is wrong whatever the value turns out to be"
    UNDECIDED = "the words do not tell"


Judgement: TypeAlias = Rule | Certainty


def judge(diagnostic: Diagnostic) -> Judgement:
    """Return the code of the doubt that is all there is to `diagnostic`, or how certain it is without one."""
    first = diagnostic.message.split("\n")[0]
    if diagnostic.rule.startswith("reportPossiblyUnbound") or diagnostic.rule == "possibly-undefined":
        return POSSIBLY_UNBOUND
    if OPTIONAL.match(diagnostic.rule) or NONE_OF_UNION.search(diagnostic.message):
        return MAY_BE_NONE
    if found := OF_UNION.search(diagnostic.message):
        names = {str(part) for part in split_union(found["type"] or found["other"])}
        return MAY_BE_NONE if "None" in names and len(names) > 1 else Certainty.SURE
    if types := read_types(first):
        return judge_types(*types, diagnostic.message)
    if SUBJECT.search(first):
        return COLUMN
    undecided = first.startswith(OPEN_WORDS) or diagnostic.rule == OF_FUNCTIONS
    return Certainty.UNDECIDED if undecided else Certainty.SURE


def read_types(line: str) -> tuple[str, str] | None:
    """Return the type that is given and the one that is wanted, in the first line of what a checker says."""
    found = next(filter(None, (pattern.search(line) for pattern in TYPES)), None)
    return (found["given"], found["wanted"]) if found else None


def given_type(diagnostic: Diagnostic) -> str:
    """Return the type that is given by what a checker says, "" where it tells none."""
    types = read_types(diagnostic.message.split("\n")[0])
    return types[0] if types is not None else ""


def judge_types(given: str, wanted: str, message: str) -> Judgement:
    inner = unwrap(given)
    parts, expected = set(split_union(inner)), set(split_union(wanted))
    rest = parts - {"None"}
    fits = all(does_fit(part, expected) for part in rest)
    if inner != given:
        plain = all(part in PLAIN for part in rest | expected - {"None"})
        return COLUMN if fits or not plain else Certainty.SURE
    if not rest or rest == parts or "None" in expected:
        return Certainty.SURE
    if fits:
        return MAY_BE_NONE
    reason = next(
        (
            found[1]
            for line in message.split("\n")[1:]
            if (found := REASON.match(line.strip())) and found[1] != given
        ),
        None,
    )
    if reason is None:
        return Certainty.UNDECIDED
    return MAY_BE_NONE if reason == "None" else Certainty.SURE


def does_fit(part: str, expected: set[str]) -> bool:
    return part in expected or part in {"Any", "Unknown"} or bool(WIDER.get(part, set()) & expected)


def unwrap(text: str) -> str:
    """Return a type with what an ORM wraps in place of its wrapper: `int` for `Column[int]`."""
    while found := WRAPPED.search(text):
        depth, end = 1, found.end()
        while end < len(text) and depth:
            depth += (text[end] in OPEN) - (text[end] in CLOSED)
            end += 1
        text = text[: found.start()] + text[found.end() : end - 1] + text[end:]
    return text


def split_union(text: str) -> Iterator[str]:
    """Yield the members of a union, such as `int` and `None` of `int | None` and of `Optional[int]`."""
    text = text.strip()
    if (found := re.fullmatch(r"(Optional|Union)\[(.*)\]", text)) and is_balanced(found[2]):
        yield from (["None"] if found[1] == "Optional" else [])
        for part in split(found[2], "," if found[1] == "Union" else "|"):
            yield from split_union(part)
        return
    parts = list(split(text, "|"))
    if len(parts) == 1:
        yield text
        return
    for part in parts:
        yield from split_union(part)


def is_balanced(text: str) -> bool:
    depth = 0
    for char in text:
        depth += (char in OPEN) - (char in CLOSED)
        if depth < 0:
            return False
    return True


def split(text: str, separator: str) -> Iterator[str]:
    depth, start = 0, 0
    for index, char in enumerate(text):
        depth += (char in OPEN) - (char in CLOSED)
        if char == separator and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()
