"""What a handwritten judge knows before it sees an app: the facts of a day, joined and closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from kb.api import KnowledgeBase
from kb.base.core import Core
from kb.base.documents import leaves_of
from kb.engines.interning import Interner
from kb.lang.arithmetic import add_days, add_months
from kb.model.rows import Rows

Coded: TypeAlias = Mapping[str, Sequence[tuple[int, ...]]]
Table: TypeAlias = list[tuple[Any, ...]]

TEXTS = ("text", "text_place", "text_begins", "text_ends")
COUNTS = ("in_force", "unofficial")
ANY = "any"
"""The platform of a text that is for all of them."""


def without_texts(base: KnowledgeBase) -> KnowledgeBase:
    """The base with the rules of categories alone: no text beyond them stands on any day."""
    facts = base.facts
    kept = {name: [] if name in TEXTS else rows for name, rows in facts.rows.facts.items()}
    fewer = replace(facts, rows=Rows(kept, facts.rows.cites))
    return KnowledgeBase(fewer, base.shipped, base.queries.values(), as_of=base.day())


def coded(base: Core, day: int, names: Interner) -> Coded:
    """The tables of a day with every name as its number."""
    return {
        name: [tuple(v if type(v) is int else names.number(v) for v in row) for row in rows]
        for name, rows in tables(base, day).items()
    }


def tables(base: Core, day: int) -> dict[str, Table]:
    """Rows by table: `v` texts of categories that may run on the day, `c` categories, `p`
    platforms, `s` services, `x` complete lists, `k` conditions, `t` tests, `r` notes, `l`
    alternatives, `n` and `g` needs, `u` vague passages; flags are 0 and 1."""
    facts = _Facts(base.facts.rows.facts)
    surely = _running(facts, day)
    category = {v: c for v, c, _ in facts["version"]}
    platforms = [term.id for term in base.facts.names.of("platform")]
    found = {
        "version": [
            (v, c, p, surely[v])
            for v, c, stated in facts["version"]
            if v in surely
            for p in (platforms if stated == ANY else [stated])
        ],
        "in_view": sorted(_in_view(facts, category)),
        **{name: [row for row in facts[name] if row[0] in surely] for name in OF_VERSIONS},
        **_lists(facts, day, surely, platforms),
        **_notes(facts, surely),
        **_papers(base, facts, surely),
        **{name: facts[name] for name in AS_STATED},
        "test": _tests(facts),
        "look": sorted(_looks(facts)),
        "days": [
            *((*row, 1) for row in _ranges(facts, "test_range", day)),
            *((*row, 0) for row in _ranges(facts, "test_unsure", day)),
        ],
        "clause": list(_clauses(facts)),
    }
    found["binds"] = [
        row for name in ("account_when", "place_when") for row in facts[name] if row[0] in surely
    ]
    found["succeeds"] = sorted(_succeeding(facts, surely))
    vague = {scope for scope, _ in facts["scope_unclear"]}
    scopes = [row for row in facts["scope"] if row[1] in surely]
    found["scope"] = [(z, v, s, int(z in vague)) for z, v, s in scopes]
    asks = _grouped(facts["unclear_asks"])
    found["vague"] = [
        (v, u, int(u not in asks), int("more" in asks.get(u, ())), int("less" in asks.get(u, ())))
        for v, u in facts["version_unclear"]
        if v in surely
    ]
    found["settles_if"] = [
        *((p, k, 1) for p, k in facts["settles_when"]),
        *((p, k, 0) for p, k in facts["settles_unless"]),
    ]
    found["asks"] = sorted(_asks(facts, found))
    return found


OF_VERSIONS = (
    "account_unsaid",
    "version_when",
    "unsupported",
    "unsupported_here",
    "none_stated",
    "none_required",
    "asked_elsewhere",
)
AS_STATED = (
    "scope_when",
    "condition_test",
    "unclear_when",
    "unclear_unless",
    "unclear_outside_seat",
    "settles",
    "settles_needs",
    "seat",
)


class _Facts(dict[str, Any]):
    def __missing__(self, _: str) -> Table:
        return []


def _grouped(rows: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for first, second in rows:
        found.setdefault(first, []).append(second)
    return found


def _running(facts: _Facts, day: int) -> dict[str, int]:
    """The texts that may run on the day, drafts left out, and whether they surely do."""
    counts = {v for v, standing in facts["standing"] if standing in COUNTS}
    ends = {v: (first, last) for v, first, last in facts["ends"]}
    return {
        v: int(latest <= day <= ends[v][0])
        for v, earliest, latest in facts["begins"]
        if v in counts and earliest <= day <= ends[v][1]
    }


def _succeeding(facts: _Facts, surely: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Running texts and the later ones of the same ground that surely run."""
    of = {v: (c, p) for v, c, p in facts["version"]}
    begins = {v: first for v, first, _ in facts["begins"]}
    same = _grouped(((g, of[v]), v) for v, g in facts["ground"] if v in surely)
    for texts in same.values():
        for v in texts:
            yield from ((v, w) for w in texts if surely[w] and begins[v] < begins[w])


