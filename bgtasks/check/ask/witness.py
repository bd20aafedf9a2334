"""
What a checker knows of each call site, in its own words.

Beside each module with call sites lies a copy of it, its witness, in which every such call is asked
about by `reveal_type`. So what a checker says of the module itself is said of the user's own text.
A call that no checker can judge where it stands is written there once more, as the call it comes to.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bgtasks.check.ask.partials import spell_inmost
from bgtasks.check.facts.sites import Site, place_of
from bgtasks.check.model import Module, Place
from bgtasks.documents import from_python
from bgtasks.model import Diagnostic

NAME = "bgtasks_witness"
# What the witnesses ask: whether this makes a background task, what the task is, and what is taken, by the
# task and by what adds it. Each answer tells which site of its line it is of, or mypy would say it once
# where it is the same for two. mypy takes what an error left without a type for the first overload.
SOURCE = """\
from collections.abc import Callable
from functools import partial as partial
from typing import Literal, ParamSpec, TypeVar, overload

from starlette.background import BackgroundTask, BackgroundTasks

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")
tasks: BackgroundTasks

@overload
def maker(made: None, site: type[S]) -> tuple[Literal["nothing"], S]: ...
@overload
def maker(
    made: BackgroundTask | type[BackgroundTask] | None, site: type[S]
) -> tuple[Literal["background"], S]: ...
@overload
def maker(made: object, site: type[S]) -> tuple[Literal["foreign"], S]: ...
def task(task: T, site: type[S]) -> tuple[T, S]: ...
def parameters(task: Callable[P, object], site: type[S]) -> Callable[P, S]: ...
"""
SITE = """class Site{number}: ...
"""
QUESTIONS = 4
DIRECT: Mapping[str, str] = {"add_task": f"{NAME}.tasks.add_task", "partial": f"{NAME}.partial"}


@dataclass(frozen=True, slots=True)
class Echo:
    """
    Columns of a line of a witness, counted from 1, in which something is written once more.

    That is a call, or an argument of it; `place` is where it stands in the module.
    """

    line: int
    column: int
    end_column: int
    place: Place


@dataclass(frozen=True, slots=True)
class Witness:
    """The text of a witness, a line longer than its module, and what in it is written once more."""

    text: str
    echoes: tuple[Echo, ...]


def write_witness(module: Module, sites: Sequence[Site]) -> Witness | None:
    """Return the witness of a module; None where it cannot be made."""
    edits: list[tuple[int, int, int, str, Site | None]] = []
    numbers: Counter[int] = Counter()
    imports = [f"import {NAME}"]
    for depth, site in enumerate(sites):
        call = site.call
        task = site.task or first_of(call)
        inmost, needed = spell_inmost(task, site.names, NAME)
        imports += [needed] if needed and needed not in imports else []
        questions = [*write_questions(site, task, inmost, f"{NAME}.Site{numbers[call.lineno]}")]
        numbers[call.lineno] += 1
        if site.direct is not None:
            questions.append("".join(text for text, _ in write_direct(site)))
        last, end = call.end_lineno or call.lineno, call.end_col_offset or 0
        edits.append((call.lineno, call.col_offset, depth, f"({', '.join(questions)}, ", site))
        edits.append((last, end, -depth, f")[{len(questions)}]", None))
    edits.sort(key=lambda edit: edit[:3])
    lines = [line.encode() for line in module.source.split("\n")]
    for line, column, _, text, _ in reversed(edits):
        content = lines[line - 1]
        lines[line - 1] = content[:column] + text.encode() + content[column:]
    lines.insert(first_line(module.tree) - 1, "; ".join(imports).encode())
    witness = b"\n".join(lines).decode()
    try:
        from_python(witness)
    except SyntaxError:
        return None
    return Witness(witness, tuple(find_echoes(module, edits)))


def find_echoes(module: Module, edits: Iterable[tuple[int, int, int, str, Site | None]]) -> Iterator[Echo]:
    """Yield what is written once more by `edits`, which are in the order of their places."""
    ends: Counter[int] = Counter()
    for line, column, _, text, site in edits:
        before = module.source.split("\n")[line - 1].encode()[:column].decode()
        start = len(before) + ends[line] + 1
        ends[line] += len(text)
        if site is None or site.direct is None:
            continue
        parts = [*write_direct(site)]
        whole = "".join(part for part, _ in parts)
        at = start + len(text) - len(f"{whole}, ")
        yield Echo(line + 1, at, at + len(whole), site.place)
        for part, node in parts:
            if node is not None:
                yield Echo(line + 1, at, at + len(part), place_of(module, node))
            at += len(part)


def write_direct(site: Site) -> Iterator[tuple[str, ast.expr | None]]:
    """Yield the parts of the call that a site comes to, each with the argument that it is, if it is one."""
    assert site.direct is not None
    assert site.task is not None
    yield f"{DIRECT[site.direct]}(", None
    yield ast.unparse(site.task), site.task
    for argument in site.args:
        yield ", ", None
        yield ast.unparse(argument), argument
    for keyword in site.keywords:
        yield f", {keyword.arg}=" if keyword.arg else ", **", None
        yield ast.unparse(keyword.value), keyword.value
    yield ")", None


def write_source(sites: Iterable[Site]) -> str:
    """Return the stub that the witnesses of `sites` import."""
    most = max(Counter((site.place.path, site.place.line) for site in sites).values(), default=1)
    return SOURCE + "".join(SITE.format(number=number) for number in range(most))


def write_questions(site: Site, task: ast.expr, inmost: ast.expr, tag: str) -> Iterator[str]:
    made = None if site.told else site.receiver or (site.adder if site.adds else None)
    maker = ast.unparse(made) if made else f"{NAME}.tasks"
    adder = ast.unparse(site.adder) if site.adder and not site.told else DIRECT["add_task"]
    yield f"reveal_type({NAME}.maker({maker}, {tag}))"
    yield f"reveal_type({NAME}.parameters({adder}, {tag}))"
    yield f"reveal_type({NAME}.task({ast.unparse(task)}, {tag}))"
    yield f"reveal_type({NAME}.parameters({ast.unparse(inmost)}, {tag}))"


def first_of(call: ast.expr) -> ast.expr:
    """Return the first of what a call hands over in a row; None in the code where it hands over nothing."""
    args = call.args if isinstance(call, ast.Call) else []
    rows = [argument.value for argument in args if isinstance(argument, ast.Starred)]
    return ast.Subscript(rows[0], ast.Constant(0), ast.Load()) if rows else ast.Constant(None)


def first_line(tree: ast.Module) -> int:
    """Return the line of the first statement behind the docstring and the imports from the future."""
    for node in tree.body:
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not text and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            decorators: list[ast.expr] = getattr(node, "decorator_list", [])
            return min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return 1


def settle_said(
    sites: Sequence[Site], echoes: Sequence[Echo], said: Iterable[Diagnostic], echoed: Iterable[Diagnostic]
) -> Iterator[Diagnostic]:
    """
    Yield what a checker says of a module with `sites`.

    That is what it has `said` of it. At those calls that are written once more in the witness, it is
    what it says there, which is `echoed`.
    """
    others = [site.place for site in sites if site.direct is not None]
    yield from (one for one in said if not any(is_in(one, place) for place in others))
    for one in echoed:
        around = [
            echo for echo in echoes if one.line == echo.line and echo.column <= one.column < echo.end_column
        ]
        if around:
            place = min(around, key=lambda echo: echo.end_column - echo.column).place
            yield one._replace(line=place.line, column=place.column)


def is_in(diagnostic: Diagnostic, place: Place) -> bool:
    at = diagnostic.line, diagnostic.column or place.column
    return (place.line, place.column) <= at < (place.end_line, place.end_column)
