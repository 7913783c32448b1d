"""A folder of facts becomes a fact base: every name resolved, all problems at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Cite, Span
from kb.model.duty_checks import check_duties
from kb.model.duty_rows import duty_rows, part_terms
from kb.model.files import SourceFile
from kb.model.names import Names, Term, wording
from kb.model.reading import validated
from kb.model.requirements import OR, TooLargeError
from kb.model.rows import (
    ASSUMED,
    HOUSE,
    Reading,
    Rows,
    applicant_condition,
    binding_of,
    condition_rows,
    limit_conditions,
    reading_of,
    version_rows,
    vocabulary_rows,
)
from kb.model.schema import Condition, Source, Unclear
from kb.model.version_checks import check_source, check_version
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

    @cached_property
    def worded(self) -> tuple[tuple[str, str, str, tuple[tuple[str, ...], ...]], ...]:
        """The needs that ask for words: id, document, holder, and the words as compared: of each
        choice one must stand there."""
        words: dict[str, tuple[tuple[str, ...], ...]] = {}
        for need, word in self.rows.facts.get("need_states", ()):
            choice = tuple(map(wording, str(word).split(OR)))
            words[str(need)] = (*words.get(str(need), ()), choice)
        return tuple(
            (str(need), str(document), str(holder), words[str(need)])
            for need, document, holder, _ in self.rows.facts.get("need", ())
            if need in words
        )

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
    if not (folder / "vocabulary").is_dir():
        help = "name a folder that holds vocabulary/ and fact files"
        raise Problems([Problem("no-facts", f"the folder `{folder}` holds no facts", help=help)])
    shown = shown_as(folder)
    vocabulary, problems = read_vocabulary(folder / "vocabulary", f"{shown}vocabulary")
    base = FactBase(folder, vocabulary)
    if not problems:
        for relation, row, cite in vocabulary_rows(vocabulary):
            base.rows.add(relation, row, cite)
    for path in sorted(p for p in folder.iterdir() if p.suffix in (".yaml", ".yml", ".json")):
        if path.name == "coverage.yaml":
            continue
        if path.suffix != ".yaml":
            here = Span(f"{shown}{path.name}", 0, 0, 0)
            help = "a file of facts is called `*.yaml`"
            problems.append(Problem("unknown-file", "this file is not read", here, help))
            continue
        try:
            document = read_file(path, f"{shown}{path.name}")
            problems.extend(_file(base, validated(SourceFile, document), document))
        except Problems as found:
            problems.extend(found.problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise Problems(problems)
    base.warnings.extend(problems)
    return base


def shown_as(folder: Path) -> str:
    """How problems lead in the names of a folder's files: by its own name, if it is given one."""
    return f"{folder.name}/" if folder.name else ""


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
    if file.categories and source.platform is None and not narrow(base, source):
        yield Problem(
            "missing-key",
            "a source with categories names its platform",
            document.span(("source", "id")),
            "add `platform:`; only a text for a part of a country may go without",
        )
    yield from check_source(base.vocabulary, source, document)
    yield from check_duties(base.vocabulary, file, document)
    for at, record in enumerate(file.categories):
        place: Place = ("categories", at)
        problems = list(check_version(base.vocabulary, source, record, document, place))
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
    limits = []
    for condition in limit_conditions(record):
        lines = record.open_to_lines if condition.id.startswith("open_to") else record.regions_lines
        limits.append((condition, reading.cite_at(lines)))
    assumable = base.names.get("applicant", ASSUMED) is not None
    binding = binding_of(reading.source, record, narrow(base, reading.source), assumable)
    bound = [each for each in (binding.accounts, binding.place) if each is not None]
    bound += [applicant_condition(note) for note in record.references if note.applicants]
    for condition in (*(limit for limit, _ in limits), *bound):
        if condition.id not in base.vocabulary.conditions:
            labelled = _labelled(base.names, condition)
            base.vocabulary.conditions[condition.id] = labelled
            base.names.add(Term("condition", labelled.id, labelled.zh, labelled.en))
            for relation, row, cite in condition_rows(labelled, HOUSE):
                base.rows.add(relation, row, cite)
    for relation, row, cite in version_rows(reading, tuple(limits), binding):
        base.rows.add(relation, row, cite)
    for unclear in record.unclear:
        base.unclear[f"{reading.id}?{unclear.id}"] = unclear, reading.cite_at(unclear.lines)


def narrow(base: FactBase, source: Source) -> bool:
    """Whether a source is for a part of a country."""
    return any(part == source.jurisdiction for part, _ in base.vocabulary.wider)


def _labelled(names: Names, condition: Condition) -> Condition:
    test = condition.tests[0]
    kind = "applicant" if test.attribute == "applicant" else "region"
    values = test.any_of or test.all_of
    zh = "、".join(names.label(kind, value, "zh") for value in values)
    en = ", ".join(names.label(kind, value, "en") for value in values)
    lead_zh, lead_en = LEADS[condition.id.partition("/")[0]]
    return condition.model_copy(update={"zh": lead_zh + zh, "en": lead_en + en})


LEADS = {
    "open_to": ("申请主体为", "applicant is "),
    "account": ("申请主体为", "applicant is "),
    "applicant": ("申请主体为", "applicant is "),
    "regions": ("服务地区限于", "only in "),
    "place": ("服务地区包括", "serves "),
}
"""How the labels of conditions begin that stand for whom and where a version binds."""
