"""What runs when something is called, and what a call gives to each parameter."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bgtasks.check.code.classes import PROPERTIES, class_of, owner_of
from bgtasks.check.code.names import External, Found, Import, Located, Names, Project, guarded
from bgtasks.check.code.resolution import ancestors, method, only, resolve
from bgtasks.check.code.syntax import FUNCTION, Function, Parameter, is_none, last_name, read_parameters
from bgtasks.files import is_test

METHODS = {External("builtins.staticmethod"), External("builtins.classmethod")}


@dataclass(frozen=True, slots=True)
class Callee:
    """
    What runs when something is called, as far as the app defines it.

    `bound` tells whether its first parameter is filled already, as that of a method is, and
    `replaceable` whether a subclass may have another in its place.
    """

    located: Located
    bound: bool = False
    replaceable: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """
    What something is called with, by position and by name.

    `whole` tells that all of it is written out: there is no `*pair` and no `**options`.
    """

    positional: tuple[ast.expr, ...] = ()
    named: tuple[tuple[str, ast.expr], ...] = ()
    whole: bool = True

    def before(self, later: "Given") -> "Given":
        """Return what is given by both, as that to a `partial` and then to what it makes."""
        names = {name for name, _ in later.named}
        kept = tuple(pair for pair in self.named if pair[0] not in names)
        behind = later.positional if self.whole else ()
        return Given((*self.positional, *behind), (*kept, *later.named), self.whole and later.whole)


def read_given(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Given:
    """Return what `args` and `keywords` give; of the arguments those before the first star."""
    stars = [index for index, each in enumerate(args) if isinstance(each, ast.Starred)]
    named = tuple((keyword.arg, keyword.value) for keyword in keywords if keyword.arg is not None)
    whole = not stars and len(named) == len(keywords)
    return Given(tuple(args[: stars[0]] if stars else args), named, whole)


def match(given: Given, function: Function | ast.Lambda, *, bound: bool) -> Mapping[str, ast.expr]:
    """Return what each parameter of `function` surely gets, by its name."""
    args = function.args
    positional = [each.arg for each in [*args.posonlyargs, *args.args]][bound:]
    named = {each.arg for each in [*args.args, *args.kwonlyargs]}
    found = dict(zip(positional, given.positional, strict=False))
    found.update((name, value) for name, value in given.named if name in named)
    return found


def left_out(given: Given, function: Function | ast.Lambda, *, bound: bool) -> list[Parameter]:
    """Return the parameters that surely get nothing, and so have their default, if any."""
    if not given.whole:
        return []
    got = match(given, function, bound=bound)
    stars = {function.args.vararg, function.args.kwarg}
    parameters = [each for each in read_parameters(function) if each.node not in stars]
    return [each for each in parameters[bound:] if each.node.arg not in got]


def binds(given: Given, function: Function | ast.Lambda, *, bound: bool) -> bool:
    """Tell whether a call may well be one of `function`: what is given fits, as far as it is written out."""
    args = function.args
    positional = [each.arg for each in [*args.posonlyargs, *args.args]][bound:]
    known = {each.arg for each in [*args.args, *args.kwonlyargs]}
    named = [name for name, _ in given.named]
    return (
        (args.vararg is not None or len(given.positional) <= len(positional))
        and (args.kwarg is not None or known.issuperset(named))
        and not set(positional[: len(given.positional)]) & (known & set(named))
        and all(each.default is not None for each in left_out(given, function, bound=bound))
    )


def find_callee(func: ast.expr, names: Names) -> Callee | None:
    """Return what runs when `func` is called; None where that is not the app's own, or not sure."""
    found = resolve(func, names)
    if isinstance(found, Located):
        owned = isinstance(found.node, FUNCTION) and isinstance(
            found.names.parents.get(found.node), ast.ClassDef
        )
        return Callee(found, bound=owned and is_decorated(found, "builtins.classmethod"))
    if not isinstance(func, ast.Attribute) or found is not None:
        return None
    above = find_above(func.value, func.attr, names)
    if above is not None:
        return Callee(above, not is_decorated(above, "builtins.staticmethod"))
    found = method(owner_of(func.value, names), func.attr)
    if found is None or is_property(found):
        return None
    return Callee(found, not is_decorated(found, "builtins.staticmethod"), replaceable=True)


def is_property(located: Located) -> bool:
    """Tell whether a method is not what is called, but gives that."""
    decorators = getattr(located.node, "decorator_list", [])
    return any(last_name(each) in PROPERTIES for each in decorators)


