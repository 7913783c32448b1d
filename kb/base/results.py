"""What all results are made of: verdicts and the like, documents that are asked for, questions.

Results are frozen and hold ids, numbers and what facts state; no words of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from kb.lang.syntax import NOWHERE, Span
from kb.model.requirements import Need
from kb.model.schema import Label


class Word(StrEnum):
    """One of a few words. It is text, and Python shows it as that: `'missing'`."""

    def __repr__(self) -> str:
        return repr(self.value)


class Verdict(Word):
    """What is known of a document, a category, a duty or an app."""

    SATISFIED = "satisfied"
    NONE_REQUIRED = "none_required"
    NONE_STATED = "none_stated"
    MISSING = "missing"
    NOT_OPEN = "not_open"
    PROHIBITED = "prohibited"
    UNDETERMINED = "undetermined"


class Standing(Word):
    """How a text counts."""

    IN_FORCE = "in_force"
    UNOFFICIAL = "unofficial"
    DRAFT = "draft"
    SUPERSEDED = "superseded"


class Certainty(Word):
    """Whether something is so, or only perhaps."""

    SURELY = "surely"
    PERHAPS = "perhaps"


class Role(Word):
    """What a note says of another category: needed too, in this one's place, or recommended."""

    ALSO = "also"
    INSTEAD = "instead"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class DocumentNeed:
    """A document that is asked for: how many, whose, what it states, and what the app has of it.

    `document` and `holder` are ids; `held` and `verdict` are None where no app is held against it.
    `must_state` keeps the order of the source; `lines` are those of its source that ask for it.
    `each` is the role of the parties of each of which it is asked, `parties` are those of the app
    of which it is not known to be in hand. Of "two to three" the three are `up_to`; more than
    `at_most` are not accepted; `as_many_as` is the attribute that says how many there must be, and
    `counted` how many that is for the app, where it says so. `only_if` are the conditions, not
    settled yet, under which alone it is to be provided, each with whether it must be met. `duties`
    are those (their parts) that it keeps, beside what categories ask for.
    """

    document: str
    holder: str = "applicant"
    at_least: int = 1
    held: int | None = None
    must_state: tuple[str, ...] = ()
    verdict: Verdict | None = None
    issuer: str | None = None
    form: tuple[Label, ...] = ()
    note: Label | None = None
    optional: bool = False
    lines: tuple[int, ...] = ()
    each: str | None = None
    parties: tuple[str, ...] = ()
    up_to: int | None = None
    at_most: int | None = None
    only_if: tuple[tuple[str, bool], ...] = ()
    as_many_as: str | None = None
    counted: int | None = None
    duties: tuple[str, ...] = ()

    @property
    def need(self) -> Need:
        """The need that it answers."""
        words = tuple(sorted(self.must_state))
        most = self.at_most or 0
        each, many = self.each or "", self.as_many_as or ""
        known = self.counted or 0
        return Need(self.document, self.holder, self.at_least, words, each, most, many, known)

    @property
    def copies(self) -> int:
        """How many are asked for, as far as it is known."""
        return self.counted or self.at_least

    @property
    def too_many(self) -> bool:
        """Whether more are in hand than are accepted."""
        return 0 < (self.at_most or 0) < (self.held or 0)


@dataclass(frozen=True, slots=True)
class AttributeQuestion:
    """What to find out of an attribute; `values` are the ids that settle what is open."""

    attribute: str
    type: str
    values: tuple[str, ...]
    words: Label


@dataclass(frozen=True, slots=True)
class DocumentQuestion:
    """Whether somebody has a document, or whether it states what it must."""

    need: Need


Question: TypeAlias = AttributeQuestion | DocumentQuestion


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that facts, rules or queries leave to be desired, without words: its `key` is a
    code, with a further word behind a point where a code has several sentences."""

    key: str
    values: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    kind: str = ""
    source: str = ""
    label: Label | None = None
    span: Span = NOWHERE
    severity: str = "warning"

    @property
    def code(self) -> str:
        """What `kb explain` takes."""
        return self.key.partition(".")[0]
