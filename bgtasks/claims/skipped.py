"""Expressions that may be skipped: of what stands in them, an accepted statement says nothing."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from bgtasks.claims.calls import ASSERT
from bgtasks.claims.model import Span
from bgtasks.claims.probes import header, is_named, name_imported
from bgtasks.claims.spans import Statement, first_line

# Without one of these words no part of a statement is skipped.
SKIPPING = re.compile(r"\b(?:and|or|if|assert|Annotated|metaclass|namedtuple)\b|(?:Enum|Flag)\(")
# What is made by a call of one of these, mypy, pyrefly and zuban know by its names alone.
MADE_BY_NAME = {"namedtuple", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}
# What is said of these only, checkers decide without a look at any type.
DECIDED = {"sys", "os", "typing", "typing_extensions", "TYPE_CHECKING", "__debug__"}


def find_skipped(
    nodes: Iterable[Statement], source: str, accepts: Iterable[Span], asserts: Iterable[Span]
) -> Mapping[Span, int]:
    """
    Return the line of what is evaluated only as the case may be, for those spans that have it.

    Of `accepts` that is a call, or anything where a condition is decided without types; of `asserts` it is
    the call of assert_type.
    """
    if not SKIPPING.search(source):
        return {}
    names = name_imported(nodes := list(nodes), ASSERT) if (asserts := set(asserts)) else frozenset[str]()
    by_line = {line: span for span in {*accepts, *asserts} for line in range(span.first, span.last + 1)}
    found: dict[Span, int] = {}
    for node in nodes:
        span = by_line.get(first_line(node))
        if span is not None and (part := next(find_parts(node, names if span in asserts else None), None)):
            found.setdefault(span, part.lineno)
    return found


def find_parts(node: Statement, asserts: AbstractSet[str] | None) -> Iterator[ast.expr]:
    """Yield what may be skipped of a statement, of calls those of `asserts` alone if they are given."""
    for expression, decided in skipped_in(node):
        calls = (part for part in ast.walk(expression) if isinstance(part, ast.Call))
        if asserts is not None:
            yield from (call for call in calls if is_named(call.func, asserts))
        elif decided and not isinstance(expression, ast.Constant):
            yield expression
        else:
            yield from calls


def skipped_in(node: Statement) -> Iterator[tuple[ast.expr, bool]]:
    """Yield the expressions of a statement that may be skipped, and whether that is decided without types."""
    if isinstance(node, ast.Assert) and node.msg:
        yield node.msg, is_decided(node.test)
    if isinstance(node, ast.ClassDef) and any(keyword.arg == "metaclass" for keyword in node.keywords):
        yield from ((keyword.value, False) for keyword in node.keywords)  # mypy does not look at these
    for part in header(node):
        yield from skipped_of(part)


def skipped_of(part: ast.AST) -> Iterator[tuple[ast.expr, bool]]:
    match part:
        case ast.BoolOp(values=values):
            for index, value in enumerate(values[1:], 1):
                yield value, any(map(is_decided, values[:index]))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield from ((expression, is_decided(test)) for expression in (body, orelse))
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            yield from skipped_in_loops(part.generators, part.elt)
        case ast.DictComp(generators=generators, key=key, value=value):
            yield from skipped_in_loops(generators, key, value)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=[_, *metadata])) if is_named(
            value, {"Annotated"}
        ):
            # mypy, pyrefly and zuban do not look at what follows the type.
            yield from ((expression, False) for expression in metadata)
        case ast.Call(func=function, args=args, keywords=keywords) if is_named(function, MADE_BY_NAME):
            yield from ((expression, False) for expression in (*args, *(one.value for one in keywords)))
        case _:
            pass


def skipped_in_loops(loops: list[ast.comprehension], *elements: ast.expr) -> Iterator[tuple[ast.expr, bool]]:
    """Yield what stands behind a condition that is decided; of others, checkers look at both outcomes."""
    skipped = False
    for loop in loops:
        for expression, condition in ((loop.iter, False), *((test, True) for test in loop.ifs)):
            if skipped:
                yield expression, True
            skipped = skipped or (condition and is_decided(expression))
    if skipped:
        yield from ((element, True) for element in elements)


def is_decided(condition: ast.expr) -> bool:
    """Tell whether checkers decide a condition without a look at any type."""
    return all(part.id in DECIDED for part in ast.walk(condition) if isinstance(part, ast.Name))
