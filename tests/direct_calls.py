import ast
from collections.abc import Iterator
from itertools import accumulate

from bgtasks.claims.model import Case, Span


def call_directly(case: Case) -> tuple[str, set[Span]]:
    """
    Write each `tasks.add_task(func, ...)` as `lambda: (func)(...)`, line for line.

    What uses the result still gets it: `x = BackgroundTask(func, 1)` becomes
    `x = BackgroundTask(lambda: (func)(1))`. Returns the new source and the statements that have changed.
    """
    source, spans = case.source.encode(), set[Span]()
    starts = [0, *accumulate(len(line) for line in source.splitlines(keepends=True))]
    tree = ast.parse(source)
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}

    def text(node: ast.expr | ast.keyword) -> str:
        return ast.get_source_segment(case.source, node) or ""

    for call, func, given in reversed(list(find_calls(tree))):
        direct = f"lambda: ({text(func)})({', '.join(map(text, given))}"
        pad = "\n" * (text(call).count("\n") - direct.count("\n"))
        whole = f"{direct}{pad})" if id(call) in statements else f"{text(call.func)}({direct}{pad}))"
        begin = starts[call.lineno - 1] + call.col_offset
        end = starts[(call.end_lineno or call.lineno) - 1] + (call.end_col_offset or 0)
        source = source[:begin] + whole.encode() + source[end:]
        span = case.span_at(call.lineno)
        assert span is not None
        spans.add(span)
    return source.decode(), spans


Call = tuple[ast.Call, ast.expr, list[ast.expr | ast.keyword]]


def find_calls(tree: ast.Module) -> Iterator[Call]:
    """Yield each call that makes a task, outermost only, with the task and what it is given."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    end = (0, 0)
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        if (call.lineno, call.col_offset) >= end and (found := read_call(call)):
            yield call, *found
            end = call.end_lineno or 0, call.end_col_offset or 0


def read_call(call: ast.Call) -> tuple[ast.expr, list[ast.expr | ast.keyword]] | None:
    """Return the task that a call makes, and its arguments; None where it has no direct call."""
    arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    match call.func:
        case ast.Name("BackgroundTask") | ast.Attribute(ast.Attribute(), "add_task"):
            pass
        case ast.Attribute(ast.Name(name), "add_task"):
            arguments = arguments[1:] if name[0].isupper() else arguments
        case _:
            return None
    match arguments:
        # No lambda has a super().
        case [ast.expr() as func, *given] if "super()" not in ast.unparse(func):
            return None if isinstance(func, ast.Starred) else (func, given)
        case [ast.keyword("func", func), *given]:
            return func, given
        case _:
            return None
