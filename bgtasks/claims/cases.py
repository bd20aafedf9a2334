"""Find case files, read their claims, tie each claim to its statement."""

import io
import os
import re
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from bgtasks.claims.model import PLAIN, Case, Claim, Gap, Span, find_span
from bgtasks.claims.probes import NUMBER, find_skipped, place_probes
from bgtasks.claims.spans import read_spans
from bgtasks.documents import decode, from_python
from bgtasks.errors import BgtasksError
from bgtasks.files import read_whole, search
from bgtasks.model import Kind

# A further comment may follow behind white space, as a linter's often does.
CLAIM = re.compile(r"#\s*(?P<verb>E:|OK\b)(?P<rest>.*?)(?:\s#\s.*)?$")
GAP = re.compile(r"(?:^|\s+)!(?P<checkers>[a-z+]+(?:,[a-z+]+)*)(?P<versions>[<>=!~][^\s]*)?(?=\s|$)")
# What one checker is told to ignore, others ignore too, so a claim beside it proves nothing.
IGNORE = re.compile(r"#\s*(type:\s*ignore|(mypy|pyright|basedpyright|ty|pyrefly|zuban):)")


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim `# E: ?`: its kind is still to be written, where `column` counts characters from 0."""

    line: int
    column: int
    span: Span
    gaps: tuple[Gap, ...]


class CaseError(BgtasksError):
    """A case that cannot be read; line 0 is the file as a whole."""

    def __init__(self, path: Path, line: int, message: str) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {message}")


def find_cases(
    paths: Sequence[Path], checkers: Iterable[str], *, update: bool = False
) -> tuple[list[Case], list[BgtasksError]]:
    """
    Read the cases at `paths`, each a Python file or a folder that is searched for them.

    `checkers` are the names that a gap may have. With `update`, a claim may be open, and its
    statement then is one without a claim. Returns the cases, and the files that could not be
    read. Raises `BgtasksError` when a path does not exist or when two files claim one module.
    """
    known = frozenset(checkers)
    found: dict[tuple[str, ...], tuple[Path, Path]] = {}
    unsearched: list[str] = []
    for path in paths:
        for file, module in walk(path, unsearched):
            other, _ = found.setdefault(dotted(module), (file, module))
            if other.resolve() != file.resolve():
                name = ".".join(dotted(module))
                raise BgtasksError(
                    f"{file}: is the module {name!r} and so is {other}; check them in two runs"
                )
    cases: list[Case] = []
    errors = [BgtasksError(line) for line in unsearched]
    for file, module in sorted(found.values()):
        try:
            check_name(file, module)
            cases.append(read_case(file, module, read_text(file), known, update=update))
        except CaseError as error:  # noqa: PERF203 - one broken case does not lose the others
            errors.append(error)
    return cases, errors


def require_claims(cases: Iterable[Case]) -> None:
    """Raise `BgtasksError` when none of the cases claims anything."""
    if not any(case.claims for case in cases):
        raise BgtasksError(
            "no case has a claim, so there is nothing to check; claims are '# E: kind' and '# OK'"
        )


def dotted(module: Path) -> tuple[str, ...]:
    """Return the parts of a module's name; a package is named without its `__init__`."""
    parts = module.with_suffix("").parts
    return parts[:-1] if len(parts) > 1 and parts[-1] == "__init__" else parts


def walk(path: Path, errors: list[str]) -> Iterator[tuple[Path, Path]]:
    """
    Yield each Python file at `path` with its place below the folder that was given.

    Adds a line to `errors` for each folder that cannot be searched.
    """
    if os.path.isfile(path):  # noqa: PTH113 - False, where Path raises, for a name that is too long
        yield path, Path(path.name)
    elif not os.path.isdir(path):  # noqa: PTH112 - as above
        raise BgtasksError(f"{path}: no such file or folder; name the type tests to check")
    else:
        for file in search(path, (".py",), errors):
            yield file, file.relative_to(path)


def check_name(file: Path, module: Path) -> None:
    for part in module.with_suffix("").parts:
        if not part.isidentifier():
            raise CaseError(file, 0, f"{part!r} is no module name, so not every checker reads it; rename it")
    top = dotted(module)[0]
    if top in sys.stdlib_module_names or top in {"bgtasks_canary", "typing_extensions"}:
        raise CaseError(file, 0, f"hides the module {top!r} from the checkers; rename it")


