"""Why a checker knows less of a call site than it might."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence

from bgtasks.check.ask.sights import Sight
from bgtasks.check.ask.witness import inmost
from bgtasks.check.code import External, Function, Located, Names, Parameter, resolve
from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Grade, Module
from bgtasks.files import relative

SILENCED = re.compile(r"#\s*(type:\s*ignore|pyright:\s*ignore|mypy:\s*ignore-errors)[^#]*")
UNKNOWN = "its type is not known"
IN_A_ROW = 'the "*" of the call hides its task'


def explain(site: Site, sights: Sequence[Sight], modules: Mapping[str, str]) -> str:
    """
    Return in a few words why not more is known of `site`.

    `sights` are what those checkers know of it that know most, none where no checker looked at it,
    and `modules` what is wrong with those modules that could not be imported.
    """
    if not sights:
        return explain_silence(site.module, site.call)
    names = site.names
    if sights[0].ours is None:
        maker = site.receiver or site.adder or site.call
        return f"the type of {quote(maker)} is not known: {blame(maker, names, modules)}"
    if site.task is None:
        return IN_A_ROW
    task = inmost(site.task, names)
    if isinstance(task, ast.Lambda):
        return "the parameters of a lambda have no types"
    if sights[0].grade is Grade.PARTLY:
        found = resolve(task, names)
        at = f" ({place_at(found.node, found.names)})" if isinstance(found, Located) else ""
        untyped = ["all others" if name == "..." else name for name in sights[0].untyped]
        return f"without a type: {', '.join(untyped)}{at}"
    return blame(task, names, modules)


def explain_silence(module: Module, call: ast.expr) -> str:
    lines = module.source.split("\n")
    for number in range(call.lineno, (call.end_lineno or call.lineno) + 1):
        if match := SILENCED.search(lines[number - 1]):
            return f'"{match[0].strip()}" in line {number} silences the checkers'
    return "no checker looks at it: it is never reached, or the checkers are silenced in this file"


def blame(node: ast.expr, names: Names, modules: Mapping[str, str], *, followed: bool = False) -> str:
    """Return what makes the type of `node` unknown, or its parameters."""
    match resolve(node, names):
        case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, names=others):
            return blame_function(function, others, modules)
        case Located(node=ast.expr() as value, names=others) if not followed and value is not node:
            return blame(value, others, modules, followed=True)
        case External(dotted=dotted):
            return blame_module(dotted, modules)
        case _:
            return blame_unresolved(node, names, modules, followed=followed)


def blame_unresolved(node: ast.expr, names: Names, modules: Mapping[str, str], *, followed: bool) -> str:
    match node:
        case ast.Call(func=func):
            return f"{quote(func)} does not say what it returns"
        case ast.Name():
            return blame_parameter(node, names)
        case ast.Attribute(value=owner):
            inner = blame(owner, names, modules, followed=followed)
            return inner if inner != UNKNOWN or followed else f"the type of {quote(owner)} is not known"
        case _:
            return UNKNOWN


def blame_function(function: Function, names: Names, modules: Mapping[str, str]) -> str:
    where = place_at(function, names)
    for decorator in function.decorator_list:
        maker = decorator.func if isinstance(decorator, ast.Call) else decorator
        found = resolve(maker, names)
        match found:
            case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as definition):
                where = place_at(definition, found.names)
                return f"decorator {quote(maker)} is not typed so as to keep the parameters ({where})"
            case External(dotted=dotted) if dotted.partition(".")[0] not in {
                "builtins",
                "functools",
                "contextlib",
            }:
                return f"decorator {quote(maker)} of {where}: {blame_module(dotted, modules)}"
            case None:
                return f"the type of decorator {quote(maker)} is not known ({where})"
            case _:
                pass
    return f"{function.name} does not say what it takes ({where})"


def blame_module(dotted: str, modules: Mapping[str, str]) -> str:
    for name in parents(dotted):
        if name in modules:
            return f"module {name} {modules[name]}"
    return f"{dotted} has no type"


def parents(dotted: str) -> Iterator[str]:
    parts = dotted.split(".")
    return (".".join(parts[:count]) for count in range(len(parts), 0, -1))


def blame_parameter(node: ast.Name, names: Names) -> str:
    for binding in names.bindings(node):
        if isinstance(binding, Parameter):
            annotation = binding.node.annotation
            kind = f"is annotated {ast.unparse(annotation)}" if annotation else "has no annotation"
            return f"{node.id} {kind} ({place_at(binding.node, names)})"
    return UNKNOWN


def place_at(node: ast.AST, names: Names) -> str:
    return f"{relative(names.module.path).as_posix()}:{getattr(node, 'lineno', 1)}"


def quote(node: ast.AST) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004 - as much as a line bears
