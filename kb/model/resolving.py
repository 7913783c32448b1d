"""Names and values of a profile become ids, whole numbers and days, or problems in their places."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kb.lang.problems import Problem, near
from kb.model import days
from kb.model.names import Names, folded
from kb.model.numbers import expected_number, measured
from kb.model.terms import Attribute
from kb.model.vocabulary import Vocabulary, values
from kb.model.yamlread import Document
from kb.model.yamlread import Path as Place

Stated: TypeAlias = tuple[str, ...] | int
"""What a profile says of an attribute: ids, or a whole number for numbers and days."""

LONGEST = 200
"""Characters of a name that a message repeats."""


class NearNames:
    """Near names for names that are not known: for the first hundred alone, for each look through
    all names takes its time, and nobody reads more."""

    MOST = 100

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], str] = {}

    def of(self, names: Names, kind: str, name: str) -> str:
        """Help for a name of a kind; empty after the first hundred."""
        key = kind, name
        if key not in self._found:
            if len(self._found) >= self.MOST:
                return ""
            self._found[key] = names.near(kind, name)
        return self._found[key]


def shortened(name: str) -> str:
    """A name as a message repeats it: of a very long one the start."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


@dataclass(slots=True)
class Resolver:
    """Resolves what stands in a document; what can not be resolved is added to `problems`."""

    vocabulary: Vocabulary
    document: Document
    problems: list[Problem]
    hints: NearNames = field(default_factory=NearNames)

    def name(self, kind: str, name: str, place: Place) -> str:
        term = self.vocabulary.names.find(kind, name)
        if term is None:
            if not name:  # told as empty already
                return name
            told = shortened(name)
            help = self.hints.of(self.vocabulary.names, kind, told)
            self.add("unknown-id", f"no {kind} is called `{told}`", place, help)
            return name
        return term.id

    def stated(self, attribute: Attribute, raw: Any, place: Place) -> Stated:
        if raw is None:
            help = "leave the key out when it is not known"
            self.add("type", "nothing stands here", place, help)
            return ()
        if attribute.type == "number":
            return self.number(attribute, raw, place)
        if attribute.type == "day":
            return self.day(raw, place)
        several = isinstance(raw, list | tuple)
        if several and attribute.type in ("choice", "flag"):
            self.add("type", "one value is expected here, not a list", place)
            return ()
        items = list(raw) if several else [raw]
        found = [
            self.value(attribute, item, (*place, n) if several else place)
            for n, item in enumerate(items)
        ]
        return tuple(dict.fromkeys(found))

    def value(self, attribute: Attribute, raw: Any, place: Place) -> str:
        if raw is None or isinstance(raw, Mapping | list | tuple):
            self.add("type", "text is expected here", place)
            return ""
        text = str(raw).lower() if isinstance(raw, bool) else str(raw)
        if attribute.vocabulary:
            return self.name(attribute.vocabulary, text, place)
        id = self._by_name(attribute).get(folded(text))
        if id is not None:
            return id
        known = values(self.vocabulary, attribute)
        names = {n for term in known.values() for n in (term.id, term.zh)}
        told = shortened(text)
        message = f"`{attribute.id}` has no value `{told}`"
        self.add("unknown-id", message, place, near(told, names))
        return text

    def _by_name(self, attribute: Attribute) -> dict[str, str]:
        kept = self.vocabulary.values_by_name
        if attribute.id not in kept:
            found: dict[str, str] = {}
            for term in values(self.vocabulary, attribute).values():
                for name in term.names:
                    found.setdefault(folded(name), term.id)
            kept[attribute.id] = found
        return kept[attribute.id]

    def number(self, attribute: Attribute, raw: Any, place: Place) -> int:
        found = None if isinstance(raw, bool) else measured(attribute, str(raw))
        if found is None:
            self.add("type", expected_number(attribute.decimals), place)
        return 0 if found is None else found

    def day(self, raw: Any, place: Place) -> int:
        found = raw if isinstance(raw, datetime.date) else days.read(str(raw))
        # A moment is a day at midnight alone; pandas's NaT, no moment at all, equals nothing.
        if isinstance(raw, datetime.datetime) and (raw != raw or raw.time() != datetime.time.min):
            found = None
        if found is None and re.fullmatch("[0-9]{5,8}", str(raw), re.ASCII):
            # As `App.to_dict` gives it: 20250401.
            try:
                found = days.date(int(str(raw)))
            except ValueError:
                found = None
        if found is None:
            self.add("type", "a date like 2025-04-01 is expected here", place)
            return 0
        return days.number(found)

    def add(self, code: str, message: str, place: Place, help: str = "") -> None:
        self.problems.append(Problem(code, message, self.document.span(place), help))
