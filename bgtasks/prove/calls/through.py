"""How generated calls are made through a target, as its source says: a method, a function or a class."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from bgtasks.documents import from_python
from bgtasks.errors import BgtasksError
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.prove.calls.sources import Found, Sources
from bgtasks.prove.calls.types import HEAD

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

METHOD = "add_task"
CONSTRUCTORS = ("__init__", "__new__")
# A name that a line of the head binds.
BOUND = r"(?m)^(?:class |def |from .* import .*\b)?{}\b"
SETUP = {"tasks", "given"}
PROPERTIES = {"property", "cached_property"}


@dataclass(frozen=True, slots=True)
class Through:
    """
    What is called with a callable and its arguments, and what makes the object that this needs.

    A call of what is `awaited` stands in a lambda, so that nothing is made of its result.
    """

    callee: str
    setup: str = ""
    awaited: bool = False

    def call(self, arguments: str) -> str:
        """Return a call with these arguments."""
        return f"{'lambda: ' * self.awaited}{self.callee}({arguments})"


DEFAULT = Through(f"tasks.{METHOD}", f"tasks = {DEFAULT_TARGET.name}()")


def rename(name: str) -> str:
    """Return a dotted name as the calls spell it: one that their head binds, too, gets another."""
    first, dot, rest = name.partition(".")
    return f"{first}_{dot}{rest}" if re.search(BOUND.format(first), HEAD) or first in SETUP else name


def find_through(target: Target, roots: Sequence[Path]) -> Through:
    """
    Return how calls are made through `target`, whose source is under one of `roots`.

    A class is called by its add_task, where it has one. Raises `BgtasksError` where the target is not
    there, or is nothing that takes a callable before all other arguments.
    """
    sources = Sources(roots)
    owner, _, name = target.name.rpartition(".")
    holder = sources.find(target.module, owner) if owner else None
    found = sources.find(target.module, target.name)
    if found is None:
        where = f"{target.module}:{owner}" if owner else target.module
        raise BgtasksError(
            f"{target}: no {name} is found in the source of {where}; name a class, a function or Class.method"
        )
    match found.node:
        case ast.ClassDef():
            if method := sources.member(found, METHOD):
                return of_instance(sources, target, found, target.name, method)
            made = next(filter(None, (sources.member(found, each) for each in CONSTRUCTORS)), None)
            through = Through(rename(target.name))
            return (
                require(target, made.node, through, bound=True) if made else refuse(target, "takes nothing")
            )
        case ast.FunctionDef() | ast.AsyncFunctionDef() as node:
            of_class = holder is not None and isinstance(holder.node, ast.ClassDef)
            if holder and of_class and not decorated(node, {"staticmethod", "classmethod"}):
                return of_instance(sources, target, holder, owner, found)
            is_bound = holder is not None and not decorated(node, {"staticmethod"})
            return require(target, node, Through(rename(target.name)), bound=is_bound)
        case ast.Assign(value=ast.Constant(value)) | ast.AnnAssign(value=ast.Constant(value)):
            return refuse(target, f"is {value!r}, which cannot be called")
        case _:
            return Through(rename(target.name))


def of_instance(sources: Sources, target: Target, holder: Found, owner: str, method: Found) -> Through:
    """Return how a method is called, of an instance that is made, or given where that takes arguments."""
    made = sources.member(holder, "__init__")
    made_of = rename(owner)
    setup = f"tasks = {made_of}()"
    if made and isinstance(made.node, ast.FunctionDef) and needs_arguments(made.node.args):
        setup = f"def given() -> {made_of}:\n    raise NotImplementedError\n\n\ntasks = given()"
    name = METHOD if owner == target.name else target.name.rpartition(".")[2]
    return require(target, method.node, Through(f"tasks.{name}", setup), bound=True)


def require(target: Target, node: ast.stmt, through: Through, *, bound: bool) -> Through:
    """Return `through` if it may take a callable first; of what is `bound` one parameter is filled in."""
    if not isinstance(node, Function):
        return through
    if decorated(node, PROPERTIES):
        refuse(target, "is a property, which is not called")
    parameters = [*node.args.posonlyargs, *node.args.args][bound:]
    if not parameters and node.args.vararg is None:
        refuse(target, "takes nothing by position, so no callable either")
    # fn: Callable[P, T], *args: P.args
    variable = spell(node.args.vararg).strip("'\"").removesuffix(".args")
    holding = [one.arg for one in parameters if variable and variable in names_in(spell(one))]
    if holding and holding[0] != parameters[0].arg:
        refuse(target, f"takes {parameters[0].arg} before the callable, {holding[0]}")
    return replace(through, awaited=isinstance(node, ast.AsyncFunctionDef))


def refuse(target: Target, why: str) -> "Through":
    """Raise `BgtasksError`."""
    raise BgtasksError(f"{target}: {why}; name what takes a callable and its arguments")


def decorated(node: Function, names: Iterable[str]) -> bool:
    return any(ast.unparse(one).rpartition(".")[2] in names for one in node.decorator_list)


def needs_arguments(arguments: ast.arguments) -> bool:
    taken = len([*arguments.posonlyargs, *arguments.args]) - 1
    return taken > len(arguments.defaults) or None in arguments.kw_defaults


def spell(argument: ast.arg | None) -> str:
    return ast.unparse(argument.annotation) if argument and argument.annotation else ""


def names_in(annotation: str) -> set[str]:
    try:
        tree = from_python(annotation.strip("'\""))
    except SyntaxError:
        return set()
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
