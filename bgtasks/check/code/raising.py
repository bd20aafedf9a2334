"""What a `raise` raises, and whether what stands around it lets that through."""

import ast
import builtins
from collections.abc import Iterator, Sequence

from bgtasks.check.code.classes import class_of
from bgtasks.check.code.names import External, Found, Located, Names
from bgtasks.check.code.resolution import ancestors, resolve

NOT_WRITTEN = External("builtins.NotImplementedError")
"""What a function raises of which another has to be written in its place."""
CONTEXT_MANAGERS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}


def is_caught(raised: Found, handlers: Sequence[ast.ExceptHandler], names: Names) -> bool | None:
    """Tell whether one of `handlers` catches what is of the class `raised`; None where that is not sure."""
    answers = [catches(handler, raised, names) for handler in handlers]
    if True in answers:
        return True
    return None if None in answers else False


def passes(raised: Found, node: ast.AST, names: Names) -> bool:
    """Tell whether an exception of this class that comes up at `node` leaves the function around it."""
    inside = node
    for outer in names.above(node):
        match outer:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return True
            case ast.Try(body=body, handlers=handlers, finalbody=final) if inside in body:
                ends = any(isinstance(each, ast.Return) for last in final for each in ast.walk(last))
                caught = (catches(one, raised, names) is not False and not hands_on(one) for one in handlers)
                if ends or any(caught):
                    return False
            case ast.With(items=items) | ast.AsyncWith(items=items):
                if not all(lets_through(item.context_expr, names) for item in items):
                    return False
            case ast.Lambda():
                return False
            case _ if type(outer).__name__ == "TryStar":
                return False
            case _:
                pass
        inside = outer
    return False


def hands_on(handler: ast.ExceptHandler) -> bool:
    """Tell whether a handler raises again what it has caught, on no condition."""
    last = handler.body[-1]
    leaves = any(isinstance(each, ast.Return) for node in handler.body for each in ast.walk(node))
    return isinstance(last, ast.Raise) and last.exc is None and not leaves


def exception_of(node: ast.Raise, names: Names) -> Found:
    """Return the class of what is raised; None for a bare `raise` and for what is not written out."""
    match node.exc:
        case None:
            return None
        case ast.Call(func=func):
            return resolve(func, names)
        case value:
            found = resolve(value, names)
            known = isinstance(found, External) or (
                isinstance(found, Located) and isinstance(found.node, ast.ClassDef)
            )
            return found if known else class_of(value, names)


def catches(handler: ast.ExceptHandler, raised: Found, names: Names) -> bool | None:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    caught = [resolve(kind, names) for kind in kinds]
    if External("builtins.BaseException") in caught:
        return True
    above = list(ancestors_of(raised, names))
    if any(kind in above for kind in caught if kind is not None):
        return True
    if None in above or None in caught:
        return None
    # Of what is not the app's own the name may be another one for the same class.
    spelled = {last_part(kind) for kind in above}
    return None if any(isinstance(k, External) and last_part(k) in spelled for k in caught) else False


def ancestors_of(raised: Found, names: Names) -> Iterator[Found]:
    """Yield an exception class and all that it inherits from; None where that is not known."""
    for kind in ancestors(raised):
        yield kind
        if isinstance(kind, External):
            found: object = getattr(builtins, kind.dotted.removeprefix("builtins."), None)
            if kind.dotted.startswith("builtins.") and isinstance(found, type):
                yield from (External(f"builtins.{each.__name__}") for each in found.__mro__)
            else:
                known = names.project.vocabulary.bases.get(kind.dotted)
                yield from (External(dotted) for dotted in known) if known else (None,)
        elif not (isinstance(kind, Located) and isinstance(kind.node, ast.ClassDef)):
            yield None


def last_part(kind: Found) -> str:
    match kind:
        case External(dotted=dotted):
            return dotted.rpartition(".")[2]
        case Located(node=ast.ClassDef(name=name)):
            return name
        case _:
            return ""


def lets_through(context: ast.expr, names: Names) -> bool:
    """Tell whether a context manager surely swallows no exception."""
    match context:
        case ast.Call(func=func):
            found = resolve(func, names)
        case _:
            found = class_of(context, names)
    match found:
        case External(dotted=dotted):
            return dotted in names.project.vocabulary.letting
        case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, names=there):
            made = [resolve(each, there) for each in function.decorator_list]
            return any(
                isinstance(each, External) and each.dotted in CONTEXT_MANAGERS for each in made
            ) and not any(isinstance(node, ast.ExceptHandler) for node in ast.walk(function))
        case _:
            return False
