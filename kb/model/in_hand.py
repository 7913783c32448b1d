"""Papers in hand held against needs: what may answer one, how many are asked for, what would do."""

from __future__ import annotations

from kb.model.apps import App, Holding
from kb.model.requirements import Need
from kb.model.vocabulary import Vocabulary


def provided(app: App, need: Need) -> tuple[Holding, ...]:
    """What an app would list of what a need asks for: where it is asked of each party, a copy of
    each, and so many more as are still asked for."""
    words = need.must_state or None
    each = [party.id for party in app.parties if party.role == need.each]
    found = [Holding(need.document, 1, need.holder, words, party=party) for party in each]
    rest = copies_for(app, need) - len(found)
    if rest > 0:
        found.append(Holding(need.document, rest, need.holder, words))
    return tuple(found)


def may_be(holding: Holding, need: Need, vocabulary: Vocabulary) -> bool:
    """Whether a document in hand may be what a need asks for, whatever it states."""
    kinds = (holding.document, *vocabulary.above(holding.document))
    return need.document in kinds and holding.holder in (need.holder, None)


def copies_for(app: App, need: Need) -> int:
    """How many of what a need asks for an app would list: as many as its own number says."""
    said = app.stated.get(need.as_many)
    return max(need.copies, int(said) if isinstance(said, int) else 0)
