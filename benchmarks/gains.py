"""
What the mypy plugin buys, by kind of claim: `bgtasks verify typetests --checkers all`, and what came of it.

`--write` writes it to docs/data/gains.json, and the table and the chart of docs/speed.md.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
COMMAND = ("verify", "typetests", "--checkers", "all", "--output", "json=-")
MEETS = {"met", "closed gap"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write what docs/speed.md shows")
    write = parser.parse_args().write
    ran = subprocess.run(
        (sys.executable, "-m", "bgtasks", *COMMAND), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if ran.returncode:
        return ran.returncode
    gains = tally(json.loads(ran.stdout))
    text = json.dumps(gains, indent=2) + "\n"
    if write:
        (ROOT / "docs" / "data" / "gains.json").write_text(text, encoding="utf-8")
        subprocess.run((sys.executable, "-m", "benchmarks.figures"), cwd=ROOT, check=True)
    else:
        print(text, end="")
    return 0


def tally(report: Any) -> dict[str, Any]:
    """Return how many claims of each kind mypy meets with the plugin and without."""
    runs = {run["checker"]: run for run in report["runs"]}
    [gain] = report["gains"]
    counted: dict[str, Counter[str]] = {
        "claims": Counter(claim["claim"] for case in report["cases"] for claim in case["claims"]),
        "won": Counter(one["claim"] for one in gain["won"]),
        "lost": Counter(one["claim"] for one in gain["lost"]),
    }
    for key, name in (("plain", gain["over"]), ("plugin", gain["checker"])):
        verdicts = runs[name]["verdicts"]
        counted[key] = Counter(
            one["claim"] for one in verdicts if one["claim"] is not None and one["outcome"] in MEETS
        )
    won, claims = counted["won"], counted["claims"]
    names = sorted(claims, key=lambda kind: (-won[kind], -claims[kind], kind))
    kinds = [{"name": kind, **{key: counts[kind] for key, counts in counted.items()}} for kind in names]
    kinds.append({"name": "all", **{key: counts.total() for key, counts in counted.items()}})
    plugged = runs[gain["checker"]]
    return {
        "command": "python benchmarks/gains.py --write",
        "version": plugged["version"],
        "python": plugged["python_version"],
        "kinds": kinds,
    }


if __name__ == "__main__":
    sys.exit(main())
