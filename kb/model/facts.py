"""Folders of facts become a fact base: every name resolved, all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Cite, Span, Value
from kb.model.binding import ASSUMED, applicant_condition, binding_of, limit_conditions
from kb.model.conditions import composed, parts_of
from kb.model.content import content_of
from kb.model.duty_checks import check_duties
from kb.model.duty_rows import duty_rows, part_terms
from kb.model.files import PartFile, SourceFile
from kb.model.layers import (
    APART,
    SUFFIXES,
    check_folders,
    fact_files,
    shown_names,
    unread_file,
    unread_programs,
)
from kb.model.names import Names, Term
from kb.model.outlay_rows import check_outlays, outlay_rows, outlay_terms
from kb.model.reading import validated
from kb.model.requirements import Need, TooLargeError, leaves, members, need_of, nodes_of
from kb.model.rows import (
    Reading,
    Rows,
    condition_rows,
    reading_of,
    version_rows,
    vocabulary_rows,
)
from kb.model.schema import Node, Scope, Source, Unclear
from kb.model.stating import Asked, asked_of, moves
from kb.model.terms import Condition
from kb.model.version_checks import check_source, check_version
from kb.model.versions import Version
from kb.model.vocabulary import Vocabulary, read_vocabulary
from kb.model.yamlread import Document, read_file
from kb.model.yamlread import Path as Place


@dataclass
class FactBase:
    """Everything that folders of facts state, read together."""

    folders: tuple[Path, ...]
    vocabulary: Vocabulary
    sources: dict[str, Source] = field(default_factory=dict)
    files: dict[str, SourceFile] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    unclear: dict[str, tuple[Unclear, Cite]] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)
    warnings: list[Problem] = field(default_factory=list)
    places: MutableMapping[str, Span] = field(default_factory=dict)
    """Where a source, a reading or a part of a text (`SOURCE:ID`) stands."""
    content: str = ""
    """What its files held when they were read, as a hash."""

    @property
    def folder(self) -> Path:
        """The folder that the others are laid on."""
        return self.folders[0]

    @property
    def names(self) -> Names:
        return self.vocabulary.names

    @cached_property
    def worded(self) -> tuple[tuple[str, str, str, tuple[Asked, ...]], ...]:
        """The needs that ask for what copies must state: id, document, holder, and what that is."""
        words: dict[str, tuple[Asked, ...]] = {}
        for need, text in self.rows.facts.get("need_states", ()):
            asked = asked_of(str(text), self.vocabulary)
            words[str(need)] = (*words.get(str(need), ()), asked)
        return tuple(
            (str(need), str(document), str(holder), words[str(need)])
            for need, document, holder, _ in self.rows.facts.get("need", ())
            if need in words
        )

    @cached_property
    def moving(self) -> frozenset[str]:
        """The versions that ask for papers which may state enough on one day and not on another."""
        rows = self.rows.facts
        needs: set[Value] = {need for need, *_, asked in self.worded if moves(asked)}
        needs |= {choice for choice, need in rows.get("choice_of", ()) if need in needs}
        wanting = {one for one, need in rows.get("alternative_needs", ()) if need in needs}
        return frozenset(str(v) for one, v in rows.get("alternative", ()) if one in wanting)

    @cached_property
    def renewed(self) -> tuple[tuple[str, str], ...]:
        """The documents, each with its holder, that meet a duty for a period from their issue."""
        parts = {part for part, _ in self.rows.facts.get("renewed_from_issue", ())}
        found = self.rows.facts.get("met_by_document", ())
        return tuple(dict.fromkeys((str(d), str(h)) for part, d, h in found if part in parts))

    @cached_property
    def _versions(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        for version, category, _ in self.rows.facts.get("version", ()):
            found.setdefault(str(category), []).append(str(version))
        return {category: tuple(ids) for category, ids in found.items()}

    def readings_of(self, category: str) -> list[Reading]:
        """The readings of a category, in the order of the files."""
        return [self.readings[id] for id in self._versions.get(category, ())]


def read_facts(*folders: str | Path) -> FactBase:
    """Read folders of facts together: `vocabulary/`, and sources, each a file, or a folder with
    `source.yaml` and more files of its categories; folders may hold folders.

    The first holds the vocabulary that the others add to. Raises `Problems` with every problem of
    every file that could be read.
    """
    paths = tuple(map(Path, folders))
    check_folders(paths)
    content = content_of(*paths)
    shown = shown_names(paths)
    vocabularies = [(p / "vocabulary", f"{s}vocabulary") for p, s in zip(paths, shown, strict=True)]
    vocabulary, problems = read_vocabulary(vocabularies)
    base = FactBase(paths, vocabulary, content=content)
    if not problems:
        for relation, row, cite in vocabulary_rows(vocabulary):
            base.rows.add(relation, row, cite)
    for folder, name in zip(paths, shown, strict=True):
        problems.extend(_sources(base, folder, name, APART))
        problems.extend(unread_programs(folder, name))
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise Problems(problems)
    base.warnings.extend(problems)
    return base


def _sources(base: FactBase, folder: Path, shown: str, apart: Sequence[str] = ()) -> list[Problem]:
    """Add the sources of a folder and of the folders in it; their problems."""
    problems: list[Problem] = []
    for path in sorted(folder.iterdir()):
        if path.name in apart or path.name.startswith("."):
            continue
        name = f"{shown}{path.name}"
        if path.is_dir() and (path / "source.yaml").is_file():
            problems.extend(_source_folder(base, path, name))
        elif path.is_dir():
            problems.extend(_sources(base, path, f"{name}/"))
        elif path.suffix == ".yaml":
            problems.extend(_source(base, path, name))
        elif path.suffix.lower() in SUFFIXES:
            problems.append(unread_file(name))
    return problems


def _source(base: FactBase, path: Path, name: str) -> list[Problem]:
    """Add the source of a file; its problems."""
    try:
        document = read_file(path, name)
        if isinstance(document.data, Mapping) and "of" in document.data:
            span = Span(f"{name.rpartition('/')[0]}/source.yaml", 0, 0, 0)
            help = "the folder of a source holds `source.yaml` with its `source:`"
            return [Problem("no-file", "a folder without this file is not read", span, help)]
        return list(_file(base, validated(SourceFile, document), document))
    except Problems as found:
        return list(found.problems)


def _source_folder(base: FactBase, folder: Path, shown: str) -> list[Problem]:
    """Add the source of a folder, with the categories of its other files; its problems."""
    main = folder / "source.yaml"
    before = set(base.sources)
    problems = _source(base, main, f"{shown}/source.yaml")
    added = [base.files[id] for id in base.sources if id not in before]
    for path in fact_files(folder):
        name = f"{shown}/{path.relative_to(folder).as_posix()}"
        if path == main:
            continue
        if path.suffix != ".yaml":
            problems.append(unread_file(name))
            continue
        try:
            document = read_file(path, name)
            part = validated(PartFile, document)
            for file in added:
                problems.extend(_part(base, file.source, part, document))
        except Problems as found:
            problems.extend(found.problems)
    return problems


def _part(base: FactBase, source: Source, part: PartFile, document: Document) -> Iterator[Problem]:
    if part.of != source.id:
        message = f"this is a file of the source `{source.id}`"
        yield Problem("unknown-id", message, document.span(("of",)), f"write `of: {source.id}`")
        return
    file = base.files[source.id]
    more = {"categories": (*file.categories, *part.categories)}
    base.files[source.id] = file.model_copy(update=more)
    yield from _categories(base, source, part.categories, document)


def _file(base: FactBase, file: SourceFile, document: Document) -> Iterator[Problem]:
    source = file.source
    here = document.span(("source", "id"))
    if source.id in base.sources:
        first = base.places[source.id]
        message = f"the source `{source.id}` stands in two files"
        yield Problem("duplicate-id", message, here, f"it stands at {first} already")
        return
    base.places[source.id] = here
    base.sources[source.id] = source
    base.files[source.id] = file
    base.names.add(Term("source", source.id, source.zh, source.en))
    for term in part_terms(file):
        base.names.add(term)
    for _, at, record in file.records():
        if id := getattr(record, "id", ""):
            base.places[f"{source.id}:{id}"] = document.span((*at, "id"))
    for relation, row, cite in duty_rows(file):
        base.rows.add(relation, row, cite)
    outlays = (*file.fees, *file.lead_times)
    for term in outlay_terms(source, outlays, base.names):
        base.names.add(term)
    for relation, row, cite in outlay_rows(source, outlays, narrow(base, source)):
        base.rows.add(relation, row, cite)
    yield from check_outlays(source, "fees", file.fees, document)
    yield from check_outlays(source, "lead_times", file.lead_times, document)
    yield from check_source(base.vocabulary, source, document)
    yield from check_duties(base.vocabulary, file, document)
    yield from _categories(base, source, file.categories, document)


def _categories(
    base: FactBase, source: Source, records: Iterable[Version], document: Document
) -> Iterator[Problem]:
    for at, record in enumerate(records):
        place: Place = ("categories", at)
        if at == 0 and source.platform is None and not narrow(base, source):
            yield Problem(
                "missing-key",
                "a source with categories names its platform",
                base.places[source.id],
                "add `platform:`; only a text for a part of a country may go without",
            )
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
        here = document.span((*place, "category"))
        if reading.id in base.readings:
            first = base.places[reading.id]
            message = f"`{record.category}` stands twice in this source"
            help = f"it stands at {first} already: give each reading its own `reading:`"
            yield Problem("duplicate-id", message, here, help)
            continue
        base.places[reading.id] = here
        _add(base, reading)


def _add(base: FactBase, reading: Reading) -> None:
    assert isinstance(base.readings, dict)
    base.readings[reading.id] = reading
    record = reading.record
    limits = []
    for condition in limit_conditions(record):
        lines = record.open_to_lines if condition.id.startswith("open_to") else record.regions_lines
        limits.append((condition, reading.cite_at(lines)))
    met = [base.vocabulary.conditions.get(condition) for condition in record.open_when]
    limits += [(each, reading.cite_at(record.open_when_lines)) for each in met if each]
    assumable = base.names.get("applicant", ASSUMED) is not None
    binding = binding_of(reading.source, record, narrow(base, reading.source), assumable)
    bound = [each for each in binding.conditions if each is not None]
    bound += [applicant_condition(note) for note in record.references if note.applicants]
    parts: list[Node | Scope] = [*record.scope]
    trees = (record.requirement, *(passage.settled_by for passage in record.unclear))
    parts += (node for tree in trees if tree for node in nodes_of(tree))
    known = base.vocabulary.conditions.keys()
    # Of a file of conditions that can not be read none is known; that is told already.
    together = [c for c in map(composed, parts) if c is not None and known >= {*parts_of(c)}]
    for condition in (*(limit for limit, _ in limits), *bound, *together):
        if condition.id not in base.vocabulary.conditions:
            labelled = _labelled(base.names, condition)
            base.vocabulary.conditions[condition.id] = labelled
            base.names.add(Term("condition", labelled.id, labelled.zh, labelled.en))
            for relation, row, cite in condition_rows(base.vocabulary.conditions, labelled.id):
                base.rows.add(relation, row, cite)
    for relation, row, cite in version_rows(reading, tuple(limits), binding):
        base.rows.add(relation, row, cite)
    for leaf in leaves(record.requirement) if record.requirement else ():
        if leaf.document is None:
            base.names.add(_choice(base.names, leaf))
    if record.times:
        base.names.add(_time(base.names, reading))
    for unclear in (*record.unclear, *record.beyond):
        base.unclear[f"{reading.id}?{unclear.id}"] = unclear, reading.cite_at(unclear.lines)


def narrow(base: FactBase, source: Source) -> bool:
    """Whether a source is for a place of its own: a part of a country, or another country than
    the platform's."""
    homes = base.vocabulary.homes
    own = homes.values() if source.platform is None else [homes.get(source.platform)]
    if any(own):
        return source.jurisdiction not in own
    return any(part == source.jurisdiction for part, _ in base.vocabulary.wider)


