"""What the people who keep facts want to know: what is doubtful in facts, rules and queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kb.answers.ask import GOALS
from kb.base.results import Finding
from kb.base.versions import GOALS as VERSION_GOALS
from kb.filing.plan import GOALS as PLAN_GOALS
from kb.lang.checks import check
from kb.lang.problems import Problem, Problems
from kb.lang.strata import components
from kb.lang.syntax import NOWHERE, Span
from kb.lang.values import unheld
from kb.maintain.coverage import begun
from kb.maintain.doubts import (
    kind_circles,
    open_for_review,
    withdrawn_references,
)
from kb.maintain.withdrawals import doubtful_withdrawals, notes_to_withdrawn
from kb.model.apps import Stated
from kb.model.facts import FactBase
from kb.model.layers import names_of_layers
from kb.model.names import folded
from kb.model.outcomes import FAILED, MET
from kb.model.rows import Reading
from kb.model.vocabulary import values
from kb.render.findings import finding_problem
from kb.render.sentences import templates

if TYPE_CHECKING:
    from kb.base.core import Core


def check_base(
    base: Core, lang: str = "en", *, review: bool = False, folders: Sequence[Path] = ()
) -> Iterator[Problem]:
    """Warnings of the reading, of rules and of queries, what the coverage leaves out as far as one
    is kept, then what is doubtful in the facts as a whole; with
    `review`, besides, all that stands open for people to settle; only what stands in `folders`,
    where some are named."""
    within = names_of_layers(base.facts.folders, folders)
    for problem in _every(base, lang, review):
        if not folders or problem.span.file.startswith(within):
            yield problem


def _every(base: Core, lang: str, review: bool) -> Iterator[Problem]:
    yield from base.facts.warnings
    goals = {*GOALS, *PLAN_GOALS, *VERSION_GOALS, *base.queries}
    goals |= {rule.head.relation for rule in base.added}
    try:
        _, warnings = check(base.program.rules, base.declared, base.known_names(), goals)
        yield from warnings
    except Problems as found:
        yield from found.problems
    yield from unheld(base.program.rules, base.possible_values)
    yield from begun(base.facts)
    for finding in findings(base, review):
        yield finding_problem(finding, lang)


def findings(base: Core, review: bool = False) -> Iterator[Finding]:
    """What the facts leave to be desired; with `review` also what stands open."""
    yield from wordless(base)
    yield from shared_names(base.facts)
    yield from kind_circles(base.facts)
    yield from unreachable(base)
    yield from unusable(base)
    yield from without_alternative(base)
    yield from withdrawn_references(base)
    yield from notes_to_withdrawn(base)
    yield from doubtful_withdrawals(base.facts)
    yield from circles(base.facts)
    if review:
        yield from open_for_review(base.facts)


def wordless(base: Core) -> Iterator[Finding]:
    """Shipped relations that explanations have no sentence for."""
    known = templates()
    for name in base.program.relations:
        rules = base.program.rules_for(name)
        if name not in known and all(r.span.file.startswith(SHIPPED) for r in rules):
            yield Finding("no-sentence", (name,), span=rules[0].span if rules else NOWHERE)


SHIPPED = ("kb/rules/", "queries/")
"""How the names of the files begin that the rules of the package stand in."""


def shared_names(facts: FactBase) -> Iterator[Finding]:
    """A name that leads to two things finds neither. Groups may have categories of the same label:
    these are told apart by their full names."""
    full = {
        folded(name)
        for term in facts.names.of("category")
        for name in (term.id, term.zh, term.en, *term.aliases)
        if "-" in name
    }
    places = facts.vocabulary.places
    for kind, name, ids in facts.names.shared():
        if kind in ("document", "service", "applicant") or (kind == "category" and name in full):
            # The term that was added last is the one to look at: in a layer, one's own.
            last = max(ids, key=lambda id: list(places).index((kind, id)))
            span = places[kind, last]
            yield Finding("shared-name", (name,), ids, kind=kind, span=span)


def unreachable(base: Core) -> Iterator[Finding]:
    """Categories that no app can come to, and services that lead nowhere."""
    facts = base.facts
    places = facts.vocabulary.places
    rows = facts.rows.facts
    pointed = {row[1] for row in rows.get("reference_to", ())}
    for category in (term.id for term in facts.names.of("category")):
        ways = [
            (*limits_of(base, r), *([(scope.condition, True)] if scope.condition else ()))
            for r in facts.readings_of(category)
            for scope in r.record.scope
        ]
        if category not in pointed and not ways:
            yield Finding("unreachable", (category,), span=places["category", category])
        elif category not in pointed and all(contradiction(base, way) for way in ways):
            span = places["category", category]
            yield Finding("unreachable.excluded", (category,), span=span)
    used = {row[2] for row in rows.get("scope", ())}
    used |= {row[1] for row in rows.get("reference_service", ())}
    used |= {row[1] for key in ("unsupported", "unsupported_here") for row in rows.get(key, ())}
    used |= {row[1] for row in rows.get("forbids_service", ())}
    attributes = facts.vocabulary.conditions.values()
    used |= {
        v
        for c in attributes
        for t in c.tests
        if t.attribute == "services"
        for v in (*t.any_of, *t.all_of)
    }
    for term in facts.names.of("service"):
        if term.id not in used:
            yield Finding("unused-service", (term.id,), span=places["service", term.id])
    documents = {
        row[1] for key in ("need", "met_by_document", "which_of") for row in rows.get(key, ())
    }
    for term in facts.names.of("document"):
        if term.id not in documents:
            yield Finding("unused-document", (term.id,), span=places["document", term.id])


Way = tuple[tuple[str, bool], ...]
"""Conditions that must be met, or must not be."""


def limits_of(base: Core, reading: Reading) -> Way:
    """The conditions on account and place of a reading."""
    return tuple((condition, True) for condition in base.limits.get(reading.id, ()))


def unusable(base: Core) -> Iterator[Finding]:
    """Alternatives that nobody can use: their conditions exclude each other."""
    for reading in base.facts.readings.values():
        for name, alternative in zip(reading.alternative_ids, reading.alternatives, strict=True):
            attribute = contradiction(base, (*limits_of(base, reading), *alternative.when))
            if attribute:
                span = base.facts.places[reading.id]
                yield Finding("never-usable", (name, attribute), span=span)


def without_alternative(base: Core) -> Iterator[Finding]:
    """Applicants to whom a category is open and none of whose alternatives is for them."""
    attribute = "applicant"
    if attribute not in base.facts.vocabulary.attributes:
        return
    for reading in base.facts.readings.values():
        if not reading.alternatives:
            continue
        limits = [*limits_of(base, reading), *_bound(base, reading)]
        ways = [(*limits, *way.when) for way in reading.alternatives]
        tests = {name for way in ways for name in _tests_of(base, way, attribute)}
        left: list[str] = []
        for here in statable(base, attribute, sorted(tests)):
            if _may(base, tuple(limits), attribute, here) and not any(
                _may(base, way, attribute, here) for way in ways
            ):
                left += map(str, here if isinstance(here, tuple) else (here,))
        if left:
            span = base.facts.places[reading.id]
            ids = tuple(left)
            yield Finding("no-alternative", (reading.id,), ids, span=span, severity="note")


def _bound(base: Core, reading: Reading) -> Way:
    """The conditions on whom a reading binds."""
    return tuple((condition, True) for condition in base.bindings.get(reading.id, ()))


def _tests_of(base: Core, way: Way, attribute: str) -> Iterator[str]:
    for condition, _ in way:
        for name, test in base.conditions.tests(condition).items():
            if test.attribute == attribute:
                yield name


def _may(base: Core, way: Way, attribute: str, value: Stated) -> bool:
    """Whether the conditions can come out as they must, as far as one attribute tells."""
    for condition, met in way:
        for name, so in base.conditions.needed(condition, met).items():
            test = base.conditions.test(name)
            wrong = FAILED if so else MET
            if test.attribute == attribute and base.conditions.outcome(test, value) == wrong:
                return False
    return True


def contradiction(base: Core, way: Way) -> str:
    """An attribute of which nothing can be stated so that the conditions come out as they must."""
    attributes = base.facts.vocabulary.attributes
    must: dict[str, dict[str, bool]] = {}
    for condition, met in way:
        # Of several tests that are not all met, any one may be the one that is not.
        for name, so in base.conditions.needed(condition, met).items():
            attribute = base.conditions.test(name).attribute
            if attributes[attribute].type != "choices":
                must.setdefault(attribute, {})[name] = so
    for attribute, wanted in must.items():
        read = [(base.conditions.test(name), met) for name, met in wanted.items()]
        possible = statable(base, attribute, wanted)
        if not any(
            all(
                base.conditions.outcome(test, value) != (FAILED if met else MET)
                for test, met in read
            )
            for value in possible
        ):
            return attribute
    return ""


def statable(base: Core, attribute: str, tests: Iterable[str]) -> list[Stated]:
    """What a profile that leaves nothing open may state: a day or a number for each way that the
    tests come out, or each value that has no narrower one."""
    declared = base.facts.vocabulary.attributes[attribute]
    if declared.type in ("day", "number"):
        return base.conditions.told_apart(attribute, tests)
    known = values(base.facts.vocabulary, declared)
    wider = {above for value in known for above in base.conditions.above(value)}
    return [(value,) for value in known if value not in wider]


def circles(facts: FactBase) -> Iterator[Finding]:
    """Categories whose notes lead round to themselves: legal, but worth knowing."""
    edges: dict[str, list[str]] = {}
    places: dict[str, Span] = {}
    for reading in facts.readings.values():
        for reference in reading.record.references:
            edges.setdefault(reading.record.category, []).extend(reference.categories)
            places[reading.record.category] = facts.places[reading.id]
    for group in components(sorted(edges), edges):
        if len(group) > 1 or group[0] in edges.get(group[0], ()):
            yield Finding("circle", ids=tuple(group), span=places[group[0]], severity="note")
