"""What the names in a module are bound to, scope by scope."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

from bgtasks.check.model import Module

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = Function | ast.ClassDef
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
# The fields of nodes that hold no node which anybody asks for.
LEAVES = {"arg", "asname", "attr", "ctx", "id", "kind", "level", "module", "op", "ops", "type_comment"}
FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.Constant: ()}


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


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, "" of what is none."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def without_fallbacks(bound: Sequence[Binding]) -> Sequence[Binding]:
    """Return `bound`, but for the overloads before an implementation, and None in place of an import."""
    if len(bound) > 1 and isinstance(bound[-1], FUNCTION) and all(is_overload(each) for each in bound[:-1]):
        return bound[-1:]
    values = [each for each in bound if not (isinstance(each, Assignment) and is_none(each.value))]
    return values or bound


def is_none(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def is_overload(binding: Binding) -> bool:
    return isinstance(binding, FUNCTION) and any(
        ast.unparse(decorator).endswith("overload") for decorator in binding.decorator_list
    )
