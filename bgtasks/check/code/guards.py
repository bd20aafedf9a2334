"""What surely holds where a statement stands: the conditions around it, and those that led past it."""

import ast
import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bgtasks.check.code.names import Names
from bgtasks.check.code.syntax import is_none

OPPOSITES: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.IsNot: ast.Is,
    ast.NotEq: ast.Eq,
    ast.NotIn: ast.In,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
}
# Of a condition that is already decided, whether it is so.
DECIDED = ""
LEAVING = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that is true, or false if not `holds`."""

    test: ast.expr
    holds: bool


def find_guards(node: ast.AST, names: Names) -> Iterator[Guard]:
    """Yield what holds at `node` in its function, of the names that the function binds only once."""
    function, inside = names.enclosing(node), node
    for above in names.above(node):
        match above:
            case ast.If(test=test, body=body) | ast.While(test=test, body=body):
                if inside is not test:
                    yield from split(Guard(test, inside in body), names)
            case ast.IfExp(test=test, body=chosen) if inside is not test:
                yield from split(Guard(test, inside is chosen), names)
            case _:
                pass
        for guard in find_passed(before(inside, above)):
            yield from split(guard, names)
        if above is function:
            return
        inside = above


def before(node: ast.AST, above: ast.AST) -> Sequence[ast.stmt]:
    """Return the statements of a block of `above` that stand before `node`."""
    for name in ("body", "orelse", "finalbody"):
        block: Sequence[ast.stmt] = getattr(above, name, ())
        if isinstance(node, ast.stmt) and not isinstance(block, ast.expr) and node in block:
            return block[: block.index(node)]
    return ()


def find_passed(statements: Iterable[ast.stmt]) -> Iterator[Guard]:
    """Yield what holds behind statements that may leave the block."""
    for statement in statements:
        match statement:
            case ast.If(test=test, body=body, orelse=otherwise):
                if isinstance(body[-1], LEAVING):
                    yield Guard(test, holds=False)
                elif otherwise and isinstance(otherwise[-1], LEAVING):
                    yield Guard(test, holds=True)
            case ast.Assert(test=test):
                yield Guard(test, holds=True)
            case _:
                pass


def split(guard: Guard, names: Names) -> Iterator[Guard]:
    """Yield the conditions that make up one, in one form each, where their names mean the same all along."""
    match guard.test:
        case ast.UnaryOp(op=ast.Not(), operand=test):
            yield from split(Guard(test, not guard.holds), names)
        case ast.BoolOp(op=operator, values=values):
            if isinstance(operator, ast.And) is guard.holds:
                for value in values:
                    yield from split(Guard(value, guard.holds), names)
        case test if is_steady(test, names):
            yield guard
        case _:
            pass


def is_steady(test: ast.expr, names: Names) -> bool:
    """Tell whether each name in a condition is bound once."""
    found = [node for node in ast.walk(test) if isinstance(node, ast.Name) and node in names.around]
    return all(len(names.bindings(node)) <= 1 for node in found)


def fill(guard: Guard, given: Mapping[str, ast.expr]) -> Guard:
    """Return a condition of a function as it is for a call that gives these values to its parameters."""

    class Filling(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            return given.get(node.id, node)

    return Guard(Filling().visit(copy.deepcopy(guard.test)), guard.holds)


def exclude_each_other(guards: Iterable[Guard]) -> bool:
    """Tell whether not all of `guards` can be."""
    known: dict[str, bool] = {}
    values: dict[str, str] = {}
    for guard in guards:
        for text, holds in spell(guard):
            if known.setdefault(text, holds) is not holds:
                return True
        match guard:
            case Guard(
                test=ast.Compare(left=left, ops=[ast.Eq() | ast.Is()], comparators=[ast.Constant() as value]),
                holds=True,
            ) if values.setdefault(ast.unparse(left), ast.unparse(value)) != ast.unparse(value):
                return True
            case _:
                pass
    return False


def spell(guard: Guard) -> Iterator[tuple[str, bool]]:
    """Yield a condition as a text, with what it implies, and whether that is so."""
    test, holds = guard.test, guard.holds
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        opposite = OPPOSITES.get(type(test.ops[0]))
        if opposite is not None:
            test, holds = ast.Compare(test.left, [opposite()], test.comparators), not holds
        left, [right] = test.left, test.comparators
        if isinstance(left, ast.Constant) and isinstance(right, ast.Constant):
            if isinstance(test.ops[0], ast.Is | ast.Eq):
                yield DECIDED, (left.value == right.value) is holds
                yield DECIDED, True
        elif isinstance(test.ops[0], ast.Is) and is_none(right):
            if holds:
                yield ast.unparse(left), False
            if isinstance(left, ast.List | ast.Dict | ast.Tuple | ast.JoinedStr | ast.Set | ast.Lambda):
                yield DECIDED, not holds
                yield DECIDED, True
    elif isinstance(test, ast.Constant):
        yield DECIDED, bool(test.value) is holds
        yield DECIDED, True
    elif holds:
        yield f"{ast.unparse(test)} is None", False
    yield ast.unparse(test), holds
