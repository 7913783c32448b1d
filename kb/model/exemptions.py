"""Exemptions of one app: from what a category asks for, or from a duty, as somebody granted it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.lang.problems import Problem, near
from kb.lang.syntax import Row
from kb.model import days
from kb.model.facts import FactBase

MOST_SHOWN = 200
"""Names of duties and categories that are looked through for near ones."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """`thing` is the id of a category, or of a duty as `SOURCE:ID`; `by` says who granted it, and
    `since` and `until` are its first and last day (numbers), None where there is no such limit."""

    thing: str
    by: str
    since: int | None = None
    until: int | None = None
    note: str | None = None

    @property
    def stretch(self) -> tuple[int, int]:
        """Its first and its last day."""
        return self.since or days.FIRST, self.until or days.LAST

    def to_dict(self) -> dict[str, Any]:
        """As a profile has it."""
        found: dict[str, Any] = {"from": self.thing, "by": self.by}
        for key, day in (("since", self.since), ("until", self.until)):
            if day is not None:
                found[key] = days.date(day).isoformat()
        if self.note is not None:
            found["note"] = self.note
        return found


def exempt_rows(app: str, exemptions: tuple[Exemption, ...]) -> Iterator[Row]:
    """What rules see of them."""
    for each in exemptions:
        yield app, each.thing, *each.stretch


def duties_of(base: FactBase) -> frozenset[str]:
    """The ids of all duties."""
    return frozenset(str(part) for part, _ in base.rows.facts.get("duty", ()))


def exempted_thing(base: FactBase, name: str) -> str | Problem:
    """The category or the duty of this id or label, or that there is none."""
    category = base.names.find("category", name)
    if category is not None:
        return category.id
    duties, part = duties_of(base), base.names.find("part", name)
    if part is not None and part.id in duties:
        return part.id
    known = [n for term in base.names.of("category") for n in (term.id, term.zh)]
    known += sorted(duties)
    help = near(name, known) if len(known) <= MOST_SHOWN else near(name, _alike(name, known))
    return Problem("unknown-id", f"no category and no duty is called `{name}`", help=help)


def _alike(name: str, known: list[str]) -> list[str]:
    """Names that share a beginning or a part with a name, so that not all are compared."""
    return [each for each in known if each[:2] == name[:2] or name in each or each in name]
