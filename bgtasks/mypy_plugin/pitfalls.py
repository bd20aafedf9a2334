"""Which tasks, although they are called rightly, do nothing in the background, and what to write instead."""

from collections.abc import Iterator
from typing import Any

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.messages import format_type
from mypy.nodes import (
    NOT_ABSTRACT,
    AssignmentStmt,
    AwaitExpr,
    Block,
    CallExpr,
    Decorator,
    Expression,
    FuncDef,
    LambdaExpr,
    MemberExpr,
    MypyFile,
    NameExpr,
    Node,
    OverloadedFuncDef,
    RefExpr,
    ReturnStmt,
    Var,
)
from mypy.semanal import is_trivial_body
from mypy.types import CallableType, Instance, NoneType, ProperType, get_proper_type

from bgtasks.wording import OF_FUTURES, SCHEDULING, Pitfall, describe

BACKGROUND_TASK = ErrorCode("background-task", "Check that a background task runs", "Background tasks")

COROUTINES = {"typing.Coroutine", "types.CoroutineType"}
AWAITABLE = {"typing.Awaitable", *COROUTINES}
CACHED = "functools._lru_cache_wrapper"
CONTEXT_MANAGERS = {
    "contextlib._GeneratorContextManager": Pitfall.CONTEXT_MANAGER,
    "contextlib._AsyncGeneratorContextManager": Pitfall.ASYNC_CONTEXT_MANAGER,
}
GENERATOR = {
    f"typing.{prefix}{name}" for prefix in ("", "Async") for name in ("Generator", "Iterable", "Iterator")
}
INNER = ("defs", "body", "bodies", "else_body", "finally_body", "handlers", "func", "items")
FUTURES = {"_asyncio.Future", "asyncio.futures.Future"}
TAKE_FUTURES = {f"asyncio.tasks.{name}" for name in OF_FUTURES}
SCHEDULES = {f"asyncio.tasks.{name}" for name in SCHEDULING}


def find_called(func: Expression, caller: str, checker: TypeChecker) -> str | None:
    """Say that a call stands in place of the task, when what it yields cannot be called."""
    match func:
        case CallExpr(callee=MemberExpr(name="add_task")):
            return None
        case CallExpr() | AwaitExpr():
            pass
        case _:
            return None
    with checker.msg.filter_errors():
        result = get_proper_type(checker.expr_checker.accept(func, allow_none_return=True))
    match result:
        case Instance(type=kind) if kind.fallback_to_any or kind.get("__call__"):
            return None
        case Instance() | NoneType():
            yields, name = format_type(result, checker.options), spell(func)
            pitfall, instead = Pitfall.CALLED, f"write {caller}({name}, ...)"
            if isinstance(func, CallExpr):
                pitfall = Pitfall.COROUTINE if name_of(result) in COROUTINES else pitfall
                generator = find_generator(func.callee, name_of(result), checker)
                instead = generator.instead if generator else instead
            called = describe(pitfall, f'"{name}"', instead)
            return f"{yields} not callable: {called}"
        case _:
            return None


def find_pitfall(direct: CallExpr, returned: ProperType, caller: str, checker: TypeChecker) -> str | None:
    """Say why the call `direct`, whose value is `returned`, does nothing in the background."""
    func, name = direct.callee, spell(direct.callee)
    kind = name_of(returned)
    match func:
        case NameExpr(node=Var() as variable) if (value := find_value(variable, checker.tree)) is not None:
            call = CallExpr(value, direct.args, [], [])
            return find_pitfall(call, returned, caller, checker)
        case CallExpr(callee=RefExpr(fullname="functools.partial"), args=[inner, *given]):
            call = CallExpr(inner, [*given, *direct.args], [], [])
            return find_pitfall(call, returned, caller, checker)
        case RefExpr(fullname=fullname) if fullname in SCHEDULES and fails_in_thread(
            direct, fullname, checker
        ):
            task = spell(direct.args[0]) if direct.args else "function"
            return describe(Pitfall.NEEDS_LOOP, f'"{name}"', f"write {caller}({task}, ...)")
        case LambdaExpr():
            return find_pitfall_of_lambda(func, returned, caller, checker)
        case _ if kind in CONTEXT_MANAGERS:
            return describe(CONTEXT_MANAGERS[kind], f'"{name}"')
        case _:
            return find_pitfall_of_definition(func, kind, checker)


def fails_in_thread(direct: CallExpr, fullname: str, checker: TypeChecker) -> bool:
    """Tell whether a function needs a running loop: it gets none from a future, which knows its own."""
    if fullname not in TAKE_FUTURES or not direct.args:
        return True
    given = direct.args[0]
    match get_proper_type(checker.lookup_type(given)) if checker.has_type(given) else None:
        case Instance(type=kind):
            return not (kind.fallback_to_any or any(base.fullname in FUTURES for base in kind.mro))
        case _:
            return False


def find_pitfall_of_lambda(
    func: LambdaExpr, returned: ProperType, caller: str, checker: TypeChecker
) -> str | None:
    body = func.expr()
    inside = find_pitfall(body, returned, caller, checker) if isinstance(body, CallExpr) else None
    if inside is None and name_of(returned) in AWAITABLE:
        write = f"write {caller}({spell(body)}, ...)" if isinstance(body, CallExpr) else ""
        return describe(Pitfall.UNAWAITED, "The lambda", write)
    return inside


