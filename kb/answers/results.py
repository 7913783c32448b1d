"""The parts of an answer, as data: categories, alternatives, duties, conflicts, what stays open.

Every part is frozen and holds ids, numbers, verdicts, and what facts state in both languages; its
words are made by `kb.render`. Notes and open points are closed unions: `Note` and `Undetermined`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from kb.answers.other_days import OtherDay
from kb.base.bans import InVain
from kb.base.results import AttributeQuestion, DocumentNeed, Standing, Verdict
from kb.filing.duty_days import DutyDay
from kb.lang.syntax import Cite
from kb.model.requirements import Need, When
from kb.model.schema import How, Label, Remark, Unclear
from kb.provenance.proof import Proof
from kb.query.results import ReferenceResult, RequirementNode


@dataclass(frozen=True, slots=True)
class ConditionState:
    """A condition on which an alternative hangs: `must_be_met` or not, and what is known of it
    (`unknown` when the profile does not settle it)."""

    condition: str
    unknown: bool
    must_be_met: bool


@dataclass(frozen=True, slots=True)
class AlternativeResult:
    """One of the sets of documents that would do; `usable` is None when a condition is open.

    `branches` are what the source calls the branches of its requirement that this is taken from.
    """

    id: str
    usable: bool | None
    documents: tuple[DocumentNeed, ...]
    conditions: tuple[ConditionState, ...] = ()
    branches: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class OnlyOpenTo:
    """The category is open only where a condition is met, and here it is not, or that is open;
    `cite` are the lines of this "only"."""

    condition: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class OneOfSeveral:
    """One of several `categories` is enough, and this is one of them; `done`: one of them is as it
    must be."""

    categories: tuple[str, ...]
    done: bool


@dataclass(frozen=True, slots=True)
class NamedOnly:
    """The category is named by others; no source says what it asks for, or on other days only."""

    days: tuple[OtherDay, ...] = ()


@dataclass(frozen=True, slots=True)
class NoDocumentNamed:
    """The source names no document, which does not say that none is needed."""


@dataclass(frozen=True, slots=True)
class SourceSays:
    """Something that a source says, or leaves open, shown as it is."""

    remark: Remark | Unclear


@dataclass(frozen=True, slots=True)
class NoDocumentRequired:
    """The source says that no document is asked for."""


@dataclass(frozen=True, slots=True)
class OpenToAccounts:
    """The category is in the texts for other accounts or places only: `condition` tells which."""

    condition: str
    cite: Cite


@dataclass(frozen=True, slots=True)
class EachWayForOthers:
    """No set of documents is for the app: each hangs on one of these conditions (with whether it
    must be met), and here none is as it must be."""

    conditions: tuple[When, ...]


@dataclass(frozen=True, slots=True)
class NotListed:
    """The list that is complete for the app's account does not have the category."""

    source: str


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A text has taken the category away from the app, from some day between two (day numbers)."""

    first: int
    last: int
    cite: Cite


@dataclass(frozen=True, slots=True)
class TimeUntil:
    """There is time until a day (a day number) for what a text asks for anew: these documents are
    not in hand yet."""

    day: int
    documents: tuple[DocumentNeed, ...]
    cite: Cite


@dataclass(frozen=True, slots=True)
class CountedAsDifferent:
    """Several of a document are asked for, and the profile gives a count alone: it is taken for
    that many different ones."""

    document: str
    holder: str


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exemption of the app stands for what the category asks for."""


