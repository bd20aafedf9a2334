"""What makes the type of a value unknown, followed to where it can be mended."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from bgtasks.check.ask.annotated import Annotated, blame_absence, blame_annotation, blame_bases, first
from bgtasks.check.ask.modules import Modules
from bgtasks.check.ask.signatures import blame_decorators, blame_function, is_self
from bgtasks.check.ask.words import place_at, quote
from bgtasks.check.code import (
    FUNCTION,
    Assignment,
    Binding,
    External,
    Found,
    Import,
    Located,
    Names,
    Parameter,
    ancestors,
    assigned_to_self,
    member,
    method,
    owner_of,
    resolve,
)


@dataclass(frozen=True, slots=True)
class Search:
    """
    The search for what makes a type unknown; `seen` is what was looked at already.

    Where the type itself is `known`, it is only for what makes that take anything. Each method
    returns what it found in a few words with its place, or "" where that is nothing.
    """

    modules: Modules
    known: bool = False
    seen: set[ast.AST] = field(default_factory=set[ast.AST])

    def blame(self, node: ast.expr, names: Names) -> str:
        """Search for what makes the type of `node`, or its parameters, unknown."""
        if node in self.seen:
            return ""
        self.seen.add(node)
        cause = ""
        match node:
            case ast.Name():
                cause = self.blame_name(node, names)
            case ast.Attribute():
                cause = self.blame_attribute(node, names)
            case ast.Call(func=func, args=args):
                partial = resolve(func, names) == External("functools.partial")
                cause = (
                    self.blame(args[0], names) if partial and args else self.blame_result(func, names, args)
                )
            case ast.Lambda():
                cause = f"the parameters of a lambda have no types ({place_at(node, names)})"
            case _:
                cause = first(self.blame(each, names) for each in parts_of(node))
        return cause

    def blame_name(self, node: ast.Name, names: Names) -> str:
        bound = names.bindings(node) if node in names.around else ()
        causes = (self.blame_binding(each, node, names) for each in bound)
        return first(causes) or self.modules.blame_undefined(node, names)

    def blame_binding(self, binding: Binding, name: ast.Name, names: Names) -> str:
        cause = ""
        match binding:
            case Import():
                cause = self.modules.blame_import(name, names) or self.blame_found(resolve(name, names))
            case Parameter() if is_self(binding, names):
                pass
            case Parameter(node=node):
                place = place_at(node, names)
                cause = f"{name.id} has no annotation ({place})" if node.annotation is None else ""
                of = Annotated(name.id, place)
                cause = cause or blame_annotation(node.annotation, names, of, self.modules)
            case Assignment(annotation=ast.expr() as annotation):
                of = Annotated(name.id, place_at(annotation, names))
                cause = blame_annotation(annotation, names, of, self.modules)
            case Assignment(value=ast.expr() as value):
                cause = self.blame(value, names)
            case Assignment():
                source = source_of(name, names)
                cause = self.blame(source, names) if source is not None else ""
            case _:
                cause = self.blame_found(Located(binding, names))
        return cause

    def blame_found(self, found: Found) -> str:
        cause = ""
        match found:
            case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, names=there):
                cause = blame_function(function, there, self.modules, self.blame)
            case Located(node=ast.ClassDef()):
                made = method(found, "__init__")
                cause = blame_bases(found, self.modules) or (self.blame_found(made) if made else "")
            case Located(node=ast.expr() as value, names=there):
                cause = self.blame_value(value, there)
            case External(dotted=dotted):
                cause = self.modules.problem_of(dotted) or f"{dotted} is not typed where it is defined"
            case _:
                pass
        return cause

    def blame_value(self, value: ast.expr, names: Names) -> str:
        """Blame the value of a name in another module, or the annotation that the name has there."""
        match names.parents.get(value):
            case ast.AnnAssign(target=target, annotation=annotation):
                of = Annotated(quote(target), place_at(annotation, names))
                cause = blame_annotation(annotation, names, of, self.modules)
            case _:
                cause = ""
        return cause or self.blame(value, names)

    def blame_attribute(self, node: ast.Attribute, names: Names) -> str:
        cause = self.modules.blame_import(node, names)
        found = None if cause else resolve(node, names)
        if cause or found is not None:
            return cause or self.blame_found(found)
        owner = owner_of(node.value, names)
        if isinstance(owner, Located):
            cause = self.blame_member(owner, node.attr) or blame_bases(owner, self.modules)
            return cause if cause or self.known else blame_absence(owner, node.attr)
        return "" if self.known else self.blame(node.value, names)

    def blame_member(self, owner: Located, name: str) -> str:
        """Blame what a class of the app's own, or a base of it, binds `name` to."""
        node = ast.Name(name, ast.Load())
        found = member(owner, name)
        if found is not None:
            return self.blame_binding(found[0], node, found[1])
        return first(
            self.blame_binding(assigned, node, each.names)
            for each in ancestors(owner)
            if isinstance(each, Located) and isinstance(each.node, ast.ClassDef)
            for function in each.node.body
            if isinstance(function, FUNCTION)
            for assigned in assigned_to_self(function, each.names, name)
        )

    def blame_result(self, func: ast.expr, names: Names, args: Sequence[ast.expr] = ()) -> str:
        """
        Search for what makes the type of what a call of `func` with `args` gives unknown.

        What is not the app's own may give what a function gives that is handed to it.
        """
        if cause := self.modules.blame_import(func, names):
            return cause
        found = resolve(func, names)
        if found is None and isinstance(func, ast.Attribute):
            found = method(owner_of(func.value, names), func.attr)
        match found:
            case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, names=there):
                of = Annotated(f"what {function.name} returns", place_at(function, there))
                cause = blame_decorators(function, there, self.modules, self.blame)
                if not (cause or self.known) and function.returns is None:
                    cause = f"{function.name} does not say what it returns ({of.place})"
                cause = cause or blame_annotation(function.returns, there, of, self.modules)
            case Located(node=ast.ClassDef()):
                cause = blame_bases(found, self.modules)
            case External(dotted=dotted):
                cause = self.modules.problem_of(dotted) or first(
                    self.blame_result(each, names) for each in args if is_function(each, names)
                )
                if not cause and not is_class_name(dotted):
                    cause = f"the checkers do not know what {dotted} returns"
            case _:
                cause = "" if self.known else self.blame(func, names)
        return cause


