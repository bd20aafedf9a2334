"""Which calls and assignments mypy shows to the plugin, and what is made of each."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import TypeAlias

from mypy.checker import TypeChecker
from mypy.nodes import CallExpr, Expression, MemberExpr, MypyFile, NameExpr, TypeInfo, Var
from mypy.options import Options
from mypy.plugin import (
    AttributeContext,
    FunctionContext,
    FunctionSigContext,
    MethodContext,
    MethodSigContext,
    Plugin,
)
from mypy.types import CallableType, Instance, Type, get_proper_type

from bgtasks.mypy_plugin.direct import TASKS, adds_task, check_task, forget
from bgtasks.mypy_plugin.partials import PARTIAL, check_partial
from bgtasks.mypy_plugin.pitfalls import BACKGROUND_TASK, find_assigned, find_none

FunctionSignatureHook: TypeAlias = Callable[[FunctionSigContext], CallableType]
MethodSignatureHook: TypeAlias = Callable[[MethodSigContext], CallableType]

TASK = "starlette.background.BackgroundTask"
RESPONSE = "starlette.responses.Response"


class TaskPlugin(Plugin):
    """
    Hooks into the calls that make a task, and into where a response gets one.

    mypy asks for hooks by name, for every call in a program and all that it imports, so what a name stands
    for is looked up once. Whatever another mypy does differently, no hook may crash there: it leaves things
    as they are.
    """

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self.check_of_function: Callable[[str], FunctionSignatureHook | None]
        self.check_of_method: Callable[[str], MethodSignatureHook | None]
        self.read_anew()

    def read_anew(self) -> None:
        """Look names up anew, in what is then read: one may stand for something else than before."""
        self.check_of_function = cache(self.find_check_of_function)
        self.check_of_method = cache(self.find_check_of_method)

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:  # noqa: ARG002
        self.read_anew()
        return []

    def get_function_signature_hook(self, fullname: str) -> FunctionSignatureHook | None:
        return self.check_of_function(fullname)

    def get_function_hook(self, fullname: str) -> Callable[[FunctionContext], Type] | None:
        if fullname == PARTIAL:
            return check_partial
        return forget if self.check_of_function(fullname) else None

    def get_method_signature_hook(self, fullname: str) -> MethodSignatureHook | None:
        return self.check_of_method(fullname)

    def get_method_hook(self, fullname: str) -> Callable[[MethodContext], Type] | None:
        return forget if self.check_of_method(fullname) else None

    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        if not fullname.endswith(".background"):
            return None
        return check_attribute if self.is_class(fullname.rpartition(".")[0], RESPONSE) else None

    def find_check_of_function(self, fullname: str) -> FunctionSignatureHook | None:
        if fullname.isidentifier():
            return check_alias  # a variable of a function
        match self.find(fullname):
            case TypeInfo() as kind if kind.has_base(TASK):
                return check_task
            case TypeInfo() as kind if kind.has_base(RESPONSE):
                return check_response
            case Var():
                return check_alias
            case _:
                return None

    def find_check_of_method(self, fullname: str) -> MethodSignatureHook | None:
        owner, _, name = fullname.rpartition(".")
        if name == "add_task" and self.is_class(owner, TASKS):
            return check_task
        return check_alias if isinstance(self.find(fullname), Var) else None

    def is_class(self, fullname: str, base: str) -> bool:
        node = self.find(fullname)
        return isinstance(node, TypeInfo) and node.has_base(base)

    def find(self, fullname: str) -> object:
        symbol = self.lookup_fully_qualified(fullname)
        return symbol.node if symbol else None


def check_alias(context: FunctionSigContext | MethodSigContext) -> CallableType:
    """Check the call of a variable that may be bound to `add_task`."""
    signature, call, checker = context.default_signature, context.context, context.api
    if isinstance(call, CallExpr) and isinstance(checker, TypeChecker) and adds_task(signature):
        # Of a variable of another module mypy may know the type only, from its cache, and no definition.
        owner = get_proper_type(context.type) if isinstance(context, MethodSigContext) else None
        match call.callee, owner:
            case MemberExpr(), Instance(type=kind) if kind.module_name == checker.tree.fullname:
                return check_task(context)
            case NameExpr(fullname=name), None if name.rpartition(".")[0] in {"", checker.tree.fullname}:
                return check_task(context)
            case _:
                pass
    return signature


def check_response(context: FunctionSigContext) -> CallableType:
    """Name the None of `Response(background=tasks.add_task(...))`."""
    call, checker = context.context, context.api
    if isinstance(call, CallExpr) and isinstance(checker, TypeChecker):
        with suppress(Exception):
            for node, name in zip(call.args, call.arg_names, strict=True):
                if name in {None, "background"}:  # whatever it is by position, it is None
                    name_none(node, checker)
    return context.default_signature


def check_attribute(context: AttributeContext) -> Type:
    """Name the None of `response.background = tasks.add_task(...)`."""
    if isinstance(context.api, TypeChecker):
        with suppress(Exception):
            for lvalue, value in find_assigned(context.api.tree):
                if lvalue is context.context:
                    name_none(value, context.api)
    return context.default_attr_type


def name_none(node: Expression, checker: TypeChecker) -> None:
    """Report a response's task that is what `add_task` returns; leave mypy no more to say of it."""
    if not isinstance(node, CallExpr) or not checker.errors.is_error_code_enabled(BACKGROUND_TASK):
        return
    accept, overrides = checker.expr_checker.accept, checker.expr_checker.type_overrides
    with checker.msg.filter_errors():
        callee = get_proper_type(accept(node.callee))
    if isinstance(callee, CallableType) and adds_task(callee):
        overrides.pop(node, None)  # of an earlier check, by the daemon
        overrides[node] = accept(node, allow_none_return=True)
        checker.fail(find_none(node), node, code=BACKGROUND_TASK)
