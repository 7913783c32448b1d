"""A folder of facts becomes a fact base: every name resolved, all problems at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import Cite
from kb.model.duty_rows import duty_rows, part_terms
from kb.model.files import SourceFile
from kb.model.names import Names, Term
from kb.model.reading import validated
from kb.model.requirements import TooLargeError, leaves
from kb.model.rows import (
    HOUSE,
    Reading,
    Rows,
    condition_rows,
    limit_conditions,
    reading_of,
    version_rows,
    vocabulary_rows,
)
from kb.model.schema import Condition, Node, Source, Unclear, Version
from kb.model.vocabulary import Vocabulary, read_vocabulary
from kb.model.yamlread import Document, read_file
from kb.model.yamlread import Path as Place


@dataclass
class FactBase:
    """Everything that a folder of facts states."""

    folder: Path
    vocabulary: Vocabulary
    sources: dict[str, Source] = field(default_factory=dict)
    files: dict[str, SourceFile] = field(default_factory=dict)
    readings: dict[str, Reading] = field(default_factory=dict)
    unclear: dict[str, tuple[Unclear, Cite]] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def names(self) -> Names:
        return self.vocabulary.names

    def readings_of(self, category: str) -> list[Reading]:
        return [r for r in self.readings.values() if r.record.category == category]


def read_facts(folder: str | Path) -> FactBase:
    """Read a folder of facts: `vocabulary/*.yaml` and one file a source.

    Raises `Problems` with every problem of every file that could be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise Problems(
            [
                Problem(
                    "no-facts",
                    f"no folder of facts at `{folder}`",
                    help="name a folder that holds vocabulary/ and fact files",
                )
            ]
        )
    shown = folder.name
    vocabulary, problems = read_vocabulary(folder / "vocabulary", f"{shown}/vocabulary")
    base = FactBase(folder, vocabulary)
    for relation, row, cite in vocabulary_rows(vocabulary):
        base.rows.add(relation, row, cite)
    for path in sorted(folder.glob("*.yaml")):
        if path.name == "coverage.yaml":
            continue
        try:
            document = read_file(path, f"{shown}/{path.name}")
            problems.extend(_file(base, validated(SourceFile, document), document))
        except Problems as found:
            problems.extend(found.problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise Problems(problems)
    base.warnings.extend(problems)
    return base


def _file(base: FactBase, file: SourceFile, document: Document) -> Iterator[Problem]:
    source = file.source
    if source.id in base.sources:
        yield Problem(
            "duplicate-id",
            f"the source `{source.id}` stands in two files",
            document.span(("source", "id")),
        )
        return
    base.sources[source.id] = source
    base.files[source.id] = file
    base.names.add(Term("source", source.id, source.zh, source.en))
    for term in part_terms(file):
        base.names.add(term)
    for relation, row, cite in duty_rows(file):
        base.rows.add(relation, row, cite)
    if file.categories and source.platform is None:
        yield Problem(
            "missing-key",
            "a source with categories names its platform",
            document.span(("source", "id")),
            "add `platform:`",
        )
    for at, record in enumerate(file.categories):
        place: Place = ("categories", at)
        problems = list(_record(base.vocabulary, record, document, place))
        problems += _cited(source, record, document, place)
        yield from problems
        if any(problem.severity == "error" for problem in problems):
            continue
        try:
            reading = reading_of(source, record)
        except TooLargeError as error:
            yield Problem(
                "too-large",
                str(error),
                document.span((*place, "requirement")),
                "split the requirement or state it by its parts",
            )
            continue
        if reading.id in base.readings:
            yield Problem(
                "duplicate-id",
                f"`{record.category}` stands twice in this source",
                document.span((*place, "category")),
                "give each reading its own `reading:`",
            )
            continue
        _add(base, reading)


def _add(base: FactBase, reading: Reading) -> None:
    base.readings[reading.id] = reading
    record = reading.record
    limits: list[tuple[Condition, Cite]] = []
    for condition in limit_conditions(record):
        lines = record.open_to_lines if condition.id.startswith("open_to") else record.regions_lines
        limits.append((condition, reading.cite_at(lines)))
        if condition.id not in base.vocabulary.conditions:
            labelled = _labelled(base.names, condition)
            base.vocabulary.conditions[condition.id] = labelled
            base.names.add(Term("condition", labelled.id, labelled.zh, labelled.en))
            for relation, row, cite in condition_rows(labelled, HOUSE):
                base.rows.add(relation, row, cite)
    for relation, row, cite in version_rows(reading, tuple(limits)):
        base.rows.add(relation, row, cite)
    for unclear in record.unclear:
        base.unclear[f"{reading.id}?{unclear.id}"] = unclear, reading.cite_at(unclear.lines)


def _labelled(names: Names, condition: Condition) -> Condition:
    test = condition.tests[0]
    kind = "applicant" if test.any_of else "region"
    values = test.any_of or test.all_of
    zh = "、".join(names.label(kind, value, "zh") for value in values)
    en = ", ".join(names.label(kind, value, "en") for value in values)
    lead_zh, lead_en = (
        ("申请主体为", "applicant is ") if test.any_of else ("服务地区限于", "only in ")
    )
    return condition.model_copy(update={"zh": lead_zh + zh, "en": lead_en + en})


def _record(
    vocabulary: Vocabulary, record: Version, document: Document, at: Place
) -> Iterator[Problem]:
    """Every name that a version uses is known."""
    names = vocabulary.names

    def known(kind: str, ids: tuple[str, ...], place: Place) -> Iterator[Problem]:
        for id in ids:
            if names.get(kind, id) is None:
                yield Problem(
                    "unknown-id",
                    f"no {kind} is called `{id}`",
                    document.span(place),
                    near(id, names.ids(kind)),
                )

    yield from known("category", (record.category,), (*at, "category"))
    yield from known("applicant", record.open_to, (*at, "open_to"))
    yield from known("region", record.regions, (*at, "regions"))
    unclear = {entry.id for entry in record.unclear}
    for n, scope in enumerate(record.scope):
        place = (*at, "scope", n)
        yield from known("service", (scope.service,), (*place, "service"))
        yield from known("condition", (scope.when,) if scope.when else (), (*place, "when"))
        if scope.unclear and scope.unclear not in unclear:
            yield Problem(
                "unknown-id",
                f"no passage is called `{scope.unclear}`",
                document.span((*place, "unclear")),
                near(scope.unclear, unclear),
            )
    for n, reference in enumerate(record.references):
        yield from known("service", reference.services, (*at, "references", n, "services"))
        yield from known("category", reference.categories, (*at, "references", n, "categories"))
    for n, entry in enumerate(record.unsupported):
        yield from known("service", entry.services, (*at, "unsupported", n, "services"))
    if record.requirement:
        for node, place in _nodes(record.requirement, (*at, "requirement")):
            yield from known("condition", (node.when,) if node.when else (), (*place, "when"))
            yield from known(
                "document", (node.document,) if node.document else (), (*place, "document")
            )
            yield from known("holder", (node.holder,), (*place, "holder"))
            yield from known("authority", (node.issuer,) if node.issuer else (), (*place, "issuer"))
            if node.stated is not None and node.stated != len(node.children):
                yield Problem(
                    "stated",
                    f"the source announces {node.stated} choices, here are {len(node.children)}",
                    document.span((*place, "stated")),
                    "read the source again: a choice is missing or is one too many",
                    "warning",
                )
        if not any(not leaf.optional for leaf in leaves(record.requirement)):
            yield Problem(
                "value",
                "every document of the requirement is optional",
                document.span((*at, "requirement")),
                "say `none_stated: true`",
            )


def _cited(source: Source, record: Version, document: Document, at: Place) -> Iterator[Problem]:
    """Every cited line stands in the source, and a part cites lines of its record."""

    def within(lines: tuple[int, ...], place: Place, outer: tuple[int, ...]) -> Iterator[Problem]:
        wrong = [line for line in lines if line not in outer]
        if wrong:
            where = "the source" if outer == every else "the record"
            yield Problem(
                "lines",
                f"line {wrong[0]} is not a line of {where}",
                document.span((*place, "lines")),
                f"{where} has lines {outer[0]}-{outer[-1]}",
            )

    every = tuple(range(1, source.line_count + 1))
    yield from within(record.lines, at, every)
    for key in ("scope", "references", "unsupported", "unclear", "notes"):
        for n, part in enumerate(getattr(record, key)):
            yield from within(part.lines, (*at, key, n), record.lines)
    if record.requirement:
        for node, place in _nodes(record.requirement, (*at, "requirement")):
            yield from within(node.lines, place, record.lines)


def _nodes(node: Node, at: Place) -> Iterator[tuple[Node, Place]]:
    yield node, at
    key = "all_of" if node.all_of is not None else "any_of"
    for n, child in enumerate(node.children):
        yield from _nodes(child, (*at, key, n))
