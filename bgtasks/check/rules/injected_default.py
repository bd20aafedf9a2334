"""BGT310: a task is called without what only FastAPI fills."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import External, Located, Names, Parameter, left_out, read_annotation, resolve
from bgtasks.check.facts.app import App
from bgtasks.check.facts.made import find_made
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.vocabulary import MARKERS
from bgtasks.check.model import Finding, Rule
from bgtasks.model import Kind
from bgtasks.wording import Pitfall, describe

RULE: Rule = Rule(
    "BGT310",
    "injected-default",
    "a task is called without what only FastAPI fills, as a Depends",
    frozenset({Kind.MISSING_ARGUMENT}),
)


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that get the `Depends(...)` or the `Query(...)` itself, or nothing in its place.

    Source: <https://fastapi.tiangolo.com/tutorial/dependencies/>: FastAPI fills what it calls itself,
    and nobody else does.
    """
    for task in app.tasks:
        for made in find_made(task):
            missing = left_out(made.given, made.function, bound=made.bound)
            marked = [(each, mark) for each in missing if (mark := marker_of(each, made.names))]
            if marked:
                first, marker = marked[0]
                where = f', the {marker} of "{first.node.arg}"'
                given = " and ".join(f'"{each.node.arg}"' for each, _ in marked)
                name = f'"{made.spelled}"'
                message = describe(Pitfall.UNFILLED, name, f"give it {given}", where=where)
                yield Finding(RULE, place_of(task.names.module, task.expression), message)


def marker_of(parameter: Parameter, names: Names) -> str | None:
    """Return what tells FastAPI to fill a parameter that has no value of its own otherwise."""
    if parameter.default is not None:
        return read_marker(parameter.default, names)
    metadata = read_annotation(parameter.node.annotation, names).metadata
    found = [read_marker(part.node, part.names) for part in metadata if isinstance(part.node, ast.expr)]
    return next((marker for marker in found if marker is not None), None)


def read_marker(value: ast.expr, names: Names) -> str | None:
    found = resolve(value, names) if isinstance(value, ast.Name | ast.Attribute) else Located(value, names)
    if not isinstance(found, Located) or not isinstance(found.node, ast.Call):
        return None
    called = resolve(found.node.func, found.names)
    known = isinstance(called, External) and called.dotted in MARKERS
    return called.dotted.rpartition(".")[2] if known and isinstance(called, External) else None
