"""Which version of a framework an app runs with, as far as that is known, and who says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version


@dataclass(frozen=True, slots=True)
class Framework:
    """
    A framework that an app runs with.

    `version` is None where it is not known; then it is one of `allowed`. `source` names what says
    so, such as "uv.lock", "" where nothing does.
    """

    name: str
    version: Version | None = None
    allowed: SpecifierSet = field(default_factory=SpecifierSet)
    source: str = ""

    def when(self, *versions: str) -> str | None:
        """
        Return the subject of a sentence about what holds in any of `versions`, such as "<0.106".

        It is "FastAPI 0.105.0" where the version is known, else "FastAPI <0.106"; None where it is
        sure that the app runs with none of them.
        """
        spans = [SpecifierSet(each) for each in versions]
        if self.version is not None:
            return f"{self.name} {self.version}" if includes(spans, self.version) else None
        possible = [each for each in list_bounds((self.allowed, *spans)) if includes([self.allowed], each)]
        if not any(includes(spans, each) for each in possible):
            return None
        return f"{self.name} {' or '.join(versions)}".rstrip()


@dataclass(frozen=True, slots=True)
class Frameworks:
    """What an app is built on."""

    fastapi: Framework = Framework("FastAPI")
    starlette: Framework = Framework("Starlette")


def includes(spans: Sequence[SpecifierSet], version: Version) -> bool:
    release = version.base_version  # a candidate does what its release does
    return any(span.contains(release) for span in spans)


def list_bounds(spans: Sequence[SpecifierSet]) -> Iterator[Version]:
    """Yield the oldest version, each that `spans` name, and one right behind each."""
    texts = {spec.version.removesuffix(".*") for span in spans for spec in span}
    for version in (Version("0"), *filter(None, map(read_version, texts))):
        yield version
        yield Version(f"{version.base_version}.0.0.1")


def read_version(text: str | None) -> Version | None:
    """Return a version; None for what is none."""
    try:
        return Version(text) if text is not None else None
    except InvalidVersion:
        return None