Note: TypeAlias = (
    OnlyOpenTo
    | OneOfSeveral
    | NamedOnly
    | NoDocumentNamed
    | NoDocumentRequired
    | OpenToAccounts
    | EachWayForOthers
    | NotListed
    | Withdrawn
    | TimeUntil
    | CountedAsDifferent
    | Exempted
    | InVain
    | SourceSays
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """What another set of documents has (`takes`) in place of some of this one (`leaves`)."""

    takes: tuple[Need, ...]
    leaves: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """How the documents to provide stand among other sets that would do as well.

    `equals` counts the other sets that are as small (`more` when there may be further ones).
    `doubtful` when it is open whether this set may be used at all; then `equals` says nothing of
    which of them may be. `others` are the first of them.
    """

    equals: int = 0
    more: bool = False
    doubtful: bool = False
    others: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class StatedRequirement:
    """The requirement of a reading as its source writes it, with the number of its smallest sets
    of documents."""

    cite: Cite
    tree: RequirementNode
    alternatives: int


@dataclass(frozen=True, slots=True)
class SourceRemark:
    """Something that a source says of itself, such as its grounds or how far it goes."""

    source: str
    remark: Remark


@dataclass(frozen=True, slots=True)
class Assumption:
    """Who applies is not said, and texts that name no accounts count as for `condition`: the
    `categories` that rest on it, and what would tell (None: nothing that can be answered). With
    `of`, an attribute that is not said, or too generally, it is taken for granted that these
    categories take in a service of the app, which hangs on it."""

    condition: str
    categories: tuple[str, ...]
    ask: AttributeQuestion | None
    of: str = ""


@dataclass(frozen=True, slots=True)
class DraftCategory:
    """What a draft says of a category and the services of the app that it names; no verdict hangs
    on it. `forbids` are those of them that the platform would not carry, `sends` its notes that
    lead the app to other categories. Where it names no service it tells what a category asks for
    to which a note leads."""

    category: str
    services: tuple[str, ...]
    forbids: tuple[str, ...]
    requirement: RequirementNode | None
    cite: Cite
    sends: tuple[ReferenceResult, ...] = ()


@dataclass(frozen=True, slots=True)
class CategoryResult:
    """What one category asks of the app.

    `why` proves that the category bears on the app (found when somebody looks); `cites` are the
    lines of its readings; `missing` is what the cheapest alternative still lacks; `how` says how to
    apply where a source does; `name` is what the text in force calls the category, where it is not
    its usual name.
    `ways` says how `missing` stands among other sets; `requirements` are what the readings ask for.

    Of a category that is not open to the app, sets that it can not use are not among
    `alternatives`.
    """

    category: str
    verdict: Verdict
    why: Sequence[Proof]
    cites: tuple[Cite, ...]
    alternatives: tuple[AlternativeResult, ...]
    missing: tuple[DocumentNeed, ...]
    how: How | None = None
    notes: tuple[Note, ...] = ()
    name: str | None = None
    ways: Ways = Ways()
    requirements: tuple[StatedRequirement, ...] = ()


@dataclass(frozen=True, slots=True)
class BundleResult:
    """The smallest set of documents over all categories that are surely needed.

    `optimal` when it is proven to be; `alternatives` are those that it was picked from; `cannot`
    are the categories that this app can not complete, `unknown` those of which no source at hand
    tells what they ask for: with one of these nothing is proven. `equals` counts other sets that
    are as small (`more` when there may be further ones), and `doubtful` are the categories of which
    it is open whether the alternative picked here may be used. `others` are the first of the other
    sets, by what they have in place of this one's documents.
    """

    documents: tuple[DocumentNeed, ...] = ()
    optimal: bool = True
    alternatives: tuple[str, ...] = ()
    cannot: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    equals: int = 0
    more: bool = False
    doubtful: tuple[str, ...] = ()
    others: tuple[Exchange, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceProhibited:
    """A service that the platform does not carry."""

    service: str
    standing: Standing
    advice: str
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """What follows when a duty or a prohibition is not kept: by whom, after what, by when."""

    part: str
    kind: str
    by: tuple[str, ...]
    after: str | None
    deadline: Label | None
    cite: Cite


@dataclass(frozen=True, slots=True)
class TextProhibits:
    """A prohibition of a text that the app violates."""

    part: str
    standing: Standing
    bearer: str
    breach: tuple[Breach, ...]
    note: Label | None
    cites: tuple[Cite, ...]


Prohibited: TypeAlias = ServiceProhibited | TextProhibits


@dataclass(frozen=True, slots=True)
class MetByDocument:
    """A duty is met by a document of a holder."""

    document: str
    holder: str


@dataclass(frozen=True, slots=True)
class MetByPractice:
    """A duty is met by what the profile declares."""

    attribute: str


MetBy: TypeAlias = MetByDocument | MetByPractice


@dataclass(frozen=True, slots=True)
class ObligationResult:
    """A duty of the app's own side, whether it is met, and its days: one that is not due yet is
    satisfied and `not_yet_due`, and `days` tells until when, where the calendar does."""

    part: str
    verdict: Verdict
    standing: Standing
    bearer: str
    met_by: tuple[MetBy, ...]
    breach: tuple[Breach, ...]
    note: Label | None
    cites: tuple[Cite, ...]
    days: tuple[DutyDay, ...] = ()
    not_yet_due: bool = False


@dataclass(frozen=True, slots=True)
class GapResult:
    """A heading that an excerpt leaves without text."""

    source: str
    what: Label
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TextResult:
    """A text beyond categories: whether it applies (None: perhaps), and what would tell.

    `perhaps_forbids` are its prohibitions of what the app does, where it is open whether they are
    meant for it and no verdict hangs on that.
    """

    source: str
    standing: Standing
    excerpt: bool
    applies: bool | None
    ask: tuple[AttributeQuestion, ...] = ()
    gaps: tuple[GapResult, ...] = ()
    perhaps_forbids: tuple[TextProhibits, ...] = ()


@dataclass(frozen=True, slots=True)
class RivalReading:
    """One of the readings in conflict, with the verdict that it comes to alone."""

    cite: Cite
    verdict: Verdict
    missing: tuple[DocumentNeed, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A category whose readings ask for different documents."""

    category: str
    readings: tuple[RivalReading, ...]
