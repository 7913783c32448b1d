"""What the people who keep facts want to know: what is doubtful in facts, rules and queries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kb.answers.ask import GOALS
from kb.answers.explain import templates
from kb.answers.plan import GOALS as PLAN_GOALS
from kb.lang.checks import check
from kb.lang.problems import Problem, Problems
from kb.lang.strata import components
from kb.lang.syntax import Span
from kb.model.facts import FactBase

if TYPE_CHECKING:
    from kb.answers.core import Core


def check_base(base: Core) -> Iterator[Problem]:
    """Warnings of the reading, of rules and of queries, then of the facts as a whole."""
    yield from base.facts.warnings
    goals = {*GOALS, *PLAN_GOALS, *base.queries}
    try:
        _, warnings = check(base.program.rules, base.declared, base.known_names(), goals)
        yield from warnings
    except Problems as found:
        yield from found.problems
    yield from wordless(base)
    yield from shared_names(base.facts)
    yield from unreachable(base.facts)
    yield from unusable(base.facts)
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
    """A name that leads to two things finds neither."""
    for kind, name, ids in facts.names.shared():
        if kind in ("document", "service", "category", "applicant"):
            yield _warning(
                "shared-name",
                f"`{name}` names several of kind {kind}: " + ", ".join(f"`{id}`" for id in ids),
                "one thing under two ids, or a name too many",
            )


def unreachable(facts: FactBase) -> Iterator[Problem]:
    """Categories with a text that no service leads to, and services that lead nowhere."""
    rows = facts.rows.facts
    pointed = {row[1] for row in rows.get("reference_to", ())}
    for category in dict.fromkeys(r.record.category for r in facts.readings.values()):
        if not any(r.record.scope for r in facts.readings_of(category)) and category not in pointed:
            yield _warning("unreachable", f"no service leads to the category `{category}`")
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


def unusable(facts: FactBase) -> Iterator[Problem]:
    """Alternatives that nobody can use: their conditions exclude each other."""
    conditions = facts.vocabulary.conditions
    wider: dict[str, set[str]] = {}
    for narrow, wide in facts.vocabulary.wider:
        wider.setdefault(narrow, set()).add(wide)

    def ups(value: str) -> set[str]:
        found, todo = {value}, [value]
        while todo:
            for up in wider.get(todo.pop(), ()):
                if up not in found:
                    found.add(up)
                    todo.append(up)
        return found

    single = {a.id for a in facts.vocabulary.attributes.values() if a.type in ("choice", "flag")}
    for reading in facts.readings.values():
        limit = reading.record.open_to
        for name, alternative in zip(reading.alternative_ids, reading.alternatives, strict=True):
            allowed: dict[str, list[set[str]]] = {}
            if limit:
                allowed["applicant"] = [set(limit)]
            for condition, met in alternative.when:
                for test in conditions[condition].tests if met else ():
                    if test.any_of and test.attribute in single:
                        allowed.setdefault(test.attribute, []).append(set(test.any_of))
            for attribute, sets in allowed.items():
                values = {v for group in sets for v in group}
                if not any(all(group & ups(v) for group in sets) for v in values):
                    yield _warning(
                        "never-usable",
                        f"nobody can use `{name}`: its conditions on "
                        f"`{attribute}` exclude each other",
                    )


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
