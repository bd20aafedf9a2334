"""
What generated calls cost: calls per CPU second and peak memory, by checker and by how many there are.

CPU is user and system time of `bgtasks fuzz` and of all that it starts, so it holds on a busy machine too.
Memory is the largest that one process took. Each call counts once, though it is made in two forms.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
COUNTS = (1_000, 5_000, 20_000, 50_000)
CHECKERS = ("mypy", "mypy+plugin", "pyright")

# Runs the command in a process of its own and prints what that, with all its children, has spent.
MEASURED = """\
import os, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(done.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run has spent; `memory` is in KiB, as Linux counts it."""

    code: int
    cpu: float
    memory: int


def measure(count: int, checker: str, seed: int) -> Cost:
    command = [sys.executable, "-m", "bgtasks", "fuzz", "--calls", str(count), "--seed", str(seed)]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", MEASURED, *command, "--checkers", checker, "--timeout", "36000"],
            cwd=folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=True,
        )
    code, cpu, memory = done.stdout.split()
    return Cost(int(code), float(cpu), int(memory))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=COUNTS, help="how many calls to make")
    parser.add_argument("--checkers", nargs="+", default=CHECKERS)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    print(f"| {'checker':12}| {'calls':>7} | {'CPU s':>7} | calls per CPU s | peak MiB |")
    print("|---|--:|--:|--:|--:|")
    for checker in arguments.checkers:
        for count in arguments.counts:
            cost = measure(count, checker, arguments.seed)
            if cost.code == 2:  # noqa: PLR2004 - the exit code of what could not be checked
                sys.exit(f"{checker} could not judge {count} calls")
            row = f"{count:7,} | {cost.cpu:7.1f} | {count / cost.cpu:15.0f} | {cost.memory / 1024:8.0f}"
            print(f"| {checker:12}| {row} |", flush=True)


if __name__ == "__main__":
    main()
