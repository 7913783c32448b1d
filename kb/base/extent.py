"""How far a base goes: for each platform and kind of account its newest text and its categories."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from kb.model.facts import FactBase


@dataclass(frozen=True, slots=True)
class KnownUntil:
    """The newest text of a platform for a kind of account (an id of the applicants, `any` where no
    text names one), the day of it, and how many categories are held for it; withdrawals count as
    news, not as categories."""

    platform: str
    account: str
    day: datetime.date
    categories: int


def known_until(facts: FactBase) -> tuple[KnownUntil, ...]:
    """How far the facts go, in the order in which they first name a platform and an account."""
    days: dict[tuple[str, str], datetime.date] = {}
    categories: dict[tuple[str, str], set[str]] = {}
    accounts: dict[str, list[str]] = {}
    for relation in ("account_when", "account_unsaid"):
        for version, condition in facts.rows.facts.get(relation, ()):
            tests = facts.vocabulary.conditions[str(condition)].tests
            accounts.setdefault(str(version), []).extend(v for t in tests for v in t.any_of)
    withdrawals = {str(version) for (version,) in facts.rows.facts.get("withdraws", ())}
    # Of the rows, not of the records: most of these are never looked at, and need not be made.
    for row in facts.rows.facts.get("version", ()):
        version, category = str(row[0]), str(row[1])
        source = facts.sources[facts.rows.cites["version", row].source]
        if source.platform is None or source.standing in ("draft", "superseded"):
            continue
        for account in accounts.get(version) or ["any"]:
            key = source.platform, account
            day = source.seen or source.date
            days[key] = max(days.get(key, day), day)
            if version not in withdrawals:
                categories.setdefault(key, set()).add(category)
    return tuple(
        KnownUntil(*key, day, len(categories[key]))
        for key, day in days.items()
        if key in categories
    )
