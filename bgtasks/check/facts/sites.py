"""Find the calls that make a background task."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bgtasks.check.code import Assignment, Found, Located, Names, class_of, member, resolve, told_class
from bgtasks.check.facts.vocabulary import Family, family_of, is_known
from bgtasks.check.model import Module, Place


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """
    A call that makes a background task: `tasks.add_task(...)` or `BackgroundTask(...)`.

    `place` is where it stands. `receiver` is the `tasks` of `tasks.add_task(...)`, None where the
    call is a `BackgroundTask(...)`. `task` is what becomes the task and `arguments` what it is
    given; None and nothing where the call does not write them out, as in `add_task(*pair)`. `sure`
    tells whether the source alone shows that the call is Starlette's or FastAPI's; where it does
    not, the type of the receiver decides. `plain` tells that it is sure and that no class of the
    app's own does something else with the task.
    """

    call: ast.Call
    names: Names
    place: Place
    receiver: ast.expr | None
    task: ast.expr | None
    arguments: tuple[ast.expr, ...]
    sure: bool
    plain: bool

    @property
    def module(self) -> Module:
        return self.names.module


def find_sites(names: Names) -> list[Site]:
    """Return the call sites in the module of `names`, from the top down."""
    found = (site for call in names.calls for site in read_site(call, names))
    return sorted(found, key=lambda site: (site.call.lineno, site.call.col_offset))


def read_site(call: ast.Call, names: Names) -> Iterator[Site]:
    match call.func:
        case ast.Attribute(value=receiver, attr="add_task"):
            yield from read_add(call, receiver, names)
        case ast.Name(id=name) as func:
            bound = names.bindings(func)
            match bound:
                case [Assignment(value=ast.Attribute(value=receiver, attr="add_task"))]:
                    yield from read_add(call, receiver, names)
                case _ if might_be_class(name, names):
                    yield from read_construction(call, names)
                case _:
                    pass
        case ast.Attribute(attr=name) if "Task" in name:
            yield from read_construction(call, names)
        case _:
            pass


def might_be_class(name: str, names: Names) -> bool:
    """Tell whether a name may be one for a class, without a look at other files."""
    bound = names.top.bindings.get(name, [])
    return "Task" in name or any(
        isinstance(each, ast.ClassDef) or "BackgroundTask" in getattr(each, "dotted", "") for each in bound
    )


def read_add(call: ast.Call, receiver: ast.expr, names: Names) -> Iterator[Site]:
    place = place_of(names.module, call)
    found = resolve(receiver, names)
    if family_of(found) is Family.TASKS:  # BackgroundTasks.add_task(tasks, func)
        if call.args and not isinstance(call.args[0], ast.Starred):
            task, arguments = split_task(call, call.args[1:])
            known = is_known(found)
            yield Site(call, names, place, call.args[0], task, arguments, sure=True, plain=known)
        return
    if is_super(receiver):
        function = names.enclosing(call)
        owner = names.parents.get(function) if function else None
        kind: Found = Located(owner, names) if isinstance(owner, ast.ClassDef) else None
    else:
        kind = class_of(receiver, names) or told(receiver, names)
    task, arguments = split_task(call, call.args)
    sure = family_of(kind) is Family.TASKS
    names_of_its_own = ("__call__",) if is_super(receiver) else ("__call__", "add_task")
    plain = sure and not defines(kind, names_of_its_own)
    yield Site(call, names, place, receiver, task, arguments, sure, plain)


def told(receiver: ast.expr, names: Names) -> Found:
    return told_class(receiver, names) if isinstance(receiver, ast.Name) else None


def read_construction(call: ast.Call, names: Names) -> Iterator[Site]:
    kind = resolve(call.func, names)
    # Where a class has an `__init__` of its own, it takes what it likes.
    if family_of(kind) is Family.TASK and member(kind, "__init__") is None:
        task, arguments = split_task(call, call.args)
        plain = not defines(kind, ("__call__",))
        yield Site(call, names, place_of(names.module, call), None, task, arguments, sure=True, plain=plain)


def defines(kind: Found, methods: Sequence[str]) -> bool:
    """Tell whether a class of the app's own has one of `methods`, by itself or by a base."""
    return any(member(kind, method) for method in methods)


def split_task(call: ast.Call, args: list[ast.expr]) -> tuple[ast.expr | None, tuple[ast.expr, ...]]:
    """Return the task of a call, and what it is given."""
    named = [keyword for keyword in call.keywords if keyword.arg == "func"]
    others = [keyword.value for keyword in call.keywords if keyword.arg != "func"]
    if named:
        return named[0].value, (*args, *others)
    if not args or isinstance(args[0], ast.Starred):
        return None, ()
    return args[0], (*args[1:], *others)


def split_call(site: Site) -> tuple[list[ast.expr], list[ast.keyword]]:
    """Return what the call of a site gives to its task, as it is written there."""
    keywords = [each for each in site.call.keywords if each.arg != "func"]
    values = {each.value for each in keywords}
    start = site.call.args.index(site.task) + 1 if site.task in site.call.args else 0
    known = {site.receiver} | values
    return [each for each in site.call.args[start:] if each not in known], keywords


def is_super(receiver: ast.expr) -> bool:
    return (
        isinstance(receiver, ast.Call) and isinstance(receiver.func, ast.Name) and receiver.func.id == "super"
    )


def place_of(module: Module, node: ast.expr | ast.arg) -> Place:
    """Return where `node` stands in `module`; the parser counts bytes, a place counts characters."""
    line, end = node.lineno, node.end_lineno or node.lineno
    return Place(
        module.path,
        line,
        column_of(module, line, node.col_offset),
        end,
        column_of(module, end, node.end_col_offset or node.col_offset),
    )


def column_of(module: Module, line: int, offset: int) -> int:
    if module.source.isascii():
        return offset + 1
    text = module.source.split("\n")[line - 1]
    return len(text.encode()[:offset].decode(errors="replace")) + 1
