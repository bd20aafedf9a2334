"""What becomes of the claims of one case, while its statements are executed."""

import functools
import inspect
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from . import drive, targets
from .calls import Court
from .hints import check, hints_of, is_callable_hint, is_typed_dict, strip
from .notes import LENGTH, NONE
from .rewrite import Claim
from .shape import RejectedError, kind_of


@dataclass(slots=True)
class Heard:
    """What has become of one claim so far."""

    passed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    notes: dict[str, None] = field(default_factory=dict[str, None])


class Hearing(Court):
    """The oracle as the rewritten case sees it, under the name `_bgtasks_oracle`."""

    def __init__(self, claims: Sequence[Claim], namespace: dict[str, Any], file: str, source: str) -> None:
        super().__init__(namespace, file)
        self.claims: dict[int, Claim] = {claim.line: claim for claim in claims}
        self.heard: defaultdict[int, Heard] = defaultdict(Heard)
        self.declarations: dict[str, Any] = {}
        self.holders: list[drive.Holder | drive.Override] = []
        self.held: set[int] = set()
        self.rejecting = False
        self.depth: int = 0
        self.background: bool = False
        self.source = source

    # -- What stands around a claimed statement

    def wants(self, line: int) -> bool:
        """Tell whether a claimed statement is to be executed now: what must be rejected comes last."""
        return (self.rejecting and not self.depth) or self.claims[line].kind is None

    @contextmanager
    def claim(self, line: int) -> Generator[None, None, None]:
        """Hear what becomes of a statement, unless it is executed on behalf of another."""
        if self.depth:
            yield
            return
        again = self.rejecting and self.claims[line].kind is None
        heard = Heard() if again else self.heard[line]
        self.notes: dict[str, None] = heard.notes
        self.judged = False
        self.depth += 1
        try:
            yield
        except (TypeError, AttributeError) as error:
            heard.failures.append((kind_of(error), str(error)))
        except BaseException:  # noqa: BLE001 - what a task raises itself says that it was called
            # Before its call, it says nothing of that.
            heard.passed += self.judged
        else:
            heard.passed += 1
        finally:
            self.depth -= 1
            self.notes = {}

    # -- What the rewritten source calls

    def imported(self, *names: str) -> None:
        """Have what was imported record its calls, where it hands a callable on."""
        for name in names:
            for one in [self.namespace.get(name)] if name != "*" else list(self.namespace.values()):
                targets.record(self, one)
                self.background = self.background or targets.is_background(one)

    def typed(self, *lines: int) -> Callable[[Any], Any]:
        """Decorate a function of the case: it checks what it is given."""
        self.held.update(lines)

        def decorate(func: Any) -> Any:
            @functools.wraps(func)
            def checked(*args: Any, **kwargs: Any) -> Any:
                self.admit(func, self.owners.get(checked), args, kwargs)
                return self.outgoing(func(*args, **kwargs), func)

            self.own[checked] = func
            if lines:
                self.holders.append(drive.Holder(checked, func))
            return checked

        return decorate

    def outgoing(self, result: Any, func: Any) -> Any:
        hint = strip(func.__annotations__.get("return"))
        return self.declare(result, hint) if is_callable_hint(hint) else result

    def made(self, cls: Any) -> None:
        """Know the methods of a class of the case, and have those that Python made for it check as well."""
        if not isinstance(cls, type):
            return
        for name, value in list(vars(cls).items()):
            if inspect.isfunction(value) and value in self.own:
                self.owners[value] = cls
            elif name in {"__init__", "__new__"} and is_generated(value):
                func: Any = getattr(value, "__func__", value)
                checked = self.typed()(func)
                setattr(cls, name, staticmethod(checked) if name == "__new__" else checked)

    def declared(self, value: Any, annotation: Callable[[], Any], name: str, fits: bool) -> Any:
        """Return a value that is assigned or returned as what an annotation says."""
        hint = annotation()
        if name:
            self.declarations[name] = hint
        if fits:
            if value is not None and strip(hint) in (None, type(None)):
                raise RejectedError("assignment", f"{value!r} is not None")
            try:
                check(value, hint)
            except RejectedError as error:
                raise RejectedError("assignment", str(error)) from None
        return self.declare(value, hint)

    def call(self, func: Any) -> Any:
        """Return what is called in a claimed statement; what others wrote has its annotations checked."""
        if self.is_own(func) or not callable(func) or self.is_recorded(func):
            return func
        hints = hints_of(func)
        if is_typed_dict(func):
            return func

        def checking(*args: Any, **kwargs: Any) -> Any:
            if None in (*args, *kwargs.values()):
                self.notes[NONE] = None
            with suppress(ValueError):
                self.fit(inspect.signature(func), hints, args, kwargs)
            return func(*args, **kwargs)

        return checking

    def unpacked(self, value: Any) -> Any:
        """Return what a star unpacks; of a list and a dict the type does not tell how much it holds."""
        self.notes.update({LENGTH: None} if type(value) in {list, dict} else {})
        return value

    def overriding(self, cls: Any, line: int, method: str) -> None:
        """Hear whether a method takes what the one that it overrides takes, and returns what that does."""
        self.held.add(line)
        self.holders.append(drive.Override(cls, method, line))


def is_generated(value: Any) -> bool:
    """Tell whether Python made a constructor itself, as for a dataclass or a NamedTuple."""
    func = getattr(value, "__func__", value)
    return (
        inspect.isfunction(func) and bool(func.__annotations__) and func.__code__.co_filename.startswith("<")
    )
