"""What a handwritten judge knows before it sees an app: the facts of a day, joined and closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from kb.api import KnowledgeBase
from kb.base.core import Core
from kb.base.documents import leaves_of
from kb.engines.interning import Interner
from kb.model.rows import Rows

Coded: TypeAlias = Mapping[str, Sequence[tuple[int, ...]]]
Table: TypeAlias = list[tuple[Any, ...]]

TEXTS = ("text", "text_place", "text_begins", "text_ends")


def without_texts(base: KnowledgeBase) -> KnowledgeBase:
    """The base with the rules of categories alone: no text beyond them stands on any day."""
    facts = base.facts
    kept = {name: [] if name in TEXTS else rows for name, rows in facts.rows.facts.items()}
    fewer = replace(facts, rows=Rows(kept, facts.rows.cites))
    return KnowledgeBase(fewer, base.shipped, base.queries.values(), as_of="2025-06-30")


def coded(base: Core, day: int, names: Interner) -> Coded:
    """The tables of a day with every name as its number."""
    return {
        name: [tuple(v if type(v) is int else names.number(v) for v in row) for row in rows]
        for name, rows in tables(base, day).items()
    }


def tables(base: Core, day: int) -> dict[str, Table]:
    """Rows by table: `v` readings, `c` categories, `p` platforms, `s` services, `k` conditions,
    `t` tests, `l` alternatives, `n` needs; flags are 0 and 1."""
    facts = _Facts(base.facts.rows.facts)
    category = {v: c for v, c, _ in facts["version"]}
    platform = {v: p for v, _, p in facts["version"]}
    perhaps = _live(facts, day)
    scopes = [row for row in facts["scope"] if row[1] in perhaps]
    choices = [row for row in facts["alternative"] if row[1] in perhaps]
    vague = {scope for scope, _ in facts["scope_unclear"]}
    worded = {need for need, _ in facts["need_states"]}
    some, every = set(facts["test_any"]), set(facts["test_all"])
    limits, when = _grouped(facts["version_when"]), _grouped(facts["scope_when"])
    conditions = [
        *((alt, k, 1) for alt, k in facts["alternative_when"]),
        *((alt, k, 0) for alt, k in facts["alternative_unless"]),
        *((alt, k, 1) for alt, v in choices for k in limits.get(v, ())),
    ]
    asked = _grouped((alt, k) for alt, k, _ in conditions)
    found: dict[str, Table] = {
        "live": [(v, category[v], platform[v], flag) for v, flag in perhaps.items()],
        "in_view": sorted(_in_view(facts, category)),
        "scope": [(z, v, category[v], platform[v], s, int(z in vague)) for z, v, s in scopes],
        "scope_when": facts["scope_when"],
        "asks": sorted(
            {(v, k) for z, v, _ in scopes for k in when.get(z, ())}
            | {(v, k) for alt, v in choices for k in asked.get(alt, ())}
        ),
        "alternative": [(alt, v, place) for place, (alt, v) in enumerate(choices)],
        "alternative_if": conditions,
        "alternative_needs": facts["alternative_needs"],
        "need": [(n, d, h, k, int(n in worded)) for n, d, h, k in facts["need"]],
        "need_place": [
            (v, need.id, place)
            for v in perhaps
            for place, need in enumerate(leaves_of(base.facts.readings[v]))
        ],
        "none_stated": facts["none_stated"],
        "condition_test": facts["condition_test"],
        "test": [(t, q, int((t,) in some), int((t,) in every)) for t, q in facts["test_reads"]],
        "look": sorted(_looks(facts)),
        "days": [
            *((t, first, last, 1) for t, first, last in facts["test_range"]),
            *((t, first, last, 0) for t, first, last in facts["test_unsure"]),
        ],
        "conflict": sorted({(category[v],) for v in _in_conflict(facts, choices, perhaps)}),
    }
    source = {r: v for r, v, _ in facts["reference"] if v in perhaps}
    targets = _grouped(facts["reference_to"])
    noted = [(s, r, platform[source[r]]) for r, s in facts["reference_service"] if r in source]
    found["noted"] = noted
    found["note"] = [
        (s, r, p, c, int(len(targets[r]) > 1)) for s, r, p in noted for c in targets.get(r, ())
    ]
    for name in ("unsupported", "unsupported_here"):
        found[name] = [
            (s, platform[v], category[v], perhaps[v]) for v, s in facts[name] if v in perhaps
        ]
    return found


class _Facts(dict[str, Any]):
    def __missing__(self, _: str) -> Table:
        return []


def _grouped(rows: Iterable[tuple[Any, Any]]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for first, second in rows:
        found.setdefault(first, []).append(second)
    return found


def _live(facts: _Facts, day: int) -> dict[str, int]:
    """The readings that bear on the day, drafts left out, and whether they do so perhaps only."""
    counts = {v for v, standing in facts["standing"] if standing in ("in_force", "unofficial")}
    begins = {v: (first, last) for v, first, last in facts["begins"]}
    ends = {v: (first, last) for v, first, last in facts["ends"]}
    runs = {v for v in counts if begins[v][0] <= day <= ends[v][1]}
    surely = {v for v in runs if begins[v][1] <= day <= ends[v][0]}
    of = {v: (c, p) for v, c, p in facts["version"]}
    latest: dict[Any, int] = {}
    for v in surely:
        latest[of[v]] = max(latest.get(of[v], 0), begins[v][0])
    return {
        v: int(v not in surely)
        for v, *_ in facts["version"]
        if v in runs and begins[v][0] >= latest.get(of[v], 0)
    }


def _in_view(facts: _Facts, category: Mapping[str, str]) -> set[tuple[str, str]]:
    """Services and the categories that offering one leads to."""
    targets = _grouped(facts["reference_to"])
    source = {r: v for r, v, _ in facts["reference"]}
    found = {(s, category[v]) for _, v, s in facts["scope"]}
    found |= {(s, category[v]) for v, s in facts["unsupported"]}
    for r, s in facts["reference_service"]:
        found |= {(s, c) for c in (*targets.get(r, ()), category[source[r]])}
    return found


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
        for value in values:
            narrower = any(value in wider[a] for a in asked)
            near = {w for other in also.get(value, ()) for w in ({other} | wider[other])}
            does = not asked.isdisjoint({value} | wider[value])
            does |= q == "regions" and t in some and narrower
            may = narrower or not asked.isdisjoint(near) or (t, value) in maybe
            if does or may:
                yield t, value, int(does), int(may)


def _in_conflict(
    facts: _Facts, choices: Sequence[tuple[str, str]], perhaps: Mapping[str, int]
) -> Iterator[str]:
    """The readings that stand beside another one that asks for different documents."""
    of = {v: (c, p) for v, c, p in facts["version"]}
    needs = _grouped(facts["alternative_needs"])
    asks: dict[str, set[frozenset[str]]] = {}
    for alt, v in choices:
        asks.setdefault(v, set()).add(frozenset(needs.get(alt, ())))
    beside: dict[Any, list[str]] = {}
    for v in asks:
        if not perhaps[v]:
            beside.setdefault(of[v], []).append(v)
    for readings in beside.values():
        for v in readings:
            if any(asks[v] != asks[w] for w in readings):
                yield v
