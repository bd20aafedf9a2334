"""What of several kinds a checker may mean is wrong with a call, by the words and by the task itself."""

import ast
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from bgtasks.check.ask.kinds import BY_KIND
from bgtasks.check.ask.spots import QUOTED, Spot, keywords_of
from bgtasks.check.code import FUNCTION, find_callee, last_name
from bgtasks.check.facts.sites import Site
from bgtasks.model import CALL_KINDS, Diagnostic, Kind

# How checkers write that a task may take anything: then what they reject is no function at all.
ANYTHING = re.compile(r"\(\*\*P|\(\.\.\.\) ->|ParamSpec\(|Callable\[(Never|\.\.\.)")

# One checker says that no overload fits; another that the nearest of them does not.
OVERLOADED = re.compile(r"^No overloads? (of|for|variant)\b")


def names_in(diagnostic: Diagnostic, owner: ast.expr) -> set[str]:
    """Return the parameters that `diagnostic` names, said of the call `owner`."""
    first = diagnostic.message.split("; did you mean")[0].split("\n")[0]
    # Missing named argument "copies" for "send" of "Mailer"
    first = re.sub(r' (?:in call to|for|of) "[^"]*"(?: of "[^"]*")?$', "", first)
    return set(QUOTED.findall(first)) - {
        "add_task",
        last_name(owner.func) if isinstance(owner, ast.Call) else "",
    }


def exact_kind(kinds: AbstractSet[Kind], spot: Spot, site: Site, said: Sequence[Diagnostic]) -> Kind:
    """Return the one of `kinds` that is meant."""
    if any(OVERLOADED.search(each.message) for each in said):
        return Kind.NO_OVERLOAD
    if kinds == CALL_KINDS:
        of_any = any(ANYTHING.search(each.message) for each in said)
        return Kind.NOT_CALLABLE if of_any else Kind.ARGUMENT_TYPE
    if len(kinds) > 1:
        keyword = spot.node.arg if isinstance(spot.node, ast.keyword) else None
        shown = kind_of_keyword(keyword, spot, site)
        if shown is not None and shown in kinds:
            return shown
    return next(kind for kind in BY_KIND if kind in kinds)


def kind_of_keyword(name: str | None, spot: Spot, site: Site) -> Kind | None:
    """Return what is wrong with a keyword by the definition of the task, if the app has it."""
    callee = find_callee(site.task, site.names) if site.task is not None else None
    if callee is None or not isinstance(callee.located.node, FUNCTION):
        return None
    args = callee.located.node.args
    given = {keyword.arg for keyword in keywords_of(spot.owner)} if name is None else {name}
    if given & {each.arg for each in args.posonlyargs}:
        return Kind.POSITIONAL_ONLY_AS_KEYWORD
    positional = [each.arg for each in (*args.posonlyargs, *args.args)][callee.bound :]
    return Kind.MULTIPLE_VALUES if name in positional[: len(site.args)] else None
