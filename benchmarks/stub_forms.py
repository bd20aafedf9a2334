"""
What a name that upstream adds tomorrow costs a user, for each form that the stubs of a package could have.

Each form is laid over the installed FastAPI, to which such a name is added. A form that costs nothing has
that name known under every checker, a misspelt one still rejected, and the stubs still in effect.
"""

import sysconfig
from collections.abc import Callable, Mapping
from pathlib import Path

from bgtasks.checkers import CHECKERS
from bgtasks.claims.cases import read_case
from bgtasks.model import Target
from bgtasks.prove.jobs import Job, local, run_jobs

STUBS = Path(__file__).parent.parent / "stubs"
SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
CHECKED = tuple(name for name in CHECKERS if "+" not in name)
TARGET = Target("fastapi", "FastAPI")

CASE = """\
import fastapi
from fastapi.background import _bgtasks_stubs

taken: str = fastapi.of_tomorrow  # OK
wrong: int = fastapi.of_tomorrow  # E: assignment
fastapi.BackgroundTask  # E: unknown-attribute
fastapi.Depends(len)  # OK
_bgtasks_stubs.removesuffix("")  # OK
fastapi.FastAPI(title="a")  # OK
"""
HEAD = """
## What a name that upstream adds would cost

No form of the stubs costs nothing under all six checkers. Without `__init__.pyi` five of them find the rest
of the package behind the stubs, but zuban finds nothing. With `def __getattr__` every checker lets the new
name pass, and a misspelt one too. So the stubs name what upstream exports today, and a daily workflow,
`nox -s upstream`, tells when that is too little.
"""
QUESTIONS: Mapping[str, range] = {
    "the new name is there": range(4, 5),
    "and has its type": range(5, 6),
    "a misspelt name is rejected": range(6, 7),
    "the stubs, and all else, are in effect": range(7, 10),
}
FORMS: Mapping[str, Callable[[str], str | None]] = {
    "all names of today": lambda init: init,
    "and `def __getattr__`": lambda init: (
        f"{init}\nfrom typing import Any\ndef __getattr__(name: str) -> Any: ...\n"
    ),
    "no `__init__.pyi`": lambda _: None,
}


def read(folder: Path, root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.suffix in {".py", ".pyi", ".typed"}
    }


def make_job(form: Callable[[str], str | None], checker: str) -> Job:
    """Return the question what a checker makes of the FastAPI of tomorrow with the stubs in a form."""
    packages = read(SITE_PACKAGES / "fastapi", SITE_PACKAGES)
    packages["fastapi/__init__.py"] += '\nof_tomorrow: str = ""\n'
    for stubs in STUBS.glob("*-stubs"):
        for name, text in read(stubs, STUBS).items():
            changed = form(text) if name.endswith("__init__.pyi") else text
            if changed is not None:
                packages[name] = changed
    path = Path("case.py")
    return Job(checker, (read_case(path, path, CASE, frozenset()),), TARGET, TARGET, packages)


def main() -> None:
    forms = [(name, checker) for name in FORMS for checker in CHECKED]
    results = run_jobs([make_job(FORMS[name], checker) for name, checker in forms], local())
    print(HEAD)
    print(f"| form | {' | '.join(QUESTIONS)} |\n|---|{'---|' * len(QUESTIONS)}")
    for name in FORMS:
        cells: list[str] = []
        for lines in QUESTIONS.values():
            no = [
                checker
                for (form, checker), result in zip(forms, results, strict=True)
                if form == name
                and (
                    result.run.failure
                    or any(one.line in lines and not one.outcome.ok for one in result.verdicts)
                )
            ]
            cells.append(f"not under {', '.join(no)}" if no else "yes")
        print(f"| {name} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
