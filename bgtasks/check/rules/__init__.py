"""What types cannot express about background tasks: a module for each rule, and all of them by code."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Protocol

from bgtasks.check.facts.app import App
from bgtasks.check.model import Finding, Rule
from bgtasks.check.rules import (
    after_yield,
    awaited_add,
    called_at_once,
    closed_resource,
    context_manager,
    dropped_by_response,
    dropped_in_helper,
    dropped_on_condition,
    dropped_on_raise,
    generator_function,
    ignored_background,
    injected_default,
    loop_variable,
    needs_event_loop,
    never_attached,
    never_injected,
    no_response,
    none_as_background,
    not_a_task,
    raised_in_task,
    replaced_background,
    shared_tasks,
    unawaited,
)
from bgtasks.wording import Pitfall


class RuleModule(Protocol):
    """One rule, and what finds where an app breaks it."""

    @property
    def RULE(self) -> Rule:  # noqa: N802 - it is a constant of the module
        """The rule."""
        ...

    def find(self, app: App, /) -> Iterator[Finding]:
        """Yield where `app` breaks the rule. Its docstring names the source of the rule."""
        ...


MODULES: tuple[RuleModule, ...] = (
    never_attached,
    never_injected,
    dropped_on_raise,
    dropped_by_response,
    none_as_background,
    awaited_add,
    after_yield,
    dropped_on_condition,
    closed_resource,
    no_response,
    ignored_background,
    replaced_background,
    shared_tasks,
    dropped_in_helper,
    generator_function,
    context_manager,
    unawaited,
    needs_event_loop,
    called_at_once,
    injected_default,
    loop_variable,
    not_a_task,
    raised_in_task,
)
RULES: Mapping[str, Rule] = MappingProxyType({module.RULE.code: module.RULE for module in MODULES})
RULES_OF_PITFALLS: Mapping[Pitfall, Rule] = MappingProxyType(
    {
        Pitfall.GENERATOR: generator_function.RULE,
        Pitfall.ASYNC_GENERATOR: generator_function.RULE,
        Pitfall.CONTEXT_MANAGER: context_manager.RULE,
        Pitfall.ASYNC_CONTEXT_MANAGER: context_manager.RULE,
        Pitfall.UNAWAITED: unawaited.RULE,
        Pitfall.NEEDS_LOOP: needs_event_loop.RULE,
        Pitfall.CALLED: called_at_once.RULE,
        Pitfall.COROUTINE: called_at_once.RULE,
    }
)
"""The rules that our mypy plugin knows, too, also of what the app does not define itself."""


def find_violations(app: App) -> Iterator[Finding]:
    """Yield where `app` breaks a rule, in order of path, line and code."""
    found = {finding for module in MODULES for finding in module.find(app)}
    yield from sorted(found, key=lambda each: (each.place.path, each.place.line, each.rule.code))
