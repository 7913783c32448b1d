"""What the people who keep facts want to know: what is doubtful in facts, rules and queries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kb.answers.ask import GOALS
from kb.base.conditions import FAILED, MET
from kb.base.versions import GOALS as VERSION_GOALS
from kb.filing.plan import GOALS as PLAN_GOALS
from kb.lang.checks import check
from kb.lang.problems import Problem, Problems
from kb.lang.strata import components
from kb.lang.syntax import Span
from kb.model.apps import Stated
from kb.model.facts import FactBase
from kb.model.names import folded
from kb.model.rows import Reading
from kb.model.vocabulary import values
from kb.render.sentences import templates

if TYPE_CHECKING:
    from kb.base.core import Core


def check_base(base: Core) -> Iterator[Problem]:
    """Warnings of the reading, of rules and of queries, then of the facts as a whole."""
    yield from base.facts.warnings
    goals = {*GOALS, *PLAN_GOALS, *VERSION_GOALS, *base.queries}
    try:
        _, warnings = check(base.program.rules, base.declared, base.known_names(), goals)
        yield from warnings
    except Problems as found:
        yield from found.problems
    yield from wordless(base)
    yield from shared_names(base.facts)
    yield from unreachable(base)
    yield from unusable(base)
    yield from circles(base.facts)


def wordless(base: Core) -> Iterator[Problem]:
    """Relations that explanations have no sentence for."""
    known = templates()
    added = {rule.head.relation for rule in base.added}
    for name in base.program.relations:
        if name not in known and name not in added:
            yield _warning(
                "no-sentence", f"no sentence explains `{name}`", "add it to sentences.yaml"
            )


def shared_names(facts: FactBase) -> Iterator[Problem]:
    """A name that leads to two things finds neither. Groups may have categories of the same label:
    these are told apart by their full names."""
    full = {
        folded(name)
        for term in facts.names.of("category")
        for name in (term.id, term.zh, term.en, *term.aliases)
        if "-" in name
    }
    for kind, name, ids in facts.names.shared():
        if kind in ("document", "service", "applicant") or (kind == "category" and name in full):
            yield _warning(
                "shared-name",
                f"`{name}` names several of kind {kind}: " + ", ".join(f"`{id}`" for id in ids),
                "one thing under two ids, or a name too many",
            )


def unreachable(base: Core) -> Iterator[Problem]:
    """Categories that no app can come to, and services that lead nowhere."""
    facts = base.facts
    rows = facts.rows.facts
    pointed = {row[1] for row in rows.get("reference_to", ())}
    for category in (term.id for term in facts.names.of("category")):
        ways = [
            (*limits_of(base, r), *([(scope.when, True)] if scope.when else ()))
            for r in facts.readings_of(category)
            for scope in r.record.scope
        ]
        if category not in pointed and not ways:
            yield _warning("unreachable", f"no service leads to the category `{category}`")
        elif category not in pointed and all(contradiction(base, way) for way in ways):
            yield _warning(
                "unreachable", f"nobody can come to `{category}`: its conditions exclude each other"
            )
    used = {row[2] for row in rows.get("scope", ())}
    used |= {row[1] for row in rows.get("reference_service", ())}
    used |= {row[1] for key in ("unsupported", "unsupported_here") for row in rows.get(key, ())}
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
            yield _warning("unused-service", f"no fact speaks of the service `{term.id}`")
    documents = {row[1] for key in ("need", "met_by_document") for row in rows.get(key, ())}
    for term in facts.names.of("document"):
        if term.id not in documents:
            yield _warning("unused-document", f"no requirement names the document `{term.id}`")


Way = tuple[tuple[str, bool], ...]
"""Conditions that must be met, or must not be."""


def limits_of(base: Core, reading: Reading) -> Way:
    """The conditions on account and place of a reading."""
    return tuple((condition, True) for condition in base.limits.get(reading.id, ()))


def unusable(base: Core) -> Iterator[Problem]:
    """Alternatives that nobody can use: their conditions exclude each other."""
    for reading in base.facts.readings.values():
        for name, alternative in zip(reading.alternative_ids, reading.alternatives, strict=True):
            attribute = contradiction(base, (*limits_of(base, reading), *alternative.when))
            if attribute:
                yield _warning(
                    "never-usable",
                    f"nobody can use `{name}`: its conditions on `{attribute}` exclude each other",
                )


def contradiction(base: Core, way: Way) -> str:
    """An attribute of which nothing can be stated so that the conditions come out as they must."""
    conditions = base.facts.vocabulary.conditions
    attributes = base.facts.vocabulary.attributes
    must: dict[str, dict[str, bool]] = {}
    for condition, met in way:
        tests = conditions[condition].tests
        for n, test in enumerate(tests, 1):
            # Of several tests that are not all met, any one may be the one that is not.
            if (met or len(tests) == 1) and attributes[test.attribute].type != "choices":
                must.setdefault(test.attribute, {})[f"{condition}#{n}"] = met
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


def circles(facts: FactBase) -> Iterator[Problem]:
    """Categories whose notes lead round to themselves: legal, but worth knowing."""
    edges: dict[str, list[str]] = {}
    for reading in facts.readings.values():
        for reference in reading.record.references:
            edges.setdefault(reading.record.category, []).extend(reference.categories)
    for group in components(sorted(edges), edges):
        if len(group) > 1 or group[0] in edges.get(group[0], ()):
            yield _warning(
                "circle",
                "the notes of these categories lead round: " + " -> ".join(f"`{c}`" for c in group),
                severity="note",
            )


def _warning(code: str, message: str, help: str = "", severity: str = "warning") -> Problem:
    return Problem(code, message, Span("facts", 0, 0, 0), help, severity)
