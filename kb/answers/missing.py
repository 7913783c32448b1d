"""What an app lacks: the choices of its readings, and the smallest bundle over all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kb.answers.bundle import Bundle, best, equally_small, merged
from kb.answers.choices import Choice
from kb.answers.copies import Apart, Contradicting, never
from kb.answers.documents import Documents
from kb.answers.duty_choices import DutyChoices
from kb.answers.hanging import Hanging
from kb.answers.results import BundleResult, Exchange, Ways
from kb.base.documents import alternatives_of
from kb.base.results import DocumentNeed, Verdict
from kb.base.view import View
from kb.engines.protocol import Model
from kb.filing.duty_papers import Demand, papers_of
from kb.model.requirements import Need
from kb.model.rows import Reading
from kb.model.schema import Node

if TYPE_CHECKING:
    from kb.base.core import Core

MOST_EXCHANGES = 3
"""So many of the other sets are told with their papers; of all it is told how many there are."""
BUNDLED = (
    "relevant",
    "required",
    "reading",
    "barred",
    "usable",
    "doubtful",
    "held",
    "perhaps_held",
    "more_asked",
    "number_open",
    "lacks_of",
    "unsure_whose",
    "app_holds",
    "holds_on_day",
    "lifted",
    "not_asked",
    "gone",
    "perhaps_bound",
    "open_condition",
)
"""What a bundle is read from."""


class MissingDocuments:
    """An app's model as far as documents go: `BUNDLED` is enough."""

    def __init__(self, base: Core, model: Model, view: View | None = None) -> None:
        self.base = base
        self.view = view or View(model)
        self.documents = Documents(self.view, base.origins, base.choices)
        self.apart = Contradicting(base.facts.vocabulary)

    def readings(self, category: str) -> list[Reading]:
        """The readings of a category that bear on the app, in the order of the files."""
        found = {str(v) for v, c in self.view.after("reading") if c == category}
        readings = self.base.facts.readings
        return [readings[v] for v in sorted(found, key=self.base.reading_order.__getitem__)]

    def relevant(self) -> list[str]:
        """The categories that bear on the app, in the order of the files."""
        return sorted(self.view.names("relevant"), key=self.base.place)

    def asks(self, category: str) -> bool:
        """Whether a category is surely needed, and no exemption stands for what it asks for."""
        return self.view.has("required", category) and not self.view.has("lifted", category)

    def asking(self, readings: list[Reading]) -> list[Reading]:
        """Those of some readings whose papers are asked for today: there may be time for others."""
        return [reading for reading in readings if not self.view.has("not_asked", reading.id)]

    def choices(self, reading: Reading) -> list[Choice]:
        """The alternatives of a reading that are not barred."""
        return [
            self._choice(name, alternative.needs)
            for name, alternative in alternatives_of(reading)
            if not self.view.has("barred", name)
        ]

    def _choice(self, name: str, needs: frozenset[Need]) -> Choice:
        lacks = frozenset(
            self.documents.counted(n)
            for n in needs
            if self.documents.verdict(n, (name,)) != Verdict.SATISFIED
        )
        # What is met takes no more than its limit all the same.
        limited = sorted(n for n in needs - lacks if n.at_most and n.id in self.base.choices)
        some = tuple(map(self.documents.still, limited))
        return Choice(name, lacks, not self.view.has("usable", name), some)

    def missing(self, readings: list[Reading]) -> tuple[DocumentNeed, ...]:
        """What the cheapest alternative still lacks: usable ones first, fewest documents first."""
        open_to = [(r, found) for r in readings if (found := self.choices(r))]
        if not open_to:
            return ()
        if len(open_to) > 1:
            # Texts that stand side by side: what contents them all.
            return self.documents_of(best([choices for _, choices in open_to], apart=self.apart))
        [(reading, choices)] = open_to
        choice = min(choices, key=lambda each: (each.doubtful, self._count(each)))
        leaf_of = self.base.origins(reading).stated
        return tuple(
            self.hanging.document(need, leaf, (choice.name,))
            for need, leaf in leaf_of.items()
            if need in choice.lacks
        )

    def _count(self, choice: Choice) -> int:
        """How many documents a choice lacks."""
        counted = [need for need in choice.lacks if need.id in self.base.choices]
        more = sum(max(1, self.documents.still(need).count) for need in counted)
        return len(choice.lacks) - len(counted) + more

    def _of_documents(self, choice: Choice) -> Choice:
        """A choice in terms of documents, for what is counted over all categories."""
        counted = [need for need in sorted(choice.lacks) if need.id in self.base.choices]
        # Of one that has too many in hand already nothing is to be added.
        still = {need: some for need in counted if (some := self.documents.still(need)).count > 0}
        more = (*choice.some, *still.values())
        return replace(choice, lacks=choice.lacks.difference(still), some=more)

    def ways(self, readings: list[Reading]) -> Ways:
        """How what is missing stands among other sets of documents that would do as well."""
        found = [choices for reading in readings if (choices := self.choices(reading))]
        return ways_of(found, self.apart)

    def as_few(self, category: str) -> list[tuple[DocumentNeed, ...]]:
        """The sets of documents of which one is told as missing of a category: as few, as sure."""
        readings = self.asking(self.readings(category))
        found = [choices for reading in readings if (choices := self.choices(reading))]
        return self._told_of(found, best(found, apart=self.apart))

    def as_small(self) -> list[tuple[DocumentNeed, ...]]:
        """The sets of documents of which one is told as the smallest over all categories."""
        every, _ = self.lists()
        lists = [choices for _, choices in every]
        return self._told_of(lists, best(lists, apart=self.apart))

    def _told_of(
        self, lists: Sequence[Sequence[Choice]], found: Bundle
    ) -> list[tuple[DocumentNeed, ...]]:
        others, _ = equally_small(lists, found.picks, self.apart)
        every = [found, *(replace(found, needs=needs, picks=()) for needs in others)]
        return [self.documents_of(each) for each in every]

    def asked(self) -> list[Asked]:
        """What the categories that are surely needed ask for, in the order of the files, and then
        the duties that papers alone keep."""
        asked = [self._asked_of(category) for category in self.relevant() if self.asks(category)]
        return [*asked, *(Asked(part, ((part, each),)) for part, each in self.of_duties.lists)]

    def _asked_of(self, category: str) -> Asked:
        readings = self.readings(category)
        here = [r for r in self.asking(readings) if not r.record.elsewhere]
        lists = ((r.id, list(map(self._of_documents, self.choices(r)))) for r in here)
        unknown = not self.view.has("gone", category) and self._elsewhere(readings)
        return Asked(category, tuple(lists), unknown)

    def lists(self) -> tuple[list[tuple[str, list[Choice]]], list[str]]:
        """The choices of each reading of all categories that are surely needed, and of each duty
        that papers alone keep; and the categories that the app can not complete at all."""
        asked = self.asked()
        lists = [found for each in asked for found in each.lists]
        return lists, [each.category for each in asked if each.closed]

    def unknown(self) -> list[str]:
        """The categories that are surely needed and of which no source at hand tells what they ask
        for: only named, or asked for elsewhere."""
        return [each.category for each in self.asked() if each.unknown]

    def bundle(self) -> BundleResult:
        """Over all categories that are surely needed, and all readings of each, and over the duties
        that papers alone keep."""
        asked = self.asked()
        solved = Solved.of(asked, self.apart)
        found = solved.told(asked, self.documents_of(solved.bundle))
        picks = (name for name in found.alternatives if name not in self.of_duties)
        return replace(found, alternatives=tuple(picks))

    def leaves(self, category: str) -> dict[Need, Node]:
        """What the first reading of a category that names a need says of it."""
        found: dict[Need, Node] = {}
        for reading in self.readings(category):
            origins = self.base.origins(reading)
            for need, leaf in (*origins.stated.items(), *origins.members):
                found.setdefault(need, leaf)
        return found

    def _elsewhere(self, readings: list[Reading]) -> bool:
        asking = self.asking(readings)
        told = all(reading.record.elsewhere for reading in asking)
        return told and (bool(asking) or not readings)

    def documents_of(self, bundle: Bundle) -> tuple[DocumentNeed, ...]:
        """Documents of a bundle, each with what the first reading that names it says of it."""
        leaf_of: dict[Need, Node] = {}
        for category in self.relevant():
            leaf_of = self.leaves(category) | leaf_of
        picks = [choice.name for choice in bundle.picks]
        found = [self.hanging.document(need, leaf_of.get(need), picks) for need in bundle.needs]
        return self.of_duties.told(found, bundle.picks)

    @cached_property
    def of_duties(self) -> DutyChoices:
        """What the duties ask for that papers alone keep."""
        return DutyChoices(self.base, papers_of(self.base, self.view, Demand.NOW))

    @cached_property
    def hanging(self) -> Hanging:
        """On what documents hang, by the readings of all relevant categories."""
        readings = (r for category in self.relevant() for r in self.readings(category))
        return Hanging(self.view, self.documents, readings)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a category asks for: the choices of each of its readings; or a duty. It is unknown where
    no source at hand tells, for the category is only named, or its papers are asked for
    elsewhere."""

    category: str
    lists: tuple[tuple[str, list[Choice]], ...]
    unknown: bool = False

    @property
    def closed(self) -> bool:
        """Whether a reading leaves no choice, so that nothing completes the category."""
        return not all(choices for _, choices in self.lists)


@dataclass(frozen=True, slots=True)
class Solved:
    """The smallest bundle for what categories ask for, and how it stands among others."""

    bundle: Bundle
    ways: Ways

    @classmethod
    def of(cls, asked: Iterable[Asked], apart: Apart) -> Solved:
        """Find it; needs that are `apart` take a copy each."""
        every = [choices for each in asked for _, choices in each.lists]
        found = best(every, apart=apart)
        return cls(found, _ways_among(every, found.picks, apart))

    def told(self, asked: Iterable[Asked], documents: tuple[DocumentNeed, ...]) -> BundleResult:
        """The result, with the documents of the bundle as an answer shows them."""
        found = self.bundle
        unknown = tuple(each.category for each in asked if each.unknown)
        doubtful = {choice.name for choice in found.picks if choice.doubtful and choice.lacks}
        return BundleResult(
            documents,
            found.optimal and not unknown,
            tuple(choice.name for choice in found.picks),
            tuple(each.category for each in asked if each.closed),
            unknown,
            self.ways.equals,
            self.ways.more,
            tuple(
                each.category
                for each in asked
                if any(choice.name in doubtful for _, choices in each.lists for choice in choices)
            ),
            self.ways.others,
        )


def ways_of(readings: Sequence[Sequence[Choice]], apart: Apart = never) -> Ways:
    """How the best choices of readings stand among others."""
    return _ways_among(readings, best(readings, apart=apart).picks, apart)


def _ways_among(
    readings: Sequence[Sequence[Choice]], picks: Sequence[Choice], apart: Apart
) -> Ways:
    others, more = equally_small(readings, picks, apart)
    doubtful = any(choice.doubtful and choice.lacks for choice in picks)
    own = merged(picks, apart) if others else ()
    exchanges = (
        Exchange(tuple(n for n in other if n not in own), tuple(n for n in own if n not in other))
        for other in others[:MOST_EXCHANGES]
    )
    return Ways(len(others), more, doubtful, tuple(exchanges))
