"""What the names in a module are bound to, scope by scope."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from bgtasks.check.model import Module

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = Function | ast.ClassDef
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
# The fields of nodes that hold no node which anybody asks for.
LEAVES = {"arg", "asname", "attr", "ctx", "id", "kind", "level", "module", "op", "ops", "type_comment"}
FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}
COMPREHENSION = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True, slots=True)
class Import:
    """A name for what stands elsewhere; `dotted` begins with a dot for each level of a relative import."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of `function`, with the default it has."""

    node: ast.arg
    default: ast.expr | None
    function: Function | ast.Lambda


@dataclass(frozen=True, slots=True)
class Assignment:
    """A value, an annotation, or both; neither where no value is written out, as in `for name in ...`."""

    value: ast.expr | None = None
    annotation: ast.expr | None = None


Binding: TypeAlias = Import | Parameter | Assignment | Definition


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """The names that a module, a class, a function, a lambda or a comprehension binds."""

    node: ast.AST
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    stars: list[str] = field(default_factory=list[str])
    elsewhere: dict[str, "Scope"] = field(default_factory=dict[str, "Scope"])

    def bind(self, name: str, binding: Binding) -> None:
        scope = self.elsewhere.get(name, self)
        scope.bindings.setdefault(name, []).append(binding)

    @property
    def module(self) -> "Scope":
        return self if self.parent is None else self.parent.module

    def find(self, name: str) -> "Scope | None":
        """Return the scope that binds `name`, used in this one; None for a builtin or a star import."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.elsewhere:
                return scope.elsewhere[name]
            if name in scope.bindings and (scope is self or not isinstance(scope.node, ast.ClassDef)):
                return scope
            scope = scope.parent
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Names:
    """
    The names of a module.

    `around` gives for every node the scope that it stands in, `within` for a node that is a scope
    the one it makes, and `parents` the node above. `loads` are the uses of each name,
    `generators` the functions with a `yield` of their own.
    """

    module: Module
    around: dict[ast.AST, Scope]
    within: dict[ast.AST, Scope]
    parents: dict[ast.AST, ast.AST]
    calls: list[ast.Call]
    functions: list[Function]
    loads: dict[str, list[ast.Name]]
    generators: set[ast.AST]

    @property
    def top(self) -> Scope:
        return self.within[self.module.tree]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around `node`, from the inside out."""
        while (parent := self.parents.get(node)) is not None:
            yield parent
            node = parent

    def enclosing(self, node: ast.AST) -> Function | ast.Lambda | None:
        """Return the function whose body `node` stands in."""
        scope: Scope | None = self.around[node]
        while scope is not None:
            if isinstance(scope.node, (*FUNCTION, ast.Lambda)):
                return scope.node
            scope = None if isinstance(scope.node, ast.ClassDef) else scope.parent
        return None

    def uses(self, name: str, scope: Scope) -> list[ast.Name]:
        """Return where the `name` that `scope` binds is read."""
        return [node for node in self.loads.get(name, []) if self.around[node].find(name) is scope]

    def bindings(self, name: ast.Name) -> list[Binding]:
        """Return all that `name` may be bound to; nothing for a builtin or a star import."""
        scope = self.around[name].find(name.id)
        return scope.bindings[name.id] if scope is not None and name.id in scope.bindings else []


def read_names(module: Module) -> Names:
    """Read the names of `module` in one walk over its tree."""
    names = Names(module, {}, {module.tree: Scope(module.tree)}, {}, [], [], {}, set())
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


def children_of(node: ast.AST) -> list[ast.AST]:
    """Return what `ast.iter_child_nodes` yields, but for operators and contexts, which nodes share."""
    kind = type(node)
    fields = FIELDS.get(kind)
    if fields is None:
        fields = FIELDS[kind] = tuple(name for name in node._fields if name not in LEAVES)
    children: list[ast.AST] = []
    for name in fields:
        value: Any = getattr(node, name, None)
        if isinstance(value, list):
            children += [item for item in cast("list[object]", value) if isinstance(item, ast.AST)]
        elif isinstance(value, ast.AST):
            children.append(value)
    return children


def enter_name(node: ast.Name, scope: Scope, names: Names) -> Scope:
    if isinstance(node.ctx, ast.Store):
        bind_name(node, scope, names)
    elif isinstance(node.ctx, ast.Load):
        names.loads.setdefault(node.id, []).append(node)
    return scope


def enter_call(node: ast.Call, scope: Scope, names: Names) -> Scope:
    names.calls.append(node)
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


def read_parameters(function: Function | ast.Lambda) -> Iterator[Parameter]:
    """Yield the parameters that have a name of their own, and then `*args` and `**kwargs`."""
    args = function.args
    positional = [*args.posonlyargs, *args.args]
    without = [None] * (len(positional) - len(args.defaults))
    for node, default in zip(positional, [*without, *args.defaults], strict=True):
        yield Parameter(node, default, function)
    for node, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        yield Parameter(node, default, function)
    for star in (args.vararg, args.kwarg):
        if star is not None:
            yield Parameter(star, None, function)


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


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, "" of what is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