def find_pitfall_of_definition(func: Expression, kind: str, checker: TypeChecker) -> str | None:
    name, node = spell(func), find_definition(func, checker)
    if pitfall := find_generator(func, kind, checker):
        return describe(pitfall, f'"{name}"')
    cached = checker.has_type(func) and name_of(get_proper_type(checker.lookup_type(func))) == CACHED
    if kind in AWAITABLE and (cached or returns_unawaited(node, checker)):
        return describe(Pitfall.UNAWAITED, f'"{name}"')
    return None


def find_generator(func: Expression, kind: str, checker: TypeChecker) -> Pitfall | None:
    """Return what a task is that is a generator function, whose calls return what is of this `kind`."""
    node = find_definition(func, checker)
    inner = node.func if isinstance(node, Decorator) else node
    if isinstance(inner, FuncDef) and inner.is_generator and (node is inner or kind in GENERATOR):
        return Pitfall.ASYNC_GENERATOR if inner.is_async_generator else Pitfall.GENERATOR
    return None


def find_none(call: CallExpr) -> str:
    """Say what comes of `background=tasks.add_task(...)`."""
    owner = call.callee.expr if isinstance(call.callee, MemberExpr) else call.callee
    write = f"{spell(call)}(...) before it, and background={spell(owner)}"
    if not isinstance(owner, RefExpr) or owner is call.callee:
        write = f"background=BackgroundTask({spell(call.args[0]) if call.args else 'function'}, ...)"
    return describe(Pitfall.NONE, f'"{spell(call)}"', f"write {write}")


def find_assigned(node: Node) -> Iterator[tuple[Expression, Expression]]:
    """Yield what each assignment inside a file or a statement assigns, behind what it is assigned to."""
    if isinstance(node, AssignmentStmt):
        yield from ((lvalue, node.rvalue) for lvalue in node.lvalues)
    # No visitor of ours can inherit from mypy's, which is a compiled trait.
    for name in INNER:
        inner: Any = getattr(node, name, None)
        for each in (inner,) if isinstance(inner, Node) else inner or ():
            if isinstance(each, Node):
                yield from find_assigned(each)


def find_value(variable: Var, tree: MypyFile) -> Expression | None:
    """Return what a variable without annotation stands for, when it is assigned once."""
    if not variable.is_inferred:
        return None
    values = [
        value
        for lvalue, value in find_assigned(tree)
        if isinstance(lvalue, NameExpr) and lvalue.node is variable
    ]
    return values[0] if len(values) == 1 else None


def find_definition(func: Expression, checker: TypeChecker) -> Node | None:
    """Return the definition of the function that runs when `func` is called, where it is known."""
    node: Node | None = func.node if isinstance(func, RefExpr) else None
    if isinstance(func, MemberExpr) and node is None and checker.has_type(func.expr):
        owner = get_proper_type(checker.lookup_type(func.expr))
        if isinstance(owner, CallableType) and owner.is_type_obj():
            node = owner.type_object().get_method(func.name)
        elif isinstance(owner, Instance):
            node = owner.type.get_method(func.name)
    kind = get_proper_type(checker.lookup_type(func)) if checker.has_type(func) else None
    if isinstance(kind, Instance):
        node = kind.type.get_method("__call__")
    return node.impl if isinstance(node, OverloadedFuncDef) else node


def returns_unawaited(node: Node | None, checker: TypeChecker) -> bool:
    """Tell whether `node`, which returns an awaitable, surely defines no coroutine function."""
    if isinstance(node, Decorator):
        # Of another module mypy may know the interface only, from its cache, and no decorators.
        outermost = node.original_decorators[0] if node.original_decorators else None
        wrapper = find_wrapper(outermost, checker.tree.fullname)
        return wrapper is not None and not wrapper.is_coroutine
    if not isinstance(node, FuncDef) or node.is_coroutine:
        return False
    if node.info:
        # Another class may override it with an "async def", and surely does where this one does nothing.
        here = node.info.module_name == checker.tree.fullname
        return here and node.abstract_status == NOT_ABSTRACT and not is_trivial_body(node.body)
    return not checker.modules.get(node.fullname.rpartition(".")[0], checker.tree).is_stub


def find_wrapper(decorator: Expression | None, module: str) -> FuncDef | None:
    """Return the inner function that a decorator of this module returns."""
    match decorator:
        case CallExpr():
            outer: Node | None = find_wrapper(decorator.callee, module)
        case RefExpr(node=FuncDef() as outer) if outer.fullname.rpartition(".")[0] == module:
            pass
        case _:
            return None
    match outer:
        case FuncDef(body=Block(body=[*_, ReturnStmt(expr=NameExpr(node=inner))])):
            pass
        case _:
            return None
    if isinstance(inner, Decorator) and all(
        isinstance(wraps, CallExpr)
        and isinstance(wraps.callee, RefExpr)
        and wraps.callee.fullname == "functools.wraps"
        for wraps in inner.original_decorators
    ):
        return inner.func
    return inner if isinstance(inner, FuncDef) else None


def name_of(kind: ProperType) -> str:
    return kind.type.fullname if isinstance(kind, Instance) else ""


def spell(node: Expression) -> str:
    """Return the name in an expression as the user wrote it."""
    match node:
        case NameExpr():
            return node.name
        case MemberExpr():
            return f"{spell(node.expr)}.{node.name}"
        case CallExpr():
            return spell(node.callee)
        case AwaitExpr():
            return spell(node.expr)
        case _:
            return "function"
