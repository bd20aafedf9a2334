"""What types cannot express about background tasks: all rules by code, and what finds them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from bgtasks.check.code.resolve import Project
from bgtasks.check.facts.app import App, read_app
from bgtasks.check.model import Finding, Module, Rule
from bgtasks.check.rules import (
    after_yield,
    awaited_add,
    dropped_by_response,
    dropped_on_raise,
    never_attached,
    never_injected,
    none_as_background,
    pitfalls,
)

FINDERS: tuple[Callable[[App], Iterator[Finding]], ...] = (
    never_attached.find,
    never_injected.find,
    dropped_on_raise.find,
    dropped_by_response.find,
    none_as_background.find,
    awaited_add.find,
    after_yield.find,
    pitfalls.find,
)
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.code: rule
        for rule in (
            never_attached.RULE,
            never_injected.RULE,
            dropped_on_raise.RULE,
            dropped_by_response.RULE,
            none_as_background.RULE,
            awaited_add.RULE,
            after_yield.RULE,
            *pitfalls.BY_PITFALL.values(),
        )
    }
)


def find_violations(
    modules: Sequence[Module], fastapi: str | None = None, project: Project | None = None
) -> Iterator[Finding]:
    """
    Yield what breaks a rule in `modules`, in order of path, line and code.

    `fastapi` is the version that the app runs with; without it, what depends on the version is not
    reported. `project` keeps what has been read, as in `find_sites`.
    """
    app = read_app(modules, project or Project(), fastapi)
    found = {finding for find in FINDERS for finding in find(app)}
    yield from sorted(found, key=lambda each: (each.place.path, each.place.line, each.rule.code))
