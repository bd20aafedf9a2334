"""Findings as a case for `bgtasks verify`: a call of each cause, with gaps for the checkers that miss it."""

import ast

from bgtasks.prove.calls.findings import Cause, Findings
from bgtasks.prove.calls.reporters.words import show
from bgtasks.prove.calls.writing import write_head


def render(findings: Findings) -> str:
    """Return the source of a case; without a cause it claims nothing."""
    head = write_head(findings.target, findings.through)
    parts = [f"{show(findings, cause.call, n)}{gaps(cause)}" for n, cause in enumerate(findings.causes, 1)]
    body = "\n\n".join(parts)
    title = f'"""Calls on which checkers disagree with Python, found with the seed {findings.seed}."""\n\n'
    return f"{title}{needed(head, body)}\n\n{body}\n"


def gaps(cause: Cause) -> str:
    losing = ",".join(name for name, is_lost in cause.checkers if is_lost)
    lacking = ",".join(name for name, is_lost in cause.checkers if not is_lost)
    text = f"  !{losing} not so of the direct call" if losing else ""
    return text + (f"  !{lacking} the same of the direct call" if lacking else "")


def needed(head: str, body: str) -> str:
    """Return the statements of `head` that `body` needs, and what they need in turn."""
    statements = ast.parse(head).body
    names = names_in(ast.parse(body)) | {"tasks"}
    kept: set[int] = set()
    for _ in statements:
        for index, node in enumerate(statements):
            if index not in kept and bound(node) & names:
                kept.add(index)
                names |= set[str]() if isinstance(node, ast.ImportFrom) else names_in(node)
    return "\n".join(text(statements[index], names) for index in sorted(kept))


def names_in(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    # A bound may stand in quotes.
    return names | {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def bound(node: ast.stmt) -> set[str]:
    match node:
        case ast.ImportFrom(names=names):
            return {alias.name for alias in names}
        case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
            return {name}
        case ast.Assign(targets=[ast.Name(name)]):
            return {name}
        case _:
            return set()


def text(node: ast.stmt, names: set[str]) -> str:
    if isinstance(node, ast.ImportFrom):
        listed = ", ".join(alias.name for alias in node.names if alias.name in names)
        return f"from {node.module} import {listed}"
    is_block = isinstance(node, ast.ClassDef | ast.FunctionDef)
    return f"\n\n{ast.unparse(node)}\n" if is_block else ast.unparse(node)
