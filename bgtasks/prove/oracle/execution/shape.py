"""The shape of a call, as Python itself judges it: a stand-in of the same signature is called."""

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

MISSING: Final = object()
"""The value of a parameter that was not given one."""


class RejectedError(TypeError):
    """Python, or the annotations that it carries, refuse a call; `kind` is that of a claim."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind = kind
        super().__init__(text)


# What CPython says of a call that does not fit, by what it means.
SAYINGS = (
    (r"positional-only arguments? passed as keyword", "positional-only-as-keyword"),
    (r"unexpected keyword argument|takes no keyword arguments", "unknown-keyword"),
    (r"multiple values for", "multiple-values"),
    (r"missing \d+ required", "missing-argument"),
    (r"takes .*positional arguments?.* given|takes no arguments", "too-many-positional"),
    (r"not callable", "not-callable"),
    (r"can't be used in 'await'|can't be awaited", "pitfall"),
)


def kind_of(error: BaseException) -> str:
    """Return the kind of claim that an exception bears out."""
    match error:
        case RejectedError():
            return error.kind
        case AttributeError():
            return "unknown-attribute"
        case _:
            text = str(error)
            return next((kind for saying, kind in SAYINGS if re.search(saying, text)), "argument-type")


def bind(signature: inspect.Signature, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the value of each parameter, MISSING for one that keeps its default.

    A function of that signature is called: `Signature.bind` is wrong of some calls on Python 3.13.0
    (python/cpython#130164). Raises `TypeError` as Python does.
    """
    return stand_in(signature)(*args, **kwargs)


def stand_in(signature: inspect.Signature) -> Callable[..., dict[str, Any]]:
    """Return a function of the same signature that returns its arguments by name."""
    parts: list[str] = []
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    for index, (name, parameter) in enumerate(signature.parameters.items()):
        default = "" if parameter.default is parameter.empty else "=_bgtasks_missing"
        match parameter.kind:
            case parameter.VAR_POSITIONAL:
                parts.append(f"*{name}")
            case parameter.VAR_KEYWORD:
                parts.append(f"**{name}")
            case parameter.KEYWORD_ONLY if not {parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY} & {
                *kinds[:index]
            }:
                parts += ["*", f"{name}{default}"]
            case _:
                parts.append(f"{name}{default}")
        if (
            parameter.kind is parameter.POSITIONAL_ONLY
            and parameter.POSITIONAL_ONLY not in kinds[index + 1 :]
        ):
            parts.append("/")
    result = ", ".join(f"{name!r}: {name}" for name in signature.parameters)
    made = eval(  # noqa: S307 - of names that Python has taken already
        f"lambda {', '.join(parts)}: {{{result}}}", {"_bgtasks_missing": MISSING}
    )
    # What Python says of a call begins with this name.
    made.__qualname__ = "the task"
    stand: Callable[..., dict[str, Any]] = made
    return stand
