"""
What the mypy plugin adds to a run of mypy over a whole app, in ratios. Exits with 1 where it misses the bar.

CPU is user and system time; runs with and without the plugin take turns, and the least of each counts.
"median" is the middle one of the ratios of each two runs in turn: where it is far from the ratio, the machine
was too busy to measure anything.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
APPS = ROOT / "tests" / "apps"
BAR = 1.05


@dataclass(frozen=True, slots=True)
class Setting:
    """What is done to a project before each run, and how many runs are made."""

    name: str
    prepare: Callable[[Path], None]
    rounds: int


def forget(project: Path) -> None:
    shutil.rmtree(project / ".mypy_cache", ignore_errors=True)


def change(project: Path) -> None:
    for path in (project / "shop").rglob("*.py"):
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")


def leave(_: Path) -> None: ...


SETTINGS = (
    Setting("cold: no cache", forget, 7),
    Setting("changed: every file of the app, none of what it imports", change, 15),
    Setting("warm: nothing changed", leave, 40),
)


def lay_out(project: Path, *, plugin: bool) -> Path:
    shutil.copytree(APPS / "shop", project / "shop")
    config = (APPS / "mypy.ini").read_text(encoding="utf-8")
    plugins = "[mypy]\nplugins = bgtasks.mypy_plugin\n" if plugin else "[mypy]\n"
    (project / "mypy.ini").write_text(config.replace("[mypy]\n", plugins, 1), encoding="utf-8")
    return project


def spend(project: Path) -> float:
    """Run mypy; return its CPU seconds, and raise where it did not judge the app."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "shop"],
        cwd=project,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 1 or "Found " not in done.stdout:
        sys.exit(f"mypy did not judge the app:\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def measure(setting: Setting, projects: list[Path], rounds: int) -> list[list[float]]:
    spent: list[list[float]] = [[] for _ in projects]
    for number in range(rounds):
        # Each round begins with the other one, so that neither always runs on a warmer machine.
        for index, project in list(enumerate(projects))[:: -1 if number % 2 else 1]:
            setting.prepare(project)
            spent[index].append(spend(project))
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, help="runs of each kind, instead of their own numbers")
    rounds: int | None = parser.parse_args().rounds
    missed = False
    print(
        f"{'mypy over tests/apps/shop':58}{'without':>10}{'with':>10}{'ratio':>8}{'median':>8}  bar {BAR:.2f}"
    )
    with tempfile.TemporaryDirectory() as folder:
        projects = [lay_out(Path(folder, str(plugin)), plugin=plugin) for plugin in (False, True)]
        for setting in SETTINGS:
            without, with_plugin = measure(setting, projects, rounds or setting.rounds)
            ratio = min(with_plugin) / min(without)
            usual = median(b / a for a, b in zip(without, with_plugin, strict=True))
            missed |= ratio > BAR
            print(
                f"{setting.name:58}{min(without):8.2f} s{min(with_plugin):8.2f} s{ratio:8.3f}{usual:8.3f}"
                f"  {'MISSED' if ratio > BAR else 'met'}",
                flush=True,
            )
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
