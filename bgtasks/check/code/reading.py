"""Read what the names in a module are bound to, in one walk over its tree."""

import ast
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bgtasks.check.code.names import Assignment, Import, Names, Project, Scope
from bgtasks.check.code.syntax import FUNCTION, Function, children_of, last_name, read_parameters
from bgtasks.check.model import Module

COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def read_names(module: Module, project: Project) -> Names:
    """Read the names of `module`, which is part of `project`, in one walk over its tree."""
    names = Names(module, project, {}, {module.tree: Scope(module.tree)}, {}, [], {}, [], {}, set(), {})
    stack: list[tuple[ast.AST, Scope]] = [(module.tree, names.top)]
    around, parents = names.around, names.parents
    while stack:
        node, scope = stack.pop()
        around[node] = scope
        enter = ENTER.get(type(node))
        inner = scope if enter is None else enter(node, scope, names)
        outside = () if inner is scope else tuple(stands_outside(node))
        for child in reversed(children_of(node)):
            parents[child] = node
            stack.append((child, scope if child in outside else inner))
    return names


def enter_name(node: ast.Name, scope: Scope, names: Names) -> Scope:
    if isinstance(node.ctx, ast.Store):
        bind_name(node, scope, names)
    elif isinstance(node.ctx, ast.Load):
        names.loads.setdefault(node.id, []).append(node)
    return scope


def enter_call(node: ast.Call, scope: Scope, names: Names) -> Scope:
    names.calls.append(node)
    names.calls_of.setdefault(last_name(node.func), []).append(node)
    return scope


def enter_yield(_: ast.expr, scope: Scope, names: Names) -> Scope:
    names.generators.add(scope.node)
    return scope


def enter_function(node: Function, scope: Scope, names: Names) -> Scope:
    scope.bind(node.name, node)
    names.functions.append(node)
    return open_function(node, scope, names)


def enter_class(node: ast.ClassDef, scope: Scope, names: Names) -> Scope:
    scope.bind(node.name, node)
    return names.within.setdefault(node, Scope(node, scope))


def enter_comprehension(node: ast.expr, scope: Scope, names: Names) -> Scope:
    return names.within.setdefault(node, Scope(node, scope))


def enter_global(node: ast.Global, scope: Scope, _: Names) -> Scope:
    scope.elsewhere.update(dict.fromkeys(node.names, scope.module))
    return scope


def enter_nonlocal(node: ast.Nonlocal, scope: Scope, _: Names) -> Scope:
    for name in node.names:
        outer = scope.parent and scope.parent.find(name)
        if outer is not None:
            scope.elsewhere[name] = outer
    return scope


def enter_capture(
    node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar | ast.MatchMapping, scope: Scope, _: Names
) -> Scope:
    name = node.rest if isinstance(node, ast.MatchMapping) else node.name
    if name is not None:
        scope.bind(name, Assignment())
    return scope


def open_function(node: Function | ast.Lambda, scope: Scope, names: Names) -> Scope:
    inner = names.within[node] = Scope(node, scope)
    for parameter in read_parameters(node):
        inner.bind(parameter.node.arg, parameter)
    return inner


def stands_outside(node: ast.AST) -> Iterable[ast.AST]:
    """Yield the parts of a definition that are evaluated around it."""
    if isinstance(node, (*FUNCTION, ast.ClassDef)):
        yield from node.decorator_list
    if isinstance(node, FUNCTION) and node.returns is not None:
        yield node.returns
    if isinstance(node, (*FUNCTION, ast.Lambda)):
        yield node.args
    if isinstance(node, ast.ClassDef):
        yield from node.bases
        yield from node.keywords


def bind_name(node: ast.Name, scope: Scope, names: Names) -> None:
    parent = names.parents[node]
    binding = Assignment()
    match parent:
        case ast.Assign(value=value):
            binding = Assignment(value)
        case ast.AnnAssign(value=value, annotation=annotation):
            binding = Assignment(value, annotation)
        case ast.NamedExpr(value=value):
            binding = Assignment(value)
            while isinstance(scope.node, COMPREHENSION) and scope.parent is not None:
                scope = scope.parent
        case ast.Tuple(elts=targets) if not any(isinstance(each, ast.Starred) for each in targets):
            match names.parents[parent]:
                case ast.Assign(value=ast.Tuple(elts=values)) if len(values) == len(targets):
                    binding = Assignment(values[targets.index(node)])
                case _:
                    pass
        case _:
            # `type Name = ...`, which only Python 3.12 and newer parse
            if type(parent).__name__ == "TypeAlias":
                binding = Assignment(getattr(parent, "value", None))
    scope.bind(node.id, binding)


def enter_import(node: ast.Import | ast.ImportFrom, scope: Scope, _: Names) -> Scope:
    for alias in node.names:
        if isinstance(node, ast.Import):
            top = alias.name.partition(".")[0]
            scope.bind(alias.asname or top, Import(alias.name if alias.asname else top))
        else:
            prefix = "." * node.level + (f"{node.module}." if node.module else "")
            if alias.name == "*":
                scope.stars.append(prefix.removesuffix(".") if node.module else prefix)
            else:
                scope.bind(alias.asname or alias.name, Import(prefix + alias.name))
    return scope


ENTER: Mapping[type[ast.AST], Callable[[Any, Scope, Names], Scope]] = {
    ast.Name: enter_name,
    ast.Call: enter_call,
    ast.Yield: enter_yield,
    ast.YieldFrom: enter_yield,
    ast.FunctionDef: enter_function,
    ast.AsyncFunctionDef: enter_function,
    ast.Lambda: open_function,
    ast.ClassDef: enter_class,
    **dict.fromkeys(COMPREHENSION, enter_comprehension),
    ast.Global: enter_global,
    ast.Nonlocal: enter_nonlocal,
    ast.ExceptHandler: enter_capture,
    ast.MatchAs: enter_capture,
    ast.MatchStar: enter_capture,
    ast.MatchMapping: enter_capture,
    ast.Import: enter_import,
    ast.ImportFrom: enter_import,
}
