"""What types cannot express about background tasks, one module a rule, and all rules by code."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from bgtasks.check.model import Finding, Module, Rule

RULES: Mapping[str, Rule] = MappingProxyType({})


def find_violations(modules: Sequence[Module], fastapi: str | None = None) -> Iterator[Finding]:
    """
    Yield what breaks a rule in `modules`, module by module from the top down.

    `fastapi` is the version that the app runs with, for what depends on it; None where it is not known.
    """
    del modules, fastapi
    yield from ()
