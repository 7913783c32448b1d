"""Documents and alternatives of an app: what is asked for, and what the app has of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from kb.answers.choices import Some
from kb.answers.results import AlternativeResult, CategoryResult, ConditionState
from kb.base.documents import Origins, document_of, in_order
from kb.base.papers import PaperNote, papers_ending, papers_on
from kb.base.results import DocumentNeed, Verdict
from kb.base.view import View, in_hand
from kb.model.apps import App
from kb.model.facts import FactBase
from kb.model.in_hand import may_be
from kb.model.requirements import Need
from kb.model.rows import Reading
from kb.model.schema import Node
from kb.model.stating import days_in


@dataclass
class Documents:
    """The documents of an app as the facts of its model have them."""

    view: View
    origins: Callable[[Reading], Origins]
    """What each reading states of documents."""
    members: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)
    """The needs that a counted choice is of, by the id of its need."""
    held: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many copies of a document each holder surely has."""

    def __post_init__(self) -> None:
        for document, holder, sure, _ in in_hand(self.view):
            self.held[document, holder] = sure

    def verdict(self, need: Need, alternatives: Collection[str] = ()) -> Verdict:
        """Whether a need is met, in alternatives (ids) of which it is one."""
        has, id = self.view.has, need.id
        if any(has("lacks_of", name, id) for name in alternatives):
            return Verdict.MISSING
        if has("held", id):
            open = any(has("unsure_whose", name, id) for name in alternatives)
            return Verdict.UNDETERMINED if open else Verdict.SATISFIED
        return Verdict.UNDETERMINED if has("perhaps_held", id) else Verdict.MISSING

    def document(
        self, need: Need, leaf: Node | None, alternatives: Collection[str] = ()
    ) -> DocumentNeed:
        """A need with what its source says of it (`leaf`) and what the app has, in alternatives
        (ids) of which it is one."""
        need = self.counted(need)
        held = self.held.get((need.document, need.holder), 0)
        if need.id in self.members:
            held = sum(self.verdict(each) == Verdict.SATISFIED for each in self.members[need.id])
        found = document_of(need, leaf, held, self.verdict(need, alternatives))
        parties = self._parties(need, alternatives) if need.each else ()
        return replace(found, parties=parties) if parties else found

    def counted(self, need: Need) -> Need:
        """A need of as many as a number says, with the number that the app says."""
        if not need.as_many or self.view.has("number_open", need.id):
            return need
        more = [int(count) for (count,) in self.view.after("more_asked", need.id)]
        return replace(need, counted=max(more, default=need.at_least))

    def _parties(self, need: Need, alternatives: Collection[str]) -> tuple[str, ...]:
        """The parties of which a document is still wanted."""
        found = (
            str(party)
            for relation in ("lacks_of", "unsure_whose")
            for name in alternatives
            for (party,) in self.view.after(relation, name, need.id)
        )
        return tuple(dict.fromkeys(found))

    def still(self, need: Need) -> Some:
        """Of a counted choice: how many more it asks for, of what, and how many it takes."""
        rest = [n for n in self.members[need.id] if self.verdict(n) != Verdict.SATISFIED]
        held = len(self.members[need.id]) - len(rest)
        most = max(need.at_most - held, 0) if need.at_most else None
        return Some(max(need.at_least - held, 0), tuple(rest), most)

    def alternative(self, reading: Reading, name: str, needs: Iterable[Need]) -> AlternativeResult:
        """An alternative of a reading with its documents and the conditions it hangs on."""
        origins = self.origins(reading)
        leaf_of = origins.leaves(name)
        usable: bool | None = None
        if self.view.has("barred", name):
            usable = False
        elif self.view.has("usable", name) and not self.view.has("open_use", reading.id):
            usable = True
        conditions = tuple(
            ConditionState(condition, unknown, _must_be_met(reading, name, condition))
            for unknown, relation in ((False, "barred"), (True, "doubtful"))
            for condition in self.view.names(relation, name)
        )
        documents = tuple(
            self.document(n, leaf_of.get(n), (name,)) for n in in_order(origins.stated, needs)
        )
        return AlternativeResult(name, usable, documents, conditions, origins.branches(name))


def _must_be_met(reading: Reading, name: str, condition: str) -> bool:
    alternative = reading.alternatives[reading.alternative_ids.index(name)]
    return (condition, False) not in alternative.when


def papers_told(
    facts: FactBase, app: App, day: int, categories: Iterable[CategoryResult], warn_days: int
) -> tuple[PaperNote, ...]:
    """The papers that are told of because of their days: those that are not valid on the day, that
    run out within so many days after it, or whose last day is not what a category asks for."""
    asking = [
        needed.need
        for category in categories
        for alternative in category.alternatives
        if alternative.usable is not False
        for needed in alternative.documents
        if needed.verdict != Verdict.SATISFIED
        and "valid_until" in days_in(needed.must_state, facts.vocabulary).values()
    ]
    ending = [p for p in app.papers if any(may_be(p, n, facts.vocabulary) for n in asking)]
    found = (*papers_on(app.papers, day, warn_days), *papers_ending(ending, day))
    return tuple(dict.fromkeys(found))