def _lists(
    facts: _Facts, day: int, surely: Mapping[str, int], platforms: Sequence[str]
) -> dict[str, Table]:
    """Complete lists that run on the day: for which platforms and accounts, and of which running
    texts they take the place: are they in it, and are they for its accounts."""
    counts = {x for x, standing in facts["list_standing"] if standing in COUNTS}
    ends = {x: first for x, first, _ in facts["list_ends"]}
    begins = {x: (first, latest) for x, first, latest in facts["list_begins"] if x in counts}
    runs = {x for x, (_, latest) in begins.items() if latest <= day <= ends[x]}
    stated = [row for row in facts["complete_list"] if row[0] in runs]
    places, where = _grouped(facts["list_place"]), _grouped(facts["place_when"])
    for_accounts = {(x, k) for x, _, k in stated}
    of = {v: c for v, c, _ in facts["version"]}
    speaks = {(c, p) for _, c, p in facts["version"]}
    listed = {(of[w], x) for w, x in facts["listed_in"]}
    first = {v: earliest for v, earliest, _ in facts["begins"]}
    accounts = _grouped((*facts["account_when"], *facts["account_unsaid"]))
    before = set()
    for x, platform, _ in stated:
        for v in surely:
            there = (of[v], x) in listed
            if x in places:
                ends_with = not set(where.get(v, ())).isdisjoint(places[x])
            else:
                ends_with = v not in where or ((of[v], platform) in speaks and not there)
            if ends_with and first[v] < begins[x][0]:
                own = any((x, k) in for_accounts for k in accounts.get(v, ()))
                before.add((v, x, int(there), int(own)))
    return {
        "list": sorted(
            {
                (x, p, int(x in places))
                for x, platform, _ in stated
                for p in (platforms if platform == ANY else [platform])
            }
        ),
        "list_asks": sorted(for_accounts | {(x, k) for x in runs for k in places.get(x, ())}),
        "before": sorted(before),
    }


def _notes(facts: _Facts, surely: Mapping[str, int]) -> dict[str, Table]:
    """Notes of running texts that put an app under other categories, and whom they speak of."""
    targets = _grouped(facts["reference_to"])
    notes = {
        r: (v, int(role == "instead"), int(len(set(targets.get(r, ()))) > 1))
        for r, v, role in facts["reference"]
        if role in ("also", "instead") and v in surely
    }
    return {"note": [(r, *rest) for r, rest in notes.items()]} | {
        table: [row for row in facts[name] if row[0] in notes]
        for table, name in (
            ("note_service", "reference_service"),
            ("note_when", "reference_when"),
            ("note_to", "reference_to"),
        )
    }


def _in_view(facts: _Facts, category: Mapping[str, str]) -> set[tuple[str, str]]:
    """Services and the categories that offering one leads to."""
    targets, services = _grouped(facts["reference_to"]), _grouped(facts["reference_service"])
    source = {r: v for r, v, _ in facts["reference"]}
    scope = _grouped((v, s) for _, v, s in facts["scope"])
    found = {(s, category[v]) for v in scope for s in scope[v]}
    found |= {(s, category[v]) for v, s in facts["unsupported"]}
    for r, told in services.items():
        found |= {(s, c) for s in told for c in (*targets.get(r, ()), category[source[r]])}
    for r, _ in facts["reference_when"]:
        found |= {(s, c) for s in scope.get(source[r], ()) for c in targets.get(r, ())}
    return found


def _papers(base: Core, facts: _Facts, surely: Mapping[str, int]) -> dict[str, Table]:
    """Alternatives of running texts, what they need and when they may be used."""
    choices = [row for row in facts["alternative"] if row[1] in surely]
    unclear = {alt for alt, _ in facts["alternative_unclear"]}
    unclear_needs = set(facts["need_unclear"])
    worded = {need for need, _ in facts["need_states"]}
    limits = _grouped(facts["version_when"])
    needs = _grouped(facts["alternative_needs"])
    return {
        "alternative": [
            (alt, v, place, int(alt in unclear), int(len(set(needs.get(alt, ()))) < 2))
            for place, (alt, v) in enumerate(choices)
        ],
        "alternative_if": [
            *((alt, k, 1) for alt, k in facts["alternative_when"]),
            *((alt, k, 0) for alt, k in facts["alternative_unless"]),
            *((alt, k, 1) for alt, v in choices for k in limits.get(v, ())),
        ],
        "alternative_needs": [
            (alt, n, int((alt, n) in unclear_needs)) for alt, n in facts["alternative_needs"]
        ],
        "need": [(n, d, h, k, int(n in worded)) for n, d, h, k in facts["need"]],
        "choice_of": facts["choice_of"],
        "need_place": [
            (v, need.id, place)
            for v in surely
            for place, need in enumerate(leaves_of(base.facts.readings[v]))
        ],
        "differs": sorted(_differing(choices, needs, {v: c for v, c, _ in facts["version"]})),
    }


