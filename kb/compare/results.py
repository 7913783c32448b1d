"""What changed between two days, as data: categories, their versions, requirements, verdicts.

`Difference` is a closed union: whoever shows differences matches all of its members.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from kb.base.exemptions import ExemptionResult
from kb.base.papers import PaperNote
from kb.base.rendered import Rendered
from kb.base.results import Certainty, DocumentNeed, Verdict
from kb.compare.provisions import ProvisionChange
from kb.filing.duty_days import DutyDay
from kb.lang.syntax import Cite
from kb.model.duty_days import Due
from kb.model.names import Names
from kb.model.schema import Label, Role


class Move(StrEnum):
    """Whether something came or went."""

    ADDED = "added"
    DROPPED = "dropped"


class Part(StrEnum):
    """A part of a requirement that can come or go as a whole."""

    DOCUMENT = "document"
    ALTERNATIVE = "alternative"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class PartMoved:
    """A document that is asked for in any case, one of several alternatives, or a whole choice came
    or went. `documents` are the ids in it, `when` the condition under which it is asked for."""

    part: Part
    move: Move
    documents: tuple[str, ...]
    when: str | None = None


@dataclass(frozen=True, slots=True)
class ChoiceBecameAll:
    """Of several `documents` one was enough, now all are asked for."""

    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AllBecameChoice:
    """All of several `documents` were asked for, now one is enough."""

    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionChanged:
    """Something is asked for under another condition; None is without any. `document` is None where
    it is no single document, but the `documents` of a node."""

    document: str | None
    before: str | None
    after: str | None
    documents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HolderChanged:
    """Somebody else must hold a document."""

    document: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CountChanged:
    """More or fewer of a document are asked for."""

    document: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class NumberChanged:
    """There must be as many of a document as another number says (an attribute), or as none."""

    document: str
    before: tuple[str, ...]
    after: tuple[str, ...]


Range: TypeAlias = tuple[int, int | None, int | None]
"""How many of a document: at least, up to, at most."""


@dataclass(frozen=True, slots=True)
class RangeChanged:
    """Another range of a document is asked for, or another limit set."""

    document: str
    before: Range
    after: Range


@dataclass(frozen=True, slots=True)
class ChoiceCountChanged:
    """So many more or fewer of several documents are asked for, or another limit set."""

    documents: tuple[str, ...]
    before: Range
    after: Range


@dataclass(frozen=True, slots=True)
class WordsChanged:
    """A document must contain other words."""

    document: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormChanged:
    """A document is asked for in another form, such as a copy with a seal."""

    document: str
    before: tuple[Label, ...]
    after: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class IssuerChanged:
    """Another authority must have issued a document; None where the source names none."""

    document: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class OptionChanged:
    """Whether a document is optional."""

    document: str
    before: bool
    after: bool


DocumentChange: TypeAlias = (
    HolderChanged
    | CountChanged
    | NumberChanged
    | RangeChanged
    | WordsChanged
    | FormChanged
    | IssuerChanged
    | OptionChanged
)
"""How one document, asked for before and after, is asked for otherwise."""

TreeChange: TypeAlias = (
    PartMoved
    | ChoiceBecameAll
    | AllBecameChoice
    | ChoiceCountChanged
    | ConditionChanged
    | DocumentChange
)
"""One difference between two requirement trees."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """The source calls the category by another name."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class OpenToChanged:
    """The category is open to other kinds of applicants (ids)."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenWhenChanged:
    """The category is open where other conditions (ids) are met."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionsChanged:
    """The category is for apps that serve other places (ids)."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServicesChanged:
    """The category is for other services (ids)."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceConditionsChanged:
    """A service (an id) falls under the category when other conditions (ids) are met."""

    service: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PapersSaidChanged:
    """What the source says of papers at all: that it asks for some (`asked`), that none is needed
    (`none_required`), nothing (`none_stated`), or to ask elsewhere (`elsewhere`)."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ReferencesChanged:
    """Notes of one role lead to other categories (ids), or lead others there."""

    role: Role
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnsupportedChanged:
    """Other services (ids) are not carried."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnclearChanged:
    """The passages that the source leaves open and that the other one did not."""

    before: tuple[Label, ...]
    after: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class ReadingMoved:
    """Of several readings side by side one came or went."""

    move: Move
    cite: Cite


@dataclass(frozen=True, slots=True)
class TimeChanged:
    """Another time is given for what is asked for, or none any more; None is none."""

    before: Due | None
    after: Due | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A text that withdraws the category came or went; `account` is the condition of being one of
    the accounts that it names, if it names some."""

    move: Move
    cite: Cite
    account: str | None


Difference: TypeAlias = (
    TreeChange
    | Renamed
    | OpenToChanged
    | OpenWhenChanged
    | RegionsChanged
    | ServicesChanged
    | ServiceConditionsChanged
    | PapersSaidChanged
    | ReferencesChanged
    | UnsupportedChanged
    | UnclearChanged
    | ReadingMoved
    | TimeChanged
    | Withdrawal
)


class CategoryChangeKind(StrEnum):
    """What became of a category.

    `added`: its text says that it is new, or a complete list of before lacks it; `first_recorded`:
    no text at hand had it before, and whether it was there no source says. `adjusted`: its text
    says that it adjusts an earlier one, which is in no source. `settled`: the same readings stand,
    one of them with another certainty than before. `restated`: another text says the same again.
    """

    ADDED = "added"
    FIRST_RECORDED = "first_recorded"
    ADJUSTED = "adjusted"
    REMOVED = "removed"
    CHANGED = "changed"
    RENAMED = "renamed"
    SETTLED = "settled"
    RESTATED = "restated"


@dataclass(frozen=True, slots=True)
class VersionRef:
    """A reading of a category by its id, whether it surely stands, and its lines."""

    id: str
    certainty: Certainty
    cite: Cite


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """A category (an id) that changed: its readings on the first and on the last day, and what
    differs between them."""

    category: str
    what: CategoryChangeKind
    before: tuple[VersionRef, ...]
    after: tuple[VersionRef, ...]
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Flip:
    """An app (its name) whose verdict differs on the two days.

    `to_provide` is the smallest set of documents that it lacks on the last day; `cannot` are ids of
    categories that it can not complete whatever it provides; `papers` are those of its own that
    are valid on one of the two days alone, `exemptions` those that hold on one of them alone;
    `deadlines` the days in between by which something of its duties was due, or after which one
    ended.
    """

    app: str
    before: Verdict
    after: Verdict
    to_provide: tuple[DocumentNeed, ...]
    cannot: tuple[str, ...]
    papers: tuple[PaperNote, ...] = ()
    deadlines: tuple[DutyDay, ...] = ()
    exemptions: tuple[ExemptionResult, ...] = ()


@dataclass(frozen=True, repr=False)
class Changes(Rendered):
    """What changed between two days, in ISO form.

    `categories` are those that changed, in the order of the facts, `provisions` the duties and
    prohibitions; `apps`, when apps were asked about, those whose verdict flips. Where `folders`
    are named, a source in one of these changed them. `lang` is the language that it is shown in,
    `names` what its ids are called.
    """

    first: str
    last: str
    categories: tuple[CategoryChange, ...]
    apps: tuple[Flip, ...] | None
    lang: str
    names: Names = field(compare=False)
    folders: tuple[str, ...] = ()
    provisions: tuple[ProvisionChange, ...] = ()
