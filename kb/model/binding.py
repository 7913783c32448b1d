"""Whom and where a version binds, as conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.model.schema import Reference, Source
from kb.model.terms import Condition, Test
from kb.model.versions import Version

# decision: accounts-unsaid
ASSUMED = "non_individual"
"""Whom a text of a platform is read as binding when it says nothing of accounts."""


@dataclass(frozen=True)
class Binding:
    """Whom and where a version binds: the conditions that stand for it."""

    accounts: Condition | None
    assumed: bool
    place: Condition | None
    alone: Condition | None
    """Who serves that place and no other."""

    @property
    def conditions(self) -> tuple[Condition | None, ...]:
        return self.accounts, self.place, self.alone

    @property
    def ground(self) -> str:
        """Accounts and place as one text: a later version of the same ground succeeds."""
        parts = (self.accounts, self.place)
        return " ".join(condition.id if condition else "any" for condition in parts)


def binding_of(source: Source, record: Version, narrow: bool, assumable: bool) -> Binding:
    """Whom a version binds; `narrow`: its source is for a part of a country; `assumable`: the
    vocabulary knows the accounts that are assumed."""
    stated = stated_accounts(source, record)
    assumed = not stated and assumable and source.platform is not None
    accounts = stated or ((ASSUMED,) if assumed else ())
    place = source.jurisdiction
    return Binding(
        _limit("account", accounts, Test(attribute="applicant", any_of=accounts))
        if accounts
        else None,
        assumed,
        _limit("place", (place,), Test(attribute="regions", any_of=(place,))) if narrow else None,
        _limit("regions", (place,), Test(attribute="regions", all_of=(place,))) if narrow else None,
    )


def stated_accounts(source: Source, record: Version) -> tuple[str, ...]:
    """The accounts that a version is for, as its heading or its source says."""
    return record.accounts or source.complete_for


def applicant_condition(reference: Reference) -> Condition:
    """The condition that the applicants of a note stand for."""
    test = Test(attribute="applicant", any_of=reference.applicants)
    return _limit("applicant", reference.applicants, test)


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
