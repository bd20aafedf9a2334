"""The paths through a function: with what state each of them ends, and how."""

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, TypeAlias

from bgtasks.check.code.calls import find_function
from bgtasks.check.code.names import Found, Import, Names, remembered
from bgtasks.check.code.raising import NOT_WRITTEN, exception_of, is_caught, lets_through
from bgtasks.check.code.syntax import FUNCTION, Function, own_nodes

MOST_STATES = 256

State: TypeAlias = frozenset[object]
"""What has happened on a path. Paths of one state go on as one."""
Step: TypeAlias = Callable[[State, ast.AST], State]
"""What a statement, or the expression in the head of one, adds to a state."""
States: TypeAlias = frozenset[State]


class Way(Enum):
    """How a path ends; CAUGHT_PERHAPS is a raise that something unknown may catch."""

    RETURN = "return"
    RAISE = "raise"
    CAUGHT_PERHAPS = "caught perhaps"
    BREAK = "break"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class End:
    """
    One end of paths: `node` is the return or the raise, None where the function runs off its end.

    A call of a function that raises on every path is a raise, too: `node` is then its statement.
    """

    state: State
    way: Way
    node: ast.stmt | None = None


class TooManyPathsError(Exception):
    """A function has more paths than are worth following."""


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk over a function; `seen` gathers the states from which an exception may leave a `try`."""

    names: Names
    step: Step
    seen: list[set[State]] = field(default_factory=list[set[State]])


def find_ends(function: Function, names: Names, step: Step) -> frozenset[End]:
    """
    Return the ends of all paths through `function`, from an empty state on.

    An exception that no `raise` in the function raises is followed into the handlers around it, and
    no further. A path that cannot be taken may be among them; none that can be is missing, but for
    such exceptions. Nothing is returned where there are too many.
    """
    walk = Walk(names, step)
    try:
        left, ends = run(function.body, frozenset({frozenset()}), walk)
    except (TooManyPathsError, RecursionError):
        return frozenset()
    return ends | {End(state, Way.RETURN) for state in left}


def raised_by(node: ast.stmt, names: Names) -> Sequence[Found]:
    """
    Return the classes of what a statement raises, one for each `raise`; nothing where it may go on.

    That is a `raise`, and a call of a function of the app that raises on every path. A method that does
    may be there to be replaced.
    """
    match node:
        case ast.Raise():
            return [exception_of(node, names)]
        case ast.Expr(value=value) | ast.Return(value=value) | ast.Assign(value=value):
            awaited = isinstance(value, ast.Await)
            call = value.value if isinstance(value, ast.Await) else value
            if not isinstance(call, ast.Call) or not may_be_function(call.func, names):
                return []
            callee = find_function(call.func, names)
        case _:
            return []
    function = callee.located.node if callee is not None else None
    if callee is None or callee.replaceable or not isinstance(function, FUNCTION):
        return []
    waits = isinstance(function, ast.AsyncFunctionDef)
    return raised_always(function, callee.located.names) or [] if awaited is waits else []


def may_be_function(func: ast.expr, names: Names) -> bool:
    """Tell at once of most of what is called that it is a method, or is no function of the app."""
    name = func.value if isinstance(func, ast.Attribute) else func
    bound = names.bindings(name) if isinstance(name, ast.Name) else []
    return bool(bound) and (name is func or any(isinstance(each, Import | ast.ClassDef) for each in bound))


def may_raise(function: Function, names: Names) -> bool:
    """Tell whether a statement of a function surely raises."""
    return any(isinstance(node, ast.stmt) and raised_by(node, names) for node in own_nodes(function))


@remembered
def raised_always(function: Function, names: Names) -> Sequence[Found]:
    """Return the classes of what a function raises on every path; nothing where it may return."""
    if function in names.generators or not may_raise(function, names):
        return []
    ends = find_ends(function, names, lambda state, _: state)
    raised = [kind for end in ends if end.node is not None for kind in raised_by(end.node, names)]
    always = all(end.way is Way.RAISE for end in ends) and NOT_WRITTEN not in raised
    return raised if always else []


Outcome: TypeAlias = tuple[States, frozenset[End]]
NOWHERE: States = frozenset()


def run(block: Sequence[ast.stmt], states: States, walk: Walk) -> Outcome:
    """Follow `states` through a block; return those that leave it at its end, and the ends in it."""
    ends: frozenset[End] = frozenset()
    for statement in block:
        if not states:
            break
        states, more = run_statement(statement, states, walk)
        ends |= more
        if len(states) > MOST_STATES or len(ends) > MOST_STATES:
            raise TooManyPathsError
    return states, ends


def run_statement(node: ast.stmt, states: States, walk: Walk) -> Outcome:
    if raised_by(node, walk.names):
        return end(Way.RAISE, node, go(node, states, walk))
    if isinstance(node, ast.Return):
        return end(Way.RETURN, node, go(node, states, walk))
    if isinstance(node, ast.Break | ast.Continue):
        return end(Way.BREAK if isinstance(node, ast.Break) else Way.CONTINUE, None, states)
    if type(node).__name__ == "TryStar":  # not in Python 3.10
        raise TooManyPathsError
    compound = COMPOUND.get(type(node))
    return compound(node, states, walk) if compound else (go(node, states, walk), frozenset())


def end(way: Way, node: ast.stmt | None, states: States) -> Outcome:
    return NOWHERE, frozenset(End(state, way, node) for state in states)


def go(node: ast.AST, states: States, walk: Walk) -> States:
    """Take one step; an exception may leave before it or behind it."""
    after = frozenset(walk.step(state, node) for state in states)
    for seen in walk.seen:
        seen.update(states, after)
    return after


def run_if(node: ast.If, states: States, walk: Walk) -> Outcome:
    states = go(node.test, states, walk)
    then, ends = run(node.body, states, walk)
    otherwise, more = run(node.orelse, states, walk)
    return then | otherwise, ends | more


def run_loop(node: ast.For | ast.AsyncFor | ast.While, states: States, walk: Walk) -> Outcome:
    head = node.test if isinstance(node, ast.While) else node.iter
    entered = states = go(head, states, walk)
    ends: frozenset[End] = frozenset()
    while True:
        left, ends = run(node.body, entered, walk)
        again = entered | left | {each.state for each in ends if each.way is Way.CONTINUE}
        if again == entered:
            break
        entered = again
    endless = isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and bool(node.test.value)
    behind, more = run(node.orelse, NOWHERE if endless else entered, walk)
    behind |= {each.state for each in ends if each.way is Way.BREAK}
    inside = {each for each in ends if each.way not in {Way.BREAK, Way.CONTINUE}}
    return behind, more | inside


def run_with(node: ast.With | ast.AsyncWith, states: States, walk: Walk) -> Outcome:
    for item in node.items:
        states = go(item.context_expr, states, walk)
    walk.seen.append(set())
    left, ends = run(node.body, states, walk)
    seen = walk.seen.pop()
    if all(lets_through(item.context_expr, walk.names) for item in node.items):
        return left, ends
    perhaps = frozenset(
        End(each.state, Way.CAUGHT_PERHAPS, each.node) if each.way is Way.RAISE else each for each in ends
    )
    return left | seen, perhaps


def run_match(node: ast.Match, states: States, walk: Walk) -> Outcome:
    states = left = go(node.subject, states, walk)
    ends: frozenset[End] = frozenset()
    for case in node.cases:
        entered = go(case.guard, states, walk) if case.guard is not None else states
        more, inside = run(case.body, entered, walk)
        left, ends = left | more, ends | inside
    return left, ends


def run_try(node: ast.Try, states: States, walk: Walk) -> Outcome:
    walk.seen.append(set(states))
    left, ends = run(node.body, states, walk)
    thrown = frozenset(walk.seen.pop())
    left, more = run(node.orelse, left, walk)
    kept: set[End] = set(more)
    for each in ends:
        caught = is_end_caught(each, node.handlers, walk.names)
        if caught is None:
            kept.add(End(each.state, Way.CAUGHT_PERHAPS, each.node))
        elif not caught:
            kept.add(each)
    for handler in node.handlers:
        behind, inside = run(handler.body, thrown, walk)
        left, kept = left | behind, kept | inside
    return run_finally(node.finalbody, left, kept, walk)


def is_end_caught(each: End, handlers: Sequence[ast.ExceptHandler], names: Names) -> bool | None:
    """Tell whether a path ends in an exception that `handlers` catch; None where that is not sure."""
    if each.node is None or each.way is not Way.RAISE:
        return False
    answers = {is_caught(kind, handlers, names) for kind in raised_by(each.node, names)}
    return answers.pop() if len(answers) == 1 else None


def run_finally(block: Sequence[ast.stmt], left: States, ends: Iterable[End], walk: Walk) -> Outcome:
    """Take each path through the `finally`, which may end it in another way."""
    behind, found = run(block, left, walk)
    kept = set(found)
    for each in ends:
        through, inside = run(block, frozenset({each.state}), walk)
        kept |= inside | {End(state, each.way, each.node) for state in through}
    return behind, frozenset(kept)


COMPOUND: Mapping[type[ast.stmt], Callable[[Any, States, Walk], Outcome]] = {
    ast.If: run_if,
    ast.For: run_loop,
    ast.AsyncFor: run_loop,
    ast.While: run_loop,
    ast.With: run_with,
    ast.AsyncWith: run_with,
    ast.Match: run_match,
    ast.Try: run_try,
}
