"""What the names in a module are bound to, scope by scope, and the project that the module is part of."""

import ast
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar, cast

from bgtasks.check.code.syntax import FUNCTION, Definition, Function, Parameter, is_none
from bgtasks.check.files.source import SourceError
from bgtasks.check.model import Module

H = TypeVar("H", bound=Hashable)
P = ParamSpec("P")
T = TypeVar("T")

# As many questions as may wait for each other: Python allows more, but not without end.
DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Import:
    """A name for what stands elsewhere; `dotted` begins with a dot for each level of a relative import."""

    dotted: str


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
    the one it makes, and `parents` the node above. `calls_of` are the calls by the last name of what
    they call, `loads` the uses of each name, `generators` the functions with a `yield` of their own,
    and `quoted` what was parsed out of strings.
    """

    module: Module
    project: "Project"
    around: dict[ast.AST, Scope]
    within: dict[ast.AST, Scope]
    parents: dict[ast.AST, ast.AST]
    calls: list[ast.Call]
    calls_of: dict[str, list[ast.Call]]
    functions: list[Function]
    loads: dict[str, list[ast.Name]]
    generators: set[ast.AST]
    quoted: dict[ast.AST, ast.expr | None]

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


@dataclass(frozen=True, slots=True)
class External:
    """What is not the app's own, by its dotted name; builtins are `builtins.print` and their like."""

    dotted: str


@dataclass(frozen=True, slots=True)
class Located:
    """What is written out in the app: a module, a class, a function, or the value behind a name."""

    node: ast.Module | Definition | ast.expr
    names: Names


Found: TypeAlias = External | Located | None


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """
    What is known beforehand of names that are not the app's own.

    `subjects` are the classes that it is all about: each stands for itself, wherever it is defined,
    and of a union it is the part that counts. `bases` are what other classes inherit from, their
    other names among them. `letting` are context managers that swallow no exception, and the methods
    of the classes `keeping` leave a function as it is that they decorate.
    """

    subjects: frozenset[str] = frozenset()
    bases: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    letting: frozenset[str] = frozenset()
    keeping: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """
    The files that have been read, those that define what the modules import among them.

    `bases` are folders that the imports of each of its files may start from, and `starts` all that
    those of a folder may. `installed` are those that packages lie in which are not the app's own, and
    `stubs` tells that a stub stands for the module that it describes. `broken` are the files that were
    wanted and are no Python. `asked` are the questions that
    are being answered, and `answered` what was found out once and for all.
    """

    vocabulary: Vocabulary = Vocabulary()
    bases: tuple[Path, ...] = ()
    installed: tuple[Path, ...] = ()
    stubs: bool = False
    read: dict[Path, Names | None] = field(default_factory=dict[Path, Names | None])
    broken: dict[Path, SourceError] = field(default_factory=dict[Path, SourceError])
    starts: dict[Path, tuple[Path, ...]] = field(default_factory=dict[Path, tuple[Path, ...]])
    located: dict[tuple[Path, str], Found] = field(default_factory=dict[tuple[Path, str], Found])
    files: dict[tuple[Path, str], Path | None] = field(default_factory=dict[tuple[Path, str], Path | None])
    asked: set[Hashable] = field(default_factory=set[Hashable])
    answered: dict[Hashable, Any] = field(default_factory=dict[Hashable, Any])


def guarded(
    question: Callable[Concatenate[H, Names, P], T],
) -> Callable[Concatenate[H, Names, P], T]:
    """
    Answer None to a question that comes up again while it is being answered.

    So `a = b` and `b = a` come to an end, whichever files they stand in.
    """

    @wraps(question)
    def ask(about: H, names: Names, /, *args: P.args, **kwargs: P.kwargs) -> T:
        unknown: T = cast("Any", None)  # which is an answer to every question that is guarded
        asked, key = names.project.asked, (question, about, names, *args)
        if key in asked or len(asked) >= DEEPEST:
            return unknown
        asked.add(key)
        try:
            return question(about, names, *args, **kwargs)
        finally:
            asked.remove(key)

    return ask


def remembered(
    question: Callable[Concatenate[H, Names, P], T],
) -> Callable[Concatenate[H, Names, P], T]:
    """Answer a question once; as with `guarded`, None to one that comes up again meanwhile."""

    @wraps(question)
    def ask(about: H, names: Names, /, *args: P.args, **kwargs: P.kwargs) -> T:
        answered, key = names.project.answered, (question, about, names, *args)
        if key not in answered:
            answered[key] = guard(about, names, *args, **kwargs)
        known: T = answered[key]
        return known

    guard = guarded(question)
    return ask


def without_fallbacks(bound: Sequence[Binding]) -> Sequence[Binding]:
    """Return `bound`, but for the overloads before an implementation, and None in place of an import."""
    if len(bound) > 1 and isinstance(bound[-1], FUNCTION) and all(is_overload(each) for each in bound[:-1]):
        return bound[-1:]
    values = [each for each in bound if not (isinstance(each, Assignment) and is_none(each.value))]
    return values or bound


def is_overload(binding: Binding) -> bool:
    return isinstance(binding, FUNCTION) and any(
        ast.unparse(decorator).endswith("overload") for decorator in binding.decorator_list
    )
