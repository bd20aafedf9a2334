"""What is to be done, decided before anything is."""

import difflib
import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bgtasks.errors import BgtasksError
from bgtasks.surroundings.bundle import read_bundle
from bgtasks.surroundings.trees import project_of
from bgtasks.vendor.configure import NEEDS, advise, configured, read_configuration
from bgtasks.vendor.layout import lay_out
from bgtasks.vendor.manifest import MANIFEST, make_manifest, read_manifest
from bgtasks.vendor.model import Advice, Entry, Manifest, Package, Project, State
from bgtasks.vendor.state import compare, open_project
from bgtasks.vendor.upstream import changes, find_packages


@dataclass(frozen=True, slots=True)
class Plan:
    """
    How a project stands, and how it should.

    `manifest` is what is to be written, `recorded` what is there. `drift` are lines about upstream,
    `advices` about the configuration of `checkers`.
    """

    project: Project
    packages: tuple[Package, ...]
    checkers: tuple[str, ...]
    entries: tuple[Entry, ...]
    manifest: Manifest
    recorded: Manifest | None
    drift: tuple[str, ...]
    advices: tuple[Advice, ...]

    @property
    def upstream(self) -> tuple[str, ...]:
        """The names of the packages."""
        return tuple(package.name for package in self.packages)

    @property
    def in_step(self) -> bool:
        """Whether every file is as it should be, and upstream as the stubs expect it."""
        return (
            self.recorded is not None
            and not self.drift
            and all(entry.state.in_step for entry in self.entries)
        )


def make_plan(
    project: Project,
    *,
    only: Collection[str] = (),
    checkers: Sequence[str] = (),
    checking: bool = False,
    force: bool = False,
) -> Plan:
    """
    Compare what is there with what should be.

    What the stubs are for is what is installed, or `only` that; when `checking`, it is what was
    vendored. Checkers that are not named are those of the manifest, or else those that the project
    is seen to use, or else all. Raises `BgtasksError` when nothing can be vendored.
    """
    bundle = read_bundle()
    recorded = read_manifest(project, force=force)
    installed = find_packages(project.python)
    packages = [package for name, package in installed.items() if not only or name in only]
    if checking and recorded is not None:
        packages = [
            installed.get(name, Package(name, version)) for name, version in recorded.upstream.items()
        ]
    elif missing := (set(only) or {"starlette"}) - {package.name for package in packages}:
        names = " and ".join(sorted(missing))
        raise BgtasksError(f"{names}: not installed where {project.python} is; name another with --python")
    used = detect(project)
    named = tuple(checkers) or (recorded.checkers if recorded else ()) or used or tuple(NEEDS)
    wanted = lay_out(bundle, [package.name for package in packages], named)
    return Plan(
        project,
        tuple(packages),
        named,
        tuple(compare(project, wanted, recorded)),
        make_manifest(bundle, wanted, packages, named),
        recorded,
        tuple(line for package in packages for line in changes(package, bundle)),
        tuple(
            advise(
                read_configuration(project.root, project.folder, named, zuban="zuban" in (*checkers, *used))
            )
        ),
    )


def detect(project: Project) -> tuple[str, ...]:
    """Return the checkers that are configured in the project, or installed where it can run them."""
    found = set(configured(read_configuration(project.root, project.folder, ())))
    path = os.pathsep.join([str(project.python.parent), os.environ.get("PATH", "")])
    # Zuban is not taken for the project's because it is installed somewhere: mypy's path is bent for it.
    places = {"zuban": str(project.python.parent)}
    return tuple(name for name in NEEDS if name in found or shutil.which(name, path=places.get(name, path)))


def removal(plan: Plan) -> list[Entry]:
    """Return the entries that make away with what is there."""
    return [
        replace(entry, wanted=None, state=entry.state if entry.state.in_the_way else State.OBSOLETE)
        for entry in plan.entries
        if entry.found is not None
    ]


def diff(project: Project, entries: Sequence[Entry]) -> Iterator[str]:
    """Yield, line by line, what would become of the files."""
    for entry in entries:
        if entry.state.in_step:
            continue
        name = (project.folder / entry.path).as_posix()
        before, after = (
            (content or b"").decode(errors="replace").splitlines(keepends=True)
            for content in (entry.found, entry.wanted)
        )
        yield from difflib.unified_diff(
            before,
            after,
            "/dev/null" if entry.found is None else name,
            "/dev/null" if entry.wanted is None else name,
        )


def refuse_to_lose(project: Project, entries: Sequence[Entry]) -> None:
    """Raise `BgtasksError` where somebody else has written or changed what is in the way."""
    names = [
        f"{(project.folder / entry.path).as_posix()} ({entry.state.value})"
        for entry in entries
        if entry.state.in_the_way
    ]
    if names:
        raise BgtasksError(
            f"{', '.join(names)}: not ours to change, so nothing was; "
            "look at --diff, and lose it with --force"
        )


def find_vendored(python: Path) -> Project | None:
    """Return the folder of the project at hand that a manifest lies in, two levels deep at most."""
    root = project_of(Path())
    for pattern in (f"*/{MANIFEST}", f"*/*/{MANIFEST}"):
        for file in sorted(root.glob(pattern)):
            return open_project(file.parent, python)
    return None
