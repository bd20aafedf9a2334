from pathlib import Path

import pytest
from click.testing import CliRunner

from bgtasks.cli import app


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("f(1)  # E: no\n", 0, "Wrote 1 file: 1 case to check together, 0 suites with options"),
        ("# mypy: strict\n", 1, "not said: "),
    ],
)
def test_what_no_claim_says_is_told(tmp_path: Path, text: str, code: int, said: str) -> None:
    (tmp_path / "a.py").write_text(text)
    done = CliRunner().invoke(app, ["convert", str(tmp_path / "a.py"), "--to", str(tmp_path / "out")])
    assert (done.exit_code, done.stdout.startswith(said)) == (code, True)
    assert (tmp_path / "out" / "cases" / "a.py").is_file()
