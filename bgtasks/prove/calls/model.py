"""The nouns of generated calls."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from bgtasks.model import Kind


class How(Enum):
    """How a parameter takes its argument."""

    POSITIONAL_ONLY = "positional only"
    EITHER = "by position or by name"
    VAR_POSITIONAL = "*"
    KEYWORD_ONLY = "by name only"
    VAR_KEYWORD = "**"

    @property
    def variadic(self) -> bool:
        """Whether it takes any number of arguments."""
        return self in {How.VAR_POSITIONAL, How.VAR_KEYWORD}


@dataclass(frozen=True, slots=True)
class Type:
    """
    An annotation, with expressions that are assignable to it and such that are not.

    `shown` need the annotation to be inferred as what they are, as `[1]` does for a `list[float]`.
    """

    text: str
    right: tuple[str, ...]
    wrong: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter; `default` is an expression, "" where it has none."""

    name: str
    type: Type
    how: How
    default: str = ""

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return not (self.default or self.how.variadic)


@dataclass(frozen=True, slots=True)
class Argument:
    """An expression, by position where it has no `keyword`; `parameter` is the one that it is meant for."""

    text: str
    parameter: str
    keyword: str = ""

    def __str__(self) -> str:
        return f"{self.keyword}={self.text}" if self.keyword else self.text


@dataclass(frozen=True, slots=True)
class Call:
    """
    A callable, how it is made, and what it is called with.

    `kind` is the one fault of the call, None where it is right; `faulty` is the parameter that has it.
    `bound` is how many of the arguments, from the first on, are given to the callable beforehand.
    """

    construct: "Construct"
    parameters: tuple[Parameter, ...]
    arguments: tuple[Argument, ...]
    kind: Kind | None = None
    faulty: str = ""
    bound: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """A callable as source: what defines it, and the expression that is called."""

    definition: str
    callee: str


@dataclass(frozen=True, slots=True)
class Construct:
    """
    A way to make a callable of a signature.

    `core` ones gate. `hows` are the kinds of parameters that it can have, and `types` what they are
    annotated with; where it is not `typed`, no wrong type can be seen. `first` is an argument that comes
    before all others. Of `optional` parameters it keeps the defaults, and `partial` binds some arguments.
    """

    name: str
    write: Callable[[Call, int], Written]
    types: tuple[Type, ...]
    core: bool = False
    hows: tuple[How, ...] = tuple(How)
    typed: bool = True
    optional: bool = True
    shown: bool = False
    star: bool = False
    partial: bool = False


class Form(Enum):
    """How a generated call is made."""

    TARGET = "target"
    DIRECT = "direct"