def is_class_name(dotted: str) -> bool:
    return dotted.rpartition(".")[2][:1].isupper()


def is_function(node: ast.expr, names: Names) -> bool:
    found = resolve(node, names)
    return isinstance(found, Located) and isinstance(found.node, FUNCTION)


def parts_of(node: ast.expr) -> Sequence[ast.expr]:
    """Return the values that an expression takes its own from."""
    parts: Sequence[ast.expr] = ()
    match node:
        case ast.Await(value=value) | ast.NamedExpr(value=value) | ast.Subscript(value=value):
            parts = (value,)
        case ast.IfExp(body=body, orelse=other):
            parts = (body, other)
        case (
            ast.BoolOp(values=values)
            | ast.Tuple(elts=values)
            | ast.List(elts=values)
            | ast.Dict(values=values)
        ):
            parts = values
        case _:
            pass
    return parts


def source_of(name: ast.Name, names: Names) -> ast.expr | None:
    """Return what a name takes its value from in a loop, a `with` or a row of names."""
    scope = names.around[name].find(name.id) if name in names.around else None
    for node, parent in names.parents.items():
        if isinstance(node, ast.Name) and node.id == name.id and isinstance(node.ctx, ast.Store):
            above = parent
            while isinstance(above, ast.Tuple | ast.List | ast.Starred):
                above = names.parents[above]
            match above:
                case ast.For(iter=value) | ast.AsyncFor(iter=value) | ast.comprehension(iter=value):
                    pass
                case ast.withitem(context_expr=value) | ast.Assign(value=value):
                    pass
                case _:
                    continue
            if names.around[node].find(name.id) is scope:
                return value
    return None
