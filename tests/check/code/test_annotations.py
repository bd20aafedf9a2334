import ast

import pytest

from bgtasks.check.code.annotations import read_annotation
from bgtasks.check.code.names import Names
from sources import read_source, spell_found

HEAD = """\
from __future__ import annotations
from typing import Annotated, ClassVar, Final, Optional, Union
from lib import Subject
class Own(Subject): ...
class Other: ...
"""


def annotation_of(source: str) -> tuple[ast.expr, Names]:
    names = read_source(HEAD + source)
    node = names.module.tree.body[-1]
    assert isinstance(node, ast.AnnAssign)
    return node.annotation, names


READ = {
    "class": ("x: Other", "app.py: Other", False),
    "in quotes": ("x: 'Other'", "app.py: Other", False),
    "in quotes twice": ("x: \"'Other'\"", "app.py: Other", False),
    "Final": ("x: Final[Other]", "app.py: Other", False),
    "ClassVar": ("x: ClassVar['Other']", "app.py: Other", False),
    "Annotated": ("x: Annotated[Other, 1]", "app.py: Other", False),
    "Optional subject": ("x: Optional[Subject]", "lib.Subject", True),
    "union with a subject": ("x: int | Subject | None", "lib.Subject", True),
    "union with an heir": ("x: Union[int, 'Own']", "app.py: Own", True),
    "union without a subject": ("x: int | Other", "unknown", True),
    "Union of one": ("x: Union[Subject]", "lib.Subject", False),
    "alias": ("A = Annotated[Subject, 1]\nx: A", "lib.Subject", False),
    "alias of an alias": ("A = Optional[Subject]\nB = Annotated[A, 1]\nx: B", "lib.Subject", True),
    "alias of itself": ("A = A | None\nx: A", "unknown", True),
    "no expression": ("x: 'not one'", "unknown", False),
    "generic": ("x: list[Subject]", "builtins.list", False),
    "generic of the app": ("x: Other[int]", "app.py: Other", False),
    "type": ("x: type[Other]", "unknown", False),
    "unknown": ("x: Unknown", "unknown", False),
}


@pytest.mark.parametrize(("source", "kind", "optional"), READ.values(), ids=READ)
def test_what_an_annotation_says(source: str, kind: str, optional: bool) -> None:
    read = read_annotation(*annotation_of(source))

    assert (spell_found(read.kind), read.optional) == (kind, optional)


def test_the_metadata_come_in_order_from_the_inside_out() -> None:
    read = read_annotation(*annotation_of("A = Annotated[Other, 1]\nx: Annotated['A', 2, 3]"))

    assert [ast.unparse(part.node) for part in read.metadata] == ["1", "2", "3"]


def test_no_annotation_says_nothing() -> None:
    names = read_source("")

    assert read_annotation(None, names).kind is None
