"""What the calls of a statement say: assert_type claims a type, and without a keyword none can be wrong."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bgtasks.claims.model import Asserted, Span
from bgtasks.claims.probes import header, is_named, name_imported
from bgtasks.claims.spans import Statement, bounds, first_line
from bgtasks.model import Kind

ASSERT = "assert_type"
# A value, and its type.
SIDES = 2
# These are said of a keyword.
KEYWORD_KINDS = frozenset({Kind.UNKNOWN_KEYWORD, Kind.MULTIPLE_VALUES, Kind.POSITIONAL_ONLY_AS_KEYWORD})


def find_typed(nodes: Sequence[Statement], source: str) -> Iterator[tuple[int, Asserted]]:
    """Yield the first line of each statement that calls assert_type, and what it claims."""
    if ASSERT not in source:
        return
    names = name_imported(nodes, ASSERT)
    for node in nodes:
        calls = [
            part.args
            for part in header(node)
            if isinstance(part, ast.Call) and is_named(part.func, names) and len(part.args) == SIDES
        ]
        if calls:
            pairs = tuple((ast.unparse(value), ast.unparse(expected)) for value, expected in calls)
            yield bounds(node)[0], Asserted(pairs)


def rule_out(
    nodes: Iterable[Statement], source: str, spans: Iterable[Span]
) -> Mapping[Span, frozenset[Kind]]:
    """
    Return, for each of `spans`, the kinds that no call on it can have.

    A keyword may come from what is unpacked with a star or two.
    """
    ruled_out = dict.fromkeys(spans, KEYWORD_KINDS)
    lines = source.split("\n")
    by_line = {
        line: span
        for span in ruled_out
        for line in range(span.first, span.last + 1)
        if any("=" in text or "*" in text for text in lines[span.first - 1 : span.last])
    }
    for node in nodes:
        span = by_line.get(first_line(node))
        if span and any(isinstance(part, ast.keyword | ast.Starred) for part in header(node)):
            ruled_out[span] = frozenset()
    return ruled_out
