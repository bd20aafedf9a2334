"""
A call that makes a task, checked by mypy as the direct call `func(*args, **kwargs)`.

It is checked twice. First mypy checks the direct call, made of the user's own expressions; what it finds
there is reported. Then it checks the call that the user wrote, under a signature that takes everything
and with the types of the arguments already known, so that nothing is reported twice; the hook for the
result forgets those types again.
"""

from collections.abc import Iterator
from typing import TypeAlias

from mypy.checker import TypeChecker
from mypy.nodes import (
    ARG_NAMED,
    ARG_POS,
    ARG_STAR,
    ARG_STAR2,
    ArgKind,
    CallExpr,
    Expression,
    FuncDef,
    TempNode,
)
from mypy.plugin import FunctionContext, FunctionSigContext, MethodContext, MethodSigContext
from mypy.types import (
    AnyType,
    CallableType,
    TupleType,
    Type,
    TypedDictType,
    TypeOfAny,
    UninhabitedType,
    UnpackType,
    get_proper_type,
)

from bgtasks.mypy_plugin.pitfalls import BACKGROUND_TASK, find_called, find_pitfall, name_of, spell

Signature: TypeAlias = FunctionSigContext | MethodSigContext
Argument: TypeAlias = tuple[Expression, ArgKind, str | None]

TASKS = "starlette.background.BackgroundTasks"


def check_task(context: Signature) -> CallableType:
    """Check the direct call; return a signature under which mypy finds no more in the call itself."""
    signature, call, checker = context.default_signature, context.context, context.api
    if not (isinstance(call, CallExpr) and isinstance(checker, TypeChecker) and forwards(signature)):
        return signature
    before = len(signature.arg_types) - 3
    try:
        arguments = list(zip(call.args, call.arg_kinds, call.arg_names, strict=True))[before:]
        found = split_task(arguments, checker)
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


def adds_task(signature: CallableType) -> bool:
    """Tell whether it is the signature of some `add_task`, under whatever name."""
    node = signature.definition
    return (
        isinstance(node, FuncDef)
        and node.name == "add_task"
        and bool(node.info)
        and node.info.has_base(TASKS)
    )


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


def split_task(arguments: list[Argument], checker: TypeChecker) -> tuple[Expression, list[Argument]] | None:
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
            left: list[Argument] = [(others, kind, name)] if row.items[1:] else []
            return func, [*left, *arguments[index + 1 :]]
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
    called = find_called(func, caller, checker)
    if called is not None and checker.errors.is_error_code_enabled(BACKGROUND_TASK):
        accept(func, allow_none_return=True)
        checker.fail(called, func, code=BACKGROUND_TASK)
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
