import ast
import textwrap

import pytest

from bgtasks.prove.mutants.definitions import find_definitions

SOURCES = {
    "functions, classes and variables": (
        """
        x: int
        y = 1
        def f(): ...
        async def g(): ...
        class C:
            z: str
            def m(self): ...
        """,
        ["x", "f", "g", "C", "C.z", "C.m bound"],
    ),
    "private names are not seen": (
        """
        _x: int
        def _f(): ...
        class C:
            _z: int
            def __init__(self): ...
            def __m(self): ...
        class _D:
            y: int
        """,
        ["C", "C.__init__ bound"],
    ),
    "what __all__ names": (
        """
        __all__ = ["_f", "C"]
        def _f(): ...
        def g(): ...
        class C:
            x: int
        """,
        ["C", "C.x"],
    ),
    "overloads are one definition, a property and its setter are two": (
        """
        import typing
        @typing.overload
        def f(a: int): ...
        @typing.overload
        def f(a: str): ...
        def f(a): ...
        class C:
            @property
            def p(self): ...
            @p.setter
            def p(self, value): ...
            @staticmethod
            def s(a): ...
        """,
        ["f f f", "C", "C.p bound", "C.p bound", "C.s"],
    ),
    "under a condition": (
        """
        if x:
            def f(): ...
        else:
            def f(a): ...
        try:
            def g(): ...
        except ImportError:
            pass
        """,
        ["f", "f", "g"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), SOURCES.values(), ids=SOURCES)
def test_what_others_see_is_found(source: str, expected: list[str]) -> None:
    found = find_definitions(ast.parse(textwrap.dedent(source)))

    assert [
        " ".join([one.name] * len(one.nodes)) + (" bound" if one.bound else "") for one in found
    ] == expected
