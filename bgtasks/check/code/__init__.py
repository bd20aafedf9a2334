"""
What the source of an app surely says: the door of this folder, and all that others take from it.

`resolve` tells what an expression names, `class_of` of which class a value is, `member` what a class
binds a name to, `Names.uses` where a name is read, `find_function` what a call runs, `match` what it
gives to each parameter, and `find_ends` how the paths through a function end. Where the source does not
surely say it, each of them tells nothing.
"""

from bgtasks.check.code.annotations import Annotation, may_be, read_annotation, unquote
from bgtasks.check.code.calls import (
    Callee,
    Given,
    binds,
    decorators_of,
    find_callee,
    find_calls,
    find_function,
    is_bare,
    is_overridden,
    left_out,
    match,
    read_given,
    told_class,
)
from bgtasks.check.code.classes import assigned_to_self, class_of, owner_of
from bgtasks.check.code.flow import End, State, Step, Way, find_ends, may_raise, raised_by
from bgtasks.check.code.guards import Guard, exclude_each_other, fill, find_guards
from bgtasks.check.code.imports import make_absolute
from bgtasks.check.code.installed import find_installed
from bgtasks.check.code.names import (
    Assignment,
    Binding,
    External,
    Found,
    Import,
    Located,
    Names,
    Project,
    Scope,
    Vocabulary,
    guarded,
    remembered,
)
from bgtasks.check.code.raising import CONTEXT_MANAGERS, exception_of, passes
from bgtasks.check.code.resolution import ancestors, member, method, open_module, resolve
from bgtasks.check.code.syntax import (
    FUNCTION,
    Function,
    Parameter,
    is_none,
    is_string,
    last_name,
    own_nodes,
    read_parameters,
    spell,
)

__all__ = [
    "CONTEXT_MANAGERS",
    "FUNCTION",
    "Annotation",
    "Assignment",
    "Binding",
    "Callee",
    "End",
    "External",
    "Found",
    "Function",
    "Given",
    "Guard",
    "Import",
    "Located",
    "Names",
    "Parameter",
    "Project",
    "Scope",
    "State",
    "Step",
    "Vocabulary",
    "Way",
    "ancestors",
    "assigned_to_self",
    "binds",
    "class_of",
    "decorators_of",
    "exception_of",
    "exclude_each_other",
    "fill",
    "find_callee",
    "find_calls",
    "find_ends",
    "find_function",
    "find_guards",
    "find_installed",
    "guarded",
    "is_bare",
    "is_none",
    "is_overridden",
    "is_string",
    "last_name",
    "left_out",
    "make_absolute",
    "match",
    "may_be",
    "may_raise",
    "member",
    "method",
    "open_module",
    "own_nodes",
    "owner_of",
    "passes",
    "raised_by",
    "read_annotation",
    "read_given",
    "read_parameters",
    "remembered",
    "resolve",
    "spell",
    "told_class",
    "unquote",
]