def _labelled(names: Names, condition: Condition) -> Condition:
    if not condition.tests:
        return _joined(names, condition)
    test = condition.tests[0]
    kind = "applicant" if test.attribute == "applicant" else "region"
    values = test.any_of or test.all_of
    zh = "、".join(names.label(kind, value, "zh") for value in values)
    en = ", ".join(names.label(kind, value, "en") for value in values)
    lead_zh, lead_en = LEADS[condition.id.partition("/")[0]]
    return condition.model_copy(update={"zh": lead_zh + zh, "en": lead_en + en})


def _joined(names: Names, condition: Condition) -> Condition:
    """A condition that several make together, with a label of theirs."""
    zh = [names.label("condition", each, "zh") for each in condition.when]
    zh += [f"并非「{names.label('condition', each, 'zh')}」" for each in condition.unless]
    en = [names.label("condition", each, "en") for each in condition.when]
    en += [f"not ({names.label('condition', each, 'en')})" for each in condition.unless]
    together = en[0] if len(en) == 1 else f"all of: {'; '.join(en)}"
    return condition.model_copy(update={"zh": "，且".join(zh), "en": together})


def _time(names: Names, reading: Reading) -> Term:
    """What a version is called that gives time: what it asks for anew, or keeps for a while."""
    zh, en = (names.label("category", reading.record.category, lang) for lang in ("zh", "en"))
    if reading.record.withdrawn:
        return Term("part", reading.time, f"类目「{zh}」", f"the category {en}")
    return Term("part", reading.time, f"类目「{zh}」的新要求", f"what is new for {en}")


