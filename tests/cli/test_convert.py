from pathlib import Path

import pytest
from click.testing import CliRunner

from bgtasks.cli import app


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("f(1)  # E: no\n", 0, "Wrote 1 file: 1 case to check together, 0 suites with options"),
        ("# ty: strict\n", 1, "not said: "),
    ],
)
def test_what_no_claim_says_is_told(tmp_path: Path, text: str, code: int, said: str) -> None:
    (tmp_path / "a.py").write_text(text)
    done = CliRunner().invoke(app, ["convert", str(tmp_path / "a.py"), "--to", str(tmp_path / "out")])
    assert (done.exit_code, done.stdout.startswith(said)) == (code, True)
    assert (tmp_path / "out" / "cases" / "a.py").is_file()


def test_the_end_says_what_is_missing_and_what_to_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("# ty: strict\n# zuban: x\nf(1)\n")
    done = CliRunner().invoke(app, ["convert", str(tmp_path / "a.py"), "--to", str(tmp_path / "two words")])
    assert done.stdout.splitlines()[-2:] == [
        "No claim says 2 comments: each is told above.",
        f"To check them: cd '{tmp_path / 'two words'}' && bgtasks verify",
    ]


def test_imports_start_where_they_did(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    for name, text in (("src/shelf/__init__.py", ""), ("tests/a.py", "import shelf\nf(1)  # E\n")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    done = CliRunner().invoke(
        app, ["convert", str(tmp_path / "tests"), "--to", str(tmp_path / "made" / "cases")]
    )
    assert done.exit_code == 0, done.stdout
    assert 'paths = ["../../src"]\n' in (tmp_path / "made" / "cases" / "pyproject.toml").read_text()
