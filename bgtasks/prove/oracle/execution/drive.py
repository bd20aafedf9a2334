"""Functions that hold claims, called with values of the types that they ask for."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .calls import find_in_class
from .hints import EMPTY, check, hints_of
from .notes import CALLABLE
from .parameters import P_ARGS, P_KWARGS, find_forward, place
from .shape import RejectedError, kind_of
from .values import callable_of, calls, finish, values

if TYPE_CHECKING:
    from .hearing import Hearing

# What a ParamSpec may stand for: parameters, and arguments that they take.
SPECIMENS: tuple[tuple[tuple[tuple[str, Any], ...], tuple[Any, ...], dict[str, Any]], ...] = (
    ((), (), {}),
    ((("a", int),), (1,), {}),
    ((("a", int), ("b", str)), (1,), {"b": "ada"}),
)


@dataclass(frozen=True, slots=True)
class Holder:
    """A function with claims in it, as it is called and as it was written."""

    checked: Any
    func: Any

    def drive(self, hearing: "Hearing") -> None:
        """Call it with values of what it asks for."""
        target = self.checked
        owner = hearing.owners.get(self.checked)
        if owner is not None:
            target = getattr(values(owner)[0], self.func.__name__)
        for args, kwargs in arguments(self.func, bound=owner is not None):
            finish(target(*args, **kwargs))


@dataclass(frozen=True, slots=True)
class Override:
    """A method that is claimed to override rightly, or wrongly."""

    cls: Any
    method: str
    line: int

    def drive(self, hearing: "Hearing") -> None:
        """Call it in each way in which the method that it overrides may be called."""
        if not hearing.wants(self.line):
            return
        bases = [cls for cls in self.cls.__mro__[1:] if self.method in vars(cls)]
        if not bases:
            with hearing.claim(self.line):
                pass
            return
        original = find_in_class(bases[0], self.method)
        original = hearing.recorded.get(original, hearing.own.get(original, original))
        awaited = inspect.iscoroutinefunction(original)
        for args, kwargs in arguments(original, bound=True):
            with hearing.claim(self.line):
                try:
                    result = getattr(values(self.cls)[0], self.method)(*args, **kwargs)
                    if awaited != inspect.isawaitable(result):
                        raise RejectedError("override", "one is async, the other is not")
                    check(finish(result), hints_of(original).get("return", EMPTY))
                except (TypeError, AttributeError) as error:
                    raise RejectedError("override", f"{kind_of(error)}: {error}") from None
                hearing.notes[CALLABLE] = None


def arguments(func: Any, *, bound: bool) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Yield arguments that a function takes; of a ParamSpec, some that it may stand for."""
    signature = inspect.signature(func, follow_wrapped=False)
    hints = hints_of(func)
    found = find_forward(signature, hints)
    spec = [name for name in signature.parameters if isinstance(hints.get(name), P_ARGS + P_KWARGS)]
    names = [name for name in signature.parameters if name not in spec][1 if bound else 0 :]
    if not spec:
        usual = type(func)(
            func.__code__, func.__globals__, func.__name__, func.__defaults__, func.__closure__
        )
        usual.__annotations__ = hints
        usual.__kwdefaults__ = func.__kwdefaults__
        for kwargs in calls(usual, skip=1 if bound else 0):
            yield place(signature, kwargs)
    elif found:
        for parameters, args, kwargs in SPECIMENS:
            given = [
                callable_of(found[1], parameters) if name == found[0] else values(hints.get(name, EMPTY))[0]
                for name in names
            ]
            yield (*given, *args), kwargs
            if not args and signature.parameters[found[0]].kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
                yield (), dict(zip(names, given, strict=True))
    else:  # the ParamSpec is that of a function around this one, which keeps what it stands for
        cells = [cell.cell_contents for cell in func.__closure__ or ()]
        for inner in [cell for cell in cells if callable(cell)][:1]:
            for kwargs in calls(inner):
                yield tuple(values(hints.get(name, EMPTY))[0] for name in names), kwargs
