"""The shape of what one source says of one category, or that it takes the category away."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from kb.model.duty_days import Due
from kb.model.schema import (
    Begins,
    Beyond,
    How,
    Node,
    Reference,
    Remark,
    Scope,
    Unclear,
    Unsupported,
)
from kb.model.shapes import Id, Ids, Lines

WITHDRAWS = frozenset(
    (
        *("category", "reading", "name", "locator", "lines", "notes", "withdrawn", "unclear"),
        *("begins", "accounts", "accounts_lines", "due", "grace", "deadline"),
    )
)
"""Keys of a text that takes a category away."""


class Version(Due):
    """What one source says of one category. Two of a source for one category are two readings.

    `accounts` are the kinds of applicants whose table it stands in: it binds no others. `open_to`
    are the only ones who may have the category, where all of `open_when` is met; `regions` the only
    places that it may serve. It begins with its source, or on a day of its own (`begins`). One that
    says `withdrawn` takes the category away from whom it binds and says nothing else. Until the day
    that `due`, `grace` or `deadline` give, an app that has that time need not have its papers, or
    keeps what is withdrawn.
    """

    category: Id
    reading: str = ""
    name: str = ""
    locator: str = ""
    lines: Lines
    change: Literal["added", "adjusted"] | None = None
    begins: Begins | None = None
    accounts: Ids = ()
    accounts_lines: Lines = ()
    open_to: Ids = ()
    open_to_lines: Lines = ()
    open_when: Ids = ()
    open_when_lines: Lines = ()
    regions: Ids = ()
    regions_lines: Lines = ()
    how: How | None = None
    scope: tuple[Scope, ...] = ()
    requirement: Node | None = None
    none_stated: bool = False
    none_required: bool = False
    elsewhere: bool = False
    withdrawn: bool = False
    references: tuple[Reference, ...] = ()
    unsupported: tuple[Unsupported, ...] = ()
    unclear: tuple[Unclear, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    notes: tuple[Remark, ...] = ()

    @model_validator(mode="after")
    def _stated_or_not(self) -> Version:
        if self.withdrawn:
            return self._withdrawn()
        said = self.requirement is not None, self.none_stated, self.none_required, self.elsewhere
        if sum(said) != 1:
            raise ValueError(
                "give one of `requirement`, `none_stated: true` where no document is named, "
                "`none_required: true` where the source says that none is asked for, "
                "`elsewhere: true` where the papers are asked for in another place, and "
                "`withdrawn: true` where it takes the category away"
            )
        return self

    def _withdrawn(self) -> Version:
        other = sorted(key for key in self.model_fields_set - WITHDRAWS if getattr(self, key))
        if other:
            raise ValueError(f"a text that takes a category away has no `{other[0]}`")
        return self
