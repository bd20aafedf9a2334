"""What the rules look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from packaging.version import InvalidVersion, Version

from bgtasks.check.code import Names, Project, open_module
from bgtasks.check.facts.handmade import Handmade, find_handmade
from bgtasks.check.facts.pitfalls import Judged, judge_tasks
from bgtasks.check.facts.routes import Called, find_called
from bgtasks.check.facts.sites import Site, find_sites
from bgtasks.check.facts.tasks import Task, find_tasks
from bgtasks.check.facts.vocabulary import VOCABULARY
from bgtasks.check.model import Module


@dataclass(frozen=True, slots=True, eq=False)
class App:
    """
    The modules of an app, their call sites, what FastAPI calls, and the tasks that are made by hand.

    `tasks` are the functions that become tasks, where they are written. `judged` are those that do
    nothing, whatever a checker says of the call. `fastapi` is the
    version that the app runs with, None where it is not known.
    """

    modules: Sequence[Names]
    sites: Sequence[Site]
    called: Sequence[Called]
    handmade: Sequence[Handmade]
    tasks: Sequence[Task]
    judged: Sequence[Judged]
    fastapi: Version | None


def read_app(modules: Sequence[Module], fastapi: str | None = None, bases: Sequence[Path] = ()) -> App:
    """
    Read `modules`; those without a call site, a route or a `Depends` add nothing.

    Their imports start from the folders around them, and from `bases`.
    """
    project = Project(VOCABULARY, tuple(bases))
    names = [open_module(module, project) for module in modules]
    sites = [site for each in names for site in find_sites(each)]
    handmade = [made for each in names for made in find_handmade(each)]
    tasks = list(find_tasks(sites, names))
    judged = list(judge_tasks(tasks))
    return App(names, sites, find_called(names), handmade, tasks, judged, read_version(fastapi))


def read_version(text: str | None) -> Version | None:
    try:
        return Version(text) if text is not None else None
    except InvalidVersion:
        return None
