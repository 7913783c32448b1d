"""Coverage: every line of every source is stated by a record, or is said to state no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Span, ranges
from kb.model.data import Json
from kb.model.facts import FactBase
from kb.model.files import CoverageFile, Covered
from kb.model.layers import fact_files, layer_of, shown_names, unread_file
from kb.model.reading import validated
from kb.model.yamlread import Document, check_regular, read_file


@dataclass(frozen=True, slots=True)
class Counted:
    """How many lines of a source records state, how many state no rule, and how many it has."""

    stated: int
    no_rule: int
    lines: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is wrong with the coverage, and for each source how its lines are covered."""

    problems: tuple[Problem, ...]
    counts: Mapping[str, Counted]

    def __repr__(self) -> str:
        return f"<kb.Coverage {len(self.counts)} sources, {len(self.problems)} problems>"

    def to_dict(self) -> Json:
        """Counts and problems as JSON."""
        return {
            "sources": {
                source: {"stated": c.stated, "no_rule": c.no_rule, "lines": c.lines}
                for source, c in self.counts.items()
            },
            "problems": [
                {"code": p.code, "message": p.message, "place": str(p.span)} for p in self.problems
            ],
        }


def records_of(facts: FactBase, source: str) -> dict[str, set[int]]:
    """The lines that each record of a source cites. A version is named by its category, with
    `@reading` where there are several; the source's own record is `source`; what has no id of its
    own goes by its kind and its place in the file: `examination-2`."""
    found: dict[str, set[int]] = {"source": set()}
    for kind, (_, n), entry in facts.files[source].records():
        found[getattr(entry, "id", f"{kind}-{n + 1}")] = set(entry.lines)
    for note in facts.sources[source].notes:
        found["source"].update(note.lines)
    for reading in facts.readings.values():
        if reading.source.id == source:
            name = reading.id.removeprefix(f"{source}/")
            record = reading.record
            limits = {*record.accounts_lines, *record.open_to_lines, *record.regions_lines}
            found[name] = {*record.lines, *limits, *record.open_when_lines}
    return found


def coverage_of(facts: FactBase, sources: Path | None = None) -> Coverage:
    """Check `facts/coverage.yaml` and the files of `facts/coverage/` both ways; with a folder of
    source texts, also that these have the lines. Of folders that are laid on one another the first
    may lack its texts. Raises `Problems` when a file can not be read."""
    problems: list[Problem] = []
    told = _told(facts, problems, coverage_files(facts))
    counts: dict[str, Counted] = {}
    for source in facts.sources:
        said, claims = _said(facts, source, told)
        problems.extend(_source(facts, source, said, claims))
        counts[source] = Counted(
            len(claims.stated), len(claims.silent), facts.sources[source].line_count
        )
        if sources is not None and not _of_others(facts, source, sources):
            problems.extend(_text(facts, source, sources))
    return Coverage(tuple(problems), counts)


def begun(facts: FactBase) -> Iterator[Problem]:
    """What is wrong with the coverage of the sources of which one is kept: those that a file of
    coverage names, and those in a folder that has such a file. A folder without one is one whose
    coverage nobody has begun. Raises `Problems` when a file can not be read."""
    there = [each for each in coverage_files(facts) if each[0].is_file()]
    problems: list[Problem] = []
    told = _told(facts, problems, there)
    yield from problems
    kept = {layer_of(facts.folders, name) for _, name in there}
    for source in facts.sources:
        if source in told or _layer_of(facts, source) in kept:
            yield from _source(facts, source, *_said(facts, source, told))


@dataclass(frozen=True, slots=True)
class _Told:
    """The entries for a source, and the file that they stand in."""

    entries: tuple[Covered, ...]
    document: Document


def _said(facts: FactBase, source: str, told: Mapping[str, _Told]) -> tuple[_Told, _Claims]:
    """What the coverage says of a source, which may be nothing, and what that comes to."""
    nothing = _Told((), Document(f"{_layer_of(facts, source)}coverage.yaml", None))
    said = told.get(source, nothing)
    return said, _claims(facts, source, said.entries)


def _told(
    facts: FactBase, problems: list[Problem], files: Iterable[tuple[Path, str]]
) -> dict[str, _Told]:
    """What the files of coverage say of each source; what is wrong with them goes to `problems`."""
    told: dict[str, _Told] = {}
    for path, name in files:
        if path.suffix != ".yaml":
            problems.append(unread_file(name))
            continue
        document = read_file(path, name)
        for source, entries in validated(CoverageFile, document).sources.items():
            here = document.span(("sources", source), key=True)
            if source not in facts.sources:
                help = near(source, facts.sources)
                message = f"no source is called `{source}`"
                problems.append(Problem("unknown-id", message, here, help))
            elif source in told:
                first = told[source].document.span(("sources", source), key=True)
                message = f"the coverage of `{source}` stands in two files"
                help = f"it stands at {first} already"
                problems.append(Problem("duplicate-id", message, here, help))
            else:
                told[source] = _Told(entries, document)
    return told


