import ast
from pathlib import Path

import pytest

from bgtasks.check.ask.partials import find_inmost, spell_inmost
from bgtasks.check.facts.app import read_app
from bgtasks.check.files.source import find_modules

WORK = """\
from functools import partial
def pack(parcel, box): ...
large = partial(pack, box="large")
larger = partial(large)
def make(pack): return partial(pack)
class Courier:
    def __init__(self):
        self.fast = partial(self.deliver, 1)
        self.own = partial(pack, 1)
        self.twice = partial(pack, 1)
        self.twice = partial(pack, 2)
    def deliver(self, parcel): ...
"""
MAIN = """\
import work
from functools import partial
from starlette.background import BackgroundTask
from work import Courier, large, larger
courier = Courier()
BackgroundTask({task})
"""


@pytest.mark.parametrize(
    ("task", "spelled", "imports"),
    [
        pytest.param("large", "w_pack", "from work import pack as w_pack", id="imported"),
        pytest.param("larger", "w_pack", "from work import pack as w_pack", id="partial of a partial"),
        pytest.param(
            "partial(large, 1)", "w_pack", "from work import pack as w_pack", id="one more around it"
        ),
        pytest.param("work.large", "work.pack", "", id="of a module"),
        pytest.param("courier.fast", "courier.deliver", "", id="of an object"),
        pytest.param("courier.own", "courier.own", "", id="of an object, and of a function"),
        pytest.param("courier.twice", "courier.twice", "", id="bound twice"),
        pytest.param("partial(work.pack, 1)", "work.pack", "", id="inline"),
        pytest.param("work.pack", "work.pack", "", id="no partial"),
        pytest.param("unknown", "unknown", "", id="of nobody knows what"),
    ],
)
def test_what_is_in_a_partial_is_named_where_the_task_stands(
    task: str, spelled: str, imports: str, tmp_path: Path
) -> None:
    (tmp_path / "work.py").write_text(WORK)
    (tmp_path / "main.py").write_text(MAIN.format(task=task))
    modules, _ = find_modules([tmp_path / "main.py"])
    [site] = read_app(modules).sites
    assert site.task is not None

    inmost, needed = spell_inmost(site.task, site.names, "w")

    assert (ast.unparse(inmost), needed) == (spelled, imports)


def test_a_partial_is_followed_into_its_own_module(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(WORK)
    (tmp_path / "main.py").write_text(MAIN.format(task="courier.own"))
    modules, _ = find_modules([tmp_path / "main.py"])
    [site] = read_app(modules).sites
    assert site.task is not None

    inmost, names = find_inmost(site.task, site.names)

    assert (ast.unparse(inmost), names.module.path) == ("pack", tmp_path / "work.py")
