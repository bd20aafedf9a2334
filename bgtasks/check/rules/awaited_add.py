"""BGT206: `await tasks.add_task(...)`, or its result used."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import Names
from bgtasks.check.facts.app import App
from bgtasks.check.facts.handmade import is_background
from bgtasks.check.facts.sites import place_of
from bgtasks.check.model import AS_A_WHOLE, Finding, Rule

RULE: Rule = Rule("BGT206", "awaited-add", "the None that add_task returns is awaited or used", AS_A_WHOLE)


def find(app: App) -> Iterator[Finding]:
    """Source: `add_task` returns None, <https://www.starlette.io/background/>."""
    for site in app.sites:
        if not (site.plain and site.adds) or site.receiver is None or is_background(site.call, site.names):
            continue
        message = None
        if isinstance(site.names.parents[site.call], ast.Await):
            message = "add_task returns None, and to await it raises TypeError; write it without await"
        elif is_used(site.call, site.names):
            message = "add_task returns None, never what the task returns; do not use its result"
        if message is not None:
            yield Finding(RULE, place_of(site.names.module, site.call), message)


def is_used(call: ast.expr, names: Names) -> bool:
    """Tell whether the result of `call` is used, and not merely handed on as the None that it is."""
    match names.parents[call]:
        case ast.Attribute() | ast.Subscript() | ast.Compare() | ast.FormattedValue() | ast.BinOp():
            return True
        case ast.If(test=test) | ast.While(test=test):
            return test is call
        case ast.Call() | ast.keyword() | ast.Dict() | ast.List() | ast.Tuple() | ast.Set():
            return True
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            scope = names.around[call].find(name)
            return scope is not None and len(scope.bindings[name]) == 1 and bool(names.uses(name, scope))
        case _:
            return False
