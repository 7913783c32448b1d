"""What bears on a judgement, computed from the rules: the authority over `12_bearing.dl`.

The rules of that file say it for the rules as they are; `COVERED` is the hash of these. Where other
rules are in force (a rule was added, or changed), what they look at is computed by
`kb.engines.rewrite.bearing` and added to what the file says, so that an audit is right whatever
the rules; it only goes slower. `tests/test_bearing.py` holds the file against what is computed.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field

from kb.base.core import Core
from kb.engines.registry import engine
from kb.engines.rewrite.batching import given
from kb.engines.rewrite.bearing import Look, bearing
from kb.lang.parser import parse
from kb.lang.problems import Problem, Problems
from kb.lang.syntax import (
    Atom,
    Comparison,
    Constant,
    Literal,
    Program,
    Row,
    Rule,
    Term,
    Value,
    Variable,
    terms_of,
)
from kb.model.content import text_hash
from kb.model.relations import RELATIONS

COVERED = "5bb757cf7668d6d303fea738bf3558ab18136267e83bc67ed4932d95d4df0b4b"
"""The hash of the rules that `12_bearing.dl` is about; see `rules_of`."""
LIMIT = 24 * 3600.0
GATES = ("asked", "asked_test", "wanted", "wanted_choice")
"""Relations that only say what is gone into."""
KEPT = parse(
    """
condition_test(K, T) <= condition_must(K, T)
condition_test(K, T) <= condition_clause(K, L) & clause_test(L, T)
condition_test(K, T) <= condition_clause(K, L) & clause_not(L, T)
"""
).rules
"""What rows of facts keep to: a condition's tests are those of its parts (`kb/model/rows.py`)."""
WHOLE = "whole"
"""The subject that stands for an app as a whole."""
ROOTS = parse(
    """
subject(C) <= category(C) & category_verdict(_, C, _)
subject(C) <= category(C) & category_reason(_, C, _)
subject(C) <= category(C) & only_option(_, C)
subject(C) <= category(C) & option(_, _, C)
subject(C) <= version(V, C, _) & unsupported_here(V, S) & prohibited(_, S, V)
subject(C) <= version(V, C, _) & unsupported_here(V, S) & perhaps_prohibited(_, S, V)
subject(C) <= category(C) & leads_to(S, C) & reached(_, S, C)
subject(C) <= category(C) & placed(_, _, C)
subject(C) <= category(C) & placed_off_day(_, _, C, _)
subject(C) <= category(C) & named_otherwise(_, C)
subject(C) <= category(C) & eligible(_, _, _, C)
subject(C) <= version(V, C, _) & alternative(L, V) & usable(_, L)
subject(C) <= version(V, C, _) & alternative(L, V) & lacks(_, L, _)
subject(C) <= version(V, C, _) & alternative(L, V) & unsure_of(_, L, _)
subject(C) <= category(C) & in_conflict(_, C, _)
subject(V) <= unsupported(V, S) & prohibited(_, S, V)
subject(V) <= unsupported(V, S) & perhaps_prohibited(_, S, V)
subject(V) <= unsupported(V, S) & version(V, C, _) & reached(_, S, C)
subject(S) <= text(S, _) & in_text(_, _, S)
subject(S) <= text(S, _) & text_open(_, S, _)
"""
).rules
"""What is asked of each subject: a category, a version that rules services out, a text."""
ALL_ROOTS = (
    *ROOTS,
    *parse(
        """
subject(C) <= version(V, C, _) & prohibited(_, _, V)
subject(C) <= version(V, C, _) & perhaps_prohibited(_, _, V)
subject(C) <= category(C) & reached(_, _, C)
subject(V) <= unsupported(V, _) & version(V, C, _) & reached(_, _, C)
subject(V) <= unsupported(V, _) & version(V, _, _) & prohibited(_, _, V)
subject(V) <= unsupported(V, _) & version(V, _, _) & perhaps_prohibited(_, _, V)
subject('whole') <= app_verdict(_, _)
subject('whole') <= app_reason(_, _)
"""
    ).rules,
)
"""The same, with all that a subject's part of an app says of others too, and the app as a whole."""
DOCUMENTS = tuple(n for n in RELATIONS if n.startswith(("app_holds", "app_fits", "app_party")))
EARLY = (
    "option",
    "only_option",
    "in_conflict",
    "prohibited",
    "perhaps_prohibited",
    "reached",
    "placed_off_day",
    "placed",
    "named_otherwise",
    "text_open",
    "in_text",
)
"""What an audit finds out before it looks at documents."""
SHARED = ("question_day", "with_drafts")
OWN = ("app_exempt",)
"""Relations of which an audit keeps, for each subject, what is about that subject."""
CARRIED = ("value_does", "value_may_do")
"""Relations that hand on a value that a test looks at."""
KINDS = ("wider_kind", "kind_of")
TESTED = frozenset({"test_value", "test_maybe", "overlaps", "app_value", *KINDS, *CARRIED})
"""Where a value may stand that is looked at through a test."""
PLACED = frozenset({"seat", "text_place", *KINDS})
"""Where one may stand that is looked at as a place."""
DURING = {"app_holds_during": "holds_on_day", "app_fits_during": "fits_on_day"}


