"""What is told of papers because of their days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from kb.base.papers import PaperNote, PaperState
from kb.model.data import Json
from kb.render.days import through_day
from kb.render.language import Language
from kb.render.outline import EMPTY, Lead, Line, line


def named_text(note: PaperNote, to: Language) -> str:
    """A paper with whose it is, or with whom."""
    named = f"《{to.official('document', note.document)}》"
    if not to.zh:
        named += f" ({to.label('document', note.document)})"
    if note.holder not in (None, "applicant"):
        whose = to.label("holder", str(note.holder))
        whose += f" {note.party}" if note.party else ""
        named += to.pick(f"({whose})", f" [{whose}]")
    elif note.party:
        named += to.pick(f"(与{note.party})", f" [with {note.party}]")
    return named


def renewal_text(note: PaperNote, to: Language) -> str:
    """Until when a paper that runs out must be had anew."""
    return to.pick(f"最晚 {note.day} 换新", f"renew by {note.day}")


def paper_text(note: PaperNote, to: Language) -> str:
    """What is told of a paper."""
    named, day = named_text(note, to), note.day
    match note.state:
        case PaperState.RUN_OUT:
            return to.pick(
                f"{named}有效期只{through_day(day, to)}",
                f"{named} was valid {through_day(day, to)}",
            )
        case PaperState.NOT_YET_VALID:
            return to.pick(f"{named}自 {day} 起才有效", f"{named} is valid only from {day} on")
        case PaperState.RUNS_OUT:
            left = note.left or 0
            more = to.pick(f"还有 {left} 天", f"in {left} {'day' if left == 1 else 'days'}")
            through = through_day(day, to, more)
            return to.pick(f"{named}有效期{through}", f"{named} is valid {through}")
        case PaperState.NOW_VALID:
            return to.pick(f"{named}自 {day} 起有效", f"{named} is valid since {day}")
        case _:
            assert_never(note.state)


def noted_text(note: PaperNote, to: Language) -> str:
    """The same, and that what is not valid does not count."""
    text = paper_text(note, to)
    if note.state in (PaperState.RUN_OUT, PaperState.NOT_YET_VALID):
        text += to.pick(",不算在手上", ": it does not count as in hand")
    return text


def papers_lines(notes: Iterable[PaperNote], to: Language) -> Iterator[Line]:
    """The papers of an answer that are told of, if there are any."""
    for at, note in enumerate(notes):
        if not at:
            yield EMPTY
            yield line(0, papers_title(to) + ":")
        yield line(2, Lead("· "), noted_text(note, to))


def papers_title(to: Language) -> str:
    """What stands above them."""
    return to.pick("材料有效期", "validity of papers")


def papers_json(notes: Iterable[PaperNote], to: Language, *, noted: bool = True) -> list[Json]:
    """The same as JSON: states, ids and days, and the words."""
    return [
        {
            "document": to.official("document", note.document),
            "id": note.document,
            "holder": note.holder,
            **({"party": note.party} if note.party else {}),
            "state": str(note.state),
            "day": note.day,
            **({"days_left": note.left} if note.left is not None else {}),
            "note": noted_text(note, to) if noted else paper_text(note, to),
        }
        for note in notes
    ]
