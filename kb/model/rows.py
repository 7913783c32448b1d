"""Records become rows: what rules and engines see, each row with the lines that state it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kb.lang.syntax import Cite, Row
from kb.model.binding import Binding, applicant_condition
from kb.model.conditions import all_tests, clauses, own_tests
from kb.model.days import beginning, ending, stretch
from kb.model.due_rows import Stated, due_rows
from kb.model.duty_day_rows import calendar_rows
from kb.model.ranges import accepted, unsure
from kb.model.requirements import (
    Alternative,
    Need,
    When,
    alternatives,
    leaves,
    need_of,
    nodes_of,
)
from kb.model.schema import Beyond, Node, Reference, Scope, Source
from kb.model.terms import Condition
from kb.model.versions import Version
from kb.model.vocabulary import Vocabulary


@dataclass(frozen=True)
class Reading:
    """A version of a category as one source states it, with its minimal alternatives."""

    id: str
    source: Source
    record: Version
    alternatives: tuple[Alternative, ...]
    alternative_ids: tuple[str, ...]

    @property
    def begins(self) -> tuple[int, int]:
        """The first and the last day (day numbers) on which it may begin: its own, else that of
        its source."""
        return stretch(self.record.begins) if self.record.begins else beginning(self.source)

    @property
    def time(self) -> str:
        """The part of it that gives time, if one does."""
        return f"{self.id}~time"

    @property
    def scopes(self) -> dict[str, Scope]:
        """What it is for, by the ids that relations have for each."""
        return {f"{self.id}^{n}": scope for n, scope in enumerate(self.record.scope, 1)}

    @property
    def references(self) -> dict[str, Reference]:
        """Its notes on other categories, by the ids that relations have for each."""
        return {f"{self.id}>{n}": note for n, note in enumerate(self.record.references, 1)}

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
    if record.elsewhere or record.withdrawn:
        found = ()
    return Reading(id, source, record, found, tuple(f"{id}#{n}" for n in range(1, len(found) + 1)))


HOUSE = Cite("kb")
HOUSE_ACCOUNTS = Cite("kb", (), "accounts-unsaid")
"""Stands for what this knowledge base itself declares: vocabularies and the shape of conditions."""


def vocabulary_rows(vocabulary: Vocabulary) -> Stated:
    """What the vocabularies state."""
    for category in vocabulary.names.of("category"):
        yield "category", (category.id,), HOUSE
    for applicant in vocabulary.names.of("applicant"):
        yield "applicant_kind", (applicant.id,), HOUSE
    for kind, seat in vocabulary.seats:
        yield "seat", (kind, seat), HOUSE
    for narrower, wider in vocabulary.wider:
        yield "kind_of", (narrower, wider), HOUSE
    for one, other in vocabulary.overlaps:
        yield "overlaps", (one, other), HOUSE
        yield "overlaps", (other, one), HOUSE
    declared = vocabulary.attributes.values()
    numbers = {each.id: each.decimals for each in declared if each.type == "number"}
    for condition in vocabulary.conditions.values():
        yield from condition_rows(vocabulary.conditions, condition.id, numbers)


def condition_rows(
    conditions: Mapping[str, Condition], id: str, numbers: Mapping[str, int] | None = None
) -> Stated:
    """A condition with its tests; `numbers` are the attributes that take numbers, not days, with
    their decimals."""
    yield from _clause_rows(conditions, id)
    cite = HOUSE
    for name, test in own_tests(conditions[id]):
        yield "test_reads", (name, test.attribute), cite
        kind = "test_all" if test.all_of else "test_several" if test.several else "test_any"
        yield kind, (name,), cite
        for value in (*test.any_of, *test.all_of):
            yield "test_value", (name, value), cite
        for value in test.unsure:
            yield "test_maybe", (name, value), cite
        number = (numbers or {}).get(test.attribute)
        for relation, found in (
            ("test_range", accepted(test, number)),
            ("test_unsure", unsure(test, number)),
        ):
            if found is None:
                continue
            yield relation, (name, found.first, found.last), cite
            for end, shift in (("not_before", found.start), ("not_after", found.end)):
                if shift is not None:
                    yield end, (name, relation, shift.months, shift.days), cite


def _clause_rows(conditions: Mapping[str, Condition], id: str) -> Stated:
    """What a condition comes down to: tests that must be met, and clauses of which one literal must
    hold."""
    for name in all_tests(conditions, id):
        yield "condition_test", (id, name), HOUSE
    n = 0
    for clause in clauses(conditions, id):
        literals = sorted(clause)
        if len(literals) == 1 and literals[0][1]:
            yield "condition_must", (id, literals[0][0]), HOUSE
            continue
        n += 1
        name = f"{id}~{n}"
        yield "condition_clause", (id, name), HOUSE
        for test, met in literals:
            yield "clause_test" if met else "clause_not", (name, test), HOUSE


def version_rows(
    reading: Reading, limits: tuple[tuple[Condition, Cite], ...], binding: Binding
) -> Stated:
    """What a version states; `limits` are the conditions of its `open_to`, `open_when`
    and `regions`, `binding` tells whom it binds."""
    record, source, id = reading.record, reading.source, reading.id
    cite = reading.cite
    yield "category", (record.category,), cite
    yield "version", (id, record.category, source.platform or "any"), cite
    yield "standing", (id, source.standing), cite
    yield "begins", (id, *reading.begins), cite
    yield "ends", (id, *ending(source)), cite
    if record.withdrawn:
        yield "withdraws", (id,), cite
    if record.times:
        yield "time_given", (id, reading.time), cite
        yield from due_rows(reading.time, record, cite)
    if record.deadline and record.deadline.working_days:
        yield from calendar_rows(HOUSE)
    for name, scope in reading.scopes.items():
        at = reading.cite_at(scope.lines)
        yield "scope", (name, id, scope.service), at
        if scope.condition:
            yield "scope_when", (name, scope.condition), at
        if scope.unclear:
            yield "scope_unclear", (name, f"{id}?{scope.unclear}"), at
    for relation in ("none_stated", "none_required"):
        if getattr(record, relation):
            yield relation, (id,), cite
    if record.elsewhere:
        yield "asked_elsewhere", (id,), reading.cite_at(record.how.lines if record.how else ())
    yield from _binding_rows(reading, binding)
    yield from _unclear_rows(reading)
    for condition, at in limits:
        yield "version_when", (id, condition.id), at
    yield from _alternative_rows(reading)
    for name, reference in reading.references.items():
        at = reading.cite_at(reference.lines)
        yield "reference", (name, id, reference.role), at
        for service in reference.services:
            yield "reference_service", (name, service), at
        if reference.applicants:
            yield "reference_when", (name, applicant_condition(reference).id), at
        for category in reference.categories:
            yield "category", (category,), at
            yield "reference_to", (name, category), at
    for unsupported in record.unsupported:
        for service in unsupported.services:
            relation = "unsupported_here" if unsupported.only_here else "unsupported"
            yield relation, (id, service), reading.cite_at(unsupported.lines)


def _binding_rows(reading: Reading, binding: Binding) -> Stated:
    """Whom a version binds, and which list it stands in."""
    record, source, id = reading.record, reading.source, reading.id
    if binding.accounts is not None:
        relation = "account_unsaid" if binding.assumed else "account_when"
        at = HOUSE_ACCOUNTS if binding.assumed else reading.cite_at(record.accounts_lines)
        yield relation, (id, binding.accounts.id), at
        if source.complete_for:
            listed = Cite(source.id)
            yield "listed_in", (id, source.id), reading.cite
            yield (
                "complete_list",
                (source.id, source.platform or "any", binding.accounts.id),
                listed,
            )
            if binding.place is not None:
                yield "list_place", (source.id, binding.place.id), listed
            yield "list_standing", (source.id, source.standing), listed
            yield "list_begins", (source.id, *beginning(source)), listed
            yield "list_ends", (source.id, *ending(source)), listed
    if binding.place is not None:
        yield "place_when", (id, binding.place.id), Cite(source.id)
    if binding.alone is not None:
        yield "place_alone", (id, binding.alone.id), Cite(source.id)
    yield "ground", (id, binding.ground), reading.cite_at(record.accounts_lines)


def _unclear_rows(reading: Reading) -> Stated:
    """Vague wording: of the whole version where no part of it names the passage, else of the
    alternatives that go through the node that does."""
    record, id = reading.record, reading.id
    nodes = list(nodes_of(record.requirement)) if record.requirement else []
    named = {scope.unclear for scope in record.scope} | {node.unclear for node in nodes}
    for passage in (*record.unclear, *record.beyond):
        if passage.id in named or (isinstance(passage, Beyond) and passage.bears_on == "later"):
            continue
        name, at = f"{id}?{passage.id}", reading.cite_at(passage.lines)
        yield "version_unclear", (id, name), at
        for condition in passage.when:
            yield "unclear_when", (name, condition), at
        for condition in passage.unless:
            yield "unclear_unless", (name, condition), at
        if passage.asks:
            yield "unclear_asks", (name, passage.asks), at
        if isinstance(passage, Beyond):
            yield "beyond", (name, passage.wants), at
        if passage.outside_seat:
            yield "unclear_outside_seat", (name,), at
        if passage.settled_by:
            yield from _settling_rows(name, passage.settled_by, at)
    for node, met, failed in _branches(record.requirement) if record.requirement else ():
        if node.unclear is None:
            continue
        needs = {need_of(leaf) for leaf in leaves(node)}
        at = reading.cite_at(node.lines)
        for name, alternative in zip(reading.alternative_ids, reading.alternatives, strict=True):
            if not met <= alternative.when or failed & alternative.when:
                continue
            through = sorted(needs & alternative.needs)
            if through:
                yield "alternative_unclear", (name, f"{id}?{node.unclear}"), at
            for need in through if node.document is not None else ():
                yield "need_unclear", (name, need.id), at


def _settling_rows(passage: str, papers: Node, at: Cite) -> Stated:
    """The smallest sets of papers with which it does not matter what a passage means."""
    for n, alternative in enumerate(alternatives(papers), 1):
        name = f"{passage}!{n}"
        yield "settles", (name, passage), at
        for condition, met in sorted(alternative.when):
            yield "settles_when" if met else "settles_unless", (name, condition), at
        for need in sorted(alternative.needs):
            yield "settles_needs", (name, need.id), at
            yield from _need_rows(need, at)


def _branches(
    node: Node, met: frozenset[When] = frozenset(), failed: frozenset[When] = frozenset()
) -> Iterator[tuple[Node, frozenset[When], frozenset[When]]]:
    """The nodes of a tree, each with what an alternative through it must have among its conditions
    (a choice that is only offered when one is met) and must not (a part that is not there)."""
    yield node, met, failed
    for child in node.children:
        own = frozenset({(child.condition, node.any_of is not None)} if child.condition else ())
        if node.any_of is not None:
            yield from _branches(child, met | own, failed)
        else:
            yield from _branches(child, met, failed | own)


def _condition_lines(node: Node | None, condition: str, needs: frozenset[Need]) -> tuple[int, ...]:
    """The lines of the nodes that stand under a condition: of those that name one of the needs
    where there are some."""
    found: dict[bool, set[int]] = {True: set(), False: set()}
    todo = [node] if node else []
    while todo:
        one = todo.pop()
        todo += one.children
        if one.condition == condition:
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
        for child in leaf.children:
            member = need_of(child)
            at = reading.cite_at(child.lines or leaf.lines)
            lines[need] = tuple(sorted({*lines[need], *child.lines}))
            yield "choice_of", (need.id, member.id), at
            yield from _need_rows(member, at)
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
        yield from _need_rows(need, reading.cite_at(at_lines))


def _need_rows(need: Need, at: Cite) -> Stated:
    yield "need", (need.id, need.document, need.holder, need.at_least), at
    for word in need.must_state:
        yield "need_states", (need.id, word), at
    if need.each:
        yield "each_of", (need.id, need.each), at
    if need.at_most:
        yield "need_most", (need.id, need.at_most), at
    if need.as_many:
        yield "as_many_as", (need.id, need.as_many), at
