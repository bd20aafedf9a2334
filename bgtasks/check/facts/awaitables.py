"""What a function says that it returns: a coroutine, or something else that has to be awaited."""

import ast

from bgtasks.check.code import (
    FUNCTION,
    External,
    Found,
    Located,
    Names,
    ancestors,
    decorators_of,
    guarded,
    resolve,
    unquote,
)

ABC = ("typing", "typing_extensions", "collections.abc")
COROUTINES = {External(f"{module}.Coroutine") for module in ABC}
AWAITABLES = COROUTINES | {External(f"{module}.Awaitable") for module in ABC}
LEAVING = {
    *(External(f"builtins.{name}") for name in ("classmethod", "staticmethod")),
    *(External(f"{module}.overload") for module in ("typing", "typing_extensions")),
}


def is_plain(located: Located) -> bool:
    """Tell whether a function is a plain one, whatever its overloads say."""
    found = set(decorators_of(located)) <= LEAVING
    return isinstance(located.node, ast.FunctionDef) and found


def says_awaitable(located: Located) -> bool:
    """Tell whether a plain function, in all of its overloads, says that it returns what is to be awaited."""
    function = located.node
    bound = located.names.around[function].bindings.get(getattr(function, "name", ""), [])
    overloads = [each for each in bound if isinstance(each, FUNCTION) and each.decorator_list]
    return bool(bound) and all(
        isinstance(each, ast.FunctionDef)
        and is_awaitable(each.returns, located.names)
        and is_plain(Located(each, located.names))
        for each in overloads or bound
    )


@guarded
def is_awaitable(annotation: ast.expr | None, names: Names) -> bool:
    """Tell whether an annotation names a coroutine or an awaitable, or a class that is one."""
    match annotation:
        case ast.Constant(value=str(text)):
            return is_awaitable(unquote(annotation, text, names), names)
        case ast.Subscript(value=value):
            return is_awaitable(value, names)
        case ast.Name() | ast.Attribute():
            found = resolve(annotation, names)
            if isinstance(found, Located) and isinstance(found.node, ast.Subscript):
                return is_awaitable(found.node, found.names)
            if found in AWAITABLES:
                return True
            bases = [base for each in ancestors(found) for base in bases_of(each)]
            return any(base in COROUTINES for base in bases)
        case _:
            return False


def bases_of(kind: Found) -> list[Found]:
    """Return what a class of which the source is known inherits from, without what it is made generic by."""
    if not isinstance(kind, Located) or not isinstance(kind.node, ast.ClassDef):
        return []
    bases = [base.value if isinstance(base, ast.Subscript) else base for base in kind.node.bases]
    return [resolve(base, kind.names) for base in bases]
