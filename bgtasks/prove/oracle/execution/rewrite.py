"""A case, rewritten: each claimed statement is heard alone, each function checks what it is given."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

ORACLE = "_bgtasks_oracle"
REJECTED = "rejected"
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
BLOCKS = ("body", "orelse", "finalbody")

N = TypeVar("N", bound=ast.AST)
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it comes from the case: `kind` is None for an accept, REJECTED without one of ours."""

    line: int
    first: int
    last: int
    kind: str | None


@dataclass(slots=True)
class Rewriting:
    """The statements of a module, in order, and those that are to be rejected, which run last."""

    claims: Mapping[int, Claim]
    statements: list[ast.stmt] = field(default_factory=list[ast.stmt])
    rejects: list[ast.stmt] = field(default_factory=list[ast.stmt])


def rewrite(tree: ast.Module, claims: Sequence[Claim]) -> Rewriting:
    """Return the statements of `tree`, of which each tells the oracle what becomes of it."""
    rewriting = Rewriting({claim.first: claim for claim in claims})
    future = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    for node in tree.body:
        if node in future:
            continue
        claim = claim_of(node, rewriting.claims)
        for made in rewrite_statement(node, rewriting.claims, None):
            simple = not isinstance(node, DEFINITIONS)
            into = rewriting.rejects if claim and claim.kind and simple else rewriting.statements
            into.append(made)
    for made in (*rewriting.statements, *rewriting.rejects):
        ast.fix_missing_locations(made)
    return rewriting


def first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def claim_of(node: ast.stmt, claims: Mapping[int, Claim]) -> Claim | None:
    return claims.get(first_line(node))


def rewrite_statement(
    node: ast.stmt, claims: Mapping[int, Claim], function: Function | None
) -> list[ast.stmt]:
    """Return what stands for a statement of `function`, or of a module."""
    claim = claim_of(node, claims)
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [node, expression("imported", *(bound_name(alias) for alias in node.names))]
    if isinstance(node, FUNCTIONS):
        define(node, claims)
        return [node]
    if isinstance(node, ast.ClassDef):
        return define_class(node, claims)
    header: list[ast.expr] = []
    if any(hasattr(node, block) for block in (*BLOCKS, "cases")):
        header = headers(node)
        rewrite_blocks(node, claims, function)
        if claim is None:
            return [node]
        heard = [hear(ast.Expr(part), claim, None) for part in header]
        return heard if claim.kind else [*heard, node]
    if isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
        name = ast.Constant(node.target.id if function is None else "")
        fits = ast.Constant(claim is not None)
        node.value = call("declared", node.value, lazy(node.annotation), name, fits)
    return [hear(node, claim, function)] if claim else [node]


def headers(node: ast.stmt) -> list[ast.expr]:
    """Return what a compound statement evaluates before its first block."""
    match node:
        case ast.If(test=test) | ast.While(test=test):
            return [test]
        case ast.For(iter=each) | ast.AsyncFor(iter=each):
            return [each]
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return [item.context_expr for item in items]
        case ast.Match(subject=subject):
            return [subject]
        case _:
            return []


def rewrite_blocks(node: ast.AST, claims: Mapping[int, Claim], function: Function | None) -> None:
    for block in BLOCKS:
        body: list[ast.stmt] = getattr(node, block, [])
        if body:
            made = [new for old in body for new in rewrite_statement(old, claims, function)]
            setattr(node, block, made)
    for name in ("handlers", "cases"):
        children: list[ast.AST] = getattr(node, name, [])
        for child in children:
            rewrite_blocks(child, claims, function)


def hear(node: ast.stmt, claim: Claim, function: Function | None) -> ast.stmt:
    """Return `if oracle.wants(line): with oracle.claim(line): statement`."""
    node = Calls().visit(node)
    if isinstance(node, ast.Return) and node.value and function and function.returns:
        node.value = call(
            "declared", node.value, lazy(function.returns), ast.Constant(""), ast.Constant(True)
        )
    line = ast.Constant(claim.line)
    inner = ast.With([ast.withitem(call("claim", line))], [node])
    return at(ast.If(call("wants", line), [inner], []), node)


def define(node: Function, claims: Mapping[int, Claim]) -> None:
    """Have a function check its arguments, and be known where it holds claims."""
    inside = held(node, claims)
    node.body = [new for old in node.body for new in rewrite_statement(old, claims, node)]
    decorator = call("typed", *map(ast.Constant, inside))
    node.decorator_list.append(at(decorator, node))


def held(node: Function, claims: Mapping[int, Claim]) -> list[int]:
    """Return the lines of the claims in a function, without those of functions in it."""
    found: list[int] = []
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        part = waiting.pop()
        if isinstance(part, ast.stmt) and (claim := claim_of(part, claims)):
            found.append(claim.line)
        if not isinstance(part, DEFINITIONS):
            waiting += ast.iter_child_nodes(part)
    return sorted(found)


def define_class(node: ast.ClassDef, claims: Mapping[int, Claim]) -> list[ast.stmt]:
    """Have a class check what it is made of, and what it overrides where that is claimed."""
    overriding = [
        (claim.line, part.name)
        for part in node.body
        if isinstance(part, FUNCTIONS) and (claim := claim_of(part, claims))
    ]
    node.body = [new for old in node.body for new in rewrite_statement(old, claims, None)]
    name = ast.Name(node.name, ast.Load())
    after: list[ast.stmt] = [expression("made", name)]
    after += [
        expression("overriding", name, ast.Constant(line), ast.Constant(method))
        for line, method in overriding
    ]
    return [node, *(at(each, node) for each in after)]


class Calls(ast.NodeTransformer):
    """Has each call of a claimed statement made through the oracle, which knows what its callee takes."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Write `f(x)` as `oracle.call(f)(x)`; `super()` looks at the frame that calls it."""
        self.generic_visit(node)
        for argument in node.args:
            if isinstance(argument, ast.Starred):
                argument.value = ast.copy_location(call("unpacked", argument.value), argument.value)
        for keyword in node.keywords:
            if keyword.arg is None:
                keyword.value = ast.copy_location(call("unpacked", keyword.value), keyword.value)
        if not (isinstance(node.func, ast.Name) and node.func.id in {"super", "assert_type", "reveal_type"}):
            node.func = ast.copy_location(call("call", node.func), node.func)
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """Leave what a lambda does to the lambda."""
        return node


def bound_name(alias: ast.alias) -> ast.expr:
    return ast.Constant(alias.asname or alias.name.partition(".")[0])


def call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Attribute(ast.Name(ORACLE, ast.Load()), name, ast.Load()), list(arguments), [])


def expression(name: str, *arguments: ast.expr) -> ast.Expr:
    return ast.Expr(call(name, *arguments))


def lazy(node: ast.expr) -> ast.Lambda:
    empty = ast.arguments([], [], None, [], [], None, [])
    return ast.Lambda(empty, node)


def at(node: N, place: ast.AST) -> N:
    """Return a node that stands where another does."""
    ast.copy_location(node, place)
    ast.fix_missing_locations(node)
    return node
