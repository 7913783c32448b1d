"""What an interview asks party by party: of which role, and in which order.

A paper of each party, several papers of a role, and the agreements that say of whom papers are
wanted are asked about party by party, once the parties are named. Whose parties nobody names is
asked by count, and a count is taken as that many different ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from kb.base.view import View
from kb.lang.problems import Problem
from kb.lang.syntax import Row
from kb.model.apps import App, Party
from kb.model.requirements import CHOICE, Need

OWN = "applicant"
"""The holder of the app's own papers."""


@dataclass(frozen=True)
class PartyNeeds:
    """The needs (ids) that are asked about party by party, with the role of the parties; and by
    role the agreements that say of whom the papers of each are wanted."""

    roles: Mapping[str, str] = field(default_factory=dict)
    agreements: Mapping[str, tuple[Need, ...]] = field(default_factory=dict)

    def role(self, need: Need) -> str:
        """The role of the parties that are asked about a need; nothing where it is counted."""
        return self.roles.get(need.id, "")

    def agreement(self, need: Need) -> bool:
        """Whether a need is for agreements that say of whom papers are wanted."""
        return need in self.agreements.get(self.role(need), ())


def party_needs(alternatives: Iterable[Sequence[Need]], needs: Iterable[Need]) -> PartyNeeds:
    """What of `needs` is asked about party by party; `alternatives` are sets of needs that stand
    together."""
    roles: dict[tuple[str, str], str] = {}
    agreements: dict[str, dict[Need, None]] = {}
    for together in alternatives:
        each = {need.each for need in together if need.each}
        for need in together:
            key = need.document, need.holder
            if need.each:
                roles[key] = need.each
            elif need.at_least > 1 and need.holder != OWN and not need.id.startswith(CHOICE):
                roles.setdefault(key, need.holder)
            elif need.at_least > 1 and len(each) == 1 and need.holder not in each:
                # decision: each-party-of-the-agreement
                (role,) = each
                roles.setdefault(key, role)
                agreements.setdefault(role, {})[need] = None
    named = {need.id: roles.get((need.document, need.holder), "") for need in needs}
    return PartyNeeds(
        {id: role for id, role in named.items() if role},
        {
            role: tuple(need for need in found if roles[need.document, need.holder] == role)
            for role, found in agreements.items()
        },
    )


def subject_of(need: Need, party: str) -> str:
    """What a question about a need and a party is about, as one text."""
    return f"{need.id}#{party}"


def about_party(subject: str, needs: Mapping[str, Need]) -> tuple[Need, str] | None:
    """The need and the party of such a text; None for any other."""
    at = subject.find("#")
    while at >= 0:
        need = needs.get(subject[:at])
        if need is not None and subject[at + 1 :]:
            return need, subject[at + 1 :]
        at = subject.find("#", at + 1)
    return None


def parties_of(app: App, role: str) -> list[Party]:
    """The parties of an app in a role, in their order."""
    return [party for party in app.parties if party.role == role]


def too_few(
    app: App, named: Mapping[str, tuple[str, ...] | None], needs: Iterable[Need]
) -> Iterator[Problem]:
    """The roles of which fewer parties are `named` than a number says that there are: one by which
    papers of theirs are counted."""
    counted = {(need.as_many, need.holder) for need in needs if need.as_many and need.holder != OWN}
    for number, role in sorted(counted):
        said, there = app.stated.get(number), len(parties_of(app, role))
        known = there or named.get(role) is not None
        if known and isinstance(said, int) and there < said:
            yield Problem(
                "interview",
                f"`{number}` is {said}, and only {there} of the role `{role}` are named",
                help="name them all, or take back how many there are",
            )


