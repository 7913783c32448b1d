"""A category as the sources state it: trees, minimal alternatives, cross references, versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from kb.base.core import Core
from kb.base.documents import Origins, alternatives_of, document_of, in_order
from kb.base.outlays import standing_outlays
from kb.base.results import DocumentNeed, Role, Standing
from kb.base.versions import direct, standing_on, superseding
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import Cite
from kb.model.binding import stated_accounts
from kb.model.days import date, stretch
from kb.model.facts import FactBase
from kb.model.names import Term, folded
from kb.model.requirements import need_of
from kb.model.rows import Reading
from kb.model.schema import Begins, Node
from kb.query.results import (
    ONLY,
    Join,
    NamedBy,
    NotSupported,
    ReferenceResult,
    RequirementGroup,
    RequirementLeaf,
    RequirementNode,
    ScopeResult,
    ShownAlternative,
    ShownCategory,
    ShownVersion,
)


def find_category(base: FactBase, name: str) -> str:
    """The category of this id, full name, former name or unique part. Raises `Problems`."""
    names = base.names
    term = names.find("category", name)
    if term is not None:
        return term.id
    part = folded(name)
    found = [t for t in names.of("category") if part and any(part in folded(n) for n in t.names)]
    if len(found) == 1:
        return found[0].id
    if found:
        listed = "\n".join(f"`{t.zh}` ({t.id})" for t in found[:8])
        listed += f"\nand {len(found) - 8} more" * (len(found) > 8)
        raise Problems(
            [Problem("ambiguous", f"`{name}` is part of {len(found)} categories", help=listed)]
        )
    help = names.near("category", name)
    raise Problems([Problem("unknown-id", f"no category is called `{name}`", help=help)])


def show(base: Core, name: str, as_of: int | None = None, lang: str = "zh") -> ShownCategory:
    """A category with all that its sources say of it.

    `name` is its id, its full or former name, or a unique part of one. With `as_of`, a day number,
    the versions that stand on that day are told apart from the others. Raises `Problems` when no
    category, or more than one, is called like that.
    """
    id = find_category(base.facts, name)
    term = base.facts.names.get("category", id)
    assert term is not None
    readings = base.facts.readings_of(id)
    pairs = superseding(base)
    versions = tuple(_version(r, _superseded_by(base, r, pairs, as_of)) for r in readings)
    others: tuple[ShownVersion, ...] = ()
    if as_of is not None:
        stand = standing_on(base, as_of)
        others = tuple(version for version in versions if version.id not in stand)
        versions = tuple(replace(v, certainty=stand[v.id]) for v in versions if v.id in stand)
    return ShownCategory(
        id,
        _other_names(term, readings),
        versions,
        tuple(_named_by(base.facts, id)),
        date(as_of) if as_of is not None else None,
        others,
        lang,
        base.facts.names,
        standing_outlays(base, "category", id, base.day(as_of)),
    )


def _other_names(term: Term, readings: Sequence[Reading]) -> tuple[str, ...]:
    """What texts call a category otherwise. It is found by more: the names of its group and its own
    are combined, also as no text has them."""
    named = (reading.record.name for reading in readings)
    return tuple(dict.fromkeys(name for name in named if name and name != term.zh))


def _superseded_by(
    base: Core, reading: Reading, pairs: Set[tuple[str, str]], as_of: int | None
) -> tuple[Cite, ...]:
    """The versions that take a reading's place, without those that only take theirs in turn; with
    a day, those that may have begun by then. `pairs` are those of `superseding`."""
    readings = base.facts.readings
    later = [
        new
        for new, old in pairs
        if old == reading.id and (as_of is None or readings[new].begins[0] <= as_of)
    ]
    found = [new for new, old in direct(pairs, [*later, reading.id]) if old == reading.id]
    return tuple(readings[id].cite for id in sorted(found, key=base.reading_order.__getitem__))


def _version(reading: Reading, superseded_by: tuple[Cite, ...] = ()) -> ShownVersion:
    record, source = reading.record, reading.source
    begins = record.begins or source.begins or Begins(date=source.seen or source.date)
    return ShownVersion(
        id=reading.id,
        source=source.id,
        standing=Standing(source.standing),
        begins=date(stretch(begins)[0]),
        ends=date(stretch(source.ends)[1]) if source.ends else None,
        precision=begins.precision,
        ends_precision=source.ends.precision if source.ends else "day",
        change=record.change,
        accounts=stated_accounts(source, record),
        open_to=record.open_to,
        open_when=record.open_when,
        regions=record.regions,
        services=tuple(
            ScopeResult(s.service, s.condition, s.unclear, s.lines) for s in record.scope
        ),
        how=record.how,
        requirement=requirement_of(record.requirement) if record.requirement else None,
        none_stated=record.none_stated,
        alternatives=tuple(_alternatives(reading)),
        references=tuple(
            ReferenceResult(
                Role(r.role), r.categories, r.services, reading.cite_at(r.lines), r.applicants
            )
            for r in record.references
        ),
        not_supported=tuple(
            NotSupported(u.services, u.advice, u.only_here, u.lines) for u in record.unsupported
        ),
        unclear=(*record.unclear, *record.beyond),
        settled_by=tuple(
            requirement_of(u.settled_by) if u.settled_by else None
            for u in (*record.unclear, *record.beyond)
        ),
        notes=(*record.notes, *source.notes),
        cite=reading.cite,
        name=record.name or None,
        none_required=record.none_required,
        elsewhere=record.elsewhere,
        withdrawn=record.withdrawn,
        time=record if record.times else None,
        superseded_by=superseded_by,
        only_at=tuple(
            (name, reading.cite_at(lines))
            for name in ONLY
            if (lines := getattr(record, f"{name}_lines"))
        ),
    )


def _alternatives(reading: Reading) -> Iterator[ShownAlternative]:
    if reading.record.requirement is None:
        return
    origins = Origins(reading)
    for name, alternative in alternatives_of(reading):
        leaf_of = origins.leaves(name)
        documents = (
            document_of(need, leaf_of.get(need))
            for need in in_order(origins.stated, alternative.needs)
        )
        yield ShownAlternative(
            tuple(map(_with_sorted_words, documents)),
            tuple(sorted(alternative.when)),
            origins.branches(name),
        )


def requirement_of(node: Node) -> RequirementNode:
    """A requirement as its source writes it."""
    if node.document is not None:
        return RequirementLeaf(document_of(need_of(node), node), node.condition, node.label)
    join = Join.ALL if node.all_of is not None else Join.ANY
    children = tuple(map(requirement_of, node.children))
    return RequirementGroup(
        join,
        children,
        node.stated,
        node.lines,
        node.condition,
        node.at_least,
        node.label,
        node.up_to,
        node.at_most,
    )


def _with_sorted_words(document: DocumentNeed) -> DocumentNeed:
    """The words that a document must state, in the order that makes equal needs equal."""
    return replace(document, must_state=document.need.must_state)


def _named_by(base: FactBase, category: str) -> Iterator[NamedBy]:
    for reading in base.readings.values():
        for reference in reading.record.references:
            if category in reference.categories:
                yield NamedBy(
                    reading.record.category, Role(reference.role), reading.cite_at(reference.lines)
                )
