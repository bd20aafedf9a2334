"""What of the faults of a call is only there because of another one."""

import ast
from collections.abc import Iterator, Sequence

from bgtasks.check.ask.faults import MISSING, UNKNOWN, Fault
from bgtasks.check.ask.parameters import find_function_of
from bgtasks.check.facts.models import takes
from bgtasks.check.facts.sites import Site
from bgtasks.model import Kind

MANY, TWICE = Kind.TOO_MANY_POSITIONAL, Kind.MULTIPLE_VALUES


def without_consequences(faults: Sequence[Fault], site: Site) -> Iterator[Fault]:
    """
    Yield `faults` without those that another one brings with it.

    Where a keyword is misspelt, or a parameter given twice, the one that was meant is missing, and no
    overload fits. Where there are too few or too many positional arguments, nobody knows which of them
    stand where they should.
    """
    for fault in faults:
        others = [each for each in faults if each is not fault and each.spot.owner is fault.spot.owner]
        causes = [each for each in others if {UNKNOWN, TWICE} & each.kinds]
        if MISSING in fault.kinds and UNKNOWN not in fault.kinds and causes:
            needed = {name for name in fault.names if not takes(fault.spot.owner, site.names, [name], ())}
            if len(needed) <= len(causes):
                causes[0].said += [each for each in fault.said if each[0] not in causes[0].by]
                continue
        if Kind.NO_OVERLOAD in fault.kinds and any(Kind.NO_OVERLOAD not in each.kinds for each in causes):
            continue
        if not (is_positional_type(fault, site) and any(shifts(each, site) for each in others)):
            yield fault


def is_positional_type(fault: Fault, site: Site) -> bool:
    """Tell whether a fault is the type of a positional argument."""
    owner, node = fault.spot.owner, fault.spot.node
    positional = isinstance(owner, ast.Call) and node in owner.args and node is not site.task
    return positional and fault.kinds == frozenset({Kind.ARGUMENT_TYPE})


def shifts(fault: Fault, site: Site) -> bool:
    """Tell whether a fault leaves open which parameter each positional argument is meant for."""
    if MISSING not in fault.kinds:
        return bool({MANY, TWICE} & fault.kinds)
    function = find_function_of(fault.spot, site)
    by_keyword = {each.arg for each in function.args.kwonlyargs} if function is not None else set[str]()
    return not fault.names <= by_keyword
