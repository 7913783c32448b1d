"""Records become rows: what rules and engines see, each row with the lines that state it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from kb.lang.syntax import Cite, Row
from kb.model.days import FIRST, LAST, beginning, ending
from kb.model.requirements import Alternative, Need, alternatives, leaves, need_of
from kb.model.schema import Condition, Node, Source, Test, Version
from kb.model.vocabulary import Vocabulary

Stated: TypeAlias = Iterator[tuple[str, Row, Cite]]


@dataclass(frozen=True)
class Reading:
    """A version of a category as one source states it, with its minimal alternatives."""

    id: str
    source: Source
    record: Version
    alternatives: tuple[Alternative, ...]
    alternative_ids: tuple[str, ...]

    @property
    def cite(self) -> Cite:
        return Cite(self.source.id, self.record.lines, self.record.locator)

    def cite_at(self, lines: tuple[int, ...]) -> Cite:
        return Cite(self.source.id, lines or self.record.lines, self.record.locator)


@dataclass
class Rows:
    """Rows by relation, in the order of the files, and the cite of each."""

    facts: dict[str, list[Row]] = field(default_factory=dict)
    cites: dict[tuple[str, Row], Cite] = field(default_factory=dict)

    def add(self, relation: str, row: Row, cite: Cite) -> None:
        key = (relation, row)
        if key not in self.cites:
            self.facts.setdefault(relation, []).append(row)
            self.cites[key] = cite


def reading_of(source: Source, record: Version) -> Reading:
    """Raises `TooLargeError` when the requirement has too many alternatives. Papers that are asked
    for elsewhere are not known: nothing is enough."""
    id = f"{source.id}/{record.category}" + (f"@{record.reading}" if record.reading else "")
    found = alternatives(record.requirement) if record.requirement else (Alternative(),)
    if record.elsewhere:
        found = ()
    return Reading(id, source, record, found, tuple(f"{id}#{n}" for n in range(1, len(found) + 1)))


HOUSE = Cite("kb")
"""Stands for what this knowledge base itself declares: vocabularies and the shape of conditions."""


def vocabulary_rows(vocabulary: Vocabulary) -> Stated:
    """What the vocabularies state."""
    for category in vocabulary.names.of("category"):
        yield "category", (category.id,), HOUSE
    for applicant in vocabulary.names.of("applicant"):
        yield "applicant_kind", (applicant.id,), HOUSE
    for narrower, wider in vocabulary.wider:
        yield "kind_of", (narrower, wider), HOUSE
    for one, other in vocabulary.overlaps:
        yield "overlaps", (one, other), HOUSE
        yield "overlaps", (other, one), HOUSE
    for condition in vocabulary.conditions.values():
        yield from condition_rows(condition, HOUSE)


def condition_rows(condition: Condition, cite: Cite) -> Stated:
    for n, test in enumerate(condition.tests, 1):
        name = f"{condition.id}#{n}"
        yield "condition_test", (condition.id, name), cite
        yield "test_reads", (name, test.attribute), cite
        yield ("test_all" if test.all_of else "test_any"), (name,), cite
        for value in (*test.any_of, *test.all_of):
            yield "test_value", (name, value), cite
        for value in test.unsure:
            yield "test_maybe", (name, value), cite
        if test.since or test.until:
            yield "test_range", (name, _day(test.since, FIRST), _day(test.until, LAST)), cite
        if test.unsure_since or test.unsure_until:
            first, last = _day(test.unsure_since, FIRST), _day(test.unsure_until, LAST)
            yield "test_unsure", (name, first, last), cite


def _day(text: str, default: int) -> int:
    return int(text.replace("-", "")) if text else default


def limit_conditions(record: Version) -> Iterator[Condition]:
    """The conditions that `open_to` and `regions` stand for."""
    if record.open_to:
        test = Test(attribute="applicant", any_of=record.open_to)
        yield _limit("open_to", record.open_to, test)
    if record.regions:
        test = Test(attribute="regions", all_of=record.regions)
        yield _limit("regions", record.regions, test)


def _limit(what: str, values: tuple[str, ...], test: Test) -> Condition:
    id = "/".join((what, *values))
    return Condition(id=id, zh=id, en=id, tests=(test,))


def version_rows(reading: Reading, limits: tuple[tuple[Condition, Cite], ...]) -> Stated:
    """What a version states; `limits` are the conditions of its `open_to` and `regions`."""
    record, source, id = reading.record, reading.source, reading.id
    cite = reading.cite
    begins = beginning(source)
    ends = ending(source)
    yield "category", (record.category,), cite
    yield "version", (id, record.category, source.platform or "any"), cite
    yield "standing", (id, source.standing), cite
    yield "begins", (id, *begins), cite
    yield "ends", (id, *ends), cite
    for n, scope in enumerate(record.scope, 1):
        at = reading.cite_at(scope.lines)
        name = f"{id}^{n}"
        yield "scope", (name, id, scope.service), at
        if scope.when:
            yield "scope_when", (name, scope.when), at
        if scope.unclear:
            yield "scope_unclear", (name, f"{id}?{scope.unclear}"), at
    if record.none_stated:
        yield "none_stated", (id,), cite
    for condition, at in limits:
        yield "version_when", (id, condition.id), at
    yield from _alternative_rows(reading)
    for n, reference in enumerate(record.references, 1):
        at = reading.cite_at(reference.lines)
        name = f"{id}>{n}"
        yield "reference", (name, id, reference.role), at
        for service in reference.services:
            yield "reference_service", (name, service), at
        for category in reference.categories:
            yield "category", (category,), at
            yield "reference_to", (name, category), at
    for unsupported in record.unsupported:
        for service in unsupported.services:
            relation = "unsupported_here" if unsupported.only_here else "unsupported"
            yield relation, (id, service), reading.cite_at(unsupported.lines)


def _condition_lines(node: Node | None, condition: str, needs: frozenset[Need]) -> tuple[int, ...]:
    """The lines of the nodes that stand under a condition: of those that name one of the needs
    where there are some."""
    found: dict[bool, set[int]] = {True: set(), False: set()}
    todo = [node] if node else []
    while todo:
        one = todo.pop()
        todo += one.children
        if one.when == condition:
            under = list(leaves(one))
            lines = one.lines or [line for leaf in under for line in leaf.lines]
            found[any(need_of(leaf) in needs for leaf in under)].update(lines)
    return tuple(sorted(found[True] or found[False]))


def _alternative_rows(reading: Reading) -> Stated:
    record = reading.record
    lines: dict[Need, tuple[int, ...]] = {}
    for leaf in leaves(record.requirement) if record.requirement else ():
        need = need_of(leaf)
        lines[need] = tuple(sorted({*lines.get(need, ()), *leaf.lines}))
        if leaf.optional:
            yield "optional", (reading.id, need.id), reading.cite_at(leaf.lines)
    for name, alternative in zip(reading.alternative_ids, reading.alternatives, strict=True):
        stated = {line for need in alternative.needs for line in lines[need]}
        top = record.requirement.lines if record.requirement else ()
        at = reading.cite_at(tuple(sorted(stated | set(top))))
        yield "alternative", (name, reading.id), at
        for condition, met in sorted(alternative.when):
            relation = "alternative_when" if met else "alternative_unless"
            own = _condition_lines(record.requirement, condition, alternative.needs)
            yield relation, (name, condition), reading.cite_at(own or top)
        for need in sorted(alternative.needs):
            yield "alternative_needs", (name, need.id), reading.cite_at(lines[need])
    for need, at_lines in lines.items():
        at = reading.cite_at(at_lines)
        yield "need", (need.id, need.document, need.holder, need.at_least), at
        for word in need.must_state:
            yield "need_states", (need.id, word), at
