"""
What a checker knows of each call site, in its own words.

Beside each module with call sites lies a copy of it, its witness, in which every such call is asked
about by `reveal_type`. So what a checker says of the module itself is said of the user's own text.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Grade, Module

NAME = "bgtasks_witness"
# What the witnesses ask: whether this makes a background task, what the task is, and what it takes. Each
# answer tells which site of its line it is of, or mypy would say it once where it is the same for two.
SOURCE = """\
from collections.abc import Callable
from typing import Literal, ParamSpec, TypeVar, overload

from starlette.background import BackgroundTask

P = ParamSpec("P")
S = TypeVar("S")
T = TypeVar("T")

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
QUESTIONS = 3

UNKNOWN = {"Any", "Unknown"}
# tuple[Any, bgtasks_witness.Site0] of mypy, tuple[Unknown, Site0] of pyright
UNKNOWN_TASK = re.compile(r"tuple\[(Any|Unknown),")
# Overload(def (a: int), def (b: str)) of mypy, Overload[(a: int) -> None, (b: str) -> None] of pyright
OVERLOAD = re.compile(r"Overload[(\[]")
# def [T] (a: T, b: Any =) of mypy, (a: T, b: Unknown = 1) -> None of pyright
SIGNATURE = re.compile(r"(?:def )?(?:\[.*?\] )?\(")
OPEN, CLOSED = "([{", ")]}"


@dataclass(frozen=True, slots=True)
class Sight:
    """
    What a checker knows of one call site.

    `ours` tells whether the call is Starlette's or FastAPI's, None where the checker cannot tell.
    `untyped` are the parameters of which it knows no type.
    """

    ours: bool | None
    grade: Grade
    untyped: tuple[str, ...] = ()


def write_witness(module: Module, sites: Sequence[Site]) -> str | None:
    """Return the text of the witness, a line longer than the module; None where it cannot be made."""
    edits: list[tuple[int, int, int, str]] = []
    numbers: Counter[int] = Counter()
    for depth, site in enumerate(sites):
        call = site.call
        questions = write_questions(site, f"{NAME}.Site{numbers[call.lineno]}")
        numbers[call.lineno] += 1
        last, end = call.end_lineno or call.lineno, call.end_col_offset or 0
        edits.append((call.lineno, call.col_offset, depth, f"({', '.join(questions)}, "))
        edits.append((last, end, -depth, f")[{QUESTIONS}]"))
    lines = [line.encode() for line in module.source.split("\n")]
    for line, column, _, text in sorted(edits, reverse=True):
        content = lines[line - 1]
        lines[line - 1] = content[:column] + text.encode() + content[column:]
    lines.insert(first_line(module.tree) - 1, f"import {NAME}".encode())
    witness = b"\n".join(lines).decode()
    try:
        ast.parse(witness)
    except SyntaxError:
        return None
    return witness


def write_source(sites: Iterable[Site]) -> str:
    """Return the stub that the witnesses of `sites` import."""
    most = max(Counter((site.place.path, site.place.line) for site in sites).values(), default=1)
    return SOURCE + "".join(SITE.format(number=number) for number in range(most))


def write_questions(site: Site, tag: str) -> Iterator[str]:
    maker, task = site.receiver or site.call.func, site.task or first_of(site.call)
    yield f"reveal_type({NAME}.maker({ast.unparse(maker)}, {tag}))"
    yield f"reveal_type({NAME}.task({ast.unparse(task)}, {tag}))"
    yield f"reveal_type({NAME}.parameters({ast.unparse(inmost(task))}, {tag}))"


def first_of(call: ast.Call) -> ast.expr:
    """Return the first of what a call hands over in a row; None in the code where it hands over nothing."""
    rows = [argument.value for argument in call.args if isinstance(argument, ast.Starred)]
    return ast.Subscript(rows[0], ast.Constant(0), ast.Load()) if rows else ast.Constant(None)


def inmost(task: ast.expr) -> ast.expr:
    """Return what a `partial` is made of: the checkers know its parameters, but do not say them."""
    match task:
        case ast.Call(func=ast.Name(id="partial") | ast.Attribute(attr="partial"), args=[inner, *_]):
            return inmost(inner)
        case _:
            return task


def first_line(tree: ast.Module) -> int:
    """Return the line of the first statement behind the docstring and the imports from the future."""
    for node in tree.body:
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not text and not (isinstance(node, ast.ImportFrom) and node.module == "__future__"):
            decorators: list[ast.expr] = getattr(node, "decorator_list", [])
            return min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return 1


def read_sights(
    sites: Sequence[Site], revealed: Mapping[int, Mapping[int, str]]
) -> Iterator[tuple[Site, Sight]]:
    """Yield what a checker knows of `sites`; `revealed` are its types by line and column of the witness."""
    by_line: dict[int, list[Site]] = {}
    for site in sites:
        by_line.setdefault(site.place.line, []).append(site)
    for line, there in by_line.items():
        texts = [text for _, text in sorted(revealed.get(line + 1, {}).items())]
        if len(texts) == QUESTIONS * len(there):
            for index, site in enumerate(there):
                yield site, read_sight(*texts[QUESTIONS * index : QUESTIONS * (index + 1)])


def read_sight(maker: str, task: str, parameters: str) -> Sight:
    ours = True if "background" in maker else False if "foreign" in maker else None
    if ours is None or UNKNOWN_TASK.match(task):
        return Sight(ours, Grade.ANY)
    overload = OVERLOAD.match(parameters)
    texts = split_parameters(parameters[overload.end() :]) if overload else [parameters]
    found = [SIGNATURE.match(text) for text in texts]
    listed = [list(split_parameters(match.string[match.end() :])) if match else ["..."] for match in found]
    graded = [grade_parameters(parameters) for parameters in listed]
    worst = max((grade for grade, _ in graded), key=list(Grade).index)
    return Sight(ours, worst, next(untyped for grade, untyped in graded if grade is worst))


def split_parameters(text: str) -> Iterator[str]:
    """Yield the parameters in `text`, which begins behind the bracket that opens their list."""
    depth, start, quote = 0, 0, ""
    for index, char in enumerate(text):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in OPEN:
            depth += 1
        elif (char in CLOSED and depth == 0) or (char == "," and depth == 0):
            if part := text[start:index].strip():
                yield part
            start = index + 1
            if char in CLOSED:
                return
        elif char in CLOSED:
            depth -= 1


def grade_parameters(parameters: Sequence[str]) -> tuple[Grade, tuple[str, ...]]:
    real = [part for part in parameters if part not in {"*", "/"}]
    untyped = [part for part in real if part == "..." or kind_of(part) in UNKNOWN]
    if untyped and all(part == "..." or part.startswith("*") for part in real):
        return Grade.ERASED, ()
    names = tuple(part.partition(":")[0] for part in untyped)
    return (Grade.PARTLY, names) if untyped else (Grade.TYPED, ())


def kind_of(parameter: str) -> str:
    """Return the type in `a: int = 1`, `b: Any =`, `*Any` or `str`."""
    kind = parameter.partition(": ")[2] or parameter.lstrip("*")
    return kind.partition(" =")[0].strip()
