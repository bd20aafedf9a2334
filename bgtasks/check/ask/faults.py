"""One thing that is wrong in a call, whoever says it, and the finding that comes of it."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from bgtasks.check.ask.doubts import OF_FUNCTIONS, Certainty, given_type, judge
from bgtasks.check.ask.kinds import (
    BY_KIND,
    INFERRED,
    MAY_BE_NONE,
    PLUGIN_DEFAULT,
    REBOUND,
    TYPE_ERROR,
    code_before,
)
from bgtasks.check.ask.parameters import (
    find_parameter,
    is_inferred,
    is_inferred_value,
    is_joined,
    is_of_decorated,
    is_of_unknown_length,
    is_tested,
    value_of,
)
from bgtasks.check.ask.shapes import exact_kind, names_in
from bgtasks.check.ask.spots import Spot, kinds_of
from bgtasks.check.code import Parameter, find_callee, is_none, last_name
from bgtasks.check.facts.models import takes
from bgtasks.check.facts.sites import Site
from bgtasks.check.model import Finding, Place, Rule
from bgtasks.model import CALL_KINDS, Diagnostic, Kind
from bgtasks.wording import Pitfall, find_pitfall

HOLDING_TO_FIRST = {"mypy", "zuban"}
# What gives its second argument where it has nothing else.
DEFAULTING = {"get", "getenv", "pop"}
MISSING, UNKNOWN = Kind.MISSING_ARGUMENT, Kind.UNKNOWN_KEYWORD


@dataclass(slots=True, eq=False)
class Fault:
    """One thing that is wrong at `spot`, and who says it in which words; `kinds` are those that all mean."""

    spot: Spot
    kinds: frozenset[Kind]
    said: list[tuple[str, Diagnostic]] = field(default_factory=list[tuple[str, Diagnostic]])

    @property
    def by(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(checker for checker, _ in self.said))

    @property
    def names(self) -> set[str]:
        """The parameters that are named."""
        return {name for _, one in self.said for name in names_in(one, self.spot.owner)}

    def join(self, checker: str, diagnostic: Diagnostic, spot: Spot) -> None:
        self.said.append((checker, diagnostic))
        self.kinds = self.kinds & kinds_of(diagnostic) or self.kinds
        if holds(self.spot.place, spot.place):
            self.spot = spot


def finding_of(fault: Fault, site: Site, rules: Mapping[Pitfall, Rule]) -> Finding:
    first = fault.said[0][1]
    place = fault.spot.place
    return Finding(
        rule_of(fault, site, rules),
        place,
        message_of(first, fault.said[0][0]),
        fault.by,
        code_before(first.kinds),
        site.place if place != site.place else None,
    )


def rule_of(fault: Fault, site: Site, rules: Mapping[Pitfall, Rule]) -> Rule:
    """Return the code of a fault: that of a doubt, if no checker says more; else that of its kind."""
    if doubt := doubt_of(fault, site):
        return doubt
    if fault.spot.nested or not fault.kinds:
        return TYPE_ERROR
    for _, diagnostic in fault.said:
        pitfall = find_pitfall(diagnostic.message)
        if pitfall is not None and pitfall in rules:
            return rules[pitfall]
    return BY_KIND[exact_kind(fault.kinds & CALL_KINDS, fault.spot, site, [one for _, one in fault.said])]


def doubt_of(fault: Fault, site: Site) -> Rule | None:
    """Return the code of the doubt that is all there is to a fault, None where there is more."""
    judged = [judge(diagnostic) for _, diagnostic in fault.said]
    doubt = next((each for each in judged if isinstance(each, Rule)), None)
    if doubt is not None and Certainty.SURE not in judged:
        return doubt
    shown = {
        PLUGIN_DEFAULT: is_open_model,
        REBOUND: is_rebound,
        INFERRED: is_inferred_type,
        MAY_BE_NONE: is_possible_none,
    }
    return next((rule for rule, is_shown in shown.items() if is_shown(fault, site)), None)


def is_open_model(fault: Fault, site: Site) -> bool:
    """Tell whether the call makes a model that may well take what it is given."""
    if not fault.kinds & {MISSING, UNKNOWN}:
        return False
    unknown = fault.names if UNKNOWN in fault.kinds else set[str]()
    return takes(fault.spot.owner, site.names, fault.names - unknown, unknown)


def is_rebound(fault: Fault, site: Site) -> bool:
    """
    Tell whether all hangs on a name that is bound to something else by then.

    A checker holds it to its annotation; where it has none, mypy and zuban hold it to the first value.
    """
    match fault.spot.node:
        case ast.Attribute(value=ast.Name() as name) if not fault.kinds:
            meant = Kind.UNKNOWN_ATTRIBUTE
        case (ast.Name() as name) | ast.keyword(value=ast.Name() as name):
            meant = Kind.ARGUMENT_TYPE
        case _:
            return False
    bound = site.names.bindings(name)
    annotations = [
        each.node.annotation if isinstance(each, Parameter) else getattr(each, "annotation", None)
        for each in bound
    ]
    said = all(diagnostic.kinds == frozenset({meant}) for _, diagnostic in fault.said)
    by_first = len(bound) > 1 and set(fault.by) <= HOLDING_TO_FIRST
    return said and None in annotations and (any(annotations) or by_first)


def is_inferred_type(fault: Fault, site: Site) -> bool:
    """Tell whether a type is wrong only by what a checker infers: a default, a result, what is unpacked."""
    if not means_type(fault) and fault.kinds:
        return False
    found = find_parameter(fault.spot, site) if fault.kinds else None
    inferred = found is not None and is_inferred(found[0])
    if is_of_unknown_length([given_type(diagnostic) for _, diagnostic in fault.said], fault.spot):
        return True
    value = value_of(fault.spot.node)
    if is_of_decorated(value, site.names):
        return {diagnostic.rule for _, diagnostic in fault.said} == {OF_FUNCTIONS}
    joined = all(given_type(diagnostic) == "object" for _, diagnostic in fault.said)
    return inferred or is_inferred_value(value, site.names) or (joined and is_joined(value, site.names))


def is_possible_none(fault: Fault, site: Site) -> bool:
    """
    Tell whether None is given where it may well do.

    That is so where the task itself looks whether it is None, and of the default in `headers.get(key, None)`,
    of which mypy says that it is to be what the task takes.
    """
    if not means_type(fault) or not all(given_type(diagnostic) == "None" for _, diagnostic in fault.said):
        return False
    owner, node = fault.spot.owner, fault.spot.node
    if isinstance(owner, ast.Call) and last_name(owner.func) in DEFAULTING and node in owner.args[1:]:
        return is_none(value_of(node)) and find_callee(owner.func, site.names) is None
    found = find_parameter(fault.spot, site)
    return found is not None and is_tested(*found)


def means_type(fault: Fault) -> bool:
    return all(diagnostic.kinds == frozenset({Kind.ARGUMENT_TYPE}) for _, diagnostic in fault.said)


def message_of(diagnostic: Diagnostic, checker: str) -> str:
    line, *more = diagnostic.message.split("\n")
    # mypy's hints are for those who run mypy; of pyright's reasons the first says enough.
    reason = f" ({more[0].strip()})" if more and checker != "mypy" else ""
    return f"{line.rstrip('.')}{reason} [{diagnostic.rule}]"


def holds(outer: Place, inner: Place) -> bool:
    return outer.path == inner.path and (
        (outer.line, outer.column) <= (inner.line, inner.column)
        and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
    )
