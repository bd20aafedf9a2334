"""BGT203: tasks are added on a path on which the function then raises, whatever happens."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from bgtasks.check.code import End, Names, Way, find_ends, may_raise
from bgtasks.check.facts.app import App
from bgtasks.check.facts.sites import place_of
from bgtasks.check.facts.tracking import ESCAPE, added_by, follow, handmade_tasks, injected_tasks
from bgtasks.check.model import Finding, Place, Rule

RULE: Rule = Rule(
    "BGT203", "dropped-on-raise", "tasks are added, and then every path raises, which drops them"
)
ADVICE = "add it where nothing is raised any more, or return a response that has it"


@dataclass(frozen=True, slots=True)
class Drop:
    """
    A task that an exception drops, at `place`; `lines` are those that raise.

    `always` tells that all that add the task come to a `raise`. Where they do not, all that come to
    the one of `lines` have added the task: no condition on the way can keep the two apart.
    """

    place: Place
    lines: tuple[int, ...]
    always: bool


def find(app: App) -> Iterator[Finding]:
    """
    Yield the tasks that an exception drops on every path.

    Tasks go with the response that they are attached to, and an exception is answered by another.
    Source: <https://www.starlette.io/exceptions/>, and the runs that docs/rules/BGT203.md tells of.
    """
    for drop in find_drops(app):
        if drop.always:
            lines = " or ".join(map(str, drop.lines))
            message = f"this task never runs, because line {lines} raises on every path from here; {ADVICE}"
            yield Finding(RULE, drop.place, message)


def find_drops(app: App) -> Iterator[Drop]:
    """Yield the tasks that an exception surely drops as soon as it is raised."""
    for tracked in [*injected_tasks(app), *handmade_tasks(app)]:
        silent = tracked.is_generator or not may_raise(tracked.function, tracked.names)
        adds = [] if silent else added_by(tracked)
        if not adds:
            continue
        ends = find_ends(tracked.function, tracked.names, follow(tracked))
        for add in adds:
            raises, always = find_raises(add, ends, tracked.names)
            if raises:
                lines = tuple(sorted(node.lineno for node in raises))
                yield Drop(place_of(tracked.names.module, add), lines if always else lines[:1], always)


def find_raises(add: ast.Call, ends: Collection[End], names: Names) -> tuple[set[ast.stmt], bool]:
    """
    Return what drops the task of `add`, and whether all that add it come to that.

    Where `add` calls a function that adds it and then raises, that is told there.
    """
    after = [end for end in ends if add in end.state and end.node is not statement_of(add, names)]
    raises = {end.node for end in after if end.node is not None and drops(end)}
    always = all(drops(end) for end in after)
    if not always:
        reached = {node: [end for end in ends if end.node is node] for node in raises}
        raises = {node for node in raises if all(add in end.state and drops(end) for end in reached[node])}
        follows = last_behind(add, names)
        always = follows in raises
        raises = {follows} if follows is not None and always else raises
    return raises, always


def last_behind(add: ast.Call, names: Names) -> ast.stmt | None:
    """
    Return the statement that ends the block of `add`, if nothing in between leaves the block.

    An exception of something else may lead to a handler all the same, but no path that is written out.
    """
    statement = statement_of(add, names)
    above = names.parents.get(statement)
    fields = ("body", "orelse", "finalbody")
    blocks: list[list[ast.stmt]] = [getattr(above, field, []) for field in fields]
    for block in blocks:
        at = next((index for index, each in enumerate(block) if each is statement), None)
        if at is not None:
            *between, last = block[at:]
            left = (node for each in between for node in ast.walk(each))
            leaves = any(isinstance(node, ast.Return | ast.Break | ast.Continue) for node in left)
            return None if leaves else last
    return None


def statement_of(add: ast.Call, names: Names) -> ast.AST:
    return next(node for node in names.above(add) if isinstance(node, ast.stmt))


def drops(end: End) -> bool:
    return end.way is Way.RAISE and ESCAPE not in end.state
