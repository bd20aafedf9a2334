"""Calls out of a seed: a signature, right arguments for it, and in every second call one fault."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from bgtasks.model import Kind
from bgtasks.prove.calls.constructs import CORE, OTHERS
from bgtasks.prove.calls.model import Argument, Call, Construct, How, Parameter, Type
from bgtasks.prove.calls.types import GENERIC

NAMES = ("a", "b", "body", "data", "key", "limit", "name", "size", "to", "value", "args", "kwargs")
MORE = ("extra", "more", "other", "rest")
# The order in which Python wants them.
ORDER = tuple(How)
MOST = 5
# How often a call is wrong, what is optional is given, a default begins, and a position is used.
WRONG, GIVEN, DEFAULT, PLACED = 0.5, 0.5, 0.3, 0.6


def generate(count: int, seed: int) -> Iterator[Call]:
    """
    Yield `count` calls, half of them of core constructs.

    Each depends on the seed and its own number only, so a longer run begins with the calls of a shorter one.
    """
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")  # noqa: S311 - it is to be the same each time
        yield make_call(chance, chance.choice(CORE if number % 2 else OTHERS))


def make_call(chance: random.Random, construct: Construct) -> Call:
    """Return a call, wrong as often as right, as far as something can be wrong with its signature."""
    parameters = make_parameters(chance, construct)
    call = Call(construct, parameters, make_arguments(chance, construct, parameters))
    if chance.random() < WRONG:
        faults = [FAULTS[kind] for kind in chance.sample(list(FAULTS), len(FAULTS))]
        call = next((made for fault in faults if (made := fault(chance, call))), call)
    if construct.partial:
        call = replace(call, bound=chance.randint(0, count_bindable(call)))
    return call


def make_parameters(chance: random.Random, construct: Construct) -> tuple[Parameter, ...]:
    names = chance.sample(NAMES, chance.randint(0, MOST))
    hows = sorted((chance.choice(construct.hows) for _ in names), key=ORDER.index)
    parameters: list[Parameter] = []
    # By position, nothing that is required follows what is optional.
    optional = False
    for name, how in zip(names, hows, strict=True):
        if how.variadic and any(each.how is how for each in parameters):
            continue
        kind = chance.choice(construct.types)
        if how is How.KEYWORD_ONLY:
            defaults = construct.optional and chance.random() < GIVEN
        elif how.variadic:
            defaults = False
        else:
            optional = optional or (construct.optional and chance.random() < DEFAULT)
            defaults = optional
        # No value is sure to have the type that a type variable stands for.
        defaults = defaults and kind not in GENERIC
        if optional and not defaults and how in {How.POSITIONAL_ONLY, How.EITHER}:
            kind, defaults = construct.types[-1], True
        default = values(kind, shown=True)[0] if defaults else ""
        parameters.append(Parameter(name, kind, how, default))
    return tuple(parameters)


def values(kind: Type, *, shown: bool) -> Sequence[str]:
    return (*kind.right, *kind.shown) if shown else kind.right


def pick(chance: random.Random, construct: Construct, kind: Type) -> str:
    return chance.choice(values(kind, shown=construct.shown))


def make_arguments(
    chance: random.Random, construct: Construct, parameters: Sequence[Parameter]
) -> tuple[Argument, ...]:
    """Return arguments that the parameters take: what is required, and some of what is not."""
    placed: list[Argument] = []
    named: list[Argument] = []
    by_position = True
    for each in parameters:
        match each.how:
            case How.VAR_POSITIONAL:
                many = range(chance.randint(0, 2) if by_position else 0)
                placed += [Argument(pick(chance, construct, each.type), each.name) for _ in many]
            case How.VAR_KEYWORD:
                keys = chance.sample(MORE, chance.randint(0, 2))
                named += [Argument(pick(chance, construct, each.type), each.name, key) for key in keys]
            case How.KEYWORD_ONLY:
                if each.required or chance.random() < GIVEN:
                    named.append(Argument(pick(chance, construct, each.type), each.name, each.name))
            case _:
                given = each.required or chance.random() < GIVEN
                only = each.how is How.POSITIONAL_ONLY
                by_position = by_position and given and (only or chance.random() < PLACED)
                if given and by_position:
                    placed.append(Argument(pick(chance, construct, each.type), each.name))
                elif given and not only:
                    named.append(Argument(pick(chance, construct, each.type), each.name, each.name))
    chance.shuffle(named)
    return (*placed, *named)


def count_bindable(call: Call) -> int:
    """Return how many arguments by position come before the one that is faulty."""
    placed = [each for each in call.arguments if not each.keyword]
    faulty = next((n for n, each in enumerate(placed) if each.parameter == call.faulty), len(placed))
    return min(faulty, len(placed))


def find(call: Call, name: str) -> Parameter:
    return next(each for each in call.parameters if each.name == name)


def has(call: Call, how: How) -> bool:
    return any(each.how is how for each in call.parameters)


def drop(chance: random.Random, call: Call) -> Call | None:
    """Leave out what is required: an argument by name, or the last one by position."""
    placed = [each for each in call.arguments if not each.keyword]
    candidates = [each for each in call.arguments if each.keyword or each is placed[-1]]
    candidates = [each for each in candidates if find(call, each.parameter).required]
    if not candidates:
        return None
    left_out = chance.choice(candidates)
    arguments = tuple(each for each in call.arguments if each is not left_out)
    return replace(call, arguments=arguments, kind=Kind.MISSING_ARGUMENT, faulty=left_out.parameter)


def add(chance: random.Random, call: Call) -> Call | None:
    """Give one argument more than the parameters take by position."""
    if has(call, How.VAR_POSITIONAL):
        return None
    takers = [each for each in call.parameters if each.how in {How.POSITIONAL_ONLY, How.EITHER}]
    placed = [Argument(pick(chance, call.construct, each.type), each.name) for each in takers]
    taken = {each.name for each in takers}
    named = [each for each in call.arguments if each.parameter not in taken]
    more = Argument(chance.choice(('"a"', "1")), "")
    return replace(call, arguments=(*placed, more, *named), kind=Kind.TOO_MANY_POSITIONAL)


def misspell(chance: random.Random, call: Call) -> Call | None:
    """Give an argument by a name that no parameter has."""
    if has(call, How.VAR_KEYWORD):
        return None
    name = chance.choice(["unknown", *(f"{each.name}x" for each in call.parameters)])
    more = Argument(chance.choice(('"a"', "1")), "", name)
    return replace(call, arguments=(*call.arguments, more), kind=Kind.UNKNOWN_KEYWORD)


def repeat(chance: random.Random, call: Call) -> Call | None:
    """Give by name what is given by position already."""
    placed = [each for each in call.arguments if not each.keyword]
    candidates = [each for each in placed if find(call, each.parameter).how is How.EITHER]
    if not candidates:
        return None
    twice = chance.choice(candidates)
    more = replace(twice, keyword=twice.parameter)
    arguments = (*call.arguments, more)
    return replace(call, arguments=arguments, kind=Kind.MULTIPLE_VALUES, faulty=twice.parameter)


def rename(_: random.Random, call: Call) -> Call | None:
    """Give by name what is taken by position only."""
    placed = [each for each in call.arguments if not each.keyword]
    last = placed[-1] if placed else None
    if last is None or has(call, How.VAR_KEYWORD):
        return None
    if find(call, last.parameter).how is not How.POSITIONAL_ONLY:
        return None
    arguments = tuple(
        replace(each, keyword=each.parameter) if each is last else each for each in call.arguments
    )
    kind = Kind.POSITIONAL_ONLY_AS_KEYWORD
    return replace(call, arguments=arguments, kind=kind, faulty=last.parameter)


def mistype(chance: random.Random, call: Call) -> Call | None:
    """Give what is not assignable to the type of its parameter."""
    candidates = [each for each in call.arguments if find(call, each.parameter).type.wrong]
    if not candidates:
        return None
    wrong = chance.choice(candidates)
    text = chance.choice(find(call, wrong.parameter).type.wrong)
    arguments = tuple(replace(each, text=text) if each is wrong else each for each in call.arguments)
    return replace(call, arguments=arguments, kind=Kind.ARGUMENT_TYPE, faulty=wrong.parameter)


FAULTS: dict[Kind, Callable[[random.Random, Call], Call | None]] = {
    Kind.MISSING_ARGUMENT: drop,
    Kind.TOO_MANY_POSITIONAL: add,
    Kind.UNKNOWN_KEYWORD: misspell,
    Kind.MULTIPLE_VALUES: repeat,
    Kind.POSITIONAL_ONLY_AS_KEYWORD: rename,
    Kind.ARGUMENT_TYPE: mistype,
}
