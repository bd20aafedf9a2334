"""What the rules look at."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.check.code import Names, Project, open_module
from bgtasks.check.facts.backgrounds import find_unfit
from bgtasks.check.facts.beyond import find_beyond
from bgtasks.check.facts.forwarders import find_forwarded
from bgtasks.check.facts.handmade import Handmade, find_handmade
from bgtasks.check.facts.pitfalls import Judged, judge_tasks
from bgtasks.check.facts.routes import Called, find_called
from bgtasks.check.facts.sites import Site, find_sites
from bgtasks.check.facts.tasks import Task, find_tasks
from bgtasks.check.facts.values import find_values
from bgtasks.check.facts.vocabulary import VOCABULARY
from bgtasks.check.files.source import SourceError
from bgtasks.check.model import Module
from bgtasks.surroundings.frameworks import Framework, Frameworks


@dataclass(frozen=True, slots=True, eq=False)
class App:
    """
    The modules of an app, their call sites, what FastAPI calls, and the tasks that are made by hand.

    `tasks` are the functions that become tasks, where they are written, and `judged` those that do
    nothing, whatever a checker says of the call. `broken` are the files that were wanted to tell all this
    and are no Python. `fastapi` and `starlette` tell which version the app
    runs with; a rule that depends on it asks `when`.
    """

    modules: Sequence[Names]
    sites: Sequence[Site]
    called: Sequence[Called]
    handmade: Sequence[Handmade]
    tasks: Sequence[Task]
    judged: Sequence[Judged]
    broken: Mapping[Path, SourceError]
    fastapi: Framework
    starlette: Framework


def read_app(
    modules: Sequence[Module],
    frameworks: Frameworks | None = None,
    bases: Sequence[Path] = (),
    installed: Sequence[Path] = (),
) -> App:
    """
    Read `modules`; those without a call site, a route or a `Depends` add nothing.

    Their imports start from the folders around them, and from `bases`. What they hand tasks to is read
    wherever it lies in the app, and only its calls in `modules` are call sites. Of packages in one of the
    folders `installed` it is read what they say of functions that become tasks.
    """
    project = Project(VOCABULARY, tuple(bases), tuple(installed))
    names = [open_module(module, project) for module in modules]
    found = [*(site for each in names for site in find_sites(each)), *find_values(names)]
    position = {each: index for index, each in enumerate(names)}

    def in_order(sites: Iterable[Site]) -> list[Site]:
        return sorted(sites, key=lambda one: (position[one.names], one.call.lineno, one.call.col_offset))

    handmade = [made for each in names for made in find_handmade(each)]
    beyond = find_beyond(names)
    seeds = [*in_order(found), *(site for each in beyond for site in find_sites(each))]
    tasks = [task for task in find_tasks(seeds, [*names, *beyond]) if task.names in position]
    forwarded = list(find_forwarded(tasks))
    unfit = [site for each in names for site in find_unfit(each)]
    sure = {site.call for site in found if site.sure}
    forwarded = [site for site in forwarded if site.call not in sure]
    calls = {site.call for site in forwarded}
    sites = in_order([*(site for site in found if site.call not in calls), *forwarded, *unfit])
    judged = list(judge_tasks(tasks))
    known = frameworks or Frameworks()
    called = find_called(names)
    return App(names, sites, called, handmade, tasks, judged, project.broken, known.fastapi, known.starlette)