@dataclass
class Looked:
    """What subjects look at; a value, document or holder that is None stands for all."""

    services: set[tuple[Value, Value | None]] = field(default_factory=set)
    tests: set[tuple[Value, Value]] = field(default_factory=set)
    places: set[tuple[Value, Value]] = field(default_factory=set)
    exact: set[tuple[Value, Value | None]] = field(default_factory=set)
    """Attributes whose values are looked at one by one, and of which all may matter."""
    knows: set[tuple[Value, Value | None]] = field(default_factory=set)
    documents: set[tuple[Value, Value | None, Value | None]] = field(default_factory=set)
    wordings: set[tuple[Value, Value | None]] = field(default_factory=set)
    parties: set[tuple[Value, Value | None]] = field(default_factory=set)
    party_documents: set[tuple[Value, Value | None, Value | None]] = field(default_factory=set)
    party_wordings: set[tuple[Value, Value | None]] = field(default_factory=set)
    others: set[Value] = field(default_factory=set)
    """Those that look at what the app does in its owner's words."""


def looked_beyond(base: Core) -> Looked | None:
    """What the rules look at, computed; None where `12_bearing.dl` says it all. Raises `Problems`
    as `looked_at` does, and for rules that an audit can not follow."""
    program = base.program
    if covered(program):
        return None
    late = program.resting_on(DOCUMENTS)
    for name in sorted(late.intersection(EARLY)):
        rule = next(
            (r for r in program.rules_for(name) if any(a.relation in late for a, _ in r.atoms())),
            program.rules_for(name)[0],
        )
        message = f"`{rule}` has `{name}` rest on documents, which an audit looks at later"
        help = "ask about each app by itself (`kb ask`), or state the rule without documents"
        raise Problems([Problem("audit-rule", message, rule.span, help)])
    return looked_at(base)


def covered(program: Program) -> bool:
    """Whether `12_bearing.dl` says all that judgements by these rules look at."""
    return rules_of(program) == COVERED


def rules_of(program: Program) -> str:
    """The hash of the rules that judgements rest on."""
    needed = program.needed(frozenset(a.relation for r in ALL_ROOTS for a, _ in r.atoms()))
    return text_hash(sorted(str(r) for r in program.rules if r.head.relation in needed))


SURE = parse(
    """
sure_category_in_view(C, C) <= category(C)
sure_category_in_view(V, C) <= version(V, C, _) & unsupported(V, _)
"""
).rules
"""What holds where a subject is judged for those who offer a service that leads to it, or that it
rules out."""


def looked_at(
    base: Core, roots: tuple[Rule, ...] = ALL_ROOTS, sure: tuple[Rule, ...] = ()
) -> Looked:
    """What the rules of a base look at, for each subject. Raises `Problems` where they look at what
    an audit does not keep of apps."""
    goals = {atom.relation for root in roots for atom, _ in root.atoms()}
    program = given(base.program, (), goals)
    made = bearing(program, roots, ("test",), GATES, sure, KEPT)
    names = [look.relation for look in made.looks]
    model = engine("clingo")(made.program, base.facts.rows.facts).evaluate({}, names, LIMIT)
    found = Looked()
    tested = _handed_on(program)
    worded = {need for need, *_ in base.facts.worded}
    for look in made.looks:
        for row in model[look.relation]:
            _take(found, look, row, tested, worded)
    return found


