"""What a `raise` raises, and whether what stands around it lets that through."""

import ast
import builtins
from collections.abc import Iterator, Sequence

from bgtasks.check.code.classes import class_of
from bgtasks.check.code.names import Names
from bgtasks.check.code.resolve import External, Found, Located, Project

HTTP_EXCEPTIONS = frozenset(
    {
        "fastapi.HTTPException",
        "fastapi.exceptions.HTTPException",
        "starlette.exceptions.HTTPException",
        "starlette.exceptions.StarletteHTTPException",
    }
)
# Context managers that are documented to swallow no exception.
LETTING = frozenset(
    {
        "asyncio.Lock",
        "asyncio.Semaphore",
        "builtins.open",
        "sqlalchemy.ext.asyncio.AsyncSession",
        "sqlalchemy.orm.Session",
        "sqlmodel.Session",
        "threading.Lock",
        "threading.RLock",
    }
)
CONTEXT_MANAGERS = {"contextlib.contextmanager", "contextlib.asynccontextmanager"}
DEPTH = 20


def is_caught(
    node: ast.Raise, handlers: Sequence[ast.ExceptHandler], names: Names, project: Project
) -> bool | None:
    """Tell whether one of `handlers` catches what `node` raises; None where that is not sure."""
    raised = exception_of(node, names, project)
    answers = [catches(handler, raised, names, project) for handler in handlers]
    if True in answers:
        return True
    return None if None in answers else False


def exception_of(node: ast.Raise, names: Names, project: Project) -> Found:
    """Return the class of what is raised; None for a bare `raise` and for what is not written out."""
    match node.exc:
        case None:
            return None
        case ast.Call(func=func):
            return project.resolve(func, names)
        case value:
            found = project.resolve(value, names)
            known = isinstance(found, External) or (
                isinstance(found, Located) and isinstance(found.node, ast.ClassDef)
            )
            return found if known else class_of(value, names, project)


def catches(handler: ast.ExceptHandler, raised: Found, names: Names, project: Project) -> bool | None:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    caught = [project.resolve(kind, names) for kind in kinds]
    if External("builtins.BaseException") in caught:
        return True
    ancestors = list(ancestors_of(raised, project))
    if any(kind in ancestors for kind in caught if kind is not None):
        return True
    if None in ancestors or None in caught:
        return None
    # Of what is not the app's own the name may be another one for the same class.
    spelled = {last_part(kind) for kind in ancestors}
    return None if any(isinstance(k, External) and last_part(k) in spelled for k in caught) else False


def ancestors_of(kind: Found, project: Project, depth: int = 0) -> Iterator[Found]:
    """Yield an exception class and all that it inherits from; None where that is not known."""
    yield kind
    match kind:
        case External(dotted=dotted) if dotted in HTTP_EXCEPTIONS:
            yield from (External(name) for name in HTTP_EXCEPTIONS)
            yield External("builtins.Exception")
        case External(dotted=dotted) if dotted.startswith("builtins."):
            found: object = getattr(builtins, dotted.removeprefix("builtins."), None)
            if isinstance(found, type):
                yield from (External(f"builtins.{each.__name__}") for each in found.__mro__)
        case Located(node=ast.ClassDef(bases=bases), names=names) if depth < DEPTH:
            for base in bases:
                yield from ancestors_of(project.resolve(base, names), project, depth + 1)
        case _:
            yield None


def last_part(kind: Found) -> str:
    match kind:
        case External(dotted=dotted):
            return dotted.rpartition(".")[2]
        case Located(node=ast.ClassDef(name=name)):
            return name
        case _:
            return ""


def lets_through(context: ast.expr, names: Names, project: Project) -> bool:
    """Tell whether a context manager surely swallows no exception."""
    match context:
        case ast.Call(func=func):
            found = project.resolve(func, names)
        case _:
            found = class_of(context, names, project)
    match found:
        case External(dotted=dotted):
            return dotted in LETTING
        case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, names=there):
            made = [project.resolve(each, there) for each in function.decorator_list]
            return any(
                isinstance(each, External) and each.dotted in CONTEXT_MANAGERS for each in made
            ) and not any(isinstance(node, ast.ExceptHandler) for node in ast.walk(function))
        case _:
            return False
