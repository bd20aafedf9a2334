"""What vendoring tells, in lines for a person."""

import json
from collections.abc import Iterator, Sequence

from bgtasks.vendor.model import Advice, Entry, Proof, State
from bgtasks.vendor.plan import Plan


def entry_lines(plan: Plan, entries: Sequence[Entry], *, done: bool) -> Iterator[str]:
    """Yield a line for each file that is not simply as it should be: its state, and what becomes of it."""
    for entry in entries:
        if entry.state is State.OK:
            continue
        deed = "removed" if entry.wanted is None else "written"
        fate = "left as it is" if entry.state is State.REFORMATTED else deed if done else f"to be {deed}"
        yield f"{entry.state.value:<11}  {(plan.project.folder / entry.path).as_posix()}  {fate}"


def summary(plan: Plan) -> str:
    """Return the line that says what is vendored, for whom, and whether that is so."""
    upstream = " and ".join(f"{name} {version}".strip() for name, version in plan.manifest.upstream.items())
    place = plan.project.folder.as_posix()
    return f"{place}: {plan.manifest.tool}, for {upstream}, as {', '.join(plan.checkers)} find it"


def unseen_lines(plan: Plan) -> Iterator[str]:
    """Yield a line for each package whose source could not be compared with what the stubs say."""
    for package in plan.packages:
        if package.folder is None:
            place = f"where {plan.project.python} is"
            yield f"{package.name}: not installed {place}, so not compared; name another with --python"


def farewell(plan: Plan, *, done: bool) -> str:
    """Return the line that ends a removal."""
    place = plan.project.folder.as_posix()
    return (
        f"{place}: {'nothing of ours is left' if done else 'to be removed'}; the configuration stays as it is"
    )


def next_lines(plan: Plan, missing: Sequence[str], *, written: bool) -> Iterator[str]:
    """Yield what is left to do."""
    if not written:
        yield from advice_lines(plan.advices)
    if missing:
        yield f"Not installed, so it cannot be verified here: {', '.join(missing)}"
    yield "bgtasks vendor --verify proves that it took effect."


def advice_lines(advices: Sequence[Advice], *, added: bool = False) -> Iterator[str]:
    """Yield what to add to the configuration, or what was, as it has to stand there."""
    for advice in advices:
        reason = f", by hand: {advice.problem}" if advice.problem else ""
        verb = "finds now" if added else "needs"
        yield f"{advice.checker} {verb} in {advice.file}{reason}"
        if advice.table:
            yield f"    [{'.'.join(advice.table)}]"
        if advice.key:
            yield f"    {setting(advice)}"
        if advice.value and advice.value[0].startswith(" "):
            yield "    (mypy strips the space; Zuban, which must not look there, does not)"


def setting(advice: Advice) -> str:
    if advice.file.endswith(".json"):
        return f"{json.dumps(advice.key)}: {json.dumps(advice.value)}"
    value = json.dumps(advice.value) if advice.file.endswith(".toml") else advice.value
    return f"{advice.key} = {value}"


def proof_lines(proofs: Sequence[Proof], advices: Sequence[Advice]) -> Iterator[str]:
    """Yield for each checker whether the stubs are in effect, and what to change where they are not."""
    for proof in proofs:
        name = f"{proof.checker} {proof.version}".strip()
        if proof.ok:
            yield f"{name}: reads the stubs {proof.stubs}, and resolves the rest as without them"
            continue
        yield from (f"{name}: {problem}" for problem in proof.problems)
        yield from advice_lines([advice for advice in advices if advice.checker == proof.checker])
