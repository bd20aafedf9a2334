"""Functions of the app that add what they are given: their calls, and what they say of the task."""

import ast
from collections.abc import Iterable, Iterator, Mapping

from bgtasks.check.code import (
    FUNCTION,
    External,
    Found,
    Located,
    Names,
    class_of,
    guarded,
    is_bare,
    read_given,
    resolve,
    unquote,
)
from bgtasks.check.facts.sites import Forwarder, Site, place_of
from bgtasks.check.facts.tasks import Task
from bgtasks.check.facts.vocabulary import family_of

ANYTHING = {
    "builtins.callable",
    "builtins.object",
    "builtins.type",
    "collections.abc.Callable",
    "typing.Any",
    "typing.Callable",
    "typing_extensions.Any",
}
CALLABLES = {"collections.abc.Callable", "typing.Callable"}
UNIONS = {"typing.Optional", "typing.Union", "typing.Annotated", "typing_extensions.Annotated"}
VARIABLES = {"typing.TypeVar", "typing_extensions.TypeVar"}
LETTERS = "ABCD"


def find_forwarded(tasks: Iterable[Task]) -> Iterator[Site]:
    """Yield the calls by which functions of the app get those of `tasks` that they add."""
    for task in tasks:
        forwarder = task.forwarder
        function = forwarder.parameter.function if forwarder is not None else None
        if forwarder is None or not isinstance(function, FUNCTION):
            continue
        if is_bare(Located(function, forwarder.names)):
            given = task.given
            judged = given.whole and not task.wrapper and erases(forwarder) and hands_all_on(task)
            yield Site(
                task.call,
                task.names,
                place_of(task.names.module, task.call),
                receiver=None,
                task=task.expression,
                args=given.positional,
                keywords=tuple(ast.keyword(name, value) for name, value in given.named),
                sure=True,
                plain=False,
                adder=task.call.func,
                direct="add_task" if judged else None,
                forwarder=forwarder,
            )


def hands_all_on(task: Task) -> bool:
    """Tell whether a call gives a forwarder nothing but tasks, the task and what that is given."""
    given = read_given(task.call.args, task.call.keywords)
    values = [*given.positional, *(value for _, value in given.named)]
    handed = [task.expression, *task.given.positional, *(value for _, value in task.given.named)]
    return all(value in handed or family_of(class_of(value, task.names)) for value in values)


def erases(forwarder: Forwarder) -> bool:
    """Tell whether the annotation of a forwarder's task says nothing of what that takes."""
    annotation = forwarder.parameter.node.annotation
    if annotation is None or takes_anything(annotation, forwarder.names):
        return True
    stars = [each.node.annotation for each in forwarder.given if is_star(forwarder, each.node)]
    return any(each is None or takes_anything(each, forwarder.names) for each in stars)


def is_star(forwarder: Forwarder, node: ast.arg) -> bool:
    args = forwarder.parameter.function.args
    return node in {args.vararg, args.kwarg}


@guarded
def takes_anything(annotation: ast.expr, names: Names) -> bool:
    """Tell whether what is annotated so may be called with anything, as far as that says."""
    match annotation:
        case ast.Constant(value=str(text)):
            inner = unquote(annotation, text, names)
            return inner is not None and takes_anything(inner, names)
        case ast.BinOp(left=left, right=right):
            return any(takes_anything(each, names) for each in (left, right))
        case ast.Subscript(value=value, slice=inside):
            parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
            dotted = dotted_of(resolve(value, names))
            if dotted in UNIONS:
                return any(takes_anything(each, names) for each in parts)
            return dotted in CALLABLES and isinstance(parts[0], ast.Constant) and parts[0].value is Ellipsis
        case ast.Name() | ast.Attribute():
            return names_anything(resolve(annotation, names))
        case _:
            return False


def names_anything(found: Found) -> bool:
    match found:
        case Located(node=ast.Call(func=func, keywords=keywords), names=there):
            bounds = [each.value for each in keywords if each.arg == "bound"]
            bounded = bool(bounds) and not takes_anything(bounds[0], there)
            return dotted_of(resolve(func, there)) in VARIABLES and not bounded
        case Located(node=ast.Subscript() | ast.BinOp() as alias, names=there):
            return takes_anything(alias, there)
        case _:
            return dotted_of(found) in ANYTHING


def dotted_of(found: Found) -> str:
    return found.dotted if isinstance(found, External) else ""


def spell_signature(forwarder: Forwarder) -> str:
    """Return what a forwarder is to say of the task and what that takes, in place of what it says."""
    name, args = forwarder.parameter.node.arg, forwarder.parameter.function.args
    own = [each.node for each in forwarder.given if not is_star(forwarder, each.node)]
    kinds = {each.arg: type_of(each) or LETTERS[index % 4] for index, each in enumerate(own)}
    takes = [spell_type(value, kinds) for value in forwarder.adds.positional]
    named = [f"{key}: {spell_type(value, kinds)}" for key, value in forwarder.adds.named]
    said = [f"{key}: {kind}" for key, kind in kinds.items()]
    if len(own) < len(forwarder.given):
        star = args.vararg.arg if args.vararg is not None else "args"
        double = args.kwarg.arg if args.kwarg is not None else "kwargs"
        takes = [f"Concatenate[{', '.join([*takes, 'P'])}]" if takes else "P"]
        said += [f"*{star}: P.args", f"**{double}: P.kwargs"]
    elif not named:
        takes = [f"[{', '.join(takes)}]"]
    if named:
        return ", ".join([f"{name} as a Protocol whose __call__ takes {', '.join([*takes, *named])}", *said])
    return ", ".join([f"{name}: Callable[{takes[0]}, object]", *said])


def spell_type(value: ast.expr, kinds: Mapping[str, str]) -> str:
    """Return the type of what a forwarder gives a task; `kinds` are those of its parameters."""
    match value:
        case ast.Name(id=name) if name in kinds:
            return kinds[name]
        case ast.Constant(value=bool() | int() | float() | str() | bytes() as constant):
            return type(constant).__name__
        case _:
            return f"<type of {ast.unparse(value)}>"


def type_of(node: ast.arg) -> str:
    """Return how a parameter is annotated, "" where that says nothing."""
    spelled = ast.unparse(node.annotation) if node.annotation is not None else ""
    return "" if spelled in {"Any", "typing.Any", "object"} else spelled
