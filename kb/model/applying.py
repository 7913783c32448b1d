"""Who applies: the kinds of applicants among an app's parties, as attributes of the app.

A party that says what kind of `applicant` it is applies too, as what its role says. An attribute
with `of` has these kinds as its values: those of the parties in a role, or of each that applies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from kb.model.terms import Attribute

EACH = "each"
"""The `of` of an attribute that is about all who apply, the app's own applicant among them."""
Applying: TypeAlias = tuple[str, str | None]
"""The role of a party, and what kind of applicant it is; None where it does not say."""


def of_parties(attributes: Mapping[str, Attribute]) -> dict[str, str]:
    """The attributes that parties can tell, each with whom it is `of`."""
    return {each.id: each.of for each in attributes.values() if each.of}


def told(
    of: Mapping[str, str], applicant: Iterable[str], parties: Iterable[Applying]
) -> dict[str, tuple[str, ...]]:
    """The attributes that the parties tell, with their values.

    Where a party in the role does not say its kind, the attribute is unknown, as it is where nobody
    is in the role; what all who apply are is unknown where the app's own `applicant` is.
    """
    # decision: unsaid-is-unknown
    own, listed = tuple(applicant), list(parties)
    found: dict[str, tuple[str, ...]] = {}
    for attribute, role in of.items():
        if role == EACH:
            kinds = [*own, *(kind for _, kind in listed if kind)] if own else []
        else:
            there = [kind for party, kind in listed if party == role]
            kinds = [kind for kind in there if kind]
            kinds = kinds if len(kinds) == len(there) else []
        if kinds:
            found[attribute] = tuple(dict.fromkeys(kinds))
    return found
