"""The shape of fact files and profiles: pydantic models that know nothing but shape.

What a name refers to is checked in `kb.model.facts`, where all names are known.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    model_validator,
)

from kb.model.shapes import Bound, Hanging, Id, Ids, Lines, Name, in_list

EITHER = "|"
Words: TypeAlias = Name | tuple[Name, ...]
"""Words that a paper must state; a list of them is a choice: one must stand there."""
RANGE = ("up_to", "at_most")
ENDS = {"since": ">=", "above": ">", "until": "<=", "below": "<"}
"""The ends of a range, and how a text writes each."""
Standing: TypeAlias = Literal["in_force", "draft", "superseded", "unofficial"]
Role: TypeAlias = Literal["also", "instead", "advice"]
Precision: TypeAlias = Literal["day", "month", "quarter", "year"]


class Record(BaseModel):
    """A part of a fact file; keys that are not named here are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Label(Record):
    """Words in both languages."""

    zh: Name
    en: Name


class Remark(Label):
    """Something a source says that is shown but not reasoned over."""

    lines: Lines


def composed_id(when: Iterable[str], unless: Iterable[str]) -> str:
    """The id of the condition that all of `when` are met and none of `unless` is; with one of
    `when` alone it is that one's."""
    met, failed = tuple(when), tuple(unless)
    if len(met) == 1 and not failed:
        return met[0]
    return "/".join(("together", *met, *(("without", *failed) if failed else ())))


