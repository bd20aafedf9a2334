from pathlib import Path

import pytest

from bgtasks.report.github import named
from bgtasks.report.places import in_repository


@pytest.mark.parametrize(
    ("around", "path", "shown"),
    [
        pytest.param("repo", "app/x.py", "services/a/app/x.py", id="in the workspace"),
        pytest.param("repo .git", "app/x.py", "services/a/app/x.py", id="in both"),
        pytest.param("repo", "{here}/app/x.py", "services/a/app/x.py", id="an absolute path"),
        pytest.param("repo", "../b/x.py", "services/b/x.py", id="a path beside"),
        pytest.param("link", "app/x.py", "services/a/app/x.py", id="a workspace that is a link"),
        pytest.param(".git", "app/x.py", "services/a/app/x.py", id="in a work tree"),
        pytest.param("elsewhere .git", "app/x.py", "services/a/app/x.py", id="in another workspace"),
        pytest.param("", "app/x.py", "app/x.py", id="in no repository"),
        pytest.param("", "{here}/app/x.py", "app/x.py", id="an absolute path in no repository"),
        pytest.param("repo .git", "{here}/../../../x.py", "{top}/x.py", id="outside of all"),
    ],
)
def test_a_path_is_told_as_the_repository_has_it(
    around: str, path: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "repo" / "services" / "a"
    here.mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "repo")
    workspace = around.replace(".git", "").strip()
    if ".git" in around:
        (tmp_path / "repo" / ".git").touch()  # as in a work tree that git has added
    monkeypatch.chdir(here)
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path / workspace) if workspace else "")
    asked = Path(path.format(here=here))
    assert in_repository(asked).as_posix() == Path(shown.format(top=tmp_path)).as_posix()


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("app/x.py:3: syntax error", {"file": "app/x.py", "line": "3"}),
        ("app/x.py: cannot be read: Permission denied", {"file": "app/x.py"}),
        ("app/x.ipynb: a notebook: is not checked", {"file": "app/x.ipynb"}),
        ("docs/a b.md:10: unknown kind: x.py: y", {"file": "docs/a b.md", "line": "10"}),
        ("app: cannot be searched: Permission denied", {}),
        ("mypy stopped: at x.py", {}),
    ],
)
def test_a_line_is_shown_at_the_file_that_it_names(
    line: str, place: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GITHUB_WORKSPACE", raising=False)
    assert named(line) == place
