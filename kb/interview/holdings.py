"""What replies put into a profile: documents in hand, and parties with theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kb.answers.copies import Contradicting, Copies, Paper
from kb.interview.parties import about_party
from kb.interview.state import Replies, named_parties
from kb.model.apps import App, Holding, Party
from kb.model.requirements import Need
from kb.model.stating import absent
from kb.model.vocabulary import Vocabulary


def holdings(
    answered: Mapping[str, int], needs: Mapping[str, Need], vocabulary: Vocabulary
) -> list[Holding]:
    """What is in hand by the copies that were answered of needs (ids): one holding a document and
    holder, with the largest count and all the words, or one for each value of a field that has one;
    where its words were asked about, it states no others, and nothing in the fields that were
    denied."""
    counts: dict[Paper, int] = {}
    words: dict[Paper, set[str]] = {}
    denied: dict[Paper, set[str]] = {}
    there = [needs[id] for id, count in answered.items() if count]
    copies = Copies(there, Contradicting(vocabulary))
    for id, count in answered.items():
        need = needs[id]
        key = copies.paper(need)
        counts[key] = max(count, counts.get(key, 0))
        if need.must_state:
            words.setdefault(key, set()).update(need.must_state if count else ())
            denied.setdefault(key, set()).update(() if count else need.must_state)
    for key in [key for key in counts if not key[2]]:
        certain = [other for other in sorted(counts) if other[2] and other[:2] == key[:2]]
        if certain:  # any of these is one of them
            counts[key] = max(counts[key] - sum(counts[each] for each in certain), 0)
            for said in (words, denied):
                said[certain[0]].update(said.pop(key, ()))
    for key, texts in words.items():
        texts.update(absent(denied[key], tuple(texts), vocabulary))
    return [
        Holding(document, count, holder, tuple(sorted(words[key])) if key in words else None)
        for key, count in counts.items()
        if count
        for document, holder, _ in [key]
    ]


def with_parties(
    app: App, replies: Replies, needs: Mapping[str, Need], vocabulary: Vocabulary
) -> App:
    """The app with the parties that were named, and what there is of each or with it."""
    named = [Party(id, role) for role, ids in named_parties(replies).items() for id in ids or ()]
    answered: dict[str, dict[str, int]] = {}
    for reply in replies:
        about = about_party(reply.subject, needs) if reply.kind == "party_document" else None
        if about is not None:
            need, whose = about
            answered.setdefault(whose, {})[need.id] = int(reply.answer == 1)
    held = list(app.holds)
    parties = []
    for party in (*app.parties, *named):
        own = []
        for holding in holdings(answered.get(party.id, {}), needs, vocabulary):
            if holding.holder == party.role:
                own.append(replace(holding, holder=None))
            else:
                held.append(replace(holding, party=party.id))
        if own:
            party = replace(party, holds=(*party.holds, *own), holds_stated=True)
        parties.append(party)
    return replace(app, holds=tuple(held), parties=tuple(parties))
