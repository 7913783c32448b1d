"""The shape of vocabulary entries: terms, attributes, and conditions with their tests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kb.model.schema import Label, Record
from kb.model.shapes import Bound, Id, Ids, Name


class Named(Label):
    """An entry of a vocabulary. `former` are names of the past, `aliases` other names of today.

    `seat` is the place where an applicant of this kind has its seat, or the country of a platform.
    """

    id: Id
    aliases: tuple[Name, ...] = ()
    former: tuple[Name, ...] = ()
    kind_of: Ids = ()
    may_also_be: Ids = ()
    seat: Id | None = None


class Category(Named):
    """A service category; its full name is its group's label, a hyphen, its own label."""

    group: Id


class Test(Record):
    """One thing that a condition looks at: an attribute, and the values for which it is met.

    `any_of`: one of the app's values is among these (or a kind of them); `all_of`: each of the
    app's values is; with `several` two of its values are; `unsure`: of these the source does not
    say. For days and numbers: `since` (that day or later), `until` (that day or earlier), `above`
    and `below` (that one itself is not within), and `unsure_since`/`unsure_until` for the stretch
    that the source leaves open. Days may move with the day asked: `6 months ago`, `in 30 days`.
    """

    attribute: Id
    any_of: Ids = ()
    all_of: Ids = ()
    unsure: Ids = ()
    since: Bound = ""
    until: Bound = ""
    above: Bound = ""
    below: Bound = ""
    unsure_since: Bound = ""
    unsure_until: Bound = ""
    several: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Test:
        ends = bool(self.since or self.until or self.above or self.below)
        ways = [bool(self.any_of), bool(self.all_of), ends]
        if sum(ways) != 1:
            raise ValueError("give one of `any_of`, `all_of` and `since`/`until`")
        if (self.since and self.above) or (self.until and self.below):
            raise ValueError("of `since` and `above`, and of `until` and `below`, give one")
        return self


class Over(Record):
    """How a number is reckoned over the apps of one entity: it counts the `apps` for which all
    `tests` are met, or sums what these state of another number."""

    count: Literal["apps"] | None = None
    sum: Id = ""
    tests: tuple[Test, ...] = ()

    @model_validator(mode="after")
    def _one_way(self) -> Over:
        if bool(self.count) == bool(self.sum):
            raise ValueError("give one of `count` and `sum`")
        return self


class Attribute(Named):
    """Something a profile may state about an app. `choice` takes one of `values`, `choices`
    several, `day` a date, `number` a number (of its `unit`) with so many `decimals`, `flag` yes or
    no. Of many values those of `first` are listed, the others under them. With `of`, a holder, its
    values are the kinds of applicants that the parties in that role are; `each`: of all who
    apply. A number with `over` is reckoned over the apps of one entity."""

    type: Literal["choice", "choices", "day", "number", "flag"]
    values: tuple[Named, ...] = ()
    vocabulary: str = ""
    unit: Label | None = None
    decimals: Annotated[int, Field(ge=0, le=6)] = 0
    first: Ids = ()
    of: Id = ""
    over: Over | None = None
    question: Label
    cost: int = 1

    @model_validator(mode="after")
    def _of_numbers(self) -> Attribute:
        if self.decimals and self.type != "number":
            raise ValueError("`decimals` belong to a number")
        if self.of and (self.type, self.vocabulary) != ("choices", "applicant"):
            raise ValueError("`of` belongs to `type: choices` with `vocabulary: applicant`")
        if self.over and self.type != "number":
            raise ValueError("`over` belongs to a number")
        if self.over and self.over.count and self.decimals:
            raise ValueError("what counts apps has no `decimals`")
        return self

    @property
    def asked(self) -> Label:
        """The question, with the unit where there is one."""
        if self.unit is None:
            return self.question
        zh, en = f"{self.question.zh}(单位:{self.unit.zh})", f"{self.question.en} ({self.unit.en})"
        return Label(zh=zh, en=en)


class PaperField(Named):
    """A field of papers, in which `words` stand, or a `number` (of its `unit`), a `day` or a
    `place`. What is called like a day of documents in hand (`valid_until`) is that day too. A
    paper has one number, day or place; of words in a `single` field one as well."""

    type: Literal["words", "number", "day", "place"] = "words"
    unit: Label | None = None
    single: bool = False


class Condition(Named):
    """Met when all its tests are met, and all of the conditions `when`, one of `any_of` and none of
    `unless`; each of the four may be left out, not all."""

    tests: tuple[Test, ...] = ()
    when: Ids = ()
    any_of: Ids = ()
    unless: Ids = ()

    @model_validator(mode="after")
    def _something(self) -> Condition:
        if not (self.tests or self.when or self.any_of or self.unless):
            raise ValueError("give `tests`, or conditions under `when`, `any_of` or `unless`")
        return self
