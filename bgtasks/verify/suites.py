"""The suites of a project: cases that need settings of their own, apart from each other."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bgtasks.errors import BgtasksError
from bgtasks.files import absolute
from bgtasks.report.outputs import STDOUT
from bgtasks.verify.settings import Settings

# Two of these are one more.
JOINED = {"github", "markdown"}


def find_owners(settings: Settings, path: Path) -> tuple[Settings, ...]:
    """
    Return the suites that the cases at `path` are of, the settings themselves where they are of none.

    Of suites that lie in one another it is the innermost; several may have the same cases.
    """
    here = absolute(path)
    depths = [
        (len(folder.parts), suite)
        for suite in (settings, *settings.suites)
        for folder in map(absolute, suite.cases)
        if here.is_relative_to(folder)
    ]
    innermost = max((depth for depth, _ in depths), default=0)
    return tuple(suite for depth, suite in depths if depth == innermost) or (settings,)


def is_named(settings: Settings, path: Path) -> bool:
    """Tell whether a path is among the cases that the settings name."""
    here = absolute(path)
    cases = (case for suite in (settings, *settings.suites) for case in suite.cases)
    return any(here.is_relative_to(folder) for folder in map(absolute, cases))


def part(settings: Settings, paths: Sequence[Path] = ()) -> tuple[Settings, ...]:
    """
    Return the suites with something to check, each with its cases and what among them is of others.

    Those are all that `settings` name, or what of them lies at `paths`.
    """
    everyone = (settings, *settings.suites)
    wanted = paths or tuple(dict.fromkeys(case for suite in everyone for case in suite.cases))
    parts: list[Settings] = []
    for suite in everyone:
        cases = [path for path in wanted if suite in find_owners(settings, path)]
        cases += [case for case in suite.cases if lies_in(case, wanted) and not lies_in(case, cases)]
        if cases:
            others = [case for other in everyone if other is not suite for case in other.cases]
            without = tuple(dict.fromkeys(path for path in others if lies_in(path, cases)))
            parts.append(replace(suite, cases=tuple(cases), without=without, suites=()))
    return tuple(parts) or (replace(settings, suites=()),)


def part_at(settings: Settings, path: Path, paths: Sequence[Path] = ()) -> tuple[Settings, ...]:
    """Return the suites that one case is of, which neither `paths` nor `settings` need to name."""
    suites = part(settings, paths or (() if is_named(settings, path) else (path,)))
    owners = {suite.name for suite in find_owners(settings, path)}
    return tuple(suite for suite in suites if suite.name in owners) or suites


def lies_in(path: Path, folders: Iterable[Path]) -> bool:
    """Tell whether a path is inside one of `folders`, and not one of them."""
    here, outer = absolute(path), list(map(absolute, folders))
    return here not in outer and any(here.is_relative_to(folder) for folder in outer)


def keep_apart(suites: Sequence[Settings]) -> tuple[Settings, ...]:
    """
    Return suites of which no two write the same file: the name of one goes into that of its report.

    Raises `BgtasksError` where the reports of several would make one document that is none.
    """
    written = Counter(path for suite in suites for _, path in suite.outputs)
    kept: list[Settings] = []
    for suite in suites:
        outputs: list[tuple[str, Path]] = []
        for form, path in suite.outputs:
            shared = written[path] > 1
            if shared and path == STDOUT and form not in JOINED:
                raise BgtasksError(f"--output {form}=-: is for one suite; name the cases of one, or a file")
            apart = shared and suite.name and path != STDOUT
            outputs.append((form, path.with_stem(f"{path.stem}-{suite.name}") if apart else path))
        kept.append(replace(suite, outputs=tuple(outputs)))
    return tuple(kept)
