"""What the rules look at."""

from collections.abc import Sequence
from dataclasses import dataclass

from packaging.version import InvalidVersion, Version

from bgtasks.check.code.names import Names
from bgtasks.check.code.resolve import Project
from bgtasks.check.facts.handmade import Handmade, find_handmade
from bgtasks.check.facts.routes import Called, find_called
from bgtasks.check.facts.sites import Site, read_sites
from bgtasks.check.model import Module


@dataclass(frozen=True, slots=True, eq=False)
class App:
    """
    The modules of an app, their call sites, what FastAPI calls, and the tasks that are made by hand.

    `fastapi` is the version that the app runs with, None where it is not known.
    """

    project: Project
    modules: Sequence[Names]
    sites: Sequence[Site]
    called: Sequence[Called]
    handmade: Sequence[Handmade]
    fastapi: Version | None


def read_app(modules: Sequence[Module], project: Project, fastapi: str | None) -> App:
    """Read `modules` for the rules; those without a call site, a route or a `Depends` add nothing."""
    names = [project.names_of(module) for module in modules]
    sites = [site for each in names for site in read_sites(each, project)]
    handmade = [made for each in names for made in find_handmade(each, project)]
    called = find_called(names, project)
    return App(project, names, sites, called, handmade, read_version(fastapi))


def read_version(text: str | None) -> Version | None:
    try:
        return Version(text) if text is not None else None
    except InvalidVersion:
        return None
