"""What an app lacks: the choices of its readings, and the smallest bundle over all of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kb.answers.bundle import Bundle, Choice, best, equally_small
from kb.answers.documents import Documents
from kb.answers.results import BundleResult, Ways
from kb.base.documents import alternatives_of
from kb.base.results import DocumentNeed, Verdict
from kb.base.view import View
from kb.engines.protocol import Model
from kb.model.requirements import Need
from kb.model.rows import Reading
from kb.model.schema import Node

if TYPE_CHECKING:
    from kb.base.core import Core

BUNDLED = (
    "relevant",
    "required",
    "reading",
    "barred",
    "usable",
    "held",
    "perhaps_held",
    "lacks_of",
    "unsure_whose",
    "app_holds",
    "holds_on_day",
    "lifted",
    "not_asked",
    "gone",
)
"""What a bundle is read from."""


class MissingDocuments:
    """An app's model as far as documents go: `BUNDLED` is enough."""

    def __init__(self, base: Core, model: Model) -> None:
        self.base = base
        self.view = View(model)
        self.documents = Documents(self.view, base.origins, base.choices)

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
            Choice(
                name,
                frozenset(
                    n
                    for n in alternative.needs
                    if self.documents.verdict(n, (name,)) != Verdict.SATISFIED
                ),
                doubtful=not self.view.has("usable", name),
            )
            for name, alternative in alternatives_of(reading)
            if not self.view.has("barred", name)
        ]

    def missing(self, readings: list[Reading]) -> tuple[DocumentNeed, ...]:
        """What the cheapest alternative still lacks: usable ones first, fewest documents first."""
        open_to = [(r, found) for r in readings if (found := self.choices(r))]
        if not open_to:
            return ()
        if len(open_to) > 1:
            # Texts that stand side by side: what contents them all.
            return self.documents_of(best([choices for _, choices in open_to]))
        [(reading, choices)] = open_to
        choice = min(choices, key=lambda each: (each.doubtful, self._count(each)))
        leaf_of = self.base.origins(reading).stated
        return tuple(
            self.documents.document(need, leaf, (choice.name,))
            for need, leaf in leaf_of.items()
            if need in choice.lacks
        )

    def _count(self, choice: Choice) -> int:
        """How many documents a choice lacks."""
        counted = [need for need in choice.lacks if need.id in self.base.choices]
        more = sum(self.documents.still(need)[0] for need in counted)
        return len(choice.lacks) - len(counted) + more

    def _of_documents(self, choice: Choice) -> Choice:
        """A choice in terms of documents, for what is counted over all categories."""
        counted = [need for need in sorted(choice.lacks) if need.id in self.base.choices]
        some = tuple(map(self.documents.still, counted))
        return replace(choice, lacks=choice.lacks.difference(counted), some=some)

    def ways(self, readings: list[Reading]) -> Ways:
        """How what is missing stands among other sets of documents that would do as well."""
        return ways_of([found for reading in readings if (found := self.choices(reading))])

    def lists(self) -> tuple[list[tuple[str, list[Choice]]], list[str]]:
        """The choices of each reading of all categories that are surely needed, and the categories
        that the app can not complete at all."""
        lists: list[tuple[str, list[Choice]]] = []
        cannot: list[str] = []
        for category in self.relevant():
            if not self.asks(category):
                continue
            for reading in self.asking(self.readings(category)):
                if reading.record.elsewhere:
                    continue
                choices = self.choices(reading)
                lists.append((reading.id, list(map(self._of_documents, choices))))
                if not choices and category not in cannot:
                    cannot.append(category)
        return lists, cannot

    def bundle(self) -> BundleResult:
        """Over all categories that are surely needed, and all readings of each."""
        lists, cannot = self.lists()
        every = [choices for _, choices in lists]
        found = best(every)
        ways = ways_of(every)
        unknown = tuple(self.unknown())
        readings = self.base.facts.readings
        doubtful = {choice.name for choice in found.picks if choice.doubtful and choice.lacks}
        return BundleResult(
            self.documents_of(found),
            found.optimal and not unknown,
            tuple(choice.name for choice in found.picks),
            tuple(cannot),
            unknown,
            ways.equals,
            ways.more,
            tuple(
                dict.fromkeys(
                    readings[version].record.category
                    for version, choices in lists
                    if any(choice.name in doubtful for choice in choices)
                )
            ),
        )

    def unknown(self) -> list[str]:
        """The categories that are surely needed and of which no source at hand tells what they ask
        for: only named, or asked for elsewhere."""
        return [
            category
            for category in self.relevant()
            if self.asks(category)
            and not self.view.has("gone", category)
            and self._elsewhere(self.readings(category))
        ]

    def _elsewhere(self, readings: list[Reading]) -> bool:
        asking = self.asking(readings)
        told = all(reading.record.elsewhere for reading in asking)
        return told and (bool(asking) or not readings)

    def documents_of(self, bundle: Bundle) -> tuple[DocumentNeed, ...]:
        """Documents of a bundle, each with what the first reading that names it says of it."""
        leaf_of: dict[Need, Node] = {}
        for category in self.relevant():
            for reading in self.readings(category):
                origins = self.base.origins(reading)
                for need, leaf in (*origins.stated.items(), *origins.members):
                    leaf_of.setdefault(need, leaf)
        picks = [choice.name for choice in bundle.picks]
        return tuple(
            self.documents.document(need, leaf_of.get(need), picks) for need in bundle.needs
        )


def ways_of(readings: list[list[Choice]]) -> Ways:
    """How the best choices of readings stand among others."""
    picks = best(readings).picks
    equals, more = equally_small(readings, picks)
    return Ways(equals, more, any(choice.doubtful and choice.lacks for choice in picks))
