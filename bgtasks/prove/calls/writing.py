"""Generated calls as type tests: each call once through the target, and once as the direct call."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case
from bgtasks.model import Target
from bgtasks.prove.calls.model import Call, Form
from bgtasks.prove.calls.through import DEFAULT, Through, rename
from bgtasks.prove.calls.types import HEAD

# So many calls stand in one file.
A_FILE = 60


@dataclass(frozen=True, slots=True)
class Sheet:
    """A case, and which call, in which form, stands on each of its claimed lines."""

    case: Case
    lines: Mapping[int, tuple[int, Form]]


def write(calls: Sequence[tuple[int, Call]], target: Target, through: Through) -> list[Sheet]:
    """Return cases in which each (number, call) is made in both forms."""
    return [
        write_sheet(calls[start : start + A_FILE], target, through, Path(f"calls_{start // A_FILE:04}.py"))
        for start in range(0, len(calls), A_FILE)
    ]


def write_sheet(calls: Sequence[tuple[int, Call]], target: Target, through: Through, path: Path) -> Sheet:
    source = write_head(target, through)
    lines: dict[int, tuple[int, Form]] = {}
    for number, call in calls:
        written = call.construct.write(call, number)
        if written.definition:
            source += f"\n\n{written.definition}\n\n\n"
        for form in Form:
            source += f"{statement(call, written.callee, form, through)}  # {claim(call)}\n"
            lines[source.count("\n")] = number, form
    return Sheet(read_case(path, path, source, frozenset()), lines)


def claim(call: Call) -> str:
    return f"E: {call.kind.value}" if call.kind else "OK"


def write_head(target: Target, through: Through) -> str:
    """Return what all calls need, the target imported."""
    alias = rename(target.imported)
    name = target.imported if alias == target.imported else f"{target.imported} as {alias}"
    return HEAD.format(module=target.module, name=name, target=through.setup)


def statement(call: Call, callee: str, form: Form, through: Through = DEFAULT) -> str:
    """Return a call as it is written; the direct one in a lambda, so that nothing is made of its result."""
    given = call.arguments[call.bound :]
    placed = [each.text for each in given if not each.keyword]
    if call.construct.star and placed:
        placed = [f"*({', '.join(placed)},)"]
    arguments = [*placed, *(str(each) for each in given if each.keyword)]
    if form is Form.TARGET:
        return through.call(", ".join([callee, *arguments]))
    return f"lambda: ({callee})({', '.join(arguments)})"
