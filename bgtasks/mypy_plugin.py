"""
A mypy plugin: a task is judged as the direct call `func(*args, **kwargs)`, and what never runs is named.

    [tool.mypy]
    plugins = ["bgtasks.mypy_plugin"]

`add_task` is checked twice. The signature hook has mypy check the direct call, made of the user's own
expressions; what mypy finds there is reported. Then mypy checks the call that the user wrote, under a
signature that takes everything and with the types of the arguments already known, so that nothing is
reported twice; the hook for its result forgets those types again.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import TypeAlias

from mypy.checker import TypeChecker
from mypy.errorcodes import ErrorCode
from mypy.messages import format_type
from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    NOT_ABSTRACT,
    ArgKind,
    AwaitExpr,
    Block,
    CallExpr,
    Decorator,
    Expression,
    FuncDef,
    LambdaExpr,
    MemberExpr,
    NameExpr,
    Node,
    OverloadedFuncDef,
    RefExpr,
    ReturnStmt,
    TempNode,
    TypeInfo,
)
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext, Plugin
from mypy.semanal import is_trivial_body
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    NoneType,
    ProperType,
    TupleType,
    Type,
    TypedDictType,
    TypeOfAny,
    UninhabitedType,
    UnpackType,
    get_proper_type,
)

Signature: TypeAlias = FunctionSigContext | MethodSigContext
Argument: TypeAlias = tuple[Expression, ArgKind, str | None]

KNOWN = (1, 8), (3, 0)
BACKGROUND_TASK = ErrorCode("background-task", "Check that a background task runs", "Background tasks")

TASK = "starlette.background.BackgroundTask"
TASKS = "starlette.background.BackgroundTasks"
AWAITABLE = {"typing.Awaitable", "typing.Coroutine", "types.CoroutineType"}
CACHED = "functools._lru_cache_wrapper"
CONTEXT_MANAGER = {"contextlib._GeneratorContextManager", "contextlib._AsyncGeneratorContextManager"}
GENERATOR = {
    f"typing.{prefix}{name}" for prefix in ("", "Async") for name in ("Generator", "Iterable", "Iterator")
}
SCHEDULING = {f"asyncio.tasks.{name}" for name in ("create_task", "ensure_future", "gather")}


def plugin(version: str) -> type[Plugin]:
    """Return the plugin for this version of mypy; for one that is not known, a plugin that does nothing."""
    found = re.match(r"(\d+)\.(\d+)", version)
    if found and KNOWN[0] <= (int(found[1]), int(found[2])) < KNOWN[1]:
        return TaskPlugin
    sys.stderr.write(f"bgtasks.mypy_plugin does not know mypy {version}; tasks are checked without it\n")
    return Plugin


class TaskPlugin(Plugin):
    """Hooks into the calls that make a task."""

    def get_method_signature_hook(self, fullname: str) -> Callable[[MethodSigContext], CallableType] | None:
        return check_task if self.adds_task(fullname) else None

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return forget if self.adds_task(fullname) else None

    def get_function_signature_hook(
        self, fullname: str
    ) -> Callable[[FunctionSigContext], CallableType] | None:
        if "." not in fullname:
            return check_alias  # a local name, perhaps one for a bound add_task
        return check_task if self.is_class(fullname, TASK) else None

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        return forget if "." not in fullname or self.is_class(fullname, TASK) else None

    def adds_task(self, fullname: str) -> bool:
        owner, _, name = fullname.rpartition(".")
        return name == "add_task" and self.is_class(owner, TASKS)

    def is_class(self, fullname: str, base: str) -> bool:
        symbol = self.lookup_fully_qualified(fullname)
        return symbol is not None and isinstance(symbol.node, TypeInfo) and symbol.node.has_base(base)


def check_alias(context: FunctionSigContext) -> CallableType:
    node = context.default_signature.definition
    ours = isinstance(node, FuncDef) and node.name == "add_task" and node.info and node.info.has_base(TASKS)
    return check_task(context) if ours else context.default_signature


def check_task(context: Signature) -> CallableType:
    """Check the direct call; return a signature under which mypy finds no more in the call itself."""
    signature, call, checker = context.default_signature, context.context, context.api
    if not (isinstance(call, CallExpr) and isinstance(checker, TypeChecker) and forwards(signature)):
        return signature
    before = len(signature.arg_types) - 3
    try:
        arguments = list(zip(call.args, call.arg_kinds, call.arg_names, strict=True))[before:]
        found = split(arguments, checker)
        if found is None:
            return signature
        for name in {"self"}.difference(signature.arg_names).intersection(keywords(arguments, checker)):
            message = f'"{spell(call.callee)}" gets multiple values for keyword argument "{name}"'
            checker.fail(message, call)
        check_direct(call, *found, checker)
        overrides = checker.expr_checker.type_overrides
        overrides.update((node, checker.lookup_type(node)) for node in call.args if checker.has_type(node))
    except Exception:  # noqa: BLE001 - whatever another mypy does differently, it must not crash here
        return signature
    anything = AnyType(TypeOfAny.special_form)
    arg_types = [*signature.arg_types[:before], anything, anything, anything]
    # mypy leaves the parameters of copy_modified without types.
    return signature.copy_modified(arg_types=arg_types, variables=[])  # pyright: ignore[reportUnknownMemberType]


def forget(context: FunctionContext | MethodContext) -> Type:
    if isinstance(context.context, CallExpr) and isinstance(context.api, TypeChecker):
        for node in context.context.args:
            context.api.expr_checker.type_overrides.pop(node, None)
    return context.default_return_type


def forwards(signature: CallableType) -> bool:
    """Tell whether it is `(..., func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs)`."""
    own, funcs = signature.param_spec(), list(map(get_proper_type, signature.arg_types[-3:-2]))
    match funcs:
        case [CallableType(arg_types=[_, _], ret_type=result) as func] if own is not None:
            theirs, result = func.param_spec(), get_proper_type(result)
        case _:
            return False
    anything = isinstance(result, AnyType) or name_of(result) == "builtins.object"
    return anything and theirs is not None and theirs.id == own.id


def split(arguments: list[Argument], checker: TypeChecker) -> tuple[Expression, list[Argument]] | None:
    """Return the task and its arguments; None where that cannot be told from the call."""
    for index, (node, kind, name) in enumerate(arguments):
        if kind == ARG_POS or (kind == ARG_NAMED and name == "func"):
            rest = arguments[:index] + arguments[index + 1 :]
            twice = any(other == "func" or (kind == ARG_NAMED and k == ARG_POS) for _, k, other in rest)
            return None if twice else (node, rest)
        if kind == ARG_STAR:
            row = get_proper_type(checker.expr_checker.accept(node))
            if not isinstance(row, TupleType) or not row.items or isinstance(row.items[0], UnpackType):
                return None
            func, others = TempNode(row.items[0]), TempNode(row.copy_modified(items=row.items[1:]))
            for made in (func, others):
                made.set_line(node)
            return func, [(others, kind, name), *arguments[index + 1 :]]
    return None


def keywords(arguments: list[Argument], checker: TypeChecker) -> Iterator[str]:
    for node, kind, name in arguments:
        if name is not None:
            yield name
        elif kind == ARG_STAR2:
            row = get_proper_type(checker.expr_checker.accept(node))
            if isinstance(row, TypedDictType):
                yield from row.required_keys


def check_direct(call: CallExpr, func: Expression, arguments: list[Argument], checker: TypeChecker) -> None:
    """Check `func(*args, **kwargs)`, and that it would run."""
    accept, caller = checker.expr_checker.accept, spell(call.callee)
    direct = CallExpr(
        func,
        [node for node, _, _ in arguments],
        [kind for _, kind, _ in arguments],
        [name for _, _, name in arguments],
    )
    direct.set_line(call)
    result = find_result(func, checker)
    if result is not None and checker.errors.is_error_code_enabled(BACKGROUND_TASK):
        accept(func, allow_none_return=True)
        for node in direct.args:
            accept(node)
        kind, name = format_type(result, checker.options), spell(func)
        message = f'{kind} not callable: "{name}" is called at once, not in the background; '
        checker.fail(message + f"write {caller}({name}, ...)", func, code=BACKGROUND_TASK)
        return
    frame = checker.binder.frames[-1]
    unreachable = frame.unreachable
    returned = get_proper_type(accept(direct, allow_none_return=True))
    # A task that never returns does so later, and what follows the call is reached.
    if isinstance(returned, UninhabitedType) and not any(
        isinstance(get_proper_type(checker.lookup_type(node)), UninhabitedType) for node in direct.args
    ):
        frame.unreachable = unreachable
    pitfall = find_pitfall(direct, returned, caller, checker)
    if pitfall is not None:
        checker.fail(pitfall, func, code=BACKGROUND_TASK)


def find_result(func: Expression, checker: TypeChecker) -> ProperType | None:
    """Return what a call in place of the task yields, when that cannot be called."""
    if not isinstance(func, (AwaitExpr, CallExpr)):
        return None
    with checker.msg.filter_errors():
        result = get_proper_type(checker.expr_checker.accept(func, allow_none_return=True))
    callable_ = isinstance(result, Instance) and (result.type.fallback_to_any or result.type.get("__call__"))
    return result if isinstance(result, (Instance, NoneType)) and not callable_ else None


def find_pitfall(direct: CallExpr, returned: ProperType, caller: str, checker: TypeChecker) -> str | None:
    """Say why the call `direct`, whose value is `returned`, does nothing in the background."""
    func, name = direct.callee, spell(direct.callee)
    kind = name_of(returned)
    match func:
        case CallExpr(callee=RefExpr(fullname="functools.partial"), args=[inner, *given]):
            call = CallExpr(inner, [*given, *direct.args], [], [])
            return find_pitfall(call, returned, caller, checker)
        case RefExpr(fullname=fullname) if fullname in SCHEDULING:
            task = spell(direct.args[0]) if direct.args else "function"
            return (
                f'"{name}" would be called in a thread that runs no event loop, and fail there; '
                f"write {caller}({task}, ...)"
            )
        case LambdaExpr():
            return find_pitfall_of_lambda(func, returned, caller, checker)
        case _ if kind in CONTEXT_MANAGER:
            return f'"{name}" is a context manager that nothing enters; add a function that enters it'
        case _:
            return find_pitfall_of_definition(func, kind, checker)


def find_pitfall_of_lambda(
    func: LambdaExpr, returned: ProperType, caller: str, checker: TypeChecker
) -> str | None:
    body = func.expr()
    inside = find_pitfall(body, returned, caller, checker) if isinstance(body, CallExpr) else None
    if inside is None and name_of(returned) in AWAITABLE:
        write = f"{caller}({spell(body)}, ...)" if isinstance(body, CallExpr) else 'an "async def"'
        return f"The lambda returns a coroutine that is never awaited; write {write}"
    return inside


def find_pitfall_of_definition(func: Expression, kind: str, checker: TypeChecker) -> str | None:
    name, node = spell(func), find_definition(func, checker)
    inner = node.func if isinstance(node, Decorator) else node
    if isinstance(inner, FuncDef) and inner.is_generator and (node is inner or kind in GENERATOR):
        return (
            f'"{name}" is a generator function, so nothing in it runs; add a function that iterates over it'
        )
    cached = checker.has_type(func) and name_of(get_proper_type(checker.lookup_type(func))) == CACHED
    if kind in AWAITABLE and (cached or returns_unawaited(node, checker)):
        return f'"{name}" returns a coroutine that is never awaited; add an "async def" that awaits it'
    return None


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
