"""Runs probe.py with each of VERSIONS, in an environment of its own made by uv, and writes versions.json."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VERSIONS = (
    "0.95.0",
    "0.103.2",
    "0.105.0",
    "0.106.0",
    "0.110.3",
    "0.112.2",
    "0.115.14",
    "0.117.1",
    "0.118.0",
    "0.121.0",
    "0.128.0",
    "0.128.2",
    "0.135.0",
    "0.165.0",
)


def measure(version, folder):
    python = folder / version / "bin" / "python"
    subprocess.run(["uv", "venv", "-q", "-p", sys.executable, str(folder / version)], check=True)
    packages = [f"fastapi=={version}", "httpx", "uvicorn", "websockets", "python-multipart"]
    subprocess.run(["uv", "pip", "install", "-q", "-p", str(python), *packages], check=True)
    done = subprocess.run([str(python), "-W", "ignore", str(HERE / "probe.py")], capture_output=True, check=True)
    return json.loads(done.stdout)


def main():
    with tempfile.TemporaryDirectory() as folder:
        found = {version: measure(version, Path(folder)) for version in VERSIONS}
    lines = [f'"{version}": {json.dumps(answers)}' for version, answers in found.items()]
    (HERE / "versions.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
