"""Tasks that do nothing in the background, whatever a type checker says of the call."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from bgtasks.check.code import (
    CONTEXT_MANAGERS,
    FUNCTION,
    External,
    Found,
    Function,
    Located,
    Names,
    ancestors,
    class_of,
    decorators_of,
    find_callee,
    find_installed,
    guarded,
    method,
    own_nodes,
    owner_of,
    resolve,
    spell,
)
from bgtasks.check.facts.awaitables import is_plain, says_awaitable
from bgtasks.check.facts.coroutines import (
    METHODS,
    gives_coroutine,
    hands_back_coroutine,
    makes_coroutine,
    returns_coroutine,
)
from bgtasks.check.facts.sites import place_of, spell_arguments
from bgtasks.check.facts.tasks import CALLED, Task, is_partial, unwrap
from bgtasks.check.facts.wrappers import loses_coroutine, wrapped_by
from bgtasks.check.model import Place
from bgtasks.wording import NEED_LOOP, OF_FUTURES, SCHEDULING, Pitfall, describe

SCHEDULES = {f"asyncio.{prefix}{name}" for prefix in ("", "tasks.") for name in SCHEDULING}
NEEDS_LOOP = {f"asyncio.{prefix}{name}" for prefix in ("", "tasks.") for name in NEED_LOOP}
TAKES_FUTURES = {f"asyncio.{prefix}{name}" for prefix in ("", "tasks.") for name in OF_FUTURES}
CACHES = {External("functools.cache"), External("functools.lru_cache")}
MANAGERS = {External(dotted) for dotted in CONTEXT_MANAGERS}
OWN_LOOP = {"new_event_loop", "set_event_loop", "Runner", "run_until_complete"}
LONGEST = 60
"""As many characters as are written out of a task and its arguments."""
UNCALLABLE = {"None", "bool", "bytes", "dict", "float", "int", "list", "set", "str", "tuple"}


Judgement: TypeAlias = tuple[Pitfall, str]
Given: TypeAlias = tuple[ast.expr, ...] | None
"""What is given by position; None where that is not known, or something is given by name."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A task that does nothing, and what is said of it at its place."""

    place: Place
    pitfall: Pitfall
    message: str


def judge_tasks(tasks: Sequence[Task]) -> Iterator[Judged]:
    """Yield those of `tasks` that do nothing."""
    for task in tasks:
        known = task.given.whole and not task.given.named
        given = task.given.positional if known else None
        inside = task.expression, task.names
        judged = judge_inside(*inside, task.wrapper) if task.wrapper else judge_task(*inside, given)
        place = task.expression
        inner = unwrap(task) if judged is None and not task.wrapper else task
        if inner.wrapper.endswith(CALLED) and inner is not task:
            judged, place = judge_inside(inner.expression, inner.names, inner.wrapper), inner.expression
        if judged is not None:
            yield Judged(place_of(task.names.module, place), *judged)


def positional(call: ast.Call) -> Given:
    return None if call.keywords else tuple(call.args)


@guarded
def judge_task(task: ast.expr, names: Names, given: Given = None) -> Judgement | None:
    """
    Say why `task`, which stands in the module of `names`, does nothing; None where it may well run.

    `given` is what it is called with, None where that is not known.
    """
    judged: Judgement | None = None
    match task:
        case ast.Lambda(body=ast.Call() as body):
            judged = judge_lambda(body, names)
        case ast.Call(func=func, args=[inner, *_]) if is_partial(func, names):
            first = positional(task)
            judged = judge_task(inner, names, first[1:] or given if first is not None else None)
        case ast.Call():
            judged = judge_wrapped(task, names) or judge_called(task, names) or judge_instance(task, names)
        case ast.Await(value=ast.Call() as call):
            judged = judge_called(call, names, awaited=True)
        case ast.Name() | ast.Attribute():
            judged = judge_name(task, names, given)
        case _:
            pass
    return judged


def judge_name(task: ast.Name | ast.Attribute, names: Names, given: Given) -> Judgement | None:
    found = resolve(task, names)
    if isinstance(found, External):
        if found.dotted not in SCHEDULES or not fails_in_thread(found.dotted, given, names):
            return judge_installed(task, names)
        return say(Pitfall.NEEDS_LOOP, f'"{spell(task)}"', "add the async function itself")
    if isinstance(found, Located) and isinstance(found.node, ast.Lambda | ast.Call):
        return judge_task(found.node, found.names, given)
    callee = find_callee(task, names)
    if callee is None or not isinstance(callee.located.node, FUNCTION):
        return judge_instance(task, names) or judge_installed(task, names)
    owner = owner_of(task.value, names) if callee.replaceable and isinstance(task, ast.Attribute) else None
    judged = judge_function(callee.located, spell(task), owner)
    replaceable = callee.replaceable and judged is not None and judged[0] is Pitfall.UNAWAITED
    return None if replaceable and is_subclassed(owner, names, callee.located) else judged