@dataclass(frozen=True)
class Unasked:
    """The needs of which it is not known yet what is of each party, or with it: by the id of the
    need, the parties in their order."""

    needs: Mapping[str, Need]
    parties: Mapping[str, tuple[str, ...]]
    asked: PartyNeeds

    def first(self, need: Need, party: str) -> Need:
        """What is asked first of a party: whether an agreement is with it, then its papers."""
        for agreement in self.asked.agreements.get(self.asked.role(need), ()):
            if party in self.parties.get(agreement.id, ()):
                return agreement
        return need

    def allow(self, rows: dict[str, list[Row]], app: App) -> None:
        """Change an app's rows so that each party may have what is not known of it. With whom an
        agreement may be concluded, it counts as concluded: of that party the papers of each are
        open, so that nothing is settled before it is known."""
        counted: dict[Row, int] = {}
        for id, parties in self.parties.items():
            need = self.needs[id]
            key: Row = (app.name, need.document, need.holder)
            key = (app.name, id) if need.must_state else key
            counted[key] = max(len(parties), counted.get(key, 0))
            sure = int(self.asked.agreement(need) and not self._of_each(need))
            for party in parties:
                _add(rows, "app_party_holds", (app.name, need.document, need.holder, party), sure)
                if need.must_state:
                    _add(rows, "app_party_fits", (app.name, id, party), 0)
        for key, more in counted.items():
            _may_be_more(rows, key, more)
        for role, agreements in self.asked.agreements.items():
            waiting = {party for each in agreements for party in self.parties.get(each.id, ())}
            for need in self.needs.values() if waiting else ():
                for party in waiting if need.each == role else ():
                    if need.must_state:
                        _add(rows, "app_party_fits", (app.name, need.id, party), 0)
                    else:
                        held: Row = (app.name, need.document, need.holder, party)
                        _add(rows, "app_party_holds", held, 0)

    def _of_each(self, need: Need) -> bool:
        """Whether the same document is also wanted of each party."""
        key = need.document, need.holder
        return any(n.each and (n.document, n.holder) == key for n in self.needs.values())


def _add(rows: dict[str, list[Row]], relation: str, key: Row, sure: int) -> None:
    """A row that says whether there is surely (1) or perhaps (0) something of a party."""
    if (*key, 1) not in rows[relation] and (*key, sure) not in rows[relation]:
        rows[relation] = [row for row in rows[relation] if row[:-1] != key]
        rows[relation].append((*key, sure))


def _may_be_more(rows: dict[str, list[Row]], key: Row, more: int) -> None:
    """So many copies more may be in hand than are known."""
    relation = "app_holds" if len(key) == 3 else "app_fits"
    known = [row for row in rows[relation] if row[: len(key)] == key]
    for row in known:
        rows[relation].remove(row)
    least = max((int(row[-2]) for row in known), default=0)
    most = max((int(row[-1]) for row in known), default=0)
    rows[relation].append((*key, least, most + more))


def party_rows(
    thing: str, need: Need, unasked: Unasked, wanted: Iterable[str] | None
) -> Iterator[tuple[str, str, str]]:
    """The questions about parties on which a thing rests whose need is open: all that are unasked,
    or of those parties alone of which it is `wanted`."""
    parties = [party for found in unasked.parties.values() for party in found]
    for party in dict.fromkeys(parties):
        if wanted is not None and party not in wanted:
            continue
        for asked in dict.fromkeys((unasked.first(need, party), need)):
            if party in unasked.parties.get(asked.id, ()):
                yield thing, "party_document", subject_of(asked, party)


def wanted_of(view: View, need: Need) -> set[str] | None:
    """The parties on which a need rests that is open; None where it is any of them."""
    if not need.each or not view.has("wanted", need.id) or view.has("perhaps_held", need.id):
        return None
    return {str(p) for _, n, p in view.after("unsure_whose") if n == need.id}


def first_parties(
    app: App,
    unasked: Unasked,
    others: Iterable[tuple[str, str, str]],
    needs: Mapping[str, Need],
) -> set[str]:
    """What is asked of the first party of each role of which anything is: one after another, and
    whether an agreement is with it before its papers."""
    order = {party.id: n for n, party in enumerate(app.parties)}
    found: dict[str, list[tuple[int, str]]] = {}
    for _, kind, subject in others:
        about = about_party(subject, needs) if kind == "party_document" else None
        if about is not None and unasked.first(*about) == about[0]:
            role = app.parties[order[about[1]]].role
            found.setdefault(role, []).append((order[about[1]], subject))
    return {s for each in found.values() for n, s in each if n == min(each)[0]}
