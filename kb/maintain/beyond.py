"""What sources say clearly and the model can not express yet, most wanted first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.lang.syntax import Cite
from kb.model.facts import FactBase
from kb.model.schema import Beyond, Want


@dataclass(frozen=True, slots=True)
class BeyondModel:
    """A clear passage that can not be expressed yet, the category of its version, its lines."""

    category: str
    passage: Beyond
    cite: Cite


def beyond_model(facts: FactBase) -> dict[Want, tuple[BeyondModel, ...]]:
    """The passages by what is missing for them: what most of them wait for comes first, and in the
    order of the files.

    >>> from kb.base.loading import load
    >>> found = beyond_model(load().facts)
    >>> found["age"][0].passage.lines
    (2663,)
    """
    found: dict[Want, list[BeyondModel]] = {}
    for each in _passages(facts):
        found.setdefault(each.passage.wants, []).append(each)
    wanted = sorted(found.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return {want: tuple(passages) for want, passages in wanted}


def _passages(facts: FactBase) -> Iterator[BeyondModel]:
    for reading in facts.readings.values():
        for passage in reading.record.beyond:
            yield BeyondModel(reading.record.category, passage, reading.cite_at(passage.lines))
