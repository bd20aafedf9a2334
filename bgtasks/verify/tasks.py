"""Which parameter takes a task, as the signatures of what is under test say."""

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TypeAlias

from bgtasks.checkers.meaning import by_name
from bgtasks.documents import decode, from_python
from bgtasks.files import absolute, read_whole, search
from bgtasks.model import Blamed
from bgtasks.surroundings.environment import read_environment
from bgtasks.verify.model import Plan

FORWARDS = re.compile(rb"\*\w+\s*:\s*[\"']?\w+\.args\b")
DEFINED = re.compile(rb"\b(?:def|class) +([^\s(:\[]+)")
FORWARDED = re.compile(r"""["']?(\w+)\.args["']?""")
CONSTRUCTORS = {"__init__", "__new__"}
# What is imported may be large, and no signature is worth reading all of it.
MOST = 2000

Index: TypeAlias = Mapping[str, Sequence[bytes]]


class Tasks:
    """
    The parameters that take a task: a callable of a ParamSpec whose arguments are taken behind it.

    Signatures are looked for when a function is blamed for the first time: in the cases, and else in
    what they import, or in its stubs.
    """

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.known: dict[Blamed, bool] = {}

    def have(self, blamed: Blamed) -> bool:
        """Tell whether a task is blamed; where no signature is found, by its name."""
        if blamed not in self.known:
            self.known[blamed] = self.look_up(blamed)
        return self.known[blamed]

    def look_up(self, blamed: Blamed) -> bool:
        found = False
        for signature in self.find(blamed.function):
            found = True
            if takes_task(signature, blamed.parameter):
                return True
        # pyright names no class with a constructor, so the one that is meant may be anywhere.
        unknown = not found or blamed.function in CONSTRUCTORS
        return unknown and by_name(blamed)

    def find(self, function: str) -> Iterator[ast.arguments]:
        """
        Yield the signatures of all that are called `function`, of the first module that has one.

        Where that is a case, the target has its say as well: the case may define an heir of it.
        """
        found = list(read_signatures(self.own, function))
        found += read_signatures(self.tested, function)
        yield from found or read_signatures(self.rest, function)

    @cached_property
    def own(self) -> Index:
        cases = (case.source.encode() for case in self.plan.cases)
        return index(chain(cases, (read(file) for _, file in self.plan.beside)))

    @cached_property
    def tested(self) -> Index:
        return index(self.imported([self.plan.target.module] if self.plan.target else []))

    @cached_property
    def rest(self) -> Index:
        tested = self.plan.target.module.partition(".")[0] if self.plan.target else ""
        modules = (module for case in self.plan.cases for module in case.imports)
        return index(self.imported(module for module in modules if module.partition(".")[0] != tested))

    def imported(self, names: Iterable[str]) -> Iterator[bytes]:
        """Yield the sources of the packages that these modules are in."""
        plan = self.plan
        modules = dict.fromkeys(name.partition(".")[0] for name in names)
        folders = [*plan.starts, *([plan.stubs] if plan.stubs else []), *installed(plan.python)]
        for module in modules:
            for folder in [typeshed()] if module in sys.stdlib_module_names else folders:
                for path in (folder / f"{module}-stubs", folder / module):
                    if path.is_dir():
                        files = search(path, (".py", ".pyi"), [])
                        yield from (read(file) for file, _ in zip(files, range(MOST), strict=False))
                for path in (folder / f"{module}.pyi", folder / f"{module}.py"):
                    if path.is_file():
                        yield read(path)


def index(sources: Iterable[bytes]) -> Index:
    """Return the sources in which each function and each class is defined, by its name."""
    found: defaultdict[str, list[bytes]] = defaultdict(list)
    for source in sources:
        for name in set(DEFINED.findall(source)):
            found[name.decode(errors="replace")].append(source)
    return found


def read_signatures(sources: Index, function: str) -> Iterator[ast.arguments]:
    """Yield the signatures in the first source that has some, and of a constructor in all."""
    for source in sources.get(function, ()):
        found = list(signatures_of(source, function))
        yield from found
        if found and function not in CONSTRUCTORS:
            return


def installed(python: Path) -> Iterable[Path]:
    return [Path(path) for path in read_environment(absolute(python)).paths]


def typeshed() -> Path:
    """Return the stubs of the standard library that came with mypy."""
    spec = find_spec("mypy")
    return Path(spec.origin).parent / "typeshed" / "stdlib" if spec and spec.origin else Path()


def read(file: Path) -> bytes:
    try:
        source = read_whole(file)
    except OSError:
        return b""
    return source if FORWARDS.search(source) else b""


def signatures_of(source: bytes, function: str) -> Iterator[ast.arguments]:
    """Yield the signatures of the functions of a name, and of the constructor of a class of that name."""
    try:
        tree = from_python(decode(source))
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == function:
            yield node.args
        elif isinstance(node, ast.ClassDef) and node.name == function:
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and part.name in CONSTRUCTORS:
                    yield part.args


def takes_task(signature: ast.arguments, parameter: str) -> bool:
    """Tell whether a signature takes a task and its arguments, and by this parameter unless that is ""."""
    found = FORWARDED.fullmatch(spell(signature.vararg))
    if found is None:
        return False
    if not parameter:
        return True
    arguments = [*signature.posonlyargs, *signature.args]
    if arguments and arguments[0].arg in {"self", "cls"}:
        arguments = arguments[1:]
    return any(
        parameter in {argument.arg, str(number)} and re.search(rf"\b{found[1]}\b", spell(argument))
        for number, argument in enumerate(arguments, 1)
    )


def spell(argument: ast.arg | None) -> str:
    return ast.unparse(argument.annotation) if argument and argument.annotation else ""
