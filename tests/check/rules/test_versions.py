"""The rules say of each version of FastAPI what tests/recorded/fastapi/measure.py has measured of it."""

import ast
import json
import re
from pathlib import Path

import pytest

from bgtasks.check.facts.app import read_app
from bgtasks.check.model import Module
from bgtasks.check.rules import find_violations
from examples import NEWEST, codes_of, endpoint, find, pinned
from places import TESTS

RECORDED = TESTS / "recorded" / "fastapi"
MEASURED: dict[str, dict[str, list[object]]] = json.loads((RECORDED / "versions.json").read_text())
BETWEEN, OLDEST = "0.110.3", "0.95.0"
# What an endpoint leaves whose task has run as it should.
RIGHT = (["ran"], ["open"])


def read_probe() -> Module:
    """Read the probe as it would be written by hand: the measured functions are the endpoints of an app."""
    names = "|".join({name for answers in MEASURED.values() for name in answers})
    endpoint = re.compile(rf"^( *)((?:async )?def (?:{names})\()", re.MULTILINE)
    source, count = endpoint.subn(r"\1@app.post('/')\n\1\2", (RECORDED / "probe.py").read_text())
    source = source.replace("@app.post('/')\nasync def socket_", "@app.websocket('/')\nasync def socket_")
    assert count == names.count("|") + 1
    source += "\n\napp = FastAPI()\n"
    return Module(Path("probe.py"), "probe", source, ast.parse(source))


def reported(module: Module, version: str) -> set[str]:
    """Return the endpoints of which something is reported, itself or in the dependency that it has."""
    names: set[str] = set()
    for finding in find_violations(read_app([module], pinned(version))):
        [*_, function] = [
            node
            for node in ast.walk(module.tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and node.lineno <= finding.place.line <= (node.end_lineno or node.lineno)
        ]
        said = [node.value for node in ast.walk(function) if isinstance(node, ast.Constant)]
        names |= {
            name for name in said if isinstance(name, str) and name != "injected" and name.isidentifier()
        }
    return names


@pytest.mark.parametrize("version", MEASURED)
def test_what_is_reported_is_what_was_measured(version: str) -> None:
    answers = MEASURED[version]
    failed = {name for name, (_, *left) in answers.items() if left not in RIGHT}

    assert {name for name in reported(read_probe(), version) if name in answers} == failed


def test_every_version_behaves_in_a_way_of_its_time() -> None:
    behind = {version: answers["after_yield"][1:] for version, answers in MEASURED.items()}

    assert {version for version, left in behind.items() if left} == {
        "0.106.0", "0.110.3", "0.112.2", "0.115.14", "0.117.1"
    }  # fmt: skip


LATE = "def dep(tasks: BackgroundTasks):\n yield\n tasks.add_task(send)\nx = Depends(dep)"
RELEASED = "def get():\n db = connect()\n try:\n  yield db\n finally:\n  db.close()\n" + endpoint(
    "tasks.add_task(send, db)", "tasks: BackgroundTasks, db=Depends(get)"
)
UPLOADED = endpoint("tasks.add_task(send, file)", "tasks: BackgroundTasks, file: UploadFile")
OF_FUNCTION = RELEASED.replace("Depends(get)", "Depends(get, scope='function')")
BESIDE = "def dep(t: BackgroundTasks): return t\n" + endpoint("...", "t: BackgroundTasks = Depends(dep)")


@pytest.mark.parametrize(
    ("body", "versions"),
    [
        pytest.param(LATE, {OLDEST, "0.105.0", "0.118.0", "0.128.0", "0.128.2", NEWEST}, id="after yield"),
        pytest.param(RELEASED, {"0.106.0", BETWEEN, "0.117.1"}, id="released"),
        pytest.param(UPLOADED, {"0.106.0", BETWEEN, "0.117.1"}, id="uploaded"),
        pytest.param(
            OF_FUNCTION,
            {OLDEST, "0.105.0", "0.106.0", BETWEEN, "0.117.1", "0.118.0", "0.128.0", "0.128.2", NEWEST},
            id="of the function",
        ),
        pytest.param(
            BESIDE, {OLDEST, "0.105.0", "0.106.0", BETWEEN, "0.117.1", "0.118.0", "0.128.0"}, id="beside"
        ),
    ],
)
def test_what_depends_on_the_version_is_reported_for_those_versions(body: str, versions: set[str]) -> None:
    asked = [OLDEST, "0.105.0", "0.106.0", BETWEEN, "0.117.1", "0.118.0", "0.128.0", "0.128.2", NEWEST]

    assert {version for version in asked if find(body, version)} == versions


RESOURCES = {
    "by a context manager": ("with connect() as db:\n  yield db", True),
    "by an asynchronous one": ("async with connect() as db:\n  yield db", True),
    "at the end": ("db = connect()\n yield db\n db.close()", True),
    "awaited": ("db = connect()\n yield db\n await db.aclose()", True),
    "never": ("db = connect()\n yield db", False),
    "something else": ("db = connect()\n log = connect()\n yield db\n log.close()", False),
    "before": ("db = connect()\n db.close()\n yield db", False),
    "something else around": ("with lock:\n  yield connect()", False),
}


@pytest.mark.parametrize(
    ("body", "reported"), [pytest.param(*case, id=name) for name, case in RESOURCES.items()]
)
def test_only_what_a_dependency_releases_is_released(body: str, reported: bool) -> None:
    dependency = f"async def get():\n {body}\n"
    source = dependency + endpoint("tasks.add_task(send, db)", "tasks: BackgroundTasks, db=Depends(get)")

    assert codes_of(source, BETWEEN) == ["BGT210"] * reported


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        pytest.param(LATE, "FastAPI <0.106 or >=0.118 goes on", id="after yield"),
        pytest.param(RELEASED, "FastAPI >=0.106,<0.118 closes", id="released"),
        pytest.param(OF_FUNCTION, "FastAPI closes", id="of the function"),
        pytest.param(BESIDE, "with which FastAPI <0.128.2 does not start", id="beside"),
    ],
)
def test_where_the_version_is_not_known_the_rule_says_in_which_it_holds(body: str, subject: str) -> None:
    [finding] = find(body, None)

    assert subject in finding.message
