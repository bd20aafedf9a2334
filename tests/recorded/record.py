"""
Record what a checker prints for calls.py: python record.py NAME VERSION

The checker is found on PATH, and starlette beside the interpreter that runs this.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from bgtasks.checkers import CHECKERS
from bgtasks.model import Sandbox

HERE = Path(__file__).parent
SUFFIXES = {"mypy": "jsonl", "zuban": "txt"}


def record(name: str, version: str) -> None:
    checker = CHECKERS[name]
    with TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        project, cwd = folder / "project", folder / "cwd"
        project.mkdir()
        cwd.mkdir()
        (project / "calls.py").write_text((HERE / "calls.py").read_text())
        for config, text in checker.configs.items():
            (folder / config).parent.mkdir(exist_ok=True)
            (folder / config).write_text(text)
        sandbox = Sandbox(folder, project, cwd, folder, Path(sys.executable), "3.12", os.environ)
        command = [checker.program, *checker.arguments(sandbox, "3.12")]
        done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, text=True, check=False)
    output = done.stdout.replace(f"{folder}/", "/").replace("../project/", "/project/")
    (HERE / f"{name}-{version}.{SUFFIXES.get(checker.program, 'json')}").write_text(output)


record(*sys.argv[1:])
