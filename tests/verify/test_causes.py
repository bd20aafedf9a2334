import sys
from pathlib import Path
from textwrap import dedent

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Accept, Claim, Outcome, Span, Verdict
from bgtasks.errors import BgtasksError
from bgtasks.model import Run
from bgtasks.verify.around import find_starts
from bgtasks.verify.causes import require_readable
from bgtasks.verify.model import Plan, Result

NOW = "{}.{}".format(*sys.version_info)
CASE = Path("case.py")
RED = (Verdict(CASE, 1, None, Outcome.UNEXPECTED),)


def lay_out(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text))


def plan(folder: Path, files: dict[str, str], source: str) -> Plan:
    lay_out(folder, files)
    case = read_case(CASE, CASE, source, frozenset())
    return Plan([case], None, Path(sys.executable), starts=[folder])


def result(checker: str, failure: str | None = None, *, red: bool = False) -> Result:
    return Result(Run(checker, "1", NOW, 0, failure=failure), RED if red else ())


BROKEN = "x = 1\ndef f(:\n"
MISSED = Result(
    Run("ty", "1", NOW, 0), (Verdict(CASE, 1, Claim(1, Span(1, 1), Accept()), Outcome.UNEXPECTED),)
)
STOPPED = result("mypy", "stopped")


@pytest.mark.parametrize(
    ("files", "source", "said"),
    [
        pytest.param({"lib.py": BROKEN}, "import lib", "lib.py:2: syntax error: ", id="module"),
        pytest.param(
            {"lib/__init__.py": BROKEN, "lib/a.py": ""}, "from lib.a import x", "__init__.py:2", id="package"
        ),
        pytest.param(
            {"lib/__init__.py": "from .a import x", "lib/a.py": "from .b import y", "lib/b.py": BROKEN},
            "import lib",
            "b.py:2: syntax error",
            id="by way of others",
        ),
        pytest.param(
            {"lib/__init__.py": "from . import a", "lib/a.py": BROKEN}, "import lib", "a.py:2", id="submodule"
        ),
        pytest.param({"lib.py": "import other", "other.py": BROKEN}, "import lib", "other.py:2", id="beside"),
        pytest.param({"lib.py": "", "lib.pyi": BROKEN}, "import lib", "lib.pyi:2", id="stub"),
        pytest.param({"lib/__init__.pyi": BROKEN}, "import lib", "__init__.pyi:2", id="stub of a package"),
    ],
)
def test_a_file_that_is_no_python_is_told_once(
    tmp_path: Path, files: dict[str, str], source: str, said: str
) -> None:
    checked = plan(tmp_path, files, source)
    for results in ([STOPPED], [result("pyright", red=True)]):
        with pytest.raises(BgtasksError, match="the type tests import this file, so mend it") as error:
            require_readable(checked, results, [NOW])
        assert said in str(error.value)


@pytest.mark.parametrize(
    ("files", "results", "version"),
    [
        pytest.param({"lib.py": BROKEN}, [result("mypy"), result("ty", red=True)], NOW, id="mypy is done"),
        pytest.param({"lib.py": BROKEN}, [result("pyright")], NOW, id="all is green"),
        pytest.param({"lib.py": BROKEN}, [MISSED], NOW, id="a claim is missed"),
        pytest.param({"lib.py": BROKEN}, [STOPPED], "3.99", id="of a newer Python"),
        pytest.param({"lib.py": "", "other.py": BROKEN}, [STOPPED], NOW, id="imported by none"),
        pytest.param({"lib.py": BROKEN, "lib.pyi": ""}, [STOPPED], NOW, id="with a stub"),
        pytest.param({"lib.py": f"from {'.' * 99}a import b"}, [STOPPED], NOW, id="above all"),
        pytest.param({"lib.py": "import lib"}, [STOPPED], NOW, id="sound, and imports itself"),
    ],
)
def test_nothing_else_is_a_cause(
    tmp_path: Path, files: dict[str, str], results: list[Result], version: str
) -> None:
    require_readable(plan(tmp_path, files, "import lib"), results, [version])


def starts(folder: Path, files: dict[str, str]) -> tuple[Path, ...]:
    lay_out(folder, {"pyproject.toml": "", **files})
    path = folder / "tests"
    cases = [
        read_case(file, Path(f"{file.stem}_cases.py"), file.read_text(), frozenset())
        for file in path.glob("*.py")
    ]
    return find_starts([path], cases, Path(sys.executable))


@pytest.mark.parametrize(
    ("library", "source", "line"),
    [
        pytest.param("types.py", "from types import f", 1, id="module"),
        pytest.param("src/queue/__init__.py", "import os\nfrom queue import f", 2, id="package"),
        pytest.param("queue.py", "import queue\n\nqueue.f", 3, id="attribute"),
        pytest.param("queue.py", "import queue as q\n\nq.f", 3, id="attribute, by another name"),
        pytest.param("tests/queue.py", "from queue import f", 1, id="beside the cases"),
    ],
)
def test_a_library_named_like_one_of_python_is_told(
    tmp_path: Path, library: str, source: str, line: int
) -> None:
    name = next(part for part in ("types", "queue") if part in library)
    with pytest.raises(BgtasksError) as error:
        starts(tmp_path, {library: "def f(): ...\n", "tests/case.py": source})
    assert str(error.value).startswith(
        f"{tmp_path / library}: has the name of a module of the standard library, "
    )
    assert f"'{name}'" in str(error.value)
    assert f"case.py:{line} imports f from it; rename it" in str(error.value)


@pytest.mark.parametrize(
    ("files", "source"),
    [
        pytest.param({"types.py": "def f(): ...\n"}, "from types import CodeType", id="Python's is meant"),
        pytest.param({"queue.py": "class Queue: ...\n"}, "from queue import Queue", id="both have it"),
        pytest.param({"json.py": "def loads(): ...\n"}, "from json import loads", id="a package has it"),
        pytest.param({"queue/data.txt": ""}, "from queue import f", id="no module"),
        pytest.param({}, "from queue import f", id="nothing of the name"),
        pytest.param({"curses.py": "def f(): ...\n"}, "from curses import f", id="Python's has more to it"),
        pytest.param({"queue.py": "def f(): ...\n"}, "import queue\nother.f", id="of something else"),
        pytest.param({"tests/types.py": "from types import Newest\n"}, "", id="itself a case"),
    ],
)
def test_what_only_shares_a_name_is_no_cause(tmp_path: Path, files: dict[str, str], source: str) -> None:
    assert starts(tmp_path, {**files, "tests/case.py": source}) == ()
