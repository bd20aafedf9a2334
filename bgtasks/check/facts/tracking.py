"""Follow one object of tasks along the paths through a function."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.check.code import FUNCTION, Function, Names, Scope, State, Step
from bgtasks.check.facts.app import App
from bgtasks.check.facts.routes import Called, is_injected, read_filled
from bgtasks.check.facts.uses import add_by, is_harmless

ESCAPE = "escape"
"""In a state: the object was used in another way than to add a task, so anything may hold it."""


@dataclass(frozen=True, slots=True, eq=False)
class Tracked:
    """Tasks that are called `name` all through `function`; `called` is how FastAPI calls that, if it does."""

    name: str
    scope: Scope
    function: Function
    names: Names
    called: Called | None = None

    @property
    def is_generator(self) -> bool:
        return self.function in self.names.generators


def injected_tasks(app: App) -> Iterator[Tracked]:
    """Yield the tasks that FastAPI injects into functions that nothing stands around."""
    for called in app.called:
        names, function = called.names, called.function
        scope = names.within[function]
        if not called.bare:
            continue
        for filled in read_filled(called):
            name = filled.parameter.node.arg
            if is_injected(filled) and len(scope.bindings[name]) == 1:
                yield Tracked(name, scope, function, names, called)


def handmade_tasks(app: App) -> Iterator[Tracked]:
    """Yield the tasks that functions make by hand and then hand to something, each once."""
    seen: set[tuple[Scope, str]] = set()
    for made in app.handmade:
        function = made.scope.node
        if made.name is None or not isinstance(function, FUNCTION) or (made.scope, made.name) in seen:
            continue
        seen.add((made.scope, made.name))
        if made.escapes:
            yield Tracked(made.name, made.scope, function, made.names)


def added_by(tracked: Tracked) -> list[ast.Call]:
    """
    Return the statements in the function itself that add tasks, from the top down.

    They are `tasks.add_task(...)`, and calls of functions that do no more with the tasks than that.
    """
    names = tracked.names
    calls = (add_by(use, names) for use in names.uses(tracked.name, tracked.scope))
    return [
        call
        for call in calls
        if call is not None and is_statement(call, names) and names.around[call] is tracked.scope
    ]


def is_statement(call: ast.Call, names: Names) -> bool:
    parent = names.parents[call]
    return isinstance(names.parents[parent] if isinstance(parent, ast.Await) else parent, ast.Expr)


def follow(tracked: Tracked) -> Step:
    """Return the step that notes, in a state, each task that is added, and that the object escapes."""
    names = tracked.names
    adds = set(added_by(tracked))
    uses: set[ast.AST] = set(names.uses(tracked.name, tracked.scope))
    known: dict[ast.AST, State] = {}

    def events_of(statement: ast.AST) -> Iterator[object]:
        for node in ast.walk(statement):
            if isinstance(node, ast.Yield) and names.enclosing(node) is tracked.function:
                yield ast.Yield
            if isinstance(node, ast.Call) and node in adds:
                yield node
            elif node in uses and add_by(node, names) not in adds and not is_harmless(node, names):
                yield ESCAPE

    def step(state: State, node: ast.AST) -> State:
        if node not in known:
            known[node] = frozenset(events_of(node))
        return state | known[node]

    return step


def adds_in(state: State) -> Sequence[ast.Call]:
    return [event for event in state if isinstance(event, ast.Call)]
