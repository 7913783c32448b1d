"""A duty or a prohibition, found by its id or its label, and what there is to know of it."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from kb.base.core import Core
from kb.base.provisions import Provision
from kb.base.rendered import Rendered
from kb.base.results import Certainty
from kb.base.versions import provisions_on
from kb.lang.problems import near
from kb.model.days import date
from kb.model.names import Names, folded
from kb.query.lookup import ambiguous

PROVISIONS = ("duty", "prohibition")
"""The kinds of provisions that can be shown by themselves."""


@dataclass(frozen=True, repr=False)
class ShownProvision(Rendered):
    """A duty or a prohibition, and how sure it is that a day is in its term; None where it is
    not."""

    provision: Provision
    certainty: Certainty | None
    as_of: datetime.date
    lang: str
    names: Names = field(compare=False)


def provision_called(base: Core, name: str, kinds: Iterable[str] = PROVISIONS) -> Provision | None:
    """The duty or the prohibition with this id or label. Raises `Problems` where several texts call
    one of theirs so."""
    among = {id: each for id, each in base.provisions.bound.items() if each.kind in kinds}
    if name in among:
        return among[name]
    wanted = folded(name)
    labelled = [
        id for id, p in among.items() if wanted in (folded(p.record.zh), folded(p.record.en))
    ]
    if len(labelled) > 1:
        raise ambiguous(name, ((id, among[id].kind) for id in labelled))
    return among[labelled[0]] if labelled else None


def near_provisions(base: Core, name: str, kinds: Iterable[str] = PROVISIONS) -> str:
    """Help for a name that is not found: duties and prohibitions that are called nearly so."""
    among = [each for each in base.provisions.bound.values() if each.kind in kinds]
    return near(name, (n for p in among for n in (p.id, p.record.zh, p.record.en)))


def show_provision(base: Core, provision: Provision, day: int, lang: str) -> ShownProvision:
    """A duty or a prohibition as of a day (a day number)."""
    certainty = provisions_on(base, day).get(provision.id)
    return ShownProvision(provision, certainty, date(day), lang, base.facts.names)
