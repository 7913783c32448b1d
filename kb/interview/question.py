"""Questions of an interview, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, TypeAlias

from kb.base.rendered import Rendered
from kb.interview.option_tree import MOST_LISTED, OptionTree, option_trees, screen
from kb.interview.parties import OWN, subject_of
from kb.model.names import Names, Term
from kb.model.requirements import Need
from kb.model.schema import Label
from kb.model.terms import Attribute
from kb.model.vocabulary import Vocabulary, values


@dataclass(frozen=True, slots=True)
class AboutAttribute:
    """What an attribute of the app is: its id, the type of its values (as in the vocabulary), the
    question as the vocabulary words it, and what may be answered (no `options` for days and
    numbers)."""

    attribute: str
    type: str
    words: Label
    options: tuple[Term, ...] = ()
    trees: tuple[OptionTree, ...] = field(default=(), compare=False, repr=False)
    """The options as a tree, where they are listed at all: services are told in own words."""

    @classmethod
    def of(cls, vocabulary: Vocabulary, attribute: Attribute) -> AboutAttribute:
        """What to ask of an attribute."""
        options = tuple(values(vocabulary, attribute).values())
        trees: tuple[OptionTree, ...] = ()
        if attribute.id != "services":
            many = len(options) > MOST_LISTED
            above = vocabulary.above if many else lambda _: ()
            trees = option_trees(options, above, attribute.first if many else ())
        return cls(attribute.id, attribute.type, attribute.asked, options, trees)

    @property
    def kind(self) -> str:
        """`services` or `attribute`."""
        return "services" if self.attribute == "services" else "attribute"

    @property
    def subject(self) -> str:
        """The id of the attribute."""
        return self.attribute


@dataclass(frozen=True, slots=True)
class _Open:
    """What is answered in one's own words or numbers: nothing is offered to choose from."""

    options: ClassVar[tuple[Term, ...]] = ()
    trees: ClassVar[tuple[OptionTree, ...]] = ()


@dataclass(frozen=True, slots=True)
class _OfNeed(_Open):
    need: Need

    @property
    def subject(self) -> str:
        """The id of the need."""
        return self.need.id


@dataclass(frozen=True, slots=True)
class AboutDocument(_OfNeed):
    """How many copies are in hand of what a need asks for."""

    kind: ClassVar[str] = "document"
    type: ClassVar[str] = "count"


@dataclass(frozen=True, slots=True)
class AboutDay(_OfNeed):
    """A day of a paper in hand, which answers a need: on which it was issued, from which or until
    which it is valid; `kind` is the key of the day in a profile."""

    kind: str
    type: ClassVar[str] = "day"


@dataclass(frozen=True, slots=True)
class AboutParties(_Open):
    """Who is in the app in a role."""

    kind: ClassVar[str] = "parties"
    type: ClassVar[str] = "names"
    role: str

    @property
    def subject(self) -> str:
        """The id of the role, a holder."""
        return self.role


@dataclass(frozen=True, slots=True)
class AboutPartyDocument:
    """Whether what a need asks for is there of a party, or with it."""

    kind: ClassVar[str] = "party_document"
    type: ClassVar[str] = "flag"
    options: ClassVar[tuple[Term, ...]] = (
        Term("value", "yes", "有", "yes"),
        Term("value", "no", "没有", "no"),
    )
    trees: ClassVar[tuple[OptionTree, ...]] = option_trees(options, lambda _: ())
    need: Need
    party: str

    @property
    def subject(self) -> str:
        """The id of the need and the party, as one text."""
        return subject_of(self.need, self.party)

    @property
    def own(self) -> bool:
        """Whether it is a paper of the party itself; else one with it."""
        return self.need.holder != OWN


About: TypeAlias = AboutAttribute | AboutDocument | AboutDay | AboutParties | AboutPartyDocument
"""What a question is about. `kind` and `subject` name it in saved interviews."""


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a question is asked: the categories, the texts and their parts whose verdict rests on it
    as far as it is known, and the conditions that it decides. All ids, sorted."""

    categories: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Question(Rendered):
    """A question of an interview. `str()` gives it in words, with what may be answered.

    `lang` is the language that it is shown in, `names` what its ids are called.
    """

    about: About
    lang: str
    names: Names = field(compare=False)

    @property
    def kind(self) -> str:
        """`services`, `attribute`, `document`, `issued`, `valid_from`, `valid_until`, `parties` or
        `party_document`."""
        return self.about.kind

    @property
    def subject(self) -> str:
        """The id of the attribute, of the need (with the party), or of the role of parties."""
        return self.about.subject

    @property
    def type(self) -> str:
        """The type of the answer: that of the attribute, `count`, or `names` of parties."""
        return self.about.type

    @property
    def options(self) -> tuple[Term, ...]:
        """What may be answered; empty for days, numbers and counts."""
        return self.about.options

    @property
    def listed(self) -> tuple[OptionTree, ...]:
        """The options that are shown first, ten at most: `opened` gives those behind one."""
        return screen(self.about.trees)

    @property
    def several(self) -> bool:
        """Whether several of the options may be answered together."""
        return self.type == "choices"
