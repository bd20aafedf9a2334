"""A `partial` of `add_task`, checked by mypy as that of the task itself; one of a partial, as one of both."""

from collections.abc import Callable
from contextlib import suppress

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr
from mypy.plugin import FunctionContext
from mypy.types import CallableType, Instance, Overloaded, Type, UninhabitedType, get_proper_type

from bgtasks.mypy_plugin.direct import adds_task
from bgtasks.mypy_plugin.pitfalls import BACKGROUND_TASK, find_pitfall, spell

try:
    from mypy.plugins.functools import partial_new_callback
except ImportError:  # an older mypy makes nothing of a partial
    partial_new_callback = None  # type: ignore[assignment]

PARTIAL = "functools.partial"


def check_partial(context: FunctionContext) -> Type:
    """
    Check `partial(tasks.add_task, send, ...)` as `partial(send, ...)`, and what it is called with later.

    Of `partial(tasks.add_task)`, or of another function that forwards, nothing is known before it is called.
    A partial of a partial takes what the inner one leaves. All others are left to mypy.
    """
    usual: Callable[[FunctionContext], Type] | None = partial_new_callback
    call, checker = context.context, context.api
    # Whatever another mypy does differently, it must not crash here.
    with suppress(Exception):
        if isinstance(call, CallExpr) and isinstance(checker, TypeChecker):
            match list(map(get_proper_type, context.arg_types[0])):
                case [CallableType() as func] if func.param_spec() is not None and not call.args[1:]:
                    return context.default_return_type
                case [CallableType() as func] if func.param_spec() is not None and adds_task(func):
                    return returning(check_direct(call, checker), func.ret_type)
                case [Instance() as inner] if (left := read_left(inner)) is not None:
                    context = context._replace(arg_types=[[left], *context.arg_types[1:]])
                case _:
                    pass
    return usual(context) if usual is not None else context.default_return_type


def returning(made: Type, returned: Type) -> Type:
    """Return the type of a partial with another type for what a call of it gives, as `add_task` has one."""
    made = get_proper_type(made)
    if not isinstance(made, Instance) or len(made.args) != 1:
        return made
    changed = made.copy_modified(args=[returned])  # pyright: ignore[reportUnknownMemberType]
    if made.extra_attrs:
        changed.extra_attrs = made.extra_attrs.copy()
        for name, attribute in made.extra_attrs.attrs.items():
            left = get_proper_type(attribute)
            if isinstance(left, CallableType):
                changed.extra_attrs.attrs[name] = with_return(left, returned)
            elif isinstance(left, Overloaded):
                items = [with_return(item, returned) for item in left.items]
                changed.extra_attrs.attrs[name] = Overloaded(items)
    return changed


def with_return(signature: CallableType, returned: Type) -> CallableType:
    # mypy leaves the parameters of copy_modified without types.
    return signature.copy_modified(ret_type=returned)  # pyright: ignore[reportUnknownMemberType]


def read_left(made: Instance) -> CallableType | None:
    """Return what a partial still takes, where mypy knows."""
    attributes = made.extra_attrs.attrs if made.extra_attrs else {}
    left = get_proper_type(attributes.get("__mypy_partial"))
    return left if isinstance(left, CallableType) and left.param_spec() is None else None


def check_direct(call: CallExpr, checker: TypeChecker) -> Type:
    accept, func, arguments = checker.expr_checker.accept, call.args[1], slice(2, None)
    direct = CallExpr(func, call.args[arguments], call.arg_kinds[arguments], call.arg_names[arguments])
    made = CallExpr(call.callee, call.args[1:], call.arg_kinds[1:], call.arg_names[1:])
    for each in (direct, made):
        each.set_line(call)
    frame = checker.binder.frames[-1]
    unreachable = frame.unreachable
    with checker.msg.filter_errors():
        returned = get_proper_type(accept(direct, allow_none_return=True))
    frame.unreachable = unreachable
    if not isinstance(returned, UninhabitedType) and checker.errors.is_error_code_enabled(BACKGROUND_TASK):
        pitfall = find_pitfall(direct, returned, spell(call.args[0]), checker)
        if pitfall is not None:
            checker.fail(pitfall, func, code=BACKGROUND_TASK)
    return accept(made)
