"""The ways to make a callable, each a function from a signature to source."""

from collections.abc import Iterable, Sequence

from bgtasks.prove.calls.model import Call, Construct, How, Parameter, Written
from bgtasks.prove.calls.types import ANYTHING, APART, GENERIC, INT, PLAIN, STR, TYPES

NONE = "None: ..."


def signature(parameters: Iterable[Parameter], *first: str, typed: bool = True) -> str:
    """Return what stands between the parentheses of a def, or behind a lambda."""
    parts = list(first)
    listed = list(parameters)
    for index, each in enumerate(listed):
        hows = [other.how for other in listed[:index]]
        if each.how is How.KEYWORD_ONLY and not {How.VAR_POSITIONAL, How.KEYWORD_ONLY} & {*hows}:
            parts.append("*")
        star = {How.VAR_POSITIONAL: "*", How.VAR_KEYWORD: "**"}.get(each.how, "")
        annotation = f": {each.type.text}" if typed else ""
        default = f" = {each.default}" if each.default else ""
        parts.append(f"{star}{each.name}{annotation}{default}")
        last = all(other.how is not How.POSITIONAL_ONLY for other in listed[index + 1 :])
        if each.how is How.POSITIONAL_ONLY and last:
            parts.append("/")
    return ", ".join(parts)


def define(
    name: str, parameters: Sequence[Parameter], *first: str, result: str = NONE, word: str = "def"
) -> str:
    return f"{word} {name}({signature(parameters, *first)}) -> {result}"


def indent(*lines: str) -> str:
    return "\n".join(f"    {line}" for part in lines for line in part.split("\n"))


def function(call: Call, n: int) -> Written:
    return Written(define(f"task{n}", call.parameters), f"task{n}")


def async_function(call: Call, n: int) -> Written:
    return Written(define(f"task{n}", call.parameters, word="async def"), f"task{n}")


def method(call: Call, n: int) -> Written:
    body = define("run", call.parameters, "self")
    return Written(f"class Owner{n}:\n{indent(body)}", f"Owner{n}().run")


def async_method(call: Call, n: int) -> Written:
    body = define("run", call.parameters, "self", word="async def")
    return Written(f"class Owner{n}:\n{indent(body)}", f"Owner{n}().run")


def inherited(call: Call, n: int) -> Written:
    written = method(call, n)
    return Written(f"{written.definition}\n\n\nclass Heir{n}(Owner{n}): ...", f"Heir{n}().run")


def class_method(call: Call, n: int) -> Written:
    body = define("run", call.parameters, "cls")
    return Written(f"class Owner{n}:\n{indent('@classmethod', body)}", f"Owner{n}.run")


def static_method(call: Call, n: int) -> Written:
    body = define("run", call.parameters)
    return Written(f"class Owner{n}:\n{indent('@staticmethod', body)}", f"Owner{n}.run")


def constructor(call: Call, n: int) -> Written:
    body = define("__init__", call.parameters, "self")
    return Written(f"class Owner{n}:\n{indent(body)}", f"Owner{n}")


def maker(call: Call, n: int) -> Written:
    body = define("__new__", call.parameters, "cls", result="Self:\n    return super().__new__(cls)")
    return Written(f"class Owner{n}:\n{indent(body)}", f"Owner{n}")


def metaclass(call: Call, n: int) -> Written:
    body = define("__init__", call.parameters, "self")
    return Written(f"class Owner{n}(metaclass=Registered):\n{indent(body)}", f"Owner{n}")


def data_class(call: Call, n: int) -> Written:
    lines: list[str] = []
    for each in call.parameters:
        by_name = each.how is How.KEYWORD_ONLY
        made = f"default_factory=lambda: {each.default}" if each.default else ""
        options = ", ".join(filter(None, [made, "kw_only=True" if by_name else ""]))
        lines.append(f"{each.name}: {each.type.text}" + (f" = field({options})" if options else ""))
    return Written(f"@dataclass\nclass Owner{n}:\n{indent(*lines or ['...'])}", f"Owner{n}")


def named_tuple(call: Call, n: int) -> Written:
    lines = [
        f"{each.name}: {each.type.text}" + (f" = {each.default}" if each.default else "")
        for each in call.parameters
    ]
    return Written(f"class Owner{n}(NamedTuple):\n{indent(*lines or ['...'])}", f"Owner{n}")


def partial(call: Call, n: int) -> Written:
    given = ", ".join([f"task{n}", *map(str, call.arguments[: call.bound])])
    return Written(define(f"task{n}", call.parameters), f"partial({given})")


def callable_object(call: Call, n: int) -> Written:
    body = define("__call__", call.parameters, "self")
    return Written(f"class Owner{n}:\n{indent(body)}", f"Owner{n}()")