def judge_installed(task: ast.Name | ast.Attribute, names: Names) -> Judgement | None:
    """Judge a function of an installed package by its source, and by what it or its stub says it returns."""
    defined = find_installed(task, names)
    sources = [each for each in defined if each.located.names.module.path.suffix == ".py"]
    name = spell(task)
    judged = [judge_function(each.located, name, each.owner) for each in sources]
    if judged and all(judged):
        return judged[0]
    if not all(is_plain(each.located) for each in sources):
        return None
    said = any(says_awaitable(each.located) for each in defined)
    return say(Pitfall.UNAWAITED, f'"{name}"') if said else None


def judge_instance(task: ast.expr, names: Names) -> Judgement | None:
    """Judge an object of a class of the app's own by its `__call__`."""
    called = method(class_of(task, names), "__call__")
    return None if called is None else judge_function(called, spell(task))


def judge_lambda(body: ast.Call, names: Names) -> Judgement | None:
    if returns_coroutine(body, names):
        return say(Pitfall.UNAWAITED, "The lambda", hand_over(body, names))
    if isinstance(body.func, ast.Name | ast.Attribute):
        return judge_name(body.func, names, positional(body))
    return None


def judge_function(located: Located, name: str, owner: Found = None) -> Judgement | None:
    """
    Judge a function by its definition; decorators that are not known may make anything of it.

    `owner` is the class of the object whose method it is, which may replace others of its methods.
    """
    function = located.node
    assert isinstance(function, FUNCTION)
    decorators = [each for each in decorators_of(located) if each not in METHODS]
    asynchronous = isinstance(function, ast.AsyncFunctionDef)
    quoted = f'"{name}"'
    judged: Judgement | None = None
    if any(each in MANAGERS for each in decorators[:1]):
        judged = say(Pitfall.ASYNC_CONTEXT_MANAGER if asynchronous else Pitfall.CONTEXT_MANAGER, quoted)
    elif decorators:
        if is_unawaited_behind(decorators, located) or is_handed_through(located, owner):
            judged = say(Pitfall.UNAWAITED, quoted)
    elif function in located.names.generators:
        judged = say(Pitfall.ASYNC_GENERATOR if asynchronous else Pitfall.GENERATOR, quoted)
    elif isinstance(function, ast.FunctionDef):
        if hands_back_coroutine(function, located.names, owner):
            judged = say(Pitfall.UNAWAITED, quoted)
        elif (scheduling := find_scheduling(function, located.names)) is not None:
            judged = say(Pitfall.NEEDS_LOOP, quoted, 'make it an "async def"', where=f" at {scheduling}")
    return judged


def say(pitfall: Pitfall, name: str, instead: str = "", *, where: str = "") -> Judgement:
    return pitfall, describe(pitfall, name, instead, where=where)


def is_unawaited_behind(decorators: list[Found], located: Located) -> bool:
    """Tell whether one decorator makes an `async def` a plain function that loses the coroutine."""
    if len(decorators) != 1 or not isinstance(located.node, ast.AsyncFunctionDef):
        return False
    [decorator] = [
        each for each in located.node.decorator_list if resolve(each, located.names) not in METHODS
    ]
    return decorators[0] in CACHES or loses_coroutine(decorator, located.names)


def is_handed_through(located: Located, owner: Found) -> bool:
    """Tell whether the one decorator of a plain function hands back the coroutine that this returns."""
    match located.node:
        case ast.FunctionDef(decorator_list=[decorator]) as function:
            handed = loses_coroutine(decorator, located.names, of_plain=True)
            return handed and hands_back_coroutine(function, located.names, owner)
        case _:
            return False


def judge_wrapped(call: ast.Call, names: Names) -> Judgement | None:
    """Judge `timed(notify)`, where `timed` puts a plain function around an async one."""
    wrapped = wrapped_by(call, names)
    return judge_inside(wrapped, names, spell(call)) if wrapped is not None else None


