"""What is asked for `pytest --bgtasks`: of each suite all at once, when the first item wants to know."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path

from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.checkers.sandbox import find_cache
from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case, Claim, Verdict
from bgtasks.errors import BgtasksError
from bgtasks.model import Target
from bgtasks.verify.around import default_target, find_starts, leave_project
from bgtasks.verify.find import find_beside, read_text, require_claims
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.run import verify
from bgtasks.verify.settings import Settings


class Batch:
    """
    The cases of a suite, and what each checker says of all of them.

    `files` are those of the suite by where they are laid out, `given` the paths that they were found at.
    """

    def __init__(self, settings: Settings, imported: Target) -> None:
        self.settings = settings
        self.imported = imported
        names = frozenset(settings.checkers)
        self.gates: frozenset[str] = settings.gating & names or names
        self.given: dict[Path, None] = {}
        self.files: dict[Path, Path] = {}
        self.cases: dict[Path, Case] = {}
        self.answers: Answers | BgtasksError | None = None

    def read(self, module: Path, file: Path) -> Case:
        """Read one case, once. Raises `BgtasksError` when that cannot be."""
        if file not in self.cases:
            path = shorten(file)
            if self.files[module] != file:
                other = shorten(self.files[module])
                raise BgtasksError(f"{path}: is the module {module} and so is {other}; check them apart")
            self.cases[file] = read_case(
                path,
                module,
                read_text(path),
                frozenset(NAMES),
                ignores=self.settings.ignores_are_claims,
            )
        return self.cases[file]

    def answer(self, wanted: AbstractSet[str], others: Mapping[Path, Path]) -> "Answers":
        """
        Return what the `wanted` checkers say; the cases may import `others`, by where they are laid out.

        Raises `BgtasksError` when there is no answer.
        """
        if self.answers is None:
            try:
                self.answers = Answers(self.ask(wanted, others))
            except BgtasksError as error:
                self.answers = error
        if isinstance(self.answers, BgtasksError):
            raise self.answers
        return self.answers

    def ask(self, wanted: AbstractSet[str], others: Mapping[Path, Path]) -> Sequence[Result]:
        """Ask checkers over all files, since one may import another."""
        for module, file in self.files.items():
            with suppress(BgtasksError):  # an error of the collection, unless pytest skipped the file
                self.read(module, file)
        cases, settings = list(self.cases.values()), self.settings
        require_claims(cases)
        starts = find_starts(list(self.given), cases, settings.python, settings.paths)
        beside = {module: file for path in self.given for module, file in find_beside(path)} | dict(others)
        plan = Plan(
            leave_project(cases, starts, list(self.given)),
            settings.target or default_target(cases),
            settings.python,
            self.imported,
            settings.stubs,
            find_cache(),
            tuple((module, file) for module, file in sorted(beside.items()) if module not in self.files),
            starts,
            settings.options,
        )
        return verify(
            plan,
            [CHECKERS[name] for name in settings.checkers if name in wanted],
            python_versions=settings.python_versions,
            platforms=settings.platforms,
            timeout=settings.timeout,
        )


class Answers:
    """The results of a batch, each with its verdicts by place."""

    def __init__(self, results: Sequence[Result]) -> None:
        self.results: dict[tuple[str, str, str], Result] = {}
        self.places: dict[tuple[str, str, str, Path, int], list[Verdict]] = {}
        for result in results:
            run = result.run
            # An item that names no version has asked for the only one.
            for version in (run.python_version, ""):
                asked = (run.checker, version, run.platform)
                self.results[asked] = result
                for verdict in result.verdicts:
                    line = verdict.claim.line if verdict.claim else 0
                    self.places.setdefault((*asked, verdict.path, line), []).append(verdict)

    def verdicts(self, asked: tuple[str, str, str], path: Path, claim: Claim | None) -> list[Verdict]:
        """Return what concerns a claim, or silence; a claim without a verdict is no pass but a KeyError."""
        place = (*asked, path, claim.line if claim else 0)
        return self.places[place] if claim else self.places.get(place, [])


def shorten(path: Path) -> Path:
    """Return `path` as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
