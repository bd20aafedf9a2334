"""Where a name is defined, through imports and base classes, as far as the source says."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bgtasks.documents import from_python
from bgtasks.prove.mutants.modules import Module, Modules, absolute

# An import of itself never ends.
DEPTH = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A statement that defines something, and the module that it stands in."""

    module: Module
    node: ast.stmt


@dataclass
class Sources:
    """What is defined in the modules under `roots`."""

    roots: Sequence[Path]
    modules: dict[str, Module | None] = field(default_factory=dict[str, "Module | None"])
    trees: dict[str, ast.Module] = field(default_factory=dict[str, ast.Module])

    def find(self, module: str, name: str, depth: int = DEPTH) -> Found | None:
        """Return what defines a name such as "Class.method" for those who import it from `module`."""
        source = self.module(module)
        if source is None or not depth:
            return None
        first, _, rest = name.partition(".")
        found = next(self.named(source, first, depth), None)
        while found and rest:
            first, _, rest = rest.partition(".")
            found = self.member(found, first, depth)
        return found

    def named(self, module: Module, name: str, depth: int) -> Iterator[Found]:
        """Yield what defines a name of a module."""
        for node in flat(self.tree(module).body):
            match node:
                case ast.ImportFrom(module=base, names=names, level=level):
                    origin = absolute(f"{'.' * level}{base or ''}", module.package)
                    for alias in names:
                        found = None
                        if alias.name == "*":
                            found = self.find(origin, name, depth - 1)
                        elif (alias.asname or alias.name) == name:
                            found = self.find(origin, alias.name, depth - 1)
                        if found:
                            yield found
                case _ if name in bound(node):
                    yield Found(module, node)
                case _:
                    pass

    def member(self, found: Found, name: str, depth: int = DEPTH) -> Found | None:
        """Return what defines a name of a class, or of the class that a variable is of."""
        match found.node:
            case ast.ClassDef(body=body, bases=bases):
                own = [node for node in flat(body) if name in bound(node)]
                if own:
                    return Found(found.module, own[0])
                above = [self.read(found.module, base, depth - 1) for base in bases]
            case ast.AnnAssign(annotation=annotation):
                above = [self.read(found.module, annotation, depth - 1)]
            case ast.Assign(value=ast.Call(func=func)):
                above = [self.read(found.module, func, depth - 1)]
            case _:
                return None
        inherited = (self.member(each, name, depth - 1) for each in above if each and depth)
        return next(filter(None, inherited), None)

    def read(self, module: Module, node: ast.expr, depth: int) -> Found | None:
        """Return what an expression names: `Class`, `Class[int]`, `package.Class`."""
        text = ast.unparse(node.value if isinstance(node, ast.Subscript) else node)
        first, _, rest = text.partition(".")
        if found := self.find(module.name, text, depth):
            return found
        return self.find(first, rest, depth) if rest else None

    def module(self, name: str) -> Module | None:
        """Return a module, of the standard library too, read once."""
        if name not in self.modules:
            self.modules[name] = Modules(self.roots).read(name)
        return self.modules[name]

    def tree(self, module: Module) -> ast.Module:
        if module.name not in self.trees:
            try:
                self.trees[module.name] = from_python(module.source)
            except (SyntaxError, ValueError):
                self.trees[module.name] = ast.Module([], [])
        return self.trees[module.name]


def flat(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a block, and of those in it that have no scope of their own."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            for name in ("body", "orelse", "finalbody"):
                yield from flat(getattr(node, name, []))


def bound(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds, but for imports."""
    match node:
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
        case ast.AnnAssign(target=ast.Name(name)):
            return {name}
        case ast.Assign(targets=targets):
            return {target.id for target in targets if isinstance(target, ast.Name)}
        case _:
            return set()
