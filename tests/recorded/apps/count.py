"""
Counts what the rules report in apps, and writes met.json.

    python tests/recorded/apps/count.py INDEX

INDEX is a JSON list of apps: "source" and "commit" say where the code of each is from, "path" where it
lies. The code itself is in no repository of ours. An app is read as one whose FastAPI is not known, so
that what only some versions do is counted, too.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from bgtasks.check.facts.app import read_app
from bgtasks.check.files.source import find_modules
from bgtasks.check.rules import find_violations

HERE = Path(__file__).parent


def count(path):
    modules, _ = find_modules([path])
    app = read_app(modules, None, [path])
    found = Counter(finding.rule.code for finding in find_violations(app))
    return len(app.sites), dict(sorted(found.items()))


def main():
    apps = json.loads(Path(sys.argv[1]).read_text())
    lines = []
    for app in sorted(apps, key=lambda app: app["source"]):
        sites, found = count(Path(app["path"]))
        row = {"source": app["source"], "commit": app["commit"], "sites": sites, "found": found}
        lines.append(json.dumps(row))
    (HERE / "met.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
