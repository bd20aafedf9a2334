from pathlib import Path

import pytest

from bgtasks.claims.cases import read_case
from bgtasks.claims.model import Case
from bgtasks.model import Target
from bgtasks.prove.mutants.modules import Module, Modules
from bgtasks.prove.mutants.siblings import make_family, make_sibling
from bgtasks.prove.mutants.suite import LIGHT, Suite, find_suite, prepare, split

STRAIGHT = "from lib import Pool\nPool()  # OK\n"
FAR = "from layer_0 import Pool\nPool()  # OK\n"
CASES = {
    "straight": STRAIGHT,
    "longer": f"{STRAIGHT}\n{'# more' * 50}\n",
    "far": FAR,
    "user": "from helper import pool\npool.x  # E: unknown-attribute\n",
    "helper": "from lib import Pool\npool = Pool()\n",
    "apart": "len('')  # OK\n",
}


def case(name: str, source: str) -> Case:
    path = Path(f"{name}.py")
    return read_case(path, path, source, frozenset())


@pytest.fixture
def modules(tmp_path: Path) -> Modules:
    """Return a module, and more of them before it than are copied lightly."""
    (tmp_path / "lib.py").write_text("class Pool: ...\n")
    for number in range(LIGHT + 1):
        name = f"layer_{number + 1}" if number < LIGHT else "lib"
        (tmp_path / f"layer_{number}.py").write_text(f"from {name} import Pool as Pool\n")
    return Modules([tmp_path])


@pytest.fixture
def suite(modules: Modules) -> Suite:
    module = modules.find("lib")
    assert module is not None
    return find_suite(module, [case(name, source) for name, source in CASES.items()], modules)


def test_a_case_is_one_of_a_module_be_it_through_another(suite: Suite) -> None:
    assert {one.module.stem for one in suite.cases} == {"straight", "longer", "far", "user", "helper"}


def test_the_shortest_come_first_and_what_needs_many_copies_last(suite: Suite, modules: Modules) -> None:
    rounds = [{one.module.stem for one in some} for some in split(suite, modules)]

    assert rounds[2] == {"far"}
    assert "longer" in rounds[1]
    assert rounds[0] | rounds[1] == {"straight", "longer", "user", "helper"}
    assert all("helper" in some for some in rounds if "user" in some)


def test_the_target_is_imported_in_the_place_of_another() -> None:
    prepared = prepare(case("c", STRAIGHT), Target("lib", "Pool"), Target("pools", "Queue"))

    assert prepared.source.startswith("from pools import Queue as Pool\n")
    assert prepared.probes == ()


def test_a_sibling_shares_no_name_with_another(suite: Suite, modules: Modules) -> None:
    family = make_family(suite, suite.cases, modules)
    first, second = (make_sibling(number, "class Pool: ...\n", family, modules) for number in (1, 2))

    assert not {one.module for one in first.copies} & {one.module for one in second.copies}
    assert not first.packages.keys() & second.packages.keys()
    assert len(first.packages) == LIGHT + 1 + len({"__init__.py", "py.typed"})
    assert first.own.module != second.own.module
    for one in first.copies:
        assert "from lib import" not in one.source
        assert "_0002" not in one.source
    assert {path.stem for path in first.cases} == {one.module.stem for one in suite.cases}


def test_a_copy_claims_what_the_case_does(suite: Suite, modules: Modules) -> None:
    family = make_family(suite, suite.cases, modules)
    sibling = make_sibling(1, "class Pool: ...\n", family, modules)

    for copy in sibling.copies:
        original = sibling.cases[copy.path]
        assert copy.claims == original.claims
        assert copy.source.count("\n") == original.source.count("\n")


def test_a_module_that_nothing_reaches_has_no_cases(modules: Modules) -> None:
    module = Module("lib", Path("lib.py"), "")

    assert find_suite(module, [case("apart", CASES["apart"])], modules).cases == ()
