"""What a panel adds to papers: the parties with what is of each or with it, and days of issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kb.interview.parties import PartyNeeds, party_needs
from kb.model.data import Json
from kb.model.requirements import Need

if TYPE_CHECKING:
    from kb.answers.answer import Answer


@dataclass
class PartyChoices:
    """What is chosen of parties beside those of the profile that was begun with."""

    named: dict[str, list[str]] = field(default_factory=dict)
    """Their names by the role."""
    ticked: set[tuple[str, str]] = field(default_factory=set)
    """Needs (ids) that are met of a party, or with it."""

    def roles(self, profile: Json, answer: Answer) -> dict[str, list[str]]:
        """The roles of which an answer wants papers party by party, with who is in each."""
        asked = asked_of(answer)
        found: dict[str, list[str]] = {role: [] for role in asked.roles.values()}
        for party in profile.get("parties", ()):
            found.setdefault(party["role"], []).append(party["id"])
        return found

    def needs(self, profile: Json, answer: Answer) -> Iterator[tuple[Need, str]]:
        """What may be ticked: a need and a party, party by party; without what the profile that
        was begun with says already."""
        asked = asked_of(answer)
        needs = {need.id: need for need in _listed(answer) if asked.role(need)}
        # With whom an agreement is comes before what each has.
        ordered = sorted(needs.values(), key=lambda need: (need.holder != "applicant", need.id))
        for party in profile.get("parties", ()):
            for need in ordered:
                if asked.role(need) != party["role"]:
                    continue
                if (need.id, party["id"]) in self.ticked or not _said(profile, need, party):
                    yield need, party["id"]

    def counted(self, profile: Json, answer: Answer, need: Need) -> bool:
        """Whether a need is ticked as a whole: it is not of a role in which somebody is named."""
        asked = asked_of(answer)
        keys = {(n.document, n.holder): asked.role(n) for n in _listed(answer)}
        role = keys.get((need.document, need.holder), "")
        return not role or all(party["role"] != role for party in profile.get("parties", ()))

    def added(self, profile: Json, needs: Mapping[str, Need]) -> Json:
        """A profile with the parties that are named and what is ticked of each."""
        parties = [dict(party) for party in profile.get("parties", ())]
        there = {party["id"] for party in parties}
        for role, names in self.named.items():
            parties += [{"id": id, "role": role} for id in names if id not in there]
        if not parties:
            return profile
        held = list(profile["holds"])
        for party in parties:
            own = [needs[id] for id, whose in sorted(self.ticked) if whose == party["id"]]
            theirs = list(party.get("holds", ()))
            for need in own:
                paper: Json = {"document": need.document, "count": 1}
                if need.must_state:
                    paper["states"] = list(need.must_state)
                if need.holder == party["role"]:
                    theirs.append(paper)
                else:
                    held.append({**paper, "holder": need.holder, "with": party["id"]})
            party["holds"] = theirs
        return {**profile, "holds": held, "parties": parties}


def dated(profile: Json, days: Mapping[tuple[str, str], Any], needs: Mapping[str, Need]) -> Json:
    """A profile with the days, by key and need (an id), of papers that answer the needs, where they
    have none."""

    def told(held: Json) -> Json:
        found: Json = {}
        for (key, id), day in days.items():
            need = needs[id]
            whose = held.get("holder", need.holder)
            if (held["document"], whose) == (need.document, need.holder):
                found.setdefault(key, day)
        return found

    return {**profile, "holds": [{**told(held), **held} for held in profile["holds"]]}


def asked_of(answer: Answer) -> PartyNeeds:
    """What an answer wants party by party."""
    return party_needs(_together(answer), _listed(answer))


def _together(answer: Answer) -> list[Sequence[Need]]:
    return [
        [needed.need for needed in alternative.documents]
        for category in answer.categories
        for alternative in category.alternatives
        if alternative.usable is not False
    ]


def _listed(answer: Answer) -> list[Need]:
    return list(dict.fromkeys(need for together in _together(answer) for need in together))


def _said(profile: Json, need: Need, party: Json) -> bool:
    """Whether a profile lists what a need asks for of a party or with it."""
    papers = (
        party.get("holds", ())
        if need.holder == party["role"]
        else [paper for paper in profile["holds"] if paper.get("with") == party["id"]]
    )
    return any(
        paper["document"] == need.document
        and set(need.must_state) <= set(paper.get("states") or need.must_state)
        for paper in papers
    )
