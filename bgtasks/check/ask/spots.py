"""Where in a call something is wrong: the argument that a checker points at, and whose argument it is."""

import ast
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TypeAlias

from bgtasks.check.ask.kinds import ABOUT_CALLS
from bgtasks.check.code import last_name
from bgtasks.check.facts.sites import Site, column_of, place_of
from bgtasks.check.model import Module, Place
from bgtasks.model import CALL_KINDS, Diagnostic, Kind

Node: TypeAlias = ast.expr | ast.keyword

# What these checkers say at the call that is wrong, not at the argument.
OF_CALLS = frozenset({Kind.MISSING_ARGUMENT, Kind.NO_OVERLOAD, Kind.NOT_CALLABLE})
AT_CALL: Mapping[str, AbstractSet[Kind]] = {
    "mypy": CALL_KINDS - {Kind.ARGUMENT_TYPE},
    "zuban": OF_CALLS | {Kind.TOO_MANY_POSITIONAL},
}
BY_NAME = {Kind.UNKNOWN_KEYWORD, Kind.MULTIPLE_VALUES, Kind.POSITIONAL_ONLY_AS_KEYWORD}
QUOTED = re.compile(r"[\"`']([A-Za-z_]\w*)[\"`']")


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """
    Where something is wrong: in `node`, which is `owner` where that call is wrong as a whole.

    `nested` tells that `owner` is computed before the task is added, and so none of the task.
    """

    owner: ast.expr
    node: Node
    place: Place
    nested: bool


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """What the call of `site` is made of: where nodes, names of attributes and brackets of calls start."""

    site: Site
    starts: Mapping[tuple[int, int], Sequence[Node]]
    names: Mapping[tuple[int, int], ast.Attribute]
    brackets: Mapping[tuple[int, int], ast.Call]
    parents: Mapping[ast.AST, ast.AST]


def kinds_of(diagnostic: Diagnostic) -> frozenset[Kind]:
    """Return the kinds that are about a call; a misspelt keyword is not said to leave something missing."""
    kinds = diagnostic.kinds & ABOUT_CALLS
    misspelt = Kind.UNKNOWN_KEYWORD in kinds and not kinds >= CALL_KINDS
    return kinds - {Kind.MISSING_ARGUMENT} if misspelt else kinds


def find_spot(diagnostic: Diagnostic, checker: str, parts: Parts) -> Spot:
    """Return where in a call, or in a call in it, `diagnostic` stands."""
    site = parts.site
    columns = read_columns(checker, diagnostic, site.module)
    points = [(diagnostic.line, column) for column in columns]
    nodes = next((parts.starts[point] for point in points if point in parts.starts), ())
    bracket = next((parts.brackets[point] for point in points if point in parts.brackets), None)
    named = next((parts.names[point] for point in points if point in parts.names), None)
    kinds = kinds_of(diagnostic) & CALL_KINDS
    if kinds == CALL_KINDS:
        spot = of_task(diagnostic, nodes, parts)
    elif not kinds:
        node = named or of_expression(diagnostic, nodes) or site.call
        spot = owner_of(node, parts), node
    elif kinds & AT_CALL.get(checker, OF_CALLS):
        spot = of_call(diagnostic, [*nodes, *([bracket] if bracket else [])], parts)
    else:
        spot = of_argument(nodes, parts)
    owner, node = spot
    place = place_of(site.module, node)
    entry = parts.parents.get(node)
    if isinstance(entry, ast.Dict):  # of which mypy points at the key, and pyright at the value
        place = place_of_entry(entry, node, site.module)
    return Spot(owner, node, place, nested=owner not in calls_of_task(site))


def of_task(diagnostic: Diagnostic, nodes: Sequence[Node], parts: Parts) -> tuple[ast.expr, Node]:
    """Return the task that does not fit; where only what it takes is not known, the call."""
    owner, node = of_argument(nodes, parts)
    return owner, owner if diagnostic.message.startswith("Arguments for ParamSpec") else node


def of_expression(diagnostic: Diagnostic, nodes: Sequence[Node]) -> Node | None:
    """Return the smallest of `nodes`, or else the attribute or the operation that is meant."""
    meant: list[Node] = [
        node for node in nodes if isinstance(node, ast.Attribute) and f'"{node.attr}"' in diagnostic.message
    ]
    if "oper" in diagnostic.rule.lower():
        meant = [node for node in nodes if isinstance(node, ast.BinOp | ast.Compare | ast.UnaryOp)]
    return next(reversed(meant or list(nodes)), None)