def composed_of(id: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The conditions that are met and those that are not where a condition is met: the way back
    from `composed_id`.

    >>> composed_of(composed_id(["a", "b"], ["c"])), composed_of("a")
    ((('a', 'b'), ('c',)), (('a',), ()))
    """
    first, *rest = id.split("/")
    if first != "together":
        return (id,), ()
    at = rest.index("without") if "without" in rest else len(rest)
    return tuple(rest[:at]), tuple(rest[at + 1 :])


class Stating(Record):
    """What must stand in a `field` of a paper: one of `words`, or a value between ends (`since`
    that value or more, `until` it or less, `above` more, `below` less)."""

    field: Id
    words: Annotated[
        tuple[Name, ...],
        BeforeValidator(in_list, json_schema_input_type=Name | tuple[Name, ...]),
    ] = ()
    since: Bound = ""
    until: Bound = ""
    above: Bound = ""
    below: Bound = ""

    @model_validator(mode="after")
    def _one_way(self) -> Stating:
        if bool(self.words) == bool(self.ends):
            raise ValueError("give `words`, or ends of a range such as `since`")
        if (self.since and self.above) or (self.until and self.below):
            raise ValueError("of `since` and `above`, and of `until` and `below`, give one")
        return self

    @property
    def ends(self) -> dict[str, str]:
        """The ends that are given, by their keys."""
        return {key: end for key in ENDS if (end := getattr(self, key))}

    @property
    def texts(self) -> tuple[str, ...]:
        """It as texts, one for each end: `field: a|b`, `field >= 5` (see `kb.model.stating`)."""
        if self.words:
            return (f"{self.field}: {EITHER.join(self.words)}",)
        return tuple(f"{self.field} {ENDS[key]} {end}" for key, end in self.ends.items())


def _shape(value: Any) -> str:
    listed = isinstance(value, list | tuple)
    return "<text>" if isinstance(value, str) else "<list>" if listed else "<record>"


Wanted: TypeAlias = Annotated[
    Annotated[Name, Tag("<text>")]
    | Annotated[tuple[Name, ...], Tag("<list>")]
    | Annotated[Stating, Tag("<record>")],
    Discriminator(_shape),
]
"""What a paper must state, told apart by its shape, so that what is wrong is told once."""


class Node(Record):
    """A requirement: `all_of`, `any_of` or a `document`. `at_least` of an `any_of` asks for so many
    of its children (k of n); of "one or two of these" the two are `up_to`, and a limit `at_most`
    is of different documents. `label` is what the source calls this branch; `unclear` names a
    passage that leaves open what this node asks for.

    A node with `when` is only there when all of these conditions are met, with `unless` only where
    none of those is: an absent child of `all_of` asks for nothing, an absent child of `any_of`
    offers nothing. `stated` is the number of choices that the source announces. `each` names the
    role of parties of each of which the document is asked. Of a document asked for as "two to
    three" the three are `up_to`, and more do no harm; more than `at_most` are not accepted. Of one
    for each institution there are `as_many_as` a number attribute says, and no fewer than
    `at_least`.
    """

    all_of: tuple[Node, ...] | None = None
    any_of: tuple[Node, ...] | None = None
    stated: Annotated[int, Field(ge=1)] | None = None
    document: Id | None = None
    # decision: asked-of-the-applicant
    holder: Id = "applicant"
    at_least: Annotated[int, Field(ge=1, le=1000)] = 1
    up_to: Annotated[int, Field(ge=1, le=1000)] | None = None
    at_most: Annotated[int, Field(ge=1, le=1000)] | None = None
    as_many_as: Id | None = None
    must_state: tuple[Wanted, ...] = ()
    each: Id | None = None
    form: tuple[Label, ...] = ()
    issuer: Id | None = None
    optional: bool = False
    when: Hanging = ()
    unless: Hanging = ()
    unclear: Id | None = None
    label: Label | None = None
    note: Label | None = None
    lines: Lines = ()

    @property
    def condition(self) -> str | None:
        """The condition that the node hangs on, if any."""
        return composed_id(self.when, self.unless) if self.when or self.unless else None

    @property
    def words(self) -> tuple[str, ...]:
        """`must_state` as texts: each choice as one (`a|b`), and what stands in a field."""
        return tuple(text for stated in self.must_state for text in _texts(stated))

    @model_validator(mode="after")
    def _one_kind(self) -> Node:
        kinds = [self.all_of is not None, self.any_of is not None, self.document is not None]
        if sum(kinds) != 1:
            raise ValueError("give one of `all_of`, `any_of` and `document`")
        if self.all_of == () or self.any_of == ():
            raise ValueError("a choice or a list of documents can not be empty")
        if self.document is None:
            extra = {"holder", "must_state", "each", "as_many_as", "form", "issuer", "optional"}
            extra |= set() if self.any_of else {"at_least", *RANGE}
            wrong = sorted(extra & self.model_fields_set)
            if wrong:
                raise ValueError(f"`{wrong[0]}` belongs to a document")
        for key in ("at_least", *RANGE) if self.any_of is not None else ():
            if (getattr(self, key) or 0) > len(self.any_of or ()):
                raise ValueError(f"`{key}` asks for more than there are")
        if self.stated is not None and self.any_of is None:
            raise ValueError("`stated` belongs to `any_of`")
        return self

    @property
    def children(self) -> tuple[Node, ...]:
        return self.all_of or self.any_of or ()


def _texts(stated: Words | Stating) -> tuple[str, ...]:
    if isinstance(stated, Stating):
        return stated.texts
    return (stated if isinstance(stated, str) else EITHER.join(stated),)


class Scope(Record):
    """A service that falls under a category: surely, where all of `when` are met and none of
    `unless` is, or as far as vague wording reaches (`unclear` names the passage)."""

    service: Id
    when: Hanging = ()
    unless: Hanging = ()
    unclear: Id | None = None
    lines: Lines

    @property
    def condition(self) -> str | None:
        """The condition that it hangs on, if any."""
        return composed_id(self.when, self.unless) if self.when or self.unless else None


class Unclear(Label):
    """A passage that leaves open what is asked for, or of whom.

    A scope or a node that it is about names it; else it is about the whole version. It leaves
    something open only where all of `when` are met and none of `unless` can be, and, with
    `outside_seat`, only for applicants that serve another place than their own. `asks`: it is open
    only whether `more` is asked for than stands here, or whether `less` would do. Whoever has the
    papers of `settled_by` has enough whatever the passage means.
    """

    id: Id
    when: Ids = ()
    unless: Ids = ()
    outside_seat: bool = False
    asks: Literal["more", "less"] | None = None
    settled_by: Node | None = None
    lines: Lines


Want: TypeAlias = Literal[
    "amounts", "age", "renewal", "same_place", "later_papers", "season", "conduct"
]
"""What the model can not express yet: a value that a document must state, how old it may be, how
often it is handed in anew, that papers are of one place, what is handed in later, that it is asked
for in a season of every year, how to behave."""


class Beyond(Unclear):
    """A passage that says clearly what this model can not express yet (`wants`).

    What it `bears_on`: the `papers` asked for, so that a complete set may still lack something, or
    only what comes `later`, which opens nothing today. It is told like a passage that leaves
    something open, and told apart from one.
    """

    wants: Want
    bears_on: Literal["papers", "later"] = "papers"
    asks: Literal["more", "less"] | None = "more"


class Reference(Record):
    """What a note says of other categories: they are needed too (`also`), or in this one's place
    (`instead`), or are recommended (`advice`), when the app offers one of `services` or the
    applicant is one of `applicants`. With several categories, one of them."""

    role: Role
    services: Ids = ()
    applicants: Ids = ()
    categories: Ids = Field(min_length=1)
    lines: Lines

    @model_validator(mode="after")
    def _whom(self) -> Reference:
        if not self.services and not self.applicants:
            raise ValueError("give `services` or `applicants`")
        return self


class Unsupported(Record):
    """Services that the platform does not carry; with `only_here`, not under this category."""

    services: Ids = Field(min_length=1)
    advice: Literal["remove", "adjust", "none"] = "none"
    only_here: bool = False
    lines: Lines


class How(Record):
    """How to apply for a category."""

    way: Literal["online", "by_email"]
    address: str = ""
    title: str = ""
    remark: Label | None = None
    lines: Lines


class Begins(Record):
    """A date with its precision: `2025-03-31` with precision `quarter` is some day of that
    quarter."""

    date: datetime.date
    precision: Precision = "day"


class Source(Label):
    """A source document.

    `seen` is the day of a sighting, for a text of which no first day is known: it counts from then
    on. `address` is where it can be read on the web. `complete_for` names the kinds of applicants
    of whose categories it is the complete list.
    """

    id: Id
    publisher: Label
    date: datetime.date
    standing: Standing
    jurisdiction: Id
    platform: Id | None = None
    begins: Begins | None = None
    seen: datetime.date | None = None
    ends: Begins | None = None
    address: Annotated[str, StringConstraints(pattern=r"^(https?://\S+)?$")] = ""
    complete_for: Ids = ()
    line_count: Annotated[int, Field(ge=1)]
    excerpt: bool = False
    notes: tuple[Remark, ...] = ()