def read_text(file: Path) -> str:
    try:
        return decode(read_whole(file))
    except OSError as error:
        raise CaseError(file, 0, f"cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise CaseError(file, 0, f"cannot be decoded: {error}; save it as UTF-8") from None


def read_case(
    path: Path, module: Path, source: str, checkers: frozenset[str], *, update: bool = False
) -> Case:
    """Read one case from its `source`. Raises `CaseError` for a syntax error or a broken claim."""
    try:
        tree = from_python(source)
        comments = [
            token
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        ]
    except SyntaxError as error:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise CaseError(path, error.lineno or 0, f"syntax error for Python {version}: {error.msg}") from None
    except (ValueError, tokenize.TokenError) as error:
        raise CaseError(path, 0, f"not Python source: {error}") from None
    # zuban obeys even what stands in a string.
    if ignored := IGNORE.search(source):
        line = source.count("\n", 0, ignored.start()) + 1
        raise CaseError(path, line, "an ignore comment hides what checkers say; claim it, or mark the gap")
    if ours := NUMBER.search(source):
        line = source.count("\n", 0, ours.start()) + 1
        raise CaseError(path, line, f"{ours[0]} is a name that proves something to us; rename it")
    spans = read_spans(tree)
    claims = list(read_claims(path, comments, spans, checkers, update=update))
    placement = place_probes(tree, [claim.span for claim in claims])
    needs = {line: tuple(dict.fromkeys(groups)) for line, groups in placement.needs.items()}
    accepts = [claim for claim in claims if claim.kind is None]
    skipped = find_skipped(tree, [claim.span for claim in accepts])
    for claim in accepts:
        require_proof(path, claim, needs.get(claim.span.first, ()), skipped.get(claim.span))
    return Case(
        path,
        module,
        source,
        spans,
        tuple(replace(claim, needs=tuple(filter(None, needs[claim.span.first]))) for claim in claims),
        tuple(placement.probes.values()),
    )


def require_proof(path: Path, claim: Claim, needs: Sequence[frozenset[int]], skipped: int | None) -> None:
    """
    Raise `CaseError` for an accept of what no checker can be shown to evaluate.

    `skipped` is the line of a call in it that is evaluated only as the case may be, if there is one.
    """
    if skipped:
        raise CaseError(
            path,
            skipped,
            "this call may be skipped, so that OK says nothing of it; make it a statement of its own",
        )
    if not all(needs):
        raise CaseError(
            path,
            claim.line,
            "no checker can be shown to look at this; put a simple statement before it, in its block",
        )


def read_claims(
    path: Path,
    comments: Iterable[tokenize.TokenInfo],
    spans: Sequence[Span],
    checkers: frozenset[str],
    *,
    update: bool,
) -> Iterator[Claim]:
    claimed: Span | None = None
    for comment in comments:
        line = comment.start[0]
        match = CLAIM.search(comment.string)
        if match is None:
            continue
        span = find_span(spans, line)
        if span is None:
            raise CaseError(path, line, "this claim stands on no statement; put it behind one")
        if span == claimed:
            raise CaseError(path, line, f"a second claim for the statement of line {span.first}; keep one")
        claimed = span
        try:
            word, gaps = split_claim(match["rest"], checkers)
            if not (update and is_open(match)):
                yield Claim(line, span, read_kind(match["verb"], word), gaps)
        except BgtasksError as error:
            raise CaseError(path, line, str(error)) from None


def split_claim(rest: str, checkers: frozenset[str]) -> tuple[str, tuple[Gap, ...]]:
    """Split what stands behind `# E:` or `# OK`. Raises `BgtasksError` with what is wrong in a gap."""
    word, *marks = GAP.split(rest)
    return word.strip(), tuple(
        gap
        for names, versions, reason in zip(marks[::3], marks[1::3], marks[2::3], strict=True)
        for gap in read_gaps(names, versions or "", reason.strip(), checkers)
    )


def read_kind(verb: str, word: str) -> Kind | None:
    """Read what is claimed. Raises `BgtasksError` when that is no kind."""
    if verb == "OK":
        if word:
            raise BgtasksError(f"unknown words behind OK: {word!r}; a gap is written '!checker link'")
        return None
    if word == "?":
        raise BgtasksError("the kind is still open; have it written by bgtasks verify --update")
    try:
        return Kind(word)
    except ValueError:
        kinds = ", ".join(kind.value for kind in Kind)
        raise BgtasksError(f"unknown kind {word!r}; the kinds are {kinds}") from None


def is_open(match: re.Match[str]) -> bool:
    return match["verb"] == "E:" and GAP.split(match["rest"])[0].strip() == "?"


def open_claims(case: Case) -> Iterator[OpenClaim]:
    """Yield the claims of `case` whose kind is still to be written."""
    for token in tokenize.generate_tokens(io.StringIO(case.source).readline):
        match = CLAIM.search(token.string) if token.type == tokenize.COMMENT else None
        line, column = token.start
        span = case.span_at(line)
        if match and span and is_open(match):
            gaps = (
                Gap(name, gap["versions"] or "", "")
                for gap in GAP.finditer(match["rest"])
                for name in gap["checkers"].split(",")
            )
            yield OpenClaim(line, column + match.start("rest") + match["rest"].index("?"), span, tuple(gaps))


def read_gaps(names: str, versions: str, reason: str, checkers: frozenset[str]) -> Iterator[Gap]:
    for name in names.split(","):
        if name not in checkers and name != PLAIN:
            known = ", ".join(sorted(checkers))
            raise BgtasksError(f"gap for an unknown checker {name!r}; known are {known}, and {PLAIN}")
        if versions and (name == PLAIN or name != names):
            raise BgtasksError(
                f"the gap for {names} has versions, {versions!r}, but of which checker; name that"
            )
        if not reason:
            raise BgtasksError(
                f"the gap for {names} has no link; write '!{names} owner/repo#123', or a reason"
            )
        try:
            SpecifierSet(versions)
        except InvalidSpecifier:
            raise BgtasksError(
                f"the gap for {name} has unreadable versions {versions!r}; write '<1.12'"
            ) from None
        yield Gap(name, versions, reason)
