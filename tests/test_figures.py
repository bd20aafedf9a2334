"""The figures of docs/speed.md are those of the data that the benchmarks wrote."""

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bgtasks.checkers import NAMES
from bgtasks.claims.cases import read_case
from browser import Chromium, Page, stand_out

ROOT = Path(__file__).parents[1]
CHARTS = ("peers", "checkers", "gains")
SVG = "{http://www.w3.org/2000/svg}"


def make(docs: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.figures", "--docs", str(docs), *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Return a copy of what the figures are made from and of."""
    for name in ("data", "charts"):
        shutil.copytree(ROOT / "docs" / name, tmp_path / name)
    shutil.copy(ROOT / "docs" / "speed.md", tmp_path)
    return tmp_path


def change(path: Path, **values: Any) -> None:
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | values), encoding="utf-8")


def test_the_page_and_the_charts_are_what_the_data_makes() -> None:
    checked = make(ROOT / "docs", "--check")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_other_data_makes_another_page_and_other_charts(docs: Path) -> None:
    cost = json.loads((docs / "data" / "verify.json").read_text(encoding="utf-8"))
    change(docs / "data" / "verify.json", peers=[one | {"ratio": 1234.5} for one in cost["peers"]])
    stale = make(docs, "--check")
    assert stale.returncode == 1
    assert [Path(line.split()[0]).name for line in stale.stdout.splitlines()] == ["speed.md", "peers.svg"]
    assert make(docs).returncode == 0
    assert make(docs, "--check").returncode == 0
    assert "| 1234.5 |" in (docs / "speed.md").read_text(encoding="utf-8")


def test_what_was_not_measured_is_called_so(docs: Path) -> None:
    row = {"what": "a ratio", "ratio": None, "least": None, "most": 1.1, "remark": "", "met": False}
    point = {"package": "a-peer", "checker": "ty", "claims": 10, "ratio": None, "remark": "not installed"}
    parts = {"rows": [row], "peers": [point], "checkers": [], "complete": False}
    change(docs / "data" / "verify.json", **parts)
    assert make(docs).returncode == 0
    page = (docs / "speed.md").read_text(encoding="utf-8")
    assert "| a ratio | not measured | ≤\N{NO-BREAK SPACE}1.1 |" in page
    assert "| a-peer, ty: not installed | not measured |" in page
    assert "*Not measured.*" in page
    assert "It was ended before it was through" in " ".join(page.split())


@pytest.mark.parametrize(("load", "idle"), [(0.2, True), (2.5, False)])
def test_a_machine_that_was_not_idle_is_told_of(docs: Path, load: float, *, idle: bool) -> None:
    change(docs / "data" / "verify.json", load=load, cores=2)
    assert make(docs).returncode == 0
    page = (docs / "speed.md").read_text(encoding="utf-8")
    assert ("the machine was not idle" not in " ".join(page.split())) is idle


def test_a_bar_that_is_missed_is_marked(docs: Path) -> None:
    row = {"what": "a ratio", "ratio": 1.5, "least": None, "most": 1.1, "remark": "", "met": False}
    change(docs / "data" / "verify.json", rows=[row, row | {"ratio": 1.05, "met": True}])
    assert make(docs).returncode == 0
    page = (docs / "speed.md").read_text(encoding="utf-8")
    assert "| a ratio | **1.50, missed** |" in page
    assert "| a ratio | 1.05 |" in page


def test_what_the_plugin_buys_is_told_of_the_type_tests_as_they_are() -> None:
    gains = json.loads((ROOT / "docs" / "data" / "gains.json").read_text(encoding="utf-8"))
    counted: Counter[str] = Counter()
    for path in (ROOT / "typetests").glob("**/*.py"):
        name = path.relative_to(ROOT)
        source = path.read_text(encoding="utf-8")
        counted.update(claim.group for claim in read_case(name, name, source, frozenset(NAMES)).claims)
    told = {kind["name"]: kind["claims"] for kind in gains["kinds"] if kind["name"] != "all"}
    assert told == dict(counted), f"write it anew: {gains['command']}"


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_read_aloud_and_takes_its_colours_from_the_page(name: str) -> None:
    svg = ET.parse(ROOT / "docs" / "charts" / f"{name}.svg").getroot()
    assert svg.get("role") == "img"
    spoken = [svg.find(f"{SVG}{tag}") for tag in ("title", "desc")]
    ids = [one.get("id") for one in spoken if one is not None and one.text]
    assert svg.get("aria-labelledby") == " ".join(map(str, ids))
    assert len(ids) == 2
    coloured = [one for one in svg.iter() if {"fill", "stroke", "style"} & set(one.attrib)]
    assert coloured == []
    style = svg.findtext(f"{SVG}style") or ""
    assert "prefers-color-scheme: dark" in style
    assert "data-md-color-scheme=slate" in style


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_shows_its_numbers_and_the_unit_of_its_axis(name: str) -> None:
    svg = ET.parse(ROOT / "docs" / "charts" / f"{name}.svg").getroot()
    texts = [one.text or "" for one in svg.iter(f"{SVG}text")]
    assert re.search(r"\((times|%)\)$", texts[-1])
    numbers = re.findall(r"\d+", svg.findtext(f"{SVG}desc") or "")
    assert numbers
    shown = set(re.findall(r"\d+", " ".join(texts)))
    assert len(shown & set(numbers)) > len(set(numbers)) / 2


@pytest.mark.browser
def test_no_text_leaves_a_chart_or_is_hard_to_read(chromium: Chromium) -> None:
    for name in CHARTS:
        address = (ROOT / "docs" / "charts" / f"{name}.svg").as_uri()
        for scheme, ground in (("light", "255, 255, 255"), ("dark", "0, 0, 0")):
            page = Page(chromium, address, width=390, height=844, scheme=scheme, scripts=True)
            outside = page.evaluate(
                """[...document.querySelectorAll("text")].filter((one) => {
                    const box = one.getBBox();
                    const view = document.documentElement.viewBox.baseVal;
                    const [right, below] = [box.x + box.width, box.y + box.height];
                    return box.x < -1 || right > view.width + 1 || below > view.height + 1;
                }).map((one) => one.textContent)"""
            )
            assert outside == [], name
            inks = page.evaluate(
                """[...document.querySelectorAll("text")].map((one) => getComputedStyle(one).fill)"""
            )
            assert min(stand_out(ink, f"rgb({ground})") for ink in set(inks)) >= 4.5, scheme