def protocol(call: Call, n: int) -> Written:
    body = define("__call__", call.parameters, "self")
    given = f"def given{n}() -> Hook{n}:\n    return task{n}"
    hook = f"class Hook{n}(Protocol):\n{indent(body)}"
    return Written(f"{hook}\n\n\n{function(call, n).definition}\n\n\n{given}", f"given{n}()")


def callable_variable(call: Call, n: int) -> Written:
    taken = ", ".join(each.type.text for each in call.parameters)
    given = f"def given{n}() -> Callable[[{taken}], None]:\n    return task{n}"
    return Written(f"{function(call, n).definition}\n\n\n{given}", f"given{n}()")


def class_variable(call: Call, n: int) -> Written:
    written = constructor(call, n)
    given = f"def given{n}() -> type[Owner{n}]:\n    return Owner{n}"
    return Written(f"{written.definition}\n\n\n{given}", f"given{n}()")


def lambda_function(call: Call, n: int) -> Written:
    del n
    head = " ".join(filter(None, ["lambda", signature(call.parameters, typed=False)]))
    return Written("", f"{head}: None")


def overloaded(call: Call, n: int) -> Written:
    variants = [
        "@overload",
        define(f"task{n}", call.parameters),
        "@overload",
        f"def task{n}(marker: Other, /, *, only_here: int) -> {NONE}",
        f"def task{n}(*args: Any, **kwargs: Any) -> {NONE}",
    ]
    return Written("\n".join(variants), f"task{n}")


def decorated(call: Call, n: int) -> Written:
    return Written(f"@logged\n{define(f'task{n}', call.parameters)}", f"task{n}")


def injected(call: Call, n: int) -> Written:
    only = any(each.how is How.POSITIONAL_ONLY for each in call.parameters)
    body = define(f"task{n}", call.parameters, *(["session: Session"] if only else ["session: Session", "/"]))
    return Written(f"@with_session\n{body}", f"task{n}")


def conditional(call: Call, n: int) -> Written:
    one, other = (define(f"{name}{n}", call.parameters) for name in ("task", "twin"))
    return Written(f"{one}\n\n\n{other}", f"(task{n} if flag() else twin{n})")


def generic_function(call: Call, n: int) -> Written:
    variables = [name for name in "TBS" if any(name in of(each) for each in call.parameters)]
    if not variables:
        return function(call, n)
    # Strict checkers want a variable to appear twice.
    result = f"tuple[{', '.join(variables)}]:\n    raise NotImplementedError"
    return Written(define(f"task{n}", call.parameters, result=result), f"task{n}")


def of(parameter: Parameter) -> str:
    """Return the type variable of a parameter, "" where it has none."""
    return parameter.type.text.removeprefix("list[").removesuffix("]") if parameter.type in GENERIC else ""


def generic_class(call: Call, n: int) -> Written:
    body = define("__init__", call.parameters, "self")
    return Written(f"class Owner{n}(Generic[T]):\n{indent(body)}", f"Owner{n}")


NO_VARIADICS = (How.EITHER, How.KEYWORD_ONLY)
CORE = (
    Construct("function", function, PLAIN, core=True),
    Construct("async function", async_function, PLAIN, core=True),
    Construct("method", method, PLAIN, core=True),
    Construct("async method", async_method, PLAIN, core=True),
    Construct("inherited method", inherited, PLAIN, core=True),
    Construct("class method", class_method, PLAIN, core=True),
    Construct("static method", static_method, PLAIN, core=True),
    Construct("class", constructor, PLAIN, core=True),
)
OTHERS = (
    Construct("function, literals", function, TYPES, shown=True),
    Construct("function, star arguments", function, PLAIN, star=True),
    Construct("class with __new__", maker, PLAIN),
    Construct("class with a metaclass", metaclass, PLAIN),
    Construct("dataclass", data_class, PLAIN, hows=NO_VARIADICS),
    Construct("NamedTuple", named_tuple, PLAIN, hows=(How.EITHER,)),
    Construct("type[C] value", class_variable, PLAIN),
    Construct("partial", partial, PLAIN, partial=True),
    Construct("callable object", callable_object, PLAIN),
    Construct("callback protocol", protocol, PLAIN),
    Construct("Callable value", callable_variable, PLAIN, hows=(How.POSITIONAL_ONLY,), optional=False),
    Construct("lambda", lambda_function, ANYTHING, typed=False),
    Construct("overloaded function", overloaded, APART),
    Construct("decorated function", decorated, PLAIN),
    Construct("decorator that injects", injected, PLAIN),
    Construct("conditional function", conditional, PLAIN),
    Construct("generic function", generic_function, (*GENERIC, INT, STR)),
    Construct("generic class", generic_class, (GENERIC[0], GENERIC[1], INT, STR)),
)
CONSTRUCTS = (*CORE, *OTHERS)
