"""Why a checker knows less of a call site than it might, with the place to mend."""

import ast
from collections.abc import Sequence
from typing import TypeGuard

from bgtasks.check.ask.blame import Search
from bgtasks.check.ask.modules import Modules
from bgtasks.check.ask.partials import find_inmost
from bgtasks.check.ask.sights import Sight
from bgtasks.check.ask.signatures import blame_decorators, blame_parameters
from bgtasks.check.ask.silence import explain_silence
from bgtasks.check.ask.words import listing, place_at, quote
from bgtasks.check.code import (
    External,
    Function,
    Located,
    Names,
    Parameter,
    class_of,
    method,
    owner_of,
    resolve,
)
from bgtasks.check.facts.forwarders import spell_signature
from bgtasks.check.facts.sites import Forwarder, Site
from bgtasks.check.model import Grade

IN_A_ROW = 'the "*" of the call hides its task'
KEEPING = "func: Callable[P, object], *args: P.args, **kwargs: P.kwargs"


def explain(site: Site, sights: Sequence[Sight], modules: Modules) -> str:
    """
    Return in a sentence why not more is known of `site`.

    `sights` are what those checkers know of it that know most, none where no checker looked at it.
    """
    if not sights:
        return explain_silence(site)
    names, sight = site.names, sights[0]
    search = Search(modules, known=sight.grade is not Grade.ANY)
    if sight.ours is None:
        maker = site.receiver or site.adder or site.call
        cause = search.blame(maker, names)
        said = f"the type of {quote(maker)} is not known" + (f": {cause}" if cause else "")
        return f"{said}; write {maker.id}: BackgroundTasks if it is that" if is_open(maker, names) else said
    if site.adder is not None and sight.adder is sight.grade:
        return explain_adder(site.adder, names, search, site.forwarder)
    if site.task is None:
        handed_on = (
            f"{quote(site.call)} is handed on, and nobody compares its tasks with their arguments there"
        )
        return IN_A_ROW if isinstance(site.call, ast.Call) else handed_on
    return explain_task(*find_inmost(site.task, names), sight, search)


def is_open(maker: ast.expr, names: Names) -> TypeGuard[ast.Name]:
    """Tell whether something is a parameter that nothing is said of."""
    bound = names.bindings(maker) if isinstance(maker, ast.Name) else []
    return any(isinstance(each, Parameter) and each.node.annotation is None for each in bound)


def explain_adder(adder: ast.expr, names: Names, search: Search, forwarder: Forwarder | None = None) -> str:
    """Say what takes the task without a look at its arguments, and what it is to say of them."""
    found = find_function(adder, names)
    does = f"{quote(adder)} does not compare the arguments with the task"
    if forwarder is not None:
        place = place_at(forwarder.parameter.function, forwarder.names)
        return f"{does} ({place}); write {spell_signature(forwarder)}"
    if found is not None:
        function, there = found
        return f"{does} ({place_at(function, there)}); write {KEEPING}"
    cause = search.blame(adder, names) or Search(search.modules).blame(adder, names)
    return cause or f"the checkers do not know what {quote(adder)} takes"


def explain_task(task: ast.expr, names: Names, sight: Sight, search: Search) -> str:
    """Say what leaves open what a task takes."""
    untyped = [name.lstrip("*") for name in sight.untyped if name != "..."]
    found = find_function(task, names) if sight.grade is Grade.PARTLY else None
    if found is None:
        return explain_elsewhere(task, names, untyped, search)
    function, there = found
    modules, cause = search.modules, ""
    if "..." in sight.untyped:
        cause = blame_decorators(function, there, modules, search.blame)
    cause = cause or blame_parameters(function, there, untyped, modules)
    return cause or f"no type is known of {listing(untyped)} ({place_at(function, there)})"


def explain_elsewhere(task: ast.expr, names: Names, untyped: Sequence[str], search: Search) -> str:
    """Say what leaves open what a task takes that is no function of the app's own."""
    found = resolve(task, names)
    name = found.dotted if isinstance(found, External) else quote(task)
    if untyped and not isinstance(task, ast.Lambda):
        return f"{name} takes anything for {listing(untyped)}, or says no type of it where it is defined"
    if cause := search.blame(task, names):
        return cause
    if not search.known:
        return f"the checkers do not know what {quote(task)} is"
    what = f"what {quote(task.func)} returns" if isinstance(task, ast.Call) else name
    return f"{what} takes anything, as it is declared"


def find_function(task: ast.expr, names: Names) -> tuple[Function, Names] | None:
    """Return the function that runs when `task` is called; None where that is not the app's own."""
    found = resolve(task, names)
    if found is None and isinstance(task, ast.Attribute):
        found = method(owner_of(task.value, names), task.attr)
    if found is None:
        found = method(class_of(task, names), "__call__")
    if isinstance(found, Located) and isinstance(found.node, ast.ClassDef):
        found = method(found, "__init__")
    match found:
        case Located(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, names=there):
            return function, there
        case _:
            return None