def _take(found: Looked, look: Look, row: Row, tested: bool, worded: Set[str]) -> None:
    subject = row[0]
    place = dict(zip(look.terms, row[1:], strict=True))
    of = [place.get(term) for term in look.atom.terms]
    match look.atom.relation:
        case "app_value" | "app_day" | "app_number" | "app_between" | "app_knows" as name:
            q = of[1]
            if q == "services":
                if name == "app_value":
                    found.services.add((subject, of[2]))
            elif (test := _test(look)) and test in place and (tested or name == "app_knows"):
                found.tests.add((subject, place[test]))
            elif name == "app_knows":
                found.knows.add((subject, q))
            elif q is not None and name == "app_value" and _place(look):
                found.places.add((subject, q))
            else:
                found.exact.add((subject, q))
                if q is None and name == "app_value":
                    found.services.add((subject, None))
        case "app_holds":
            found.documents.add((subject, of[1], of[2]))
        case "app_fits":
            if of[1] is None or of[1] in worded:
                found.wordings.add((subject, of[1]))
        case "app_party":
            found.parties.add((subject, of[2]))
        case "app_party_holds":
            found.party_documents.add((subject, of[1], of[2]))
        case "app_party_fits":
            if of[1] is None or of[1] in worded:
                found.party_wordings.add((subject, of[1]))
        case "app_issued" | "app_issue_unsaid":
            found.documents.add((subject, of[1], of[2]))
        case "app_other":
            found.others.add(subject)
        case name if name in (*SHARED, *OWN) or look.rule.head.relation == DURING.get(name):
            pass
        case name:
            message = f"`{look.rule}` looks at `{name}`, of which an audit keeps nothing"
            help = "ask about each app by itself (`kb ask`), or state the rule without it"
            raise Problems([Problem("audit-relation", message, look.rule.span, help)])


def _test(look: Look) -> Term | None:
    """The test through which a literal looks at an attribute, where it tells no more than that."""
    attribute, *value = look.atom.terms[1:]
    for atom, negated in look.rule.atoms():
        if (
            atom.relation == "asked_test"
            and not negated
            and atom.terms[2] == attribute
            and all(_only(look.rule, term, TESTED, look.atom.relation) for term in value)
        ):
            return atom.terms[1]
    return None


def _place(look: Look) -> bool:
    """Whether a value is looked at as a place, or as who has a seat there."""
    return _only(look.rule, look.atom.terms[2], PLACED | {"app_value"}, "app_value", True)


def _only(
    rule: Rule, term: Term, allowed: frozenset[str], relation: str, compared: bool = False
) -> bool:
    if not isinstance(term, Variable):
        return False
    if term in rule.head.terms and rule.head.relation not in CARRIED:
        return False
    for part in rule.body:
        if term not in terms_of(part):
            continue
        if isinstance(part, Comparison):
            if relation in ("app_day", "app_between"):
                bounds = {t for a, _ in rule.atoms() if a.relation in RANGES for t in a.terms[1:]}
                if not bounds.intersection(terms_of(part)):
                    return False
            elif not compared or part.op != "!=":
                return False
        else:
            atom = part if isinstance(part, Atom) else part.atom
            if atom.relation not in allowed and atom.relation != relation:
                return False
    return True


RANGES = ("test_range", "test_unsure")


def _handed_on(program: Program) -> bool:
    """Whether values that tests look at are looked at through tests wherever they are handed on."""
    for rule in program.rules:
        for atom, _ in rule.atoms():
            if atom.relation in CARRIED:
                value = atom.terms[2]
                if not isinstance(value, Variable):
                    return False
                if not value.anonymous and not _only(rule, value, TESTED, "app_value", True):
                    return False
    return True


def needs_service(program: Program, relation: str) -> bool:
    """Whether no fact of a relation is derived of an app that offers no service."""
    found: set[str] = set()
    before = -1
    while before != (before := len(found)):
        for name in program.relations:
            rules = program.rules_for(name)
            if rules and all(any(_offers(part, found) for part in rule.body) for rule in rules):
                found.add(name)
    return relation in found


def _offers(part: Literal, found: Set[str]) -> bool:
    if not isinstance(part, Atom):
        return False
    return part.relation in found or (
        part.relation == "app_value" and part.terms[1] == Constant("services")
    )
