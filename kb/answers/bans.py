"""Bans of an app, and the categories whose papers they make vain; `16_bans.dl` says which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from kb.answers.results import CategoryResult, ServiceProhibited, TextProhibits
from kb.base.bans import Ban, InVain
from kb.base.results import Certainty
from kb.base.view import View
from kb.filing.steps import CategoryAsked
from kb.lang.syntax import Cite

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = ("in_vain",)
NOTED = (*GOALS, "ban")
"""The relations that the bans of a category are read from."""


def vain_notes(base: Core, view: View, category: str) -> Iterator[InVain]:
    """The bans, sure or not, that make the papers of a category vain, in the order of the texts."""
    order = base.provisions.order
    rows = [(str(part), str(how)) for part, how in view.after("in_vain", category)]
    for part, how in sorted(rows, key=lambda row: order[row[0]]):
        yield InVain(part, Certainty(how), _cites(base, view, part))


def surely_vain(view: View, category: str) -> bool:
    """Whether a ban surely makes the papers of a category vain."""
    return any(how == Certainty.SURELY for _, how in view.after("in_vain", category))


def bans_on(base: Core, view: View, category: str) -> tuple[Ban, ...]:
    """The bans, sure or not, that make the papers of a category vain; of other categories that
    they are in vain for, nothing is said."""
    notes = vain_notes(base, view, category)
    return tuple(_of_text(base, n.part, n.certainty, n.cites, [category]) for n in notes)


def told_vain(category: CategoryResult) -> bool:
    """Whether the notes of a category say that a ban surely makes its papers vain."""
    notes = (note for note in category.notes if isinstance(note, InVain))
    return any(note.certainty == Certainty.SURELY for note in notes)


def bans_of(
    base: Core,
    view: View,
    services: Iterable[ServiceProhibited],
    texts: Iterable[TextProhibits],
) -> tuple[Ban, ...]:
    """What the app is forbidden, and then the bans that are not sure and that papers hang on."""
    vain: dict[tuple[str, str], list[str]] = {}
    for category, part, how in view.after("in_vain"):
        vain.setdefault((str(part), str(how)), []).append(str(category))
    found = [
        Ban(Certainty.SURELY, each.standing, each.cites, service=each.service) for each in services
    ]
    for each in texts:
        among = vain.get((each.part, Certainty.SURELY), [])
        found.append(_of_text(base, each.part, Certainty.SURELY, each.cites, among))
    order = base.provisions.order
    for (part, how), among in sorted(vain.items(), key=lambda entry: order[entry[0][0]]):
        if how == Certainty.PERHAPS:
            found.append(_of_text(base, part, Certainty.PERHAPS, _cites(base, view, part), among))
    return tuple(found)


def _of_text(
    base: Core, part: str, certainty: Certainty, cites: tuple[Cite, ...], vain: Iterable[str]
) -> Ban:
    standing = base.provisions.standing(part)
    return Ban(certainty, standing, cites, part, in_vain=tuple(sorted(vain, key=base.place)))


def asked_in_plan(category: CategoryResult) -> CategoryAsked:
    """What a plan tells of a category of an answer: of one whose papers are vain none."""
    surely = told_vain(category)
    return CategoryAsked(
        category.category,
        category.verdict,
        () if surely else category.missing,
        category.cites,
        category.name,
        bool(category.ways.equals or category.ways.doubtful) and not surely,
        surely,
    )


def _cites(base: Core, view: View, part: str) -> tuple[Cite, ...]:
    """The lines of a prohibition."""
    bearers = (bearer for p, bearer, _ in view.after("ban") if p == part)
    found = (base.cite("forbids", (part, bearer)) for bearer in bearers)
    return tuple(cite for cite in dict.fromkeys(found) if cite)
