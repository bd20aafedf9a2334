"""What `pytest --bgtasks` collects: files of type tests, and of each the claims under each checker."""

import importlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import pytest

from bgtasks.checkers import CHECKERS, NAMES
from bgtasks.checkers.sandbox import find_cache
from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case, Claim, Outcome, Verdict
from bgtasks.errors import BgtasksError
from bgtasks.files import is_searched
from bgtasks.model import DEFAULT_TARGET, Target
from bgtasks.report.words import label
from bgtasks.streams import tame
from bgtasks.verify.around import default_target, find_starts, leave_project
from bgtasks.verify.find import MARKDOWN, base_of, find_beside, place, read_text, require_claims
from bgtasks.verify.model import Plan, Result
from bgtasks.verify.pytest_options import aim, as_options, read_options
from bgtasks.verify.reporters.words import claimed, reasons, said
from bgtasks.verify.run import verify
from bgtasks.verify.settings import (
    Settings,
    load_settings,
)


class TypeTests:
    """The hooks, and the batch: each checker is asked once, when the first item wants to know."""

    def __init__(self, config: pytest.Config) -> None:
        """Raise `BgtasksError` for an option or a setting that cannot be, and where no path is given."""
        saved = load_settings(config.invocation_params.dir)
        self.imported: Target = saved.target or DEFAULT_TARGET
        self.settings: Settings = read_options(config, saved)
        if config.args_source is not config.ArgsSource.ARGS:
            if not saved.cases:
                raise BgtasksError("name the type tests to check, as in pytest --bgtasks typetests")
            config.args = [str(path) for path in saved.cases if path.suffix != MARKDOWN]
        folder = config.invocation_params.dir
        config.args = [aim(arg, folder, ignores=self.settings.ignores_are_claims) for arg in config.args]
        names = frozenset(self.settings.checkers)
        self.gates: frozenset[str] = self.settings.gating & names or names
        self.given: dict[Path, None] = {}
        self.files: dict[Path, Path] = {}
        self.cases: dict[Path, Case] = {}
        self.answers: Answers | BgtasksError | None = None
        config.stash[TYPE_TESTS] = self

    def pytest_report_header(self) -> str:
        subject = self.settings.target or "type tests"
        return f"bgtasks: {subject} under {', '.join(self.settings.checkers)}"

    # Python's own collector of a package would import its __init__.py.
    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector:
        return pytest.Dir.from_parent(parent, path=path)

    # A wrapper, since other plugins would collect the same files in order to run them.
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        others = yield
        given = [path for path in (file_path, *file_path.parents) if parent.session.isinitpath(path)]
        if file_path.suffix != ".py" or not given:
            return others
        folder = given[-1] if given[-1] != file_path else file_path.parent
        if not all(map(is_searched, file_path.relative_to(folder).parts)):
            return []
        self.given[given[-1]] = None
        module = place(file_path, base_of(folder))
        self.files.setdefault(module, file_path)
        file: CaseFile = cast("Any", CaseFile).from_parent(parent, path=file_path)
        file.module = module
        return [file]

    # One batch is one process, so the items stay together; --dist=each wants them everywhere.
    @pytest.hookimpl(optionalhook=True, tryfirst=True)
    def pytest_xdist_make_scheduler(self, config: pytest.Config, log: object) -> object:
        if config.getoption("dist") == "each":
            return None

        def scope(_scheduler: object, _nodeid: str) -> str:
            return "bgtasks"

        spread: Any = importlib.import_module("xdist.scheduler").LoadScopeScheduling
        together: Any = type("Together", (spread,), {"_split_scope": scope})
        return together(config, log)

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

    def answer(self, session: pytest.Session) -> "Answers":
        """Return what the batch has brought. Raises `BgtasksError` when there is none."""
        if self.answers is None:
            try:
                self.answers = Answers(self.ask(session))
            except BgtasksError as error:
                self.answers = error
        if isinstance(self.answers, BgtasksError):
            raise self.answers
        return self.answers

    def ask(self, session: pytest.Session) -> Sequence[Result]:
        """Ask those checkers that have an item, over all files, since one may import another."""
        wanted = {item.checker for item in session.items if isinstance(item, ClaimItem)}
        for module, file in self.files.items():
            with suppress(BgtasksError):  # an error of the collection, unless pytest skipped the file
                self.read(module, file)
        cases, settings = list(self.cases.values()), self.settings
        require_claims(cases)
        starts = find_starts(list(self.given), cases, settings.python, settings.paths)
        beside = {module: file for path in self.given for module, file in find_beside(path)}
        plan = Plan(
            leave_project(cases, starts),
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


SILENT = "silent"
TYPE_TESTS = pytest.StashKey[TypeTests]()


class CaseFile(pytest.File):
    """A case; its items are its claims, and its silence elsewhere, under each checker."""

    module: Path

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items, in the order of the file."""
        tests = self.config.stash[TYPE_TESTS]
        try:
            case = tests.read(self.module, self.path)
        except BgtasksError as error:
            raise self.CollectError(str(error)) from None
        for claim in (*case.claims, None):
            for version in tests.settings.python_versions or ("",):
                for platform in tests.settings.platforms or ("",):
                    for checker in tests.settings.checkers:
                        yield self.item(case, claim, checker, (version, platform))

    def item(self, case: Case, claim: Claim | None, checker: str, asked: tuple[str, str]) -> "ClaimItem":
        run = "-".join(filter(None, (checker, *asked)))
        name = f"{claim.line if claim else SILENT}[{run}]"
        # The node id is said, since --lf of pytest 9.2 does not find again one that it made of such a name.
        item: ClaimItem = cast("Any", ClaimItem).from_parent(self, name=name, nodeid=f"{self.nodeid}::{name}")
        item.case, item.claim, item.checker = case, claim, checker
        item.version, item.platform = asked
        item.extra_keyword_matches.update((str(claim), claim.group) if claim else (SILENT,))
        return item


class ClaimItem(pytest.Item):
    """A claim under a checker; without a claim, the statements that must draw no diagnostic."""

    case: Case
    claim: Claim | None
    checker: str
    version: str
    platform: str

    def setup(self) -> None:
        """Have the batch run. What keeps it from concluding anything is an error and no failure."""
        try:
            answers = self.config.stash[TYPE_TESTS].answer(self.session)
            run = answers.result(self).run
            trouble = run.failure or dict(run.aside).get(self.case.path)
            if not trouble and any(each.outcome is Outcome.NOT_LOOKED_AT for each in answers.verdicts(self)):
                trouble = "does not look at this claim; ask for where it is reached"
            trouble = trouble and f"{label(run)}: {trouble}"
        except BgtasksError as error:
            trouble = str(error)
        if trouble:
            pytest.fail(as_options(trouble), pytrace=False)

    def runtest(self) -> None:
        """Fail unless the checker met the claim, as a gap is expected to."""
        tests = self.config.stash[TYPE_TESTS]
        answers = tests.answer(self.session)
        result, verdicts = answers.result(self), answers.verdicts(self)
        if any(verdict.outcome is Outcome.ELSEWHERE for verdict in verdicts):
            pytest.skip(f"{label(result.run)} does not reach this claim, another run does")
        for verdict in verdicts:
            if verdict.outcome is Outcome.GAP:
                self.add_marker(pytest.mark.xfail(reason="; ".join(reasons(verdict, result.run))))
        bad = [verdict for verdict in verdicts if verdict.outcome is not Outcome.MET]
        if bad and self.checker not in tests.gates:
            self.add_marker(pytest.mark.xfail(reason=f"{self.checker} does not gate"))
        if bad:
            pytest.fail("\n\n".join(self.explain(verdict, result) for verdict in bad), pytrace=False)

    def explain(self, verdict: Verdict, result: Result) -> str:
        """Return what was claimed, what was said, the place, and the statement."""
        span = self.case.span_at(verdict.line)
        first, last = (span.first, span.last) if span else (verdict.line, verdict.line)
        lines = self.case.source.split("\n")[first - 1 : last]
        text = "\n".join(
            [
                f"{claimed(verdict)}, {label(result.run)} {said(verdict)}",
                f"{verdict.path}:{verdict.line}:",
                *(f"{number:6}  {line}" for number, line in enumerate(lines, first)),
            ]
        )
        return tame(text)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the file, the line counted from 0, and the headline."""
        return self.path, self.claim.line - 1 if self.claim else 0, f"{self.case.path}::{self.name}"


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

    def result(self, item: ClaimItem) -> Result:
        return self.results[item.checker, item.version, item.platform]

    def verdicts(self, item: ClaimItem) -> list[Verdict]:
        """Return what concerns an item; a claim without a verdict is no pass but a KeyError."""
        line = item.claim.line if item.claim else 0
        place = (item.checker, item.version, item.platform, item.case.path, line)
        return self.places[place] if item.claim else self.places.get(place, [])


def shorten(path: Path) -> Path:
    """Return `path` as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
