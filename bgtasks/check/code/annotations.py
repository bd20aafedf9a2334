"""What annotations say."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bgtasks.check.code.names import External, Found, Import, Located, Names, guarded
from bgtasks.check.code.resolution import ancestors, is_subject, resolve
from bgtasks.check.code.syntax import last_name

OPTIONAL = {"typing.Optional", "typing.Union", "typing_extensions.Optional", "typing_extensions.Union"}
ANNOTATED = {"typing.Annotated", "typing_extensions.Annotated"}
TRANSPARENT = {
    f"{module}.{name}" for module in ("typing", "typing_extensions") for name in ("Final", "ClassVar")
}

TYPES = {"builtins.type", "typing.Type"}


@dataclass(frozen=True, slots=True)
class Annotation:
    """
    What an annotation says of a value.

    `kind` is its class. `optional` tells whether it may be something else, None included.
    `metadata` is what stands behind the class in an `Annotated` (PEP 593).
    """

    kind: Found
    optional: bool = False
    metadata: tuple[Located, ...] = ()


NOTHING = Annotation(None)


def read_annotation(expression: ast.expr | None, names: Names) -> Annotation:
    """Return what an annotation in the module of `names` says."""
    return read_expression(expression, names) or NOTHING


@guarded
def read_expression(expression: ast.expr | None, names: Names) -> Annotation | None:
    match expression:
        case None:
            read = None
        case ast.Constant(value=str(text)):
            read = read_annotation(unquote(expression, text, names), names)
        case ast.BinOp(op=ast.BitOr(), left=left, right=right):
            read = read_union([left, right], names)
        case ast.Subscript():
            read = read_subscript(expression, names)
        case _:
            found = resolve(expression, names)
            read = Annotation(found)
            if isinstance(found, Located) and isinstance(found.node, (ast.Subscript, ast.BinOp)):
                read = read_annotation(found.node, found.names)
    return read


def read_subscript(expression: ast.Subscript, names: Names) -> Annotation:
    found = resolve(expression.value, names)
    dotted = found.dotted if isinstance(found, External) else ""
    parts = expression.slice.elts if isinstance(expression.slice, ast.Tuple) else [expression.slice]
    read = NOTHING
    if dotted in OPTIONAL:
        several = len(parts) > 1 or dotted.endswith("Optional")
        read = replace(read_union(parts, names), optional=several)
    elif dotted in ANNOTATED:
        first, *metadata = parts
        read = read_annotation(first, names)
        read = replace(read, metadata=(*read.metadata, *(Located(part, names) for part in metadata)))
    elif dotted in TRANSPARENT:
        read = read_annotation(expression.slice, names)
    elif dotted not in TYPES and (dotted or isinstance(getattr(found, "node", None), ast.ClassDef)):
        read = Annotation(found)  # of a generic class
    return read


def read_union(parts: Sequence[ast.expr], names: Names) -> Annotation:
    """Of a union, return the part that is one of the subjects."""
    for part in parts:
        read = read_annotation(part, names)
        if any(
            isinstance(each, External) and is_subject(each.dotted, names) for each in ancestors(read.kind)
        ):
            return replace(read, optional=True)
    return Annotation(None, optional=True)


def unquote(constant: ast.Constant, text: str, names: Names) -> ast.expr | None:
    """Parse an annotation in quotes, which then stands where the string does; None where it is none."""
    if constant not in names.quoted:
        try:
            parsed = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError):
            parsed = None
        names.quoted[constant] = parsed
        for node in ast.walk(parsed) if parsed else ():
            names.around[node] = names.around[constant]
    return names.quoted[constant]


def may_be(func: ast.expr, spelled: Sequence[str], names: Names) -> bool:
    """Tell whether `func` may be one of those that are `spelled` so, without a look at other files."""
    name = last_name(func)
    return name in spelled or any(
        isinstance(each, Import) and each.dotted.rpartition(".")[2] in spelled
        for each in names.top.bindings.get(name, ())
    )
