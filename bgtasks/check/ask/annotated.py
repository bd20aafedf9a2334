"""What an annotation, or a class that it names, leaves open."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bgtasks.check.ask.modules import Modules
from bgtasks.check.ask.words import place_at, quote
from bgtasks.check.code import External, Located, Names, ancestors, guarded, resolve, unquote

ANY = {"typing.Any", "typing_extensions.Any"}
CALLABLE = {"typing.Callable", "collections.abc.Callable"}


@dataclass(frozen=True, slots=True)
class Annotated:
    """What is annotated: how it is called, the place to mend, and the annotation as a whole."""

    what: str
    place: str
    whole: str = ""


def blame_annotation(annotation: ast.expr | None, names: Names, of: Annotated, modules: Modules) -> str:
    """Return what an annotation leaves open, "" where it leaves nothing open or that is not known."""
    return search_annotation(annotation, names, of, modules) or "" if annotation is not None else ""


@guarded
def search_annotation(annotation: ast.expr, names: Names, of: Annotated, modules: Modules) -> str | None:
    cause = None
    if not isinstance(annotation, ast.Constant):
        of = replace(of, whole=of.whole or quote(annotation))
    match annotation:
        case ast.Constant(value=str(text)):
            cause = blame_annotation(unquote(annotation, text, names), names, of, modules)
        case ast.BinOp(left=left, right=right):
            cause = first(blame_annotation(each, names, of, modules) for each in (left, right))
        case ast.Subscript():
            cause = blame_subscript(annotation, names, of, modules)
        case ast.Name() | ast.Attribute():
            cause = blame_named(annotation, names, of, modules)
        case _:
            pass
    return cause


def blame_subscript(annotation: ast.Subscript, names: Names, of: Annotated, modules: Modules) -> str:
    inside = annotation.slice
    parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
    found = resolve(annotation.value, names)
    dotted = found.dotted if isinstance(found, External) else ""
    if dotted in CALLABLE:
        anything = isinstance(parts[0], ast.Constant) and parts[0].value is Ellipsis
        return say(of, anything=True) if anything else ""
    inner = parts[:1] if dotted.endswith(".Annotated") else parts
    return blame_annotation(annotation.value, names, of, modules) or first(
        blame_annotation(each, names, of, modules) for each in inner
    )


def blame_named(annotation: ast.expr, names: Names, of: Annotated, modules: Modules) -> str:
    cause = ""
    match resolve(annotation, names):
        case External(dotted=dotted) if dotted in ANY:
            cause = say(of)
        case External(dotted=dotted) if dotted in CALLABLE:
            cause = say(of, anything=True)
        case External(dotted="builtins.callable"):
            cause = f"{say(of)}, which is a function and no type: write Callable"
        case External(dotted=dotted):
            said = modules.problem_of(dotted)
            problem = modules.blame_import(annotation, names) or (said and f"{said} ({of.place})")
            cause = f"{of.what} is annotated {of.whole}, and {problem}" if problem else ""
        case Located(node=ast.ClassDef()) as found:
            cause = modules.blame_import(annotation, names) or blame_bases(found, modules)
        case Located(node=ast.expr() as value, names=there):
            cause = blame_annotation(value, there, of, modules)
        case _:
            undefined = modules.blame_undefined(annotation, names)
            cause = modules.blame_import(annotation, names) or (
                f"{of.what} is annotated {of.whole}, and {undefined}" if undefined else ""
            )
    return cause


def say(of: Annotated, *, anything: bool = False) -> str:
    takes = ", which takes anything" if anything else ""
    return f"{of.what} is annotated {of.whole}{takes} ({of.place})"


def blame_bases(owner: Located, modules: Modules) -> str:
    """Return which base of a class of the app's own is not known: then nothing of the class is."""
    for each in ancestors(owner):
        if isinstance(each, Located) and isinstance(each.node, ast.ClassDef):
            for base in each.node.bases:
                found = resolve(base, each.names)
                problem = modules.problem_of(found.dotted) if isinstance(found, External) else ""
                if problem.startswith("module"):
                    inherits = f"{each.node.name} inherits from {quote(base)}"
                    return f"{inherits}, and {problem} ({place_at(base, each.names)})"
    return ""


def blame_absence(owner: Located, name: str) -> str:
    """Return that neither a class of the app's own nor a base of it has an attribute `name`."""
    assert isinstance(owner.node, ast.ClassDef)
    for each in ancestors(owner):
        if not isinstance(each, Located) or not isinstance(each.node, ast.ClassDef):
            return ""
        if {name, "__getattr__", "__getattribute__"} & each.names.within[each.node].bindings.keys():
            return ""
        stored = (part for part in ast.walk(each.node) if isinstance(part, ast.Attribute))
        if any(part.attr == name and isinstance(part.ctx, ast.Store) for part in stored):
            return ""
    return f"{owner.node.name} has no {name} ({place_at(owner.node, owner.names)})"


def is_any(annotation: ast.expr | None, names: Names) -> bool:
    found = resolve(annotation, names) if annotation is not None else None
    return annotation is None or (isinstance(found, External) and found.dotted in ANY)


def first(causes: Iterator[str]) -> str:
    return next(filter(None, causes), "")
