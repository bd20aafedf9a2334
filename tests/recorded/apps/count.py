"""
Counts what `bgtasks check` reported in public apps and what came of reading each finding.

    python tests/recorded/apps/count.py INDEX REPORTS VERDICTS DATE
    python tests/recorded/apps/count.py

INDEX is a JSON list of apps: "name", and "source" and "commit" where the code of each is from. REPORTS is
a folder with the JSON report of each, NAME.json, and VERDICTS a JSON object that says of each finding,
"NAME|path|line|code" with the line of the call, whether it is "real", "harmless" or "noise". These apps are
added to met.json, in place of what it has of the same sources: figures only, the code of the apps is in no
repository of ours. Both forms then write into the pages in docs/rules what met.json says.
"""

import json
import re
import sys
from collections import Counter
from pathlib import Path

from bgtasks.check.codes import CODES

MET = Path(__file__).with_name("met.json")
RULES = MET.parents[3] / "docs" / "rules"
JUDGED = {code: rule for code, rule in sorted(CODES.items()) if code != "BGT901"}
VERDICTS = {"real": "real", "harmless": "true but harmless", "noise": "noise"}
SECTION = "\n## How often it was met\n\n"
TABLE = re.compile(r"(?<=## How often they were met\n\n).*?(?=\n## )", re.DOTALL)


def count(name, report, verdicts):
    """Return what a report says, by code and verdict."""
    found = {}
    for finding in report["findings"]:
        line = (finding["call"] or finding)["line"]
        verdict = verdicts.get(f"{name}|{finding['path']}|{line}|{finding['code']}")
        if verdict not in VERDICTS:
            sys.exit(f"no verdict on {name}|{finding['path']}|{line}|{finding['code']}")
        found.setdefault(finding["code"], Counter())[verdict] += 1
    sites = report["coverage"]["call_sites"]
    return {
        "sites": len(sites),
        "typed": sum(site["grade"] == "fully typed" for site in sites),
        "found": {code: dict(sorted(counts.items())) for code, counts in sorted(found.items())},
        "off": report["off_by_default"]["counts"],
    }


def count_all(index, reports, verdicts, date):
    """Add the apps of `index` to those of met.json."""
    judged = json.loads(Path(verdicts).read_text())
    apps = {app["source"]: app for app in json.loads(MET.read_text())["apps"]}
    for app in json.loads(Path(index).read_text()):
        path = Path(reports) / f"{app['name']}.json"
        if path.exists():
            counted = count(app["name"], json.loads(path.read_text()), judged)
            apps[app["source"]] = {"source": app["source"], "commit": app["commit"], **counted}
    lines = ",\n".join(json.dumps(apps[source]) for source in sorted(apps, key=str.lower))
    MET.write_text(f'{{"date": "{date}", "apps": [\n{lines}\n]}}\n')


def add_up(code, apps):
    """Return how often a code was reported, by verdict, and in how many apps."""
    found = [app["found"][code] for app in apps if code in app["found"]]
    return sum(map(Counter, found), Counter()), len(found)


def describe(code, met):
    """Return what a page says."""
    apps, rule = met["apps"], JUDGED[code]
    counts, where = add_up(code, apps)
    read = f"In {len(apps)} public apps, read finding by finding until {met['date']}"
    if not rule.on:
        off = [app["off"][code] for app in apps if code in app["off"]]
        return f"{read}: {sum(off)} times in {len(off)} of them. As it is off by default, they were not judged."
    if not counts:
        return f"{read}: never."
    told = ", ".join(f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items())
    return f"{read}: {plural(counts.total(), 'finding')} in {plural(where, 'app')}: {told}."


def plural(number, word):
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def tabulate(met):
    """Return what the index says."""
    apps = met["apps"]
    sites = sum(app["sites"] for app in apps)
    lines = [
        f"In {len(apps)} public apps with {sites} call sites, read finding by finding until {met['date']}.",
        "They are no sample, and many were read while the rules were written. Which apps, at which commits, is in",
        "`tests/recorded/apps/met.json`; their code is not here. `python tests/recorded/apps/count.py` counts.",
        "",
        f"| code | {' | '.join(VERDICTS.values())} | apps |",
        "|---|---|---|---|---|",
    ]
    for code, rule in JUDGED.items():
        counts, where = add_up(code, apps)
        if rule.on and counts:
            cells = " | ".join(str(counts[verdict]) for verdict in VERDICTS)
            lines.append(f"| {code} | {cells} | {where} |")
    every = sum((add_up(code, apps)[0] for code in JUDGED), Counter())
    cells = " | ".join(str(every[verdict]) for verdict in VERDICTS)
    lines.append(f"| all | {cells} | {sum(bool(app['found']) for app in apps)} |")
    return "\n".join([*lines, "", "The others that are on by default were never met.", ""])


def write_docs():
    met = json.loads(MET.read_text())
    index = RULES / "README.md"
    index.write_text(TABLE.sub(lambda _: tabulate(met), index.read_text()))
    for code in JUDGED:
        page = RULES / f"{code}.md"
        text = page.read_text().partition(SECTION)[0]
        page.write_text(f"{text}{SECTION}{describe(code, met)}\n")


if __name__ == "__main__":
    if sys.argv[1:]:
        count_all(*sys.argv[1:])
    write_docs()
