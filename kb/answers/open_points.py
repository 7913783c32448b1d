"""Open points of an answer, as data: what an undetermined verdict rests on, and what to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from kb.base.results import Question, Standing
from kb.lang.syntax import Cite
from kb.model.requirements import Need
from kb.model.schema import How, Unclear


@dataclass(frozen=True, slots=True)
class ServicesUnknown:
    """The profile does not say what the app does."""


@dataclass(frozen=True, slots=True)
class NoService:
    """The profile lists no service at all."""


@dataclass(frozen=True, slots=True)
class ServiceInOwnWords:
    """Something the app does, told in its owner's words: no service stands for it."""

    words: str


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """The documents of a category are asked for in another place (`how`)."""

    category: str
    how: How | None


@dataclass(frozen=True, slots=True)
class AccountUnsaid:
    """No line says whether the category is open to accounts of the app's kind."""

    category: str


@dataclass(frozen=True, slots=True)
class PlaceUnsaid:
    """Texts speak of a category for other places than those that the app serves."""

    category: str


@dataclass(frozen=True, slots=True)
class AttributeUnknown:
    """The profile says nothing of an attribute."""

    attribute: str


@dataclass(frozen=True, slots=True)
class AttributeTooGeneral:
    """What the profile says of an attribute does not settle a condition."""

    attribute: str
    condition: str


@dataclass(frozen=True, slots=True)
class DocumentUnclear:
    """Whose a document is, or whether it states what it must, is not known; `whose` where the
    first is open also of one that must state something."""

    need: Need
    whose: bool = False


@dataclass(frozen=True, slots=True)
class PassageUnclear:
    """A passage of the source leaves it open; with these `papers` more it would not matter."""

    unclear: Unclear
    papers: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class DayUnsure:
    """A reading is in force from some day between two (day numbers)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PerhapsWithdrawn:
    """Whether a text that withdraws a category has taken it away from the app is open. It counts
    from some day between two (day numbers); `condition` is who serves its place and no other."""

    category: str
    first: int
    last: int
    condition: str | None


@dataclass(frozen=True, slots=True)
class OnlyNamed:
    """A category is only named; its requirement is in none of the sources."""

    category: str


@dataclass(frozen=True, slots=True)
class ReadingsDisagree:
    """Two readings of a category come to different verdicts."""

    category: str


@dataclass(frozen=True, slots=True)
class ServicePerhapsProhibited:
    """A service is perhaps prohibited already."""

    service: str


@dataclass(frozen=True, slots=True)
class ServiceUnplaced:
    """No version known on a day (a day number) puts a service under a category."""

    service: str
    day: int


@dataclass(frozen=True, slots=True)
class TextDayUnsure:
    """A text is in force from some day between two (day numbers)."""

    source: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class TextOpen:
    """Whether a text applies hangs on an attribute, or on a condition that what is stated of it
    does not settle."""

    source: str
    standing: Standing
    attribute: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class DutyOpen:
    """Whether a duty is met, or a prohibition violated, hangs on an attribute, or on a condition
    that what is stated of it does not settle."""

    part: str
    standing: Standing
    attribute: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class IssueUnknown:
    """A duty is met for a period from the issue of a document, and when the one in hand was issued
    is not stated."""

    part: str
    standing: Standing
    document: str


@dataclass(frozen=True, slots=True)
class CalendarUnknown:
    """The working days that there are for a duty or a prohibition run past the years whose holidays
    are published."""

    part: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class DutyUnclear:
    """A source leaves open whether a duty or a prohibition binds an app like this one; `passage` is
    the part that says so."""

    part: str
    standing: Standing
    passage: str


Undetermined: TypeAlias = (
    ServicesUnknown
    | NoService
    | ServiceInOwnWords
    | AskedElsewhere
    | AccountUnsaid
    | PlaceUnsaid
    | AttributeUnknown
    | AttributeTooGeneral
    | DocumentUnclear
    | PassageUnclear
    | DayUnsure
    | PerhapsWithdrawn
    | OnlyNamed
    | ReadingsDisagree
    | ServicePerhapsProhibited
    | ServiceUnplaced
    | TextDayUnsure
    | TextOpen
    | DutyOpen
    | IssueUnknown
    | CalendarUnknown
    | DutyUnclear
)


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that an undetermined verdict rests on: what, what to ask (None: nothing would
    help), the lines, and the categories that hang on it."""

    what: Undetermined
    ask: Question | None
    cites: tuple[Cite, ...]
    categories: tuple[str, ...] = ()
