"""
What MkDocs builds the site from besides this folder: pages that lie elsewhere in the repository.

A link leads to the page of the site that a file became, or to the file in the repository. Charts
become a part of their page.
"""

import os
import re
from pathlib import Path, PurePosixPath

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
PAGES = {
    "README.md": "index.md",
    "typetests/README.md": "claims.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
}
SOURCES = {page: source for source, page in PAGES.items()}
CHART = re.compile(r'<p><img alt="[^"]*" src="[^"]*\bcharts/([\w-]+\.svg)"[^>]*></p>')
CODE = re.compile(r"`[^`\n]*`")
LINK = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)#\s]+)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that do not lie in the folder."""
    for source, page in PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Have the links of a page lead where its file does in the repository."""
    source = PurePosixPath(SOURCES.get(page.file.src_uri, f"docs/{page.file.src_uri}"))

    def lead(match: re.Match[str]) -> str:
        target = os.path.normpath(source.parent / match[1])
        there = PAGES.get(target) or PAGES.get(f"{target}/README.md") or target.removeprefix("docs/")
        if files.get_file_from_path(there) is not None:
            return os.path.relpath(there, PurePosixPath(page.file.src_uri).parent)
        if not (ROOT / target).exists():
            return match[1]  # MkDocs says that it leads nowhere
        return f"{str(config.repo_url).rstrip('/')}/blob/main/{target}"

    return LINK.sub(lead, "\n".join(map(unescape, markdown.split("\n"))))


def unescape(line: str) -> str:
    """Return a line with the pipes in the code of a table as they are; only GitHub wants them escaped."""
    return CODE.sub(lambda found: found[0].replace("\\|", "|"), line) if line.startswith("|") else line


def on_page_content(html: str, **_: object) -> str:
    """Put the charts into the page, where they follow its colours and their text is read aloud."""
    charts = ROOT / "docs" / "charts"
    return CHART.sub(lambda found: (charts / found[1]).read_text(encoding="utf-8"), html)


def on_post_page(output: str, **_: object) -> str:
    """Take away the mark by which a script of the theme asks GitHub, in the browser of each reader."""
    return output.replace(' data-md-component="source"', "")