NAMED = 7
"""Documents of a choice that its label names."""


def _choice(names: Names, node: Node) -> Term:
    """What a counted choice is called: how many it asks for, and of what."""
    need, own = need_of(node), members(node)

    def listed(lang: str, joint: str) -> str:
        # A proof names it on many lines: of very many the first stand for all.
        shown = own if len(own) <= NAMED else own[:3]
        return joint.join(_member(names, each, lang) for each in shown)

    zh, en = listed("zh", "、"), listed("en", "; ")
    if len(own) > NAMED:
        zh, en = f"{zh}等", f"{en}; ..."
    count, there = need.at_least, len(own)
    if node.up_to:
        zh_count, en_count = f"{count} 至 {node.up_to}", f"{count} to {node.up_to}"
    else:
        zh_count, en_count = str(count), str(count)
    limit = f"（至多 {node.at_most} 项）", f" (at most {node.at_most})"
    zh_most, en_most = limit if node.at_most else ("", "")
    lead_zh = f"{there} 项中的任意 {zh_count} 项{zh_most}："
    lead_en = f"any {en_count} of these {there}{en_most}: "
    return Term("document", need.document, lead_zh + zh, lead_en + en)


def _member(names: Names, need: Need, lang: str) -> str:
    """A document of a choice: with how many, whose and what it states where the source says so."""
    more = [f"×{need.at_least}"] if need.at_least > 1 else []
    if need.holder != "applicant":
        more.append(names.label("holder", need.holder, lang))
    more += need.must_state
    label = names.label("document", need.document, lang)
    return f"{label}({', '.join(more)})" if more else label


LEADS = {
    "open_to": ("申请主体为", "applicant is "),
    "account": ("申请主体为", "applicant is "),
    "applicant": ("申请主体为", "applicant is "),
    "regions": ("服务地区限于", "only in "),
    "place": ("服务地区包括", "serves "),
}
"""How the labels of conditions begin that stand for whom and where a version binds."""