def reasons_of(facts: FactBase, source: str) -> dict[int, str]:
    """Why lines of a source state no rule, as far as there are files of coverage that give it.
    Raises `Problems` when one can not be read."""
    there = (each for each in coverage_files(facts) if each[0].is_file())
    told = _told(facts, [], there).get(source)
    entries = told.entries if told else ()
    return {number: entry.none for entry in entries if entry.none for number in entry.lines}


@dataclass
class _Claims:
    """What the coverage says of the lines of a source."""

    stated: set[int] = field(default_factory=set)
    silent: set[int] = field(default_factory=set)
    by_record: dict[str, set[int]] = field(default_factory=dict)


def _claims(facts: FactBase, source: str, entries: tuple[Covered, ...]) -> _Claims:
    found = _Claims()
    records = records_of(facts, source)
    for entry in entries:
        (found.stated if entry.records else found.silent).update(entry.lines)
        for record in entry.records:
            if record in records:
                found.by_record.setdefault(record, set()).update(entry.lines)
    return found


def coverage_files(facts: FactBase) -> Iterator[tuple[Path, str]]:
    """The file `coverage.yaml` of each folder of facts, and those in `coverage/`, with how problems
    call them. Only the first folder must have one."""
    for folder, shown in zip(facts.folders, shown_names(facts.folders), strict=True):
        main = folder / "coverage.yaml"
        if folder == facts.folder or main.is_file():
            yield main, f"{shown}coverage.yaml"
        for path in fact_files(folder / "coverage"):
            yield path, f"{shown}{path.relative_to(folder).as_posix()}"


def _layer_of(facts: FactBase, source: str) -> str:
    """How problems call the folder that a source stands in."""
    return layer_of(facts.folders, facts.places[source].file)


def _source(facts: FactBase, source: str, told: _Told, claims: _Claims) -> Iterator[Problem]:
    """What the coverage of a source leaves out, claims twice or claims wrongly."""
    total = facts.sources[source].line_count
    records = records_of(facts, source)
    document = told.document
    for at, entry in enumerate(told.entries):
        place = ("sources", source, at)
        beyond = [line for line in entry.lines if line > total]
        if beyond:
            yield Problem(
                "lines",
                f"`{source}` has {total} lines, no line {beyond[0]}",
                document.span((*place, "lines")),
            )
        for record in entry.records:
            if record not in records:
                yield Problem(
                    "unknown-id",
                    f"`{source}` has no record `{record}`",
                    document.span((*place, "records")),
                    near(record, records),
                )
    here = Span(document.name, 0, 0, 0)
    left = sorted(set(range(1, total + 1)) - claims.stated - claims.silent)
    if left:
        yield Problem(
            "uncovered",
            f"`{source}` lines {ranges(tuple(left))} are covered by nothing",
            here,
            "name the records that state them, or say why they state no rule",
        )
    both = sorted(claims.stated & claims.silent)
    if both:
        yield Problem(
            "both", f"`{source}` lines {ranges(tuple(both))} both state a rule and do not", here
        )
    for record, lines in records.items():
        claimed = claims.by_record.get(record, set())
        missing = sorted(lines - claimed)
        if missing:
            yield Problem(
                "unclaimed",
                f"`{record}` cites lines {ranges(tuple(missing))} of "
                f"`{source}`, the coverage does not say so",
                here,
            )
        extra = sorted(claimed - lines)
        if extra and record != "source":
            yield Problem(
                "uncited",
                f"`{record}` does not cite lines {ranges(tuple(extra))} of "
                f"`{source}`, the coverage says so",
                here,
            )


def _of_others(facts: FactBase, source: str, folder: Path) -> bool:
    """Whether a text is not at hand, and is one of the folder that a user's own are laid on."""
    below = len(facts.folders) > 1 and _layer_of(facts, source) == shown_names(facts.folders)[0]
    return below and not (folder / f"{source}.txt").exists()


def _text(facts: FactBase, source: str, folder: Path) -> Iterator[Problem]:
    path = folder / f"{source}.txt"
    try:
        check_regular(path)
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        yield Problem(
            "not-utf-8",
            f"byte {error.start + 1} is not UTF-8",
            Span(str(path), 0, 0, 0),
            "save the file as UTF-8",
        )
        return
    except OSError:
        raise Problems(
            [
                Problem(
                    "no-file",
                    f"no text of `{source}` in `{folder}`",
                    help=f"it is looked for as `{source}.txt`",
                )
            ]
        ) from None
    total = facts.sources[source].line_count
    # Not `splitlines`: it also ends lines where editors do not.
    lines = text.removesuffix("\n").split("\n") if text else []
    if len(lines) != total:
        yield Problem(
            "lines",
            f"the text of `{source}` has {len(lines)} lines, the facts say {total}",
            Span(str(path), 0, 0, 0),
        )
