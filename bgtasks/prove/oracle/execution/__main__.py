"""
Execute the cases of a job: `python -m bgtasks_oracle JOB ANSWERS`.

Both are files of JSON. The second gets a line that says what can be done, and then one for each case.
"""

import json
import os
import sys
import typing
import warnings
from contextlib import redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from operator import attrgetter
from pathlib import Path
from typing import Any

LIBRARIES = ("typing_extensions", "typeguard")


def find(target: dict[str, str] | None) -> Any:
    """Return what is under test, None where nothing is named."""
    if target is None:
        return None
    return attrgetter(target["name"])(import_module(target["module"]))


def main() -> None:
    """Execute what the job says, and write a line for each case as it is done."""
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    with Path(sys.argv[2]).open("a", encoding="utf-8") as answers, Path(os.devnull).open("w") as nowhere:

        def tell(answer: object) -> None:
            answers.write(json.dumps(answer) + "\n")
            answers.flush()

        missing = [name for name in LIBRARIES if find_spec(name) is None]
        if missing:
            tell({"missing": missing[0]})
            return
        from . import cases  # noqa: PLC0415 - it needs what may be missing

        sys.path[:0] = [job["project"], *job["starts"]]
        warnings.simplefilter("ignore")
        typing.overload = cases.overload
        import_module("typing_extensions").overload = cases.overload  # type: ignore[attr-defined]
        with redirect_stdout(nowhere):
            try:
                target = find(job["target"])
            except Exception as error:  # noqa: BLE001 - the code of others, which may raise what it likes
                tell({"target": f"{type(error).__name__}: {error}"})
                return
            tell({"ready": True})
            for case in job["cases"]:
                tell(cases.hear(case, target))


if __name__ == "__main__":
    main()
