"""The expressions that an expression is made of, by what its value keeps of theirs."""

import ast


def elements_of(value: ast.AST) -> list[ast.expr]:
    match value:
        case ast.List(elts=inside) | ast.Tuple(elts=inside) | ast.Set(elts=inside):
            return inside
        case ast.Dict(values=inside):
            return inside
        case ast.ListComp(elt=one) | ast.SetComp(elt=one) | ast.GeneratorExp(elt=one):
            return [one]
        case ast.DictComp(value=one):
            return [one]
        case _:
            return []


def choices_of(value: ast.AST) -> list[ast.expr]:
    """Return the expressions of which one is the value."""
    match value:
        case ast.IfExp(body=first, orelse=second):
            return [first, second]
        case ast.BoolOp(values=values):
            return values
        case ast.NamedExpr(value=inner) | ast.Starred(value=inner):
            return [inner]
        case _:
            return []


def texts_of(value: ast.AST) -> list[ast.expr]:
    """Return the expressions that a text begins with, or that are put together to one."""
    match value:
        case ast.BinOp(op=ast.Div() | ast.Add(), left=first):
            return [first]
        case ast.JoinedStr(values=[ast.FormattedValue(value=first), *_]):
            return [first]
        case _:
            return []
