"""Whom a version of a category bears on: the kinds of account, by what texts say and list."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping

from kb.find.index import ACCOUNTS
from kb.model.binding import ASSUMED
from kb.model.days import number
from kb.model.facts import FactBase, narrow
from kb.model.rows import Reading

APPLICANTS = {"non_individual": "non_individual", "overseas": "overseas", "individual": "personal"}
"""The applicants that stand for a kind of account, with all that are kinds of them."""
EVERY = frozenset(ACCOUNTS)
Wider = Mapping[str, set[str]]


def bearing(base: FactBase) -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    """The kinds of account that each version bears on, and those whose categories are all listed.

    A version says so itself (`accounts`, or `open_to`), or its source does that is complete for a
    kind of account. One that says nothing bears on every kind that no source of its platform is
    complete for. A later text takes an earlier one's place, and what a later complete list leaves
    out is withdrawn, and so is what a text takes away that is for all places and had begun when
    the newest text was published.
    """
    wider: dict[str, set[str]] = {}
    for one, other in base.vocabulary.wider:
        wider.setdefault(one, set()).add(other)
    complete = {id: kinds(source.complete_for, wider) for id, source in base.sources.items()}
    lists: dict[str | None, dict[str, datetime.date]] = {}
    for id, source in base.sources.items():
        listed = lists.setdefault(source.platform, {})
        for account in complete[id]:
            listed[account] = max(source.date, listed.get(account, source.date))
    known = max((number(source.date) for source in base.sources.values()), default=0)
    found: dict[str, frozenset[str]] = {}
    taken: dict[tuple[str, str], str] = {}
    for reading in sorted(base.readings.values(), key=_latest_first):
        source, record = reading.source, reading.record
        listed = lists[source.platform]
        if record.withdrawn and (narrow(base, source) or reading.begins[1] > known):
            found[reading.id] = frozenset()
            continue
        own = kinds(record.accounts, wider) or complete[source.id] or kinds(record.open_to, wider)
        # decision: accounts-unsaid
        if record.withdrawn and not own:
            own = kinds((ASSUMED,), wider)
        found[reading.id] = frozenset(
            account
            for account in own or EVERY - listed.keys()
            if listed.get(account, source.date) <= source.date
            and taken.setdefault((record.category, account), source.id) == source.id
        )
        if record.withdrawn:
            found[reading.id] = frozenset()
    return found, frozenset(account for listed in lists.values() for account in listed)


def _latest_first(reading: Reading) -> tuple[bool, int]:
    """Texts in force first, and the latest of them."""
    source = reading.source
    return source.standing in ("draft", "superseded"), -source.date.toordinal()


def kinds(applicants: Iterable[str], wider: Wider) -> frozenset[str]:
    """The kinds of account of applicants, by what they are kinds of."""
    found: set[str] = set()
    todo, seen = list(applicants), set[str]()
    while todo:
        id = todo.pop()
        if id not in seen:
            seen.add(id)
            found.update([APPLICANTS[id]] if id in APPLICANTS else [])
            todo.extend(wider.get(id, ()))
    return frozenset(found)
