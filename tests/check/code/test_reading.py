"""What is bound where, held against Python's own symbol tables."""

import ast
import symtable
from collections.abc import Iterator

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from bgtasks.check.code.names import Names, Scope
from sources import read_source

BOUND = {
    "assignment": ("x = 1", {"x"}),
    "unpacking": ("a, (b, *c) = d", {"a", "b", "c"}),
    "annotated": ("x: int", {"x"}),
    "walrus": ("(x := 1)", {"x"}),
    "walrus in a comprehension": ("[(x := y) for y in z]", {"x"}),
    "imports": ("import a.b, c as d\nfrom e import f as g", {"a", "d", "g"}),
    "loop": ("for x in y: ...\nasync def f():\n    async for z in y: ...", {"x", "f"}),
    "with": ("with a as b: ...", {"b"}),
    "handler": ("try: ...\nexcept E as e: ...", {"e"}),
    "match": ("match x:\n    case [a, *b]: ...\n    case {'k': c, **d}: ...\n    case e: ...", set("abcde")),
    "definitions": ("def f(x): ...\nclass C: y = 1\nlambda z: z", {"f", "C"}),
    "global": ("def f():\n    global x\n    x = 1", {"f", "x"}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), BOUND.values(), ids=BOUND)
def test_what_a_module_binds(source: str, expected: set[str]) -> None:
    assert set(read_source(source).top.bindings) == expected


def test_a_default_and_a_decorator_stand_outside() -> None:
    names = read_source("@d\ndef f(a=b) -> c:\n    x\n")
    inside = {
        node.id
        for node, scope in names.around.items()
        if isinstance(node, ast.Name) and scope is not names.top
    }

    assert inside == {"x"}


def test_generators_are_the_functions_with_a_yield_of_their_own() -> None:
    names = read_source("def f(): yield\ndef g():\n    def h(): yield from x\nasync def i(): await x\n")

    assert {getattr(node, "name", "") for node in names.generators} == {"f", "h"}


NAMES = st.sampled_from("abc")


@st.composite
def blocks(draw: st.DrawFn, depth: int = 0) -> list[str]:
    """Draw the lines of a block, some of them functions and classes with blocks of their own."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        name, other = draw(NAMES), draw(NAMES)
        # What such a walrus binds in a module, Python's table of the module does not tell.
        walrus = f"({other}0 := 1)" if depth else other
        simple = [
            f"{name} = {other}",
            f"{name}",
            f"import {name}",
            f"for {name} in {other}: {other}",
            f"[q for q in {other} if {walrus}]",
            f"lambda {name}: {other}",
        ]
        kind = draw(st.integers(0, len(simple) + 2 if depth < 3 else len(simple) - 1))
        if kind < len(simple):
            lines.append(simple[kind])
            continue
        head = [f"def {name}({other}=1, *args):", f"class {name}:", f"async def {name}():"][
            kind - len(simple)
        ]
        lines += [head, *(f"    {line}" for line in draw(blocks(depth + 1)))]
    return lines


def tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from tables(child)


def scopes_of(names: Names) -> Iterator[Scope]:
    """Yield the scopes of functions, classes and the module, as Python's tables have them."""
    yield names.top
    for node, scope in names.within.items():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield scope


def is_bound(symbol: symtable.Symbol) -> bool:
    # Python 3.12 and newer put a comprehension into the function around it (PEP 709), here it is a scope.
    return (
        symbol.is_local()
        and symbol.get_name() != "q"
        and (symbol.is_assigned() or symbol.is_parameter() or symbol.is_imported())
    )


@given(blocks())
def test_binding_agrees_with_python(lines: list[str]) -> None:
    source = "\n".join(lines)
    try:
        top = symtable.symtable(source, "app.py", "exec")
    except SyntaxError:  # a walrus in a comprehension in a class
        reject()
    expected = sorted(
        (
            table.get_lineno(),
            sorted(symbol.get_name() for symbol in table.get_symbols() if is_bound(symbol)),
        )
        for table in tables(top)
        if table.get_name() not in {"lambda", "listcomp"}
    )

    names = read_source(source)

    found = sorted((getattr(scope.node, "lineno", 0), sorted(scope.bindings)) for scope in scopes_of(names))
    assert found == expected
