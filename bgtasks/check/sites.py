"""Find the calls that make a background task."""

import ast

from bgtasks.check.model import CallSite, Module, Place


def find_sites(module: Module) -> list[CallSite]:
    """Return the call sites of `module` from the top down."""
    sites = [
        CallSite(place_of(module, node), place_of(module, node.args[0]) if node.args else None, sure=False)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and node.func.attr == "add_task")
            or (isinstance(node.func, ast.Name) and node.func.id == "BackgroundTask")
        )
    ]
    return sorted(sites, key=lambda site: (site.place.line, site.place.column))


def place_of(module: Module, node: ast.expr) -> Place:
    return Place(
        module.path,
        node.lineno,
        node.col_offset + 1,
        node.end_lineno or node.lineno,
        (node.end_col_offset or node.col_offset) + 1,
    )
