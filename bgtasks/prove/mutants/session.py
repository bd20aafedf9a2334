"""One run at the terminal: make the mutants, have them judged, weigh that against what is known."""

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bgtasks.checkers import NAMES
from bgtasks.claims.model import Case
from bgtasks.documents import DEEP, from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import absolute
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.prove.jobs import Job, Workers
from bgtasks.prove.mutants.definitions import find_definitions
from bgtasks.prove.mutants.equivalents import excuse, find_strangers, read_equivalents
from bgtasks.prove.mutants.making import make_mutants
from bgtasks.prove.mutants.model import MutationReport
from bgtasks.prove.mutants.modules import Module, Modules, find_files, name_of, read_source
from bgtasks.prove.mutants.run import Subject, try_mutants
from bgtasks.prove.mutants.suite import find_suite, prepare
from bgtasks.report.words import plural
from bgtasks.surroundings.environment import ask_python
from bgtasks.verify import find
from bgtasks.verify.settings import Settings

PACKED = {".py", ".pyi", ".typed"}


def mutate(
    paths: Sequence[Path],
    settings: Settings,
    imported: Target | None,
    *,
    workers: Workers,
    told: Callable[[str], None] = lambda _: None,
) -> MutationReport:
    """
    Judge the type tests that `settings` name by the mutants of the modules at `paths`.

    Where the tests import `imported`, they get the target of the settings. `told` hears how it goes.
    Raises `BgtasksError` where there is nothing to mutate, or nothing that tests it.
    """
    target = settings.target or DEFAULT_TARGET
    equivalents = read_equivalents(settings.cases)
    files = {absolute(file): file for path in paths for file in find_files(path)}
    cases = read_cases(settings, imported)
    roots = list(dict.fromkeys(name_of(file)[0] for file in files))
    _, installed = ask_python(settings.python)
    others = [absolute(settings.stubs)] if settings.stubs else []
    modules = Modules([*roots, *others, *map(Path, installed)])
    packages = {name: text for file in files for name, text in pack(file).items()}
    packages |= {name: text for folder in others for name, text in pack_stubs(folder).items()}
    subjects = [
        subject
        for file, shown in files.items()
        if (subject := make_subject(file, shown, cases, modules, target)).mutants
    ]
    if not subjects:
        raise BgtasksError(f"{paths[0]}: defines nothing that a type test could see changed")
    if not any(subject.suite.cases for subject in subjects):
        raise BgtasksError(
            f"no type test imports {subjects[0].suite.module.name}; name some that do with --cases, or what "
            "they are to import with --target"
        )
    count = sum(len(subject.mutants) for subject in subjects)
    told(f"{plural(count, 'mutant')} in {plural(len(subjects), 'module')}")
    # Elsewhere the worker's own interpreter stands for ours.
    python = None if settings.python == Path(sys.executable) else settings.python
    job = Job("", (), target, packages=packages, python=python, timeout=settings.timeout)
    scores = try_mutants(subjects, settings.checkers, modules, job, workers=workers, told=told)
    excused = [excuse(score, equivalents) for score in scores]
    known = {subject.suite.module.name for subject in subjects}
    mutants = tuple(mutant for subject in subjects for mutant in subject.mutants)
    return MutationReport(
        mutants,
        tuple(score for score, _ in excused),
        (*(line for _, stale in excused for line in stale), *find_strangers(equivalents, mutants, known)),
    )


def read_cases(settings: Settings, imported: Target | None) -> list[Case]:
    """Return the type tests, as they are laid out. Raises `BgtasksError` where one cannot be read."""
    if not settings.cases:
        raise BgtasksError(
            "no type tests named; give a file or a folder with --cases, or set cases in [tool.bgtasks]"
        )
    suite = find.find_suite(settings.cases, NAMES)
    if suite.errors:
        raise suite.errors[0]
    # A document shows the library; it is no suite of tests.
    found = [case for case in suite.cases if not case.section]
    find.require_claims(found)
    target = settings.target or DEFAULT_TARGET
    return [prepare(case, imported or DEFAULT_TARGET, target) for case in found]


def make_subject(file: Path, shown: Path, cases: Sequence[Case], modules: Modules, target: Target) -> Subject:
    """Return a module with its mutants, and with the cases that reach it."""
    root, name = name_of(file)
    source = read_source(file)
    module = Module(name, file, source)
    modules.found[name] = module
    try:
        mutants = tuple(make_mutants(source, name, shown))
        found = target if modules.find(target.module) else Target(name, pick(from_python(source)))
    except RecursionError:
        raise BgtasksError(f"{shown}: {DEEP}") from None
    return Subject(
        find_suite(module, cases if mutants else (), modules), mutants, found, place_of(file, root)
    )


def pick(tree: ast.Module) -> str:
    """Return what is best imported to show that a module is found: of a variable the type may be Any."""
    definitions = [one for one in find_definitions(tree) if "." not in one.name]
    plain = [one for one in definitions if not isinstance(one.nodes[0], ast.AnnAssign)]
    return next((one.name for one in [*plain, *definitions]), "")


def pack(file: Path) -> dict[str, str]:
    """
    Return the files of the package that a module is of, by the path that each has in an environment.

    There a checker reads only what says that it is typed.
    """
    root, _ = name_of(file)
    top = root / file.relative_to(root).parts[0]
    if top.name.endswith("-stubs"):
        return pack_stubs(root)
    marked = {f"{top.stem}/py.typed": ""}
    if top.is_dir():
        return marked | dict(pack_folder(root, top))
    return marked | {place_of(top, root): read_source(top)}


def place_of(file: Path, root: Path) -> str:
    """Return where a module lies in an environment: one alone is a package there, which can be marked."""
    lone = f"{file.stem}/__init__{file.suffix}"
    return lone if file.parent == root else file.relative_to(root).as_posix()


def pack_stubs(folder: Path) -> dict[str, str]:
    return {
        name: text for stubs in sorted(folder.glob("*-stubs")) for name, text in pack_folder(folder, stubs)
    }


def pack_folder(root: Path, folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in PACKED and path.is_file():
            yield path.relative_to(root).as_posix(), read_source(path)