def of_call(diagnostic: Diagnostic, nodes: Sequence[Node], parts: Parts) -> tuple[ast.expr, Node]:
    """Return the call that is wrong, and the keyword where that is named."""
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    quoted = QUOTED.findall(diagnostic.message)
    named = [call for call in calls if last_name(call.func) in quoted]
    around = owner_of(nodes[0], parts) if nodes else parts.site.call
    owner: ast.expr = next(iter(named or calls), around)
    if parts.site.call in calls:
        owner = parts.site.call
    if diagnostic.kinds & BY_NAME:
        for keyword in keywords_of(owner):
            if keyword.arg in quoted[:2]:
                return owner, keyword
    return owner, owner


def of_argument(nodes: Sequence[Node], parts: Parts) -> tuple[ast.expr, Node]:
    """Return the outermost argument among `nodes` with its call, or else what stands in one."""
    for node in nodes:
        parent = parts.parents.get(node)
        if isinstance(parent, ast.keyword):
            node, parent = parent, parts.parents.get(parent)  # noqa: PLW2901 - the argument is the whole
        if isinstance(parent, ast.Call) and node is not parent.func:
            return parent, node
    node = next(iter(nodes), parts.site.call)
    return owner_of(node, parts), node


def keywords_of(call: ast.expr) -> Sequence[ast.keyword]:
    return call.keywords if isinstance(call, ast.Call) else ()


def place_of_entry(entries: ast.Dict, node: Node, module: Module) -> Place:
    """Return where the key and the value stand of which `node` is one."""
    for key, value in zip(entries.keys, entries.values, strict=True):
        if key is not None and node in {key, value}:
            first, last = place_of(module, key), place_of(module, value)
            return Place(module.path, first.line, first.column, last.end_line, last.end_column)
    return place_of(module, node)


def owner_of(node: Node, parts: Parts) -> ast.expr:
    """Return the innermost call that `node` stands in."""
    above = parts.parents.get(node)
    while above is not None and not isinstance(above, ast.Call):
        above = parts.parents.get(above)
    return above if isinstance(above, ast.Call) else parts.site.call


def calls_of_task(site: Site) -> Sequence[ast.expr]:
    """Return the calls that are made when the task runs: its own, that of a partial, that of a lambda."""
    calls: list[ast.expr] = [site.call]
    task = site.task
    while task is not None:
        match task:
            case ast.Call(func=func, args=[inner, *_]) if last_name(func) == "partial":
                calls.append(task)
                task = inner
            case ast.Lambda(body=ast.Call() as body) | ast.Lambda(body=ast.Await(value=ast.Call() as body)):
                calls.append(body)
                task = None
            case _:
                task = None
    return calls


def read_parts(site: Site) -> Parts:
    starts: dict[tuple[int, int], list[Node]] = {}
    names: dict[tuple[int, int], ast.Attribute] = {}
    brackets: dict[tuple[int, int], ast.Call] = {}
    parents: dict[ast.AST, ast.AST] = {}
    for node in ast.walk(site.call):  # the outer before the inner
        parents.update(dict.fromkeys(ast.iter_child_nodes(node), node))
        if not isinstance(node, ast.expr | ast.keyword):
            continue
        place = place_of(site.module, node)
        starts.setdefault((place.line, place.column), []).append(node)
        if isinstance(node, ast.Attribute):
            names[place.end_line, place.end_column - len(node.attr)] = node
        if isinstance(node, ast.Call):
            func = place_of(site.module, node.func)
            brackets[func.end_line, func.end_column] = node
    return Parts(site, starts, names, brackets, parents)


def read_columns(checker: str, diagnostic: Diagnostic, module: Module) -> Sequence[int]:
    """
    Return which characters of its line `diagnostic` may stand at, the likeliest first; none where unknown.

    Pyright counts what UTF-16 has two bytes for. mypy counts bytes, or, since it has a parser of its
    own, takes characters for bytes and turns them into characters once more.
    """
    column = diagnostic.column
    if not column or module.source.isascii():
        return [column] if column else []
    text = line_of(module, diagnostic.line)
    match checker:
        case "pyright" | "basedpyright":
            before = text.encode("utf-16-le")[: 2 * (column - 1)]
            return [len(before.decode("utf-16-le", errors="replace")) + 1]
        case "mypy":
            twice = len(text[: column - 1].encode()) + 1
            return list(dict.fromkeys((twice, column_of(module, diagnostic.line, column - 1), column)))
        case _:
            return [column]


def line_of(module: Module, line: int) -> str:
    lines = module.source.split("\n")
    return lines[line - 1] if line <= len(lines) else ""
