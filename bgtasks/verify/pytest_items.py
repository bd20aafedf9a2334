"""What `pytest --bgtasks` collects: files of type tests, and of each the claims under each checker."""

import importlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from bgtasks.claims.model import Case, Claim, Outcome, Verdict
from bgtasks.errors import BgtasksError
from bgtasks.files import is_searched
from bgtasks.model import DEFAULT_TARGET
from bgtasks.report.words import label
from bgtasks.streams import tame
from bgtasks.verify.find import MARKDOWN, base_of, place
from bgtasks.verify.model import Result
from bgtasks.verify.pytest_batch import Answers, Batch
from bgtasks.verify.pytest_options import aim, as_options, read_options
from bgtasks.verify.reporters.words import claimed, reasons, said
from bgtasks.verify.settings import load_settings
from bgtasks.verify.suites import find_owners


class TypeTests:
    """The hooks, and a batch for each suite of the settings."""

    def __init__(self, config: pytest.Config) -> None:
        """Raise `BgtasksError` for an option or a setting that cannot be, and where no path is given."""
        folder = config.invocation_params.dir
        saved = load_settings(folder)
        self.saved = saved
        every = [read_options(config, suite) for suite in (saved, *saved.suites)]
        imported = saved.target or DEFAULT_TARGET
        self.batches: dict[str, Batch] = {settings.name: Batch(settings, imported) for settings in every}
        if config.args_source is not config.ArgsSource.ARGS:
            cases = dict.fromkeys(path for settings in every for path in settings.cases)
            if not cases:
                raise BgtasksError("name the type tests to check, as in pytest --bgtasks typetests")
            config.args = [str(path) for path in cases if path.suffix != MARKDOWN]
        config.args = [self.aim(argument, folder) for argument in config.args]
        config.stash[TYPE_TESTS] = self

    def aim(self, argument: str, folder: Path) -> str:
        """Return an argument with the line of a claim for any line of its statement."""
        file = folder / argument.partition("::")[0]
        batch = self.batches_of(file)[0]
        return aim(argument, folder, ignores=batch.settings.ignores_are_claims)

    def batches_of(self, file: Path) -> list[Batch]:
        return [self.batches[suite.name] for suite in find_owners(self.saved, file)]

    def pytest_report_header(self) -> list[str]:
        with_files = [batch.settings for batch in self.batches.values() if batch.settings.cases]
        settings = with_files or [self.batches[""].settings]
        return [
            f"bgtasks: {each.name or each.target or 'type tests'} under {', '.join(each.checkers)}"
            for each in settings
        ]

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
        module = place(file_path, base_of(folder))
        for batch in self.batches_of(file_path):
            batch.given[given[-1]] = None
            batch.files.setdefault(module, file_path)
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

    def answer(self, item: "ClaimItem") -> Answers:
        """Return what those checkers say that have an item in the suite of this one."""
        items = [other for other in item.session.items if isinstance(other, ClaimItem)]
        wanted = {other.checker for other in items if other.batch is item.batch}
        others = {
            module: file
            for batch in self.batches.values()
            for module, file in batch.files.items()
            if item.batch.given.keys() & batch.given.keys()
        }
        return item.batch.answer(wanted, others)


SILENT = "silent"
TYPE_TESTS = pytest.StashKey[TypeTests]()


class CaseFile(pytest.File):
    """A case; its items are its claims, and its silence elsewhere, under each checker."""

    module: Path

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items, in the order of the file."""
        for batch in self.config.stash[TYPE_TESTS].batches_of(self.path):
            yield from self.items_of(batch)

    def items_of(self, batch: Batch) -> "Iterator[ClaimItem]":
        try:
            case = batch.read(self.module, self.path)
        except BgtasksError as error:
            raise self.CollectError(tame(str(error))) from None
        for claim in (*case.claims, None):
            for version in batch.settings.python_versions or ("",):
                for platform in batch.settings.platforms or ("",):
                    for checker in batch.settings.checkers:
                        yield self.item(batch, case, claim, (checker, version, platform))

    def item(self, batch: Batch, case: Case, claim: Claim | None, asked: tuple[str, str, str]) -> "ClaimItem":
        run = "-".join(filter(None, (*asked, batch.settings.name)))
        name = f"{claim.line if claim else SILENT}[{run}]"
        # The node id is said, since --lf of pytest 9.2 does not find again one that it made of such a name.
        item: ClaimItem = cast("Any", ClaimItem).from_parent(self, name=name, nodeid=f"{self.nodeid}::{name}")
        item.batch, item.case, item.claim, item.asked = batch, case, claim, asked
        item.extra_keyword_matches.update((str(claim), claim.group) if claim else (SILENT,))
        return item


class ClaimItem(pytest.Item):
    """A claim under a checker; without a claim, the statements that must draw no diagnostic."""

    batch: Batch
    case: Case
    claim: Claim | None
    asked: tuple[str, str, str]

    @property
    def checker(self) -> str:
        return self.asked[0]

    def setup(self) -> None:
        """Have the batch run. What keeps it from concluding anything is an error and no failure."""
        try:
            run = self.find_answers().results[self.asked].run
            trouble = run.failure or dict(run.aside).get(self.case.path)
            if not trouble and any(each.outcome is Outcome.NOT_LOOKED_AT for each in self.find_answer()[1]):
                trouble = "does not look at this claim; ask for where it is reached"
            trouble = trouble and f"{label(run)}: {trouble}"
        except BgtasksError as error:
            trouble = str(error)
        if trouble:
            pytest.fail(tame(as_options(trouble)), pytrace=False)

    def runtest(self) -> None:
        """Fail unless the checker met the claim, as a gap is expected to."""
        result, verdicts = self.find_answer()
        if any(verdict.outcome is Outcome.ELSEWHERE for verdict in verdicts):
            pytest.skip(f"{label(result.run)} does not reach this claim, another run does")
        for verdict in verdicts:
            if verdict.outcome is Outcome.GAP:
                self.add_marker(pytest.mark.xfail(reason=tame("; ".join(reasons(verdict, result.run)))))
        bad = [verdict for verdict in verdicts if verdict.outcome is not Outcome.MET]
        if bad and self.checker not in self.batch.gates:
            self.add_marker(pytest.mark.xfail(reason=f"{self.checker} does not gate"))
        if bad:
            pytest.fail("\n\n".join(self.explain(verdict, result) for verdict in bad), pytrace=False)

    def find_answers(self) -> Answers:
        """Return what all runs say. Raises `BgtasksError`."""
        return self.config.stash[TYPE_TESTS].answer(self)

    def find_answer(self) -> tuple[Result, list[Verdict]]:
        """Return the run that is asked for, and what of it concerns this item. Raises `BgtasksError`."""
        answers = self.find_answers()
        return answers.results[self.asked], answers.verdicts(self.asked, self.case.path, self.claim)

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
        """
        Return the file, the line counted from 0, and the headline.

        That is not the end of the node id, of which pytest would make `::` of each dot.
        """
        _, _, run = self.name.partition("[")
        place = f"{self.case.path}:{self.claim.line}" if self.claim else f"{self.case.path}, {SILENT}"
        return self.path, self.claim.line - 1 if self.claim else 0, f"{place}, under {run.removesuffix(']')}"
