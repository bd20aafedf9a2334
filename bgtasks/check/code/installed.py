"""What an installed package defines, read from its stubs and its source, and never imported."""

import ast
from dataclasses import dataclass

from bgtasks.check.code.classes import class_of, class_of_attribute, class_returned, owner_of
from bgtasks.check.code.names import External, Found, Located, Names, Project, without_fallbacks
from bgtasks.check.code.reading import read_names
from bgtasks.check.code.resolution import ancestors, follow_import, method, resolve
from bgtasks.check.code.syntax import FUNCTION
from bgtasks.check.model import Module


@dataclass(frozen=True, slots=True)
class Installed:
    """A function of an installed package; `owner` is the class of the object whose method it is."""

    located: Located
    owner: Found = None


def find_installed(func: ast.expr, names: Names) -> list[Installed]:
    """
    Return the function of an installed package that surely runs when `func` is called.

    It is told as its stub says and as its source does, where there is either.
    """
    found = resolve(func, names)
    defined: list[Installed] = []
    for package in projects_of(names):
        if isinstance(found, External):
            defined += define(found.dotted, package)
        elif found is None and isinstance(func, ast.Attribute):
            defined += define_method(func, names, package)
    return defined if all(isinstance(each.located.node, FUNCTION) for each in defined) else []


def define_method(func: ast.Attribute, names: Names, package: Names) -> list[Installed]:
    own = method(owner_of(func.value, names), func.attr) is not None
    return [] if own else methods_of(kind_of(func.value, names, package), func.attr)


def methods_of(kind: Found, name: str) -> list[Installed]:
    """Return what a class has as a method, all of it where a condition chooses."""
    only = method(kind, name)
    if only is not None:
        return [Installed(only, kind)]
    for each in ancestors(kind):
        if not isinstance(each, Located) or not isinstance(each.node, ast.ClassDef):
            return []
        bound = without_fallbacks(each.names.within[each.node].bindings.get(name, []))
        if bound:
            functions = [one for one in bound if isinstance(one, FUNCTION)]
            whole = len(functions) == len(bound)
            return [Installed(Located(one, each.names), kind) for one in functions] if whole else []
    return []


def kind_of(value: ast.expr, names: Names, package: Names) -> Found:
    """Return the class of a package that a value is an object of, as `package` sees it."""
    kind = next((each for each in ancestors(owner_of(value, names)) if not isinstance(each, Located)), None)
    if isinstance(kind, External):
        defined = define(kind.dotted, package)
        return made_by(defined[0].located) if len(defined) == 1 else None
    match value:
        case ast.Attribute(value=inner, attr=attr):
            return kind_of_attribute(kind_of(inner, names, package), attr)
        case ast.Call(func=ast.Attribute(value=inner, attr=attr)):
            called = method(kind_of(inner, names, package), attr)
            return class_returned(called) if called is not None else None
        case _:
            return None


def kind_of_attribute(owner: Found, attr: str) -> Found:
    if not isinstance(owner, Located) or not isinstance(owner.node, ast.ClassDef):
        return None
    return class_of_attribute(owner.node, owner.names, attr)


def made_by(located: Located) -> Found:
    """Return the class of what a call of a function, or of a class, gives."""
    return class_returned(located) if isinstance(located.node, FUNCTION) else located


def projects_of(names: Names) -> list[Names]:
    """Return two modules with nothing in them, from which stubs are found, and from which source is."""
    project = names.project
    if not project.installed:
        return []
    if "installed" not in project.answered:
        made = [
            Project(project.vocabulary, project.installed, installed=project.installed, stubs=stubs)
            for stubs in (True, False)
        ]
        # It lies where packages do, so that its imports start there.
        module = Module(project.installed[0] / "nothing.py", "nothing", "", ast.parse(""))
        project.answered["installed"] = [read_names(module, each) for each in made]
    known: list[Names] = project.answered["installed"]
    return known


def define(dotted: str, package: Names) -> list[Installed]:
    """Return what a dotted name of an installed package stands for, a method of an object among that."""
    found = follow_import(dotted, package)
    above, _, name = dotted.rpartition(".")
    if isinstance(found, Located):
        return [Installed(found)]
    return methods_of(kind_at(above, package), name) if above else []


def kind_at(dotted: str, package: Names) -> Found:
    """Return the class that a dotted name stands for, or that its object is of."""
    found = follow_import(dotted, package)
    above, _, name = dotted.rpartition(".")
    match found:
        case Located(node=ast.ClassDef()):
            return found
        case Located(node=ast.expr() as value, names=there):
            return class_of(value, there)
        case _:
            return kind_of_attribute(kind_at(above, package), name) if above else None
