"""What responses get as their background, and which of it is surely no BackgroundTask."""

import ast
from collections.abc import Iterator

from bgtasks.check.code import FUNCTION, External, Located, Names, find_callee, is_bare, resolve
from bgtasks.check.facts.coroutines import returns_coroutine
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.facts.tasks import is_partial
from bgtasks.check.facts.vocabulary import is_response_class

# Where `background` stands among the parameters of Starlette's responses.
POSITION, POSITION_OF_REDIRECT = 4, 3


def find_backgrounds(names: Names) -> Iterator[ast.expr]:
    """Yield what the calls of response classes get as their background."""
    for call in names.calls if "background" in names.module.source else ():
        given = [keyword.value for keyword in call.keywords if keyword.arg == "background"]
        if given and is_response(call, names):
            yield from given
        elif len(call.args) > POSITION_OF_REDIRECT and is_response_class(resolve(call.func, names)):
            redirects = "Redirect" in ast.unparse(call.func)
            yield from call.args[POSITION_OF_REDIRECT if redirects else POSITION :][:1]


def is_response(call: ast.Call, names: Names) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr == "TemplateResponse":
        return True
    return is_response_class(resolve(call.func, names))


def find_unfit(names: Names) -> Iterator[Site]:
    """Yield the sites of what a response gets as its background that is surely no BackgroundTask."""
    for value in find_backgrounds(names):
        if is_unfit(value, names):
            place = place_of(names.module, value)
            yield Site(
                value, names, place, None, value, (), (), sure=True, plain=False, adder=None, background=True
            )


def is_unfit(value: ast.expr, names: Names) -> bool:
    match value:
        case ast.Lambda() | ast.List() | ast.Tuple() | ast.Set() | ast.Dict():
            return True
        case ast.Attribute(attr="add_task"):
            return False  # which is a site by itself
        case ast.Call(func=func):
            return is_partial(func, names) or returns_coroutine(value, names)
        case ast.Name() | ast.Attribute():
            return is_function(value, names)
        case _:
            return False


def is_function(value: ast.expr, names: Names) -> bool:
    """Tell whether a name is surely one of a function of the app, or of the standard library."""
    found = resolve(value, names)
    if isinstance(found, External):
        return found.dotted == "builtins.print"
    if isinstance(found, Located) and isinstance(found.node, ast.Lambda):
        return True
    callee = find_callee(value, names)
    return callee is not None and isinstance(callee.located.node, FUNCTION) and is_bare(callee.located)