def judge_inside(wrapped: ast.expr, names: Names, wrapper: str) -> Judgement | None:
    """Judge what `wrapper` puts a plain function around that loses a coroutine."""
    if not gives_coroutine(wrapped, names):
        return None
    if wrapper == CALLED:
        instead = "have that add the function itself, with its arguments behind it"
        return say(Pitfall.UNAWAITED, f'"{spell(wrapped)}", called by what it is handed to,', instead)
    if wrapper.endswith(CALLED):
        runner = wrapper.removesuffix(CALLED)
        instead = f'make "{runner}" an "async def" that awaits it'
        return say(Pitfall.UNAWAITED, f'"{spell(wrapped)}", called by "{runner}",', instead)
    instead = f'make what "{wrapper}" returns an "async def" that awaits it'
    return say(Pitfall.UNAWAITED, f'"{spell(wrapped)}" in "{wrapper}"', instead)


def find_scheduling(function: ast.FunctionDef, names: Names) -> str | None:
    """Return what a function calls, whenever it gets there, that needs a running event loop."""
    for statement in function.body:
        match statement:
            case ast.Expr(value=ast.Call() as call) | ast.Assign(value=ast.Call() as call):
                func = call.func
            case ast.Return(value=ast.Call() as call):
                func = call.func
            case _:
                continue
        found = resolve(func, names)
        if isinstance(found, External) and fails_in_thread(found.dotted, positional(call), names):
            spelled = {getattr(node, "attr", getattr(node, "id", None)) for node in ast.walk(function)}
            return None if spelled & OWN_LOOP else spell(func)
    return None


def fails_in_thread(dotted: str, given: Given, names: Names) -> bool:
    """Tell whether a function surely needs a running event loop, called with `given`."""
    if dotted not in TAKES_FUTURES:
        return dotted in NEEDS_LOOP
    if not given:
        return given is not None and dotted.endswith("gather")
    return makes_coroutine(given[0], names)


def judge_called(call: ast.Call, names: Names, *, awaited: bool = False) -> Judgement | None:
    """Judge a call that stands where the function should, by whether its result can be called."""
    callee = find_callee(call.func, names)
    if callee is None or not isinstance(callee.located.node, FUNCTION):
        printed = resolve(call.func, names) == External("builtins.print")
        return called_at_once(call, names) if printed and not awaited else None
    located, function = callee.located, callee.located.node
    if any(each not in METHODS for each in decorators_of(located)) or callee.replaceable:
        return None
    asynchronous, name = isinstance(function, ast.AsyncFunctionDef), f'"{spell(call)}"'
    if function in located.names.generators:  # to add it itself would do nothing either
        iterating = Pitfall.ASYNC_GENERATOR if asynchronous else Pitfall.GENERATOR
        return say(Pitfall.CALLED, name, iterating.instead)
    if asynchronous and not awaited:
        return say(Pitfall.COROUTINE, name, hand_over(call, names))
    return None if gives_callable(function) else called_at_once(call, names)


def called_at_once(call: ast.Call, names: Names) -> Judgement:
    return say(Pitfall.CALLED, f'"{spell(call)}"', hand_over(call, names))


def hand_over(call: ast.Call, names: Names) -> str:
    """Return the advice to write a function and its arguments in place of its call, or of a lambda around."""
    function, within = ast.unparse(call.func), names.parents.get(call)
    written = ", ".join([function, *spell_arguments(call)])
    own = (
        {each.arg for each in ast.walk(within.args) if isinstance(each, ast.arg)}
        if isinstance(within, ast.Lambda)
        else ()
    )
    if len(written) > LONGEST or any(
        isinstance(node, ast.Name) and node.id in own for node in ast.walk(call)
    ):
        written = f"{function}, ..."
    return f'write "{written}" in its place'


def gives_callable(function: Function) -> bool:
    """Tell whether what a function returns may be called: False for None and for what is plainly a value."""
    match function.returns:
        case ast.Constant(value=None):
            return False
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name not in UNCALLABLE
        case None:
            returns = [node for node in own_nodes(function) if isinstance(node, ast.Return)]
            raises = any(isinstance(node, ast.Raise) for node in own_nodes(function))
            return raises or any(node.value is not None for node in returns)
        case _:
            return True


def is_subclassed(owner: Found, names: Names, located: Located) -> bool:
    """Tell whether an heir of a class, in its module or that of its use, replaces a method or a callee."""
    there = owner.names if isinstance(owner, Located) else names
    called = {node.attr for node in ast.walk(located.node) if isinstance(node, ast.Attribute)}
    replacing = called | {getattr(located.node, "name", "")}
    return any(
        isinstance(node, ast.ClassDef)
        and Located(node, each) != owner
        and replacing & scope.bindings.keys()
        and owner in ancestors(Located(node, each))
        for each in (there, names)
        for node, scope in each.within.items()
    )
