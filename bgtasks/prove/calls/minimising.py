"""Smaller calls on which checkers still disagree: all disagreements at once, one process a round."""

import inspect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bgtasks.model import Kind
from bgtasks.prove.calls.findings import Cause, Disagreement, disagreements
from bgtasks.prove.calls.judging import Question, judge
from bgtasks.prove.calls.model import Call, Form, How, Parameter
from bgtasks.prove.calls.types import GENERIC, INT
from bgtasks.prove.calls.writing import statement
from bgtasks.prove.oracle.execution.shape import bind

HOWS = {
    How.POSITIONAL_ONLY: inspect.Parameter.POSITIONAL_ONLY,
    How.EITHER: inspect.Parameter.POSITIONAL_OR_KEYWORD,
    How.VAR_POSITIONAL: inspect.Parameter.VAR_POSITIONAL,
    How.KEYWORD_ONLY: inspect.Parameter.KEYWORD_ONLY,
    How.VAR_KEYWORD: inspect.Parameter.VAR_KEYWORD,
}
# A call has fewer parts than this that can be taken away one after the other.
ROUNDS = 20


def find_causes(found: Iterable[Disagreement], question: Question) -> tuple[Cause, ...]:
    """Return the causes of disagreements: one call for all those that differ by what does not matter."""
    groups: dict[tuple[str, str, str, bool], Disagreement] = {}
    for each in found:
        best = groups.setdefault(each.group, each)
        if size(each.call) < size(best.call):
            groups[each.group] = each
    causes: defaultdict[str, list[Disagreement]] = defaultdict(list)
    for each in minimise(list(groups.values()), question):
        causes[describe(each.call)].append(each)
    return tuple(
        Cause(same[0].call, tuple(sorted({(each.checker, each.lost) for each in same})))
        for _, same in sorted(causes.items())
    )


def minimise(waiting: list[Disagreement], question: Question) -> list[Disagreement]:
    """Return the smallest disagreements to which each one leads, by taking away what does not matter."""
    done: list[Disagreement] = []
    for _ in range(ROUNDS):
        if not waiting:
            break
        smaller = ask_round(waiting, question)
        done += [each for index, each in enumerate(waiting) if index not in smaller]
        waiting = list(smaller.values())
    return done + waiting


def ask_round(waiting: Sequence[Disagreement], question: Question) -> Mapping[int, Disagreement]:
    """Return for each of `waiting`, by its index, a smaller one, where there is one."""
    found: dict[int, Disagreement] = {}
    for checker in dict.fromkeys(each.checker for each in waiting):
        owners: list[int] = []
        calls: list[tuple[int, Call]] = []
        for index, each in enumerate(waiting):
            if each.checker == checker:
                for smaller in reductions(each.call):
                    calls.append((len(calls), smaller))
                    owners.append(index)
        if not calls:
            continue
        [answers] = judge(calls, replace(question, checkers=(checker,)))
        for each in disagreements(calls, answers):
            owner = owners[each.number]
            if each.lost == waiting[owner].lost:
                found.setdefault(owner, each)
    return found


def reductions(call: Call) -> Iterator[Call]:
    """Yield calls with one thing less, of which the same is right or wrong, the greatest step first."""
    for each in call.parameters:
        if each.name != call.faulty:
            yield from checked(without(call, each))
    for given in call.arguments:
        if given.parameter and given.parameter != call.faulty and not required(call, given.parameter):
            bound = call.bound - (call.arguments.index(given) < call.bound)
            arguments = tuple(other for other in call.arguments if other is not given)
            yield from checked(replace(call, arguments=arguments, bound=bound))
    if call.bound:
        yield replace(call, bound=call.bound - 1)
    yield from with_plain_fault(call)
    for each in call.parameters:
        plain = replace(each, default="1" if each.default else "", type=INT)
        if each.name != call.faulty and each.type not in (INT, *GENERIC) and call.construct.typed:
            yield with_plain(call, each, plain)
        if each.default:
            yield from checked(swap(call, each, replace(each, default="")))
    named = renamed(call)
    if named != call:
        yield named


def renamed(call: Call) -> Call:
    """Return a call with the names a, b, c, and a 1 for what is meant for no parameter."""
    names = dict(zip([each.name for each in call.parameters], "abcdefgh", strict=False))
    parameters = tuple(replace(each, name=names[each.name]) for each in call.parameters)
    arguments = tuple(
        replace(
            each,
            text=each.text if each.parameter else "1",
            parameter=names.get(each.parameter, ""),
            keyword=names.get(
                each.keyword, each.keyword if each.parameter or not each.keyword else "unknown"
            ),
        )
        for each in call.arguments
    )
    return replace(call, parameters=parameters, arguments=arguments, faulty=names.get(call.faulty, ""))


def required(call: Call, name: str) -> bool:
    return any(each.name == name and each.required for each in call.parameters)


def without(call: Call, parameter: Parameter) -> Call:
    kept = tuple(each for each in call.arguments if each.parameter != parameter.name)
    bound = sum(each.parameter != parameter.name for each in call.arguments[: call.bound])
    parameters = tuple(each for each in call.parameters if each is not parameter)
    return replace(call, parameters=parameters, arguments=kept, bound=bound)


def swap(call: Call, old: Parameter, new: Parameter) -> Call:
    return replace(call, parameters=tuple(new if each is old else each for each in call.parameters))


def with_plain(call: Call, old: Parameter, new: Parameter, text: str = "1") -> Call:
    arguments = tuple(
        replace(each, text=text) if each.parameter == old.name else each for each in call.arguments
    )
    return replace(swap(call, old, new), arguments=arguments)


def with_plain_fault(call: Call) -> Iterator[Call]:
    """Yield a call whose faulty argument is an int, or a str that should be one."""
    for each in call.parameters:
        if each.name == call.faulty and each.type not in (INT, *GENERIC) and call.construct.typed:
            text = INT.wrong[0] if call.kind is Kind.ARGUMENT_TYPE else "1"
            yield with_plain(call, each, replace(each, default="1" if each.default else "", type=INT), text)


def checked(call: Call) -> Iterator[Call]:
    """Yield a call if Python makes the same of it as is said of it: a shape that it takes, or does not."""
    try:
        taken = takes(call)
    except (ValueError, SyntaxError):  # no signature at all
        return
    if taken == (call.kind in {None, Kind.ARGUMENT_TYPE}):
        yield call


def takes(call: Call) -> bool:
    """Tell whether the signature takes arguments of this shape, as Python judges it."""
    signature = inspect.Signature(
        [
            inspect.Parameter(each.name, HOWS[each.how], default=each.default or inspect.Parameter.empty)
            if not each.how.variadic
            else inspect.Parameter(each.name, HOWS[each.how])
            for each in call.parameters
        ]
    )
    placed = tuple(each.text for each in call.arguments if not each.keyword)
    named = [each for each in call.arguments if each.keyword]
    try:
        bind(signature, placed, {each.keyword: each.text for each in named})
    except TypeError:
        return False
    return True


def size(call: Call) -> int:
    return len(call.parameters) + len(call.arguments) + sum(bool(each.default) for each in call.parameters)


def describe(call: Call) -> str:
    """Return a call as text in which its number does not matter."""
    written = call.construct.write(call, 1)
    return f"{call.construct.name}\n{written.definition}\n{statement(call, written.callee, Form.TARGET)}"
