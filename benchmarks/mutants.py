"""
What mutants cost: side by side, in a process each, and with typemut, in CPU; and what many would cost.

A module of functions with a type test for each is mutated under mypy. CPU is user and system time of all
processes. Wall time is measured for several workers, and means something only on an idle machine.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bgtasks.model import Target
from bgtasks.prove.jobs import Job, local, run_jobs
from bgtasks.prove.mutants.modules import Modules
from bgtasks.prove.mutants.run import anchor
from bgtasks.prove.mutants.session import make_subject, mutate, pack, read_cases
from bgtasks.verify.settings import Settings

TARGET = Target("lib", "f0")
# In typemut's own words: a command that fails on type errors.
TYPEMUT = """\
[typemut]
module-path = "src"
test-command = "{mypy} --no-incremental --cache-dir={null} src"
timeout = 60
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU and wall seconds of so many mutants."""

    mutants: int
    cpu: float
    wall: float

    @property
    def each(self) -> float:
        """CPU seconds for one mutant."""
        return self.cpu / self.mutants


def cpu_now() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def measure(action: Callable[[], int]) -> Cost:
    """Return what `action` costs, which returns how many mutants it judged."""
    before, began = cpu_now(), time.monotonic()
    count = action()
    return Cost(count, cpu_now() - before, time.monotonic() - began)


def files(functions: int) -> Mapping[str, str]:
    module = "".join(
        f"def f{n}(a: int, *, b: str | None = None) -> list[int]: ...\n" for n in range(functions)
    )
    uses = "".join(f'taken{n}: list[int] = lib.f{n}(1, b="")\n' for n in range(functions))
    claims = "".join(
        f'lib.f{n}(1, b="")  # OK\nlib.f{n}("a")  # E: argument-type\n' for n in range(functions)
    )
    return {
        "code/lib.pyi": module,
        "cases/functions.py": f"import lib\nfrom lib import f0\n\nf0(1)  # OK\n{claims}",
        "src/lib.py": module.replace("...", "return []"),
        "src/use.py": f"import lib\n{uses}",
    }


def lay_out(folder: Path, functions: int) -> None:
    for name, text in files(functions).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def side_by_side(folder: Path, workers: int) -> int:
    settings = Settings((folder / "cases",), TARGET, checkers=("mypy",))
    report = mutate([folder / "code" / "lib.pyi"], settings, TARGET, workers=local(workers))
    return len(report.mutants)


def process_each(folder: Path, count: int) -> int:
    """Judge the first mutants in a process each."""
    settings = Settings((folder / "cases",), TARGET, checkers=("mypy",))
    file = folder / "code" / "lib.pyi"
    cases = read_cases(settings, TARGET)
    subject = make_subject(file, file, cases, Modules([file.parent]), TARGET)
    jobs = [
        Job(
            "mypy",
            (anchor(TARGET), *cases),
            TARGET,
            TARGET,
            {**pack(file), "lib/__init__.pyi": mutant.source},
        )
        for mutant in subject.mutants[:count]
    ]
    return len(run_jobs(jobs, local(1)))


def with_typemut(folder: Path, command: str) -> int:
    mypy = Path(sys.executable).parent / "mypy"
    (folder / "typemut.toml").write_text(TYPEMUT.format(mypy=mypy, null=os.devnull), encoding="utf-8")
    done = subprocess.run([command, "run"], cwd=folder, capture_output=True, text=True, check=False)
    found = re.search(r"Found (\d+) type annotation mutations", done.stdout)
    assert found, done.stdout
    assert "Baseline check failed" not in done.stdout, done.stdout
    return int(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--functions", type=int, default=40)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, options.functions)
        beside = measure(lambda: side_by_side(folder, 1))
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        each = measure(lambda: process_each(folder, 8))
        print(f"{'way':32} {'mutants':>7} {'CPU s each':>10} {'a CPU minute':>12}")
        rows = {"side by side": beside, "a process each": each}
        if command := shutil.which("typemut"):
            rows["typemut"] = measure(lambda: with_typemut(folder, command))
        for way, cost in rows.items():
            print(f"{way:32} {cost.mutants:7} {cost.each:10.3f} {60 / cost.each:12.0f}")
        print(f"peak memory of one process: {peak:.0f} MiB")
        for workers in (1, 2, 4):
            cost = measure(partial(side_by_side, folder, workers))
            rate = 60 * cost.mutants / cost.wall
            print(f"{workers} workers: {rate:.0f} mutants a minute, {cost.cpu:.1f} CPU s")
        for many in (1_000_000, 100_000_000):
            hours = many * beside.each / 3600
            print(f"{many:,} mutants: {hours:,.0f} core hours, at {beside.each:.3f} CPU s each")


if __name__ == "__main__":
    main()
