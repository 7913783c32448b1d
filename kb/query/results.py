"""What this package answers with: a category as its sources state it, things found, rows.

All of it is ids, days and what facts state, frozen, and without words of ours.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

from kb.base.outlays import OutlayResult
from kb.base.rendered import Rendered
from kb.base.results import Certainty, DocumentNeed, Role, Standing
from kb.lang.syntax import Cite, Column, Row
from kb.model.duty_days import Due
from kb.model.names import Names
from kb.model.requirements import When
from kb.model.schema import How, Label, Precision, Unclear

ONLY = ("accounts", "open_to", "open_when", "regions")
"""What a version says of whom and where it is for, by the keys of facts."""


@dataclass(frozen=True, slots=True)
class ScopeResult:
    """A service that a version is for: surely, `when` a condition is met, or as far as the vague
    passage `unclear` reaches."""

    service: str
    when: str | None
    unclear: str | None
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReferenceResult:
    """A note on other categories, one of which is needed too or instead, for these services and
    these kinds of applicants."""

    role: Role
    categories: tuple[str, ...]
    services: tuple[str, ...]
    cite: Cite
    applicants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedBy:
    """A category whose note names this one."""

    category: str
    role: Role
    cite: Cite


@dataclass(frozen=True, slots=True)
class NotSupported:
    """Services that the platform does not carry; with `only_here`, not under this category."""

    services: tuple[str, ...]
    advice: str
    only_here: bool
    lines: tuple[int, ...]


class Join(StrEnum):
    """How the children of a requirement are joined."""

    ALL = "all_of"
    ANY = "any_of"


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    """Several requirements, all of them or `at_least` so many. `stated` is the number of choices
    that the source announces; with `when` the group is there only if that condition is met;
    `label` is what the source calls it. Of "one or two of these" the two are `up_to`; more than
    `at_most` are not accepted."""

    join: Join
    children: tuple[RequirementNode, ...]
    stated: int | None
    lines: tuple[int, ...]
    when: str | None
    at_least: int = 1
    label: Label | None = None
    up_to: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class RequirementLeaf:
    """A document; with `when` it is there only if that condition is met; `label` is what the
    source calls this branch."""

    document: DocumentNeed
    when: str | None
    label: Label | None = None


RequirementNode: TypeAlias = RequirementGroup | RequirementLeaf
"""The requirement of a version as its source writes it."""


@dataclass(frozen=True, slots=True)
class ShownAlternative:
    """A smallest set of documents that would do, and conditions with whether each must be met."""

    documents: tuple[DocumentNeed, ...]
    when: tuple[When, ...]
    branches: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownVersion:
    """What one source says of a category.

    `begins` and `ends` are the first and the last day that the source's dates may mean, known to
    the `precision` and the `ends_precision`. `requirement` is None where the source names no
    document, says that none is asked for (`none_required`) or that it is told `elsewhere`, and then
    there are no alternatives.
    `accounts` are the kinds of applicants in whose table or complete list it stands (none where
    the source does not say), `open_to` the only ones who may have the category,
    where all of `open_when` (conditions) is met, and `regions` the only places; `only_at` are the
    lines of each of these that has some, with its name.
    `name` is what the text calls the category, where it is not its usual name; `superseded_by` are
    the versions that take its place (those begun by the day, where one is asked about);
    `settled_by` are the papers that are enough whatever each passage of `unclear` means.
    `certainty` says whether the version stands on the day asked about; None when no day is asked
    about, or when it does not stand on it.
    """

    id: str
    source: str
    standing: Standing
    begins: datetime.date
    ends: datetime.date | None
    precision: Precision
    ends_precision: Precision
    change: str | None
    accounts: tuple[str, ...]
    open_to: tuple[str, ...]
    open_when: tuple[str, ...]
    regions: tuple[str, ...]
    services: tuple[ScopeResult, ...]
    how: How | None
    requirement: RequirementNode | None
    none_stated: bool
    alternatives: tuple[ShownAlternative, ...]
    references: tuple[ReferenceResult, ...]
    not_supported: tuple[NotSupported, ...]
    unclear: tuple[Unclear, ...]
    notes: tuple[Label, ...]
    cite: Cite
    certainty: Certainty | None = None
    name: str | None = None
    none_required: bool = False
    elsewhere: bool = False
    withdrawn: bool = False
    time: Due | None = None
    superseded_by: tuple[Cite, ...] = ()
    settled_by: tuple[RequirementNode | None, ...] = ()
    only_at: tuple[tuple[str, Cite], ...] = ()


@dataclass(frozen=True, repr=False)
class ShownCategory(Rendered):
    """A category with its versions, requirement trees and minimal alternatives.

    With a day (`as_of`), `versions` are those that stand on it, and `other_versions` the rest, such
    as earlier, later and draft ones; without, `versions` are all. `outlays` are what it costs and
    how long it takes on that day, or today.
    """

    category: str
    former_names: tuple[str, ...]
    versions: tuple[ShownVersion, ...]
    named_by: tuple[NamedBy, ...]
    as_of: datetime.date | None
    other_versions: tuple[ShownVersion, ...]
    lang: str
    names: Names = field(compare=False)
    outlays: tuple[OutlayResult, ...] = ()


@dataclass(frozen=True, repr=False)
class Hit(Rendered):
    """A thing that was found by its names: its kind, its id, and what it is called."""

    kind: str
    id: str
    zh: str
    en: str


@dataclass(frozen=True, repr=False, eq=False)
class Hits(Rendered, Sequence[Hit]):
    """The things that were found, best first, as a sequence; equal to a list of the same."""

    hits: tuple[Hit, ...]
    lang: str = "zh"

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, at: Any) -> Any:
        return self.hits[at]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self.hits) == list(other)

    __hash__ = None  # type: ignore[assignment]  # equal to lists, which have none


@dataclass(frozen=True, slots=True, repr=False)
class QueryResult:
    """Rows in ids, sorted, with the columns that name them."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        named = ", ".join(column.name for column in self.columns)
        return f"<kb.QueryResult ({named}): {len(self.rows)} rows>"