def find_above(receiver: ast.expr, name: str, names: Names) -> Located | None:
    """Return the method `name` that `super()` has, in the class of the app's own around `receiver`."""
    match receiver:
        case ast.Call(func=ast.Name(id="super"), args=[]):
            function = names.enclosing(receiver)
        case _:
            return None
    owner = names.parents.get(function) if function is not None else None
    bases = [resolve(base, names) for base in owner.bases] if isinstance(owner, ast.ClassDef) else []
    found: Located | None = None
    for base in bases if None not in bases else ():
        found = found or method(base, name)
    return found


def find_function(func: ast.expr, names: Names) -> Callee | None:
    """
    Return the function that surely runs when `func` is called.

    That of a class is its `__init__`. A method that a subclass replaces is not sure, and neither is
    a function that something unknown decorates.
    """
    callee = find_callee(func, names)
    if callee is None:
        return None
    if isinstance(callee.located.node, ast.ClassDef):
        made = method(callee.located, "__init__")
        return Callee(made, bound=True) if made is not None and not decorators_of(made) else None
    if not isinstance(callee.located.node, FUNCTION) or not is_bare(callee.located):
        return None
    return None if callee.replaceable and is_overridden(callee.located) else callee


def is_bare(located: Located) -> bool:
    """Tell whether a function is called as it is written: nothing that may change it stands around it."""
    return isinstance(located.node, FUNCTION) and all(
        leaves(decorator, located.names) for decorator in located.node.decorator_list
    )


def leaves(decorator: ast.expr, names: Names) -> bool:
    """Tell whether a decorator leaves a function as it is, as that of a route does."""
    match decorator:
        case ast.Call(func=ast.Attribute(value=receiver)):
            kinds = ancestors(class_of(receiver, names))
            keeping = names.project.vocabulary.keeping
            return any(isinstance(each, External) and each.dotted in keeping for each in kinds)
        case _:
            return resolve(decorator, names) in METHODS


def is_overridden(located: Located) -> bool:
    """Tell whether a class that has been read has another method in the place of this one."""
    owner = located.names.parents.get(located.node)
    name = getattr(located.node, "name", "")
    if not isinstance(owner, ast.ClassDef):
        return False
    kind = Located(owner, located.names)
    return any(
        isinstance(node, ast.ClassDef)
        and node is not owner
        and name in scope.bindings
        and kind in ancestors(Located(node, names))
        for names in readable(located.names.project)
        for node, scope in names.within.items()
    )


def is_decorated(located: Located, dotted: str) -> bool:
    return External(dotted) in decorators_of(located)


def decorators_of(located: Located) -> list[Found]:
    """Return what decorates a function, the outermost first; None where that is not known."""
    if not isinstance(located.node, FUNCTION):
        return []
    return [
        resolve(each.func if isinstance(each, ast.Call) else each, located.names)
        for each in located.node.decorator_list
    ]


def readable(project: Project) -> list[Names]:
    return [names for names in project.read.values() if names is not None]


def find_calls(function: Function, names: Names) -> Iterator[tuple[ast.Call, Names, Callee]]:
    """Yield the calls of a function of the module of `names`, in all files that have been read."""
    for each in readable(names.project):
        for spelled in spellings(function.name, each):
            for call in each.calls_of.get(spelled, ()):
                callee = find_callee(call.func, each)
                if callee is not None and callee.located.node is function:
                    yield call, each, callee


def spellings(name: str, names: Names) -> set[str]:
    """Return the names that what is called `name` may have in another module."""
    return {name} | {
        alias
        for alias, bound in names.top.bindings.items()
        for each in bound
        if isinstance(each, Import) and each.dotted.rpartition(".")[2] == name
    }


@guarded
def told_class(parameter: ast.Name, names: Names) -> Found:
    """
    Return the class of a parameter without annotation, where all that call its function tell.

    Those do not count that leave it None, and neither do tests, which may put anything in its place.
    """
    match names.bindings(parameter):
        case [Parameter(node=ast.arg(annotation=None), default=default, function=function) as bound]:
            pass
        case _:
            return None
    if not isinstance(function, FUNCTION) or not (default is None or is_none(default)):
        return None
    name = bound.node.arg
    kinds: list[Found] = []
    for call, there, callee in find_calls(function, names):
        given = match(read_given(call.args, call.keywords), function, bound=callee.bound).get(name, default)
        if is_none(given) or (is_test(there.module.path) and not is_test(names.module.path)):
            continue
        kind = class_of(given, there) if given is not None else None
        told = told_class(given, there) if kind is None and isinstance(given, ast.Name) else None
        kinds.append(kind or told)
    return only(kinds)