def _differing(
    choices: Iterable[tuple[str, str]], needs: Mapping[str, list[str]], of: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Texts and others of their category that have an alternative with other documents."""
    asks: dict[str, set[frozenset[str]]] = {}
    for alt, v in choices:
        asks.setdefault(v, set()).add(frozenset(needs.get(alt, ())))
    for texts in _grouped((of[v], v) for v in asks).values():
        yield from ((v, w) for v in texts for w in texts if v != w and asks[v] != asks[w])


def _asks(facts: _Facts, found: Mapping[str, Table]) -> set[tuple[str, str]]:
    """The conditions that decide what a text comes to."""
    when = _grouped(facts["scope_when"])
    pairs = {(v, k) for z, v, *_ in found["scope"] for k in when.get(z, ())}
    asked = _grouped((alt, k) for alt, k, _ in found["alternative_if"])
    pairs |= {(v, k) for alt, v, *_ in found["alternative"] for k in asked.get(alt, ())}
    told = _grouped(found["note_when"])
    pairs |= {(v, k) for r, v, *_ in found["note"] for k in told.get(r, ())}
    doubts = _grouped((*facts["unclear_when"], *facts["unclear_unless"]))
    pairs |= {(v, k) for v, u, *_ in found["vague"] for k in doubts.get(u, ())}
    settling = _grouped((u, p) for p, u in facts["settles"])
    settled = _grouped((p, k) for p, k, _ in found["settles_if"])
    pairs |= {
        (v, k)
        for v, u, *_ in found["vague"]
        for p in settling.get(u, ())
        for k in settled.get(p, ())
    }
    return pairs.union(found["binds"], found["account_unsaid"], found["version_when"])


def _ranges(facts: _Facts, relation: str, day: int) -> Iterator[tuple[str, int, int]]:
    """Tests and the days that a relation gives for them, those that are counted from the day of the
    question among its bounds."""

    def bounds(name: str) -> dict[str, list[int]]:
        found = []
        for t, of, months, days in facts[name]:
            month = add_months(day, months)
            bound = None if month is None else add_days(month, days)
            if of == relation and bound is not None:
                found.append((t, bound))
        return _grouped(found)

    after, before = bounds("not_before"), bounds("not_after")
    for t, first, last in facts[relation]:
        yield t, max(first, *after.get(t, [first])), min(last, *before.get(t, [last]))


def _clauses(facts: _Facts) -> Iterator[tuple[str, str, str, int]]:
    """Conditions, the clauses of each of which one test must do, these tests, and whether each is
    to be met (1) or to fail (0). A test that must be met is a clause of its own."""
    for condition, test in facts["condition_must"]:
        yield condition, test, test, 1
    of = _grouped((clause, condition) for condition, clause in facts["condition_clause"])
    for relation, wanted in (("clause_test", 1), ("clause_not", 0)):
        for clause, test in facts[relation]:
            yield from ((condition, clause, test, wanted) for condition in of.get(clause, ()))


def _tests(facts: _Facts) -> Table:
    """Tests, what they read, and whether one value does, two must or each must."""
    some, two, every = (set(facts[f"test_{name}"]) for name in ("any", "several", "all"))
    return [
        (t, q, int((t,) in some), int((t,) in two), int((t,) in every))
        for t, q in facts["test_reads"]
    ]


def _looks(facts: _Facts) -> Iterator[tuple[str, str, int, int]]:
    """Tests, values, and whether the value does or may do."""
    parents, also = _grouped(facts["kind_of"]), _grouped(facts["overlaps"])
    wanted = _grouped(facts["test_value"])
    maybe = set(facts["test_maybe"])
    some = {t for (t,) in facts["test_any"]}

    def up(value: str) -> set[str]:
        found: set[str] = set()
        todo = [value]
        while todo:
            new = set(parents.get(todo.pop(), ())) - found
            found |= new
            todo += new
        return found

    values = {v for rows in (parents, also) for v in rows}
    values |= {v for _, v in (*facts["kind_of"], *facts["test_value"], *facts["test_maybe"])}
    wider = {value: up(value) for value in values}
    for t, q in facts["test_reads"]:
        asked = set(wanted.get(t, ()))
        narrower = {w for a in asked for w in wider[a]}
        for value in values:
            near = {w for other in also.get(value, ()) for w in ({other} | wider[other])}
            does = not asked.isdisjoint({value} | wider[value])
            unsaid = (t, value) not in maybe
            does |= q == "regions" and t in some and value in narrower and unsaid
            may = value in narrower or not asked.isdisjoint(near) or not unsaid
            if does or may:
                yield t, value, int(does), int(may)
