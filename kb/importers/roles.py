"""The account of a cell: every character has exactly one role."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias


class Role(StrEnum):
    """What a character does in the language of requirements."""

    MARKER = "marker"
    OPERATOR = "operator"
    LABEL = "label"
    NAME = "name"
    HOLDER = "holder"
    PARTY = "party"
    COUNT = "count"
    ISSUER = "issuer"
    FIELD = "field"
    WORDS = "words"
    FORM = "form"
    CONDITION = "condition"
    NOTE = "note"
    HOW = "how"
    SCOPE = "scope"
    SERVICE = "service"
    APPLICANT = "applicant"
    REFERENCE = "reference"
    CATEGORY = "category"
    UNSUPPORTED = "unsupported"
    DUTY = "duty"
    FILLER = "filler"
    MARK = "mark"
    BLANK = "blank"
    UNREAD = "unread"


Severity: TypeAlias = Literal["open", "note"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that the reading of a cell leaves open (`open`) or that is only told (`note`)."""

    code: str
    start: int
    end: int
    about: str = ""
    severity: Severity = "open"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a cell and its role."""

    role: Role
    start: int
    end: int


MARKS = frozenset(
    "《》“”\"'‘’()[]<>{}:;,.。、/|+-~·…!?*#_=&%@^`$\\•●◆■▪○★※→—>"
)  # fmt: skip
"""Characters that only part or hold together others."""


class Account:
    """Roles of the characters of one cell, given out once each."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self._roles: list[Role | None] = [None] * len(folded)

    def give(self, role: Role, start: int, end: int) -> None:
        """Give a role to a stretch; marks and blanks in it keep the role of marks and blanks."""
        for at in range(start, end):
            c = self.folded[at]
            assert self._roles[at] is None, f"character {at} has the role {self._roles[at]} already"
            if c.isspace():
                self._roles[at] = Role.BLANK
            elif c in "《》" and role in (Role.NAME, Role.NOTE, Role.WORDS):
                self._roles[at] = Role.MARK
            else:
                self._roles[at] = role

    def free(self, start: int, end: int) -> bool:
        return all(role is None for role in self._roles[start:end])

    def close(self) -> tuple[Role, ...]:
        """All roles: what has none is a blank, a mark, or was not read."""
        for at, role in enumerate(self._roles):
            if role is None:
                c = self.folded[at]
                if c.isspace():
                    self._roles[at] = Role.BLANK
                elif c in MARKS:
                    self._roles[at] = Role.MARK
                else:
                    self._roles[at] = Role.UNREAD
        done = tuple(role for role in self._roles if role is not None)
        assert len(done) == len(self.folded), "a character has no role"
        return done


def disjoint(spans: list[Span]) -> bool:
    """Whether no character is in two of the stretches."""
    taken: set[int] = set()
    for span in spans:
        here = range(span.start, span.end)
        if not taken.isdisjoint(here):
            return False
        taken.update(here)
    return True


def runs(roles: tuple[Role, ...]) -> list[Span]:
    """The roles as stretches of one role each, in the order of the text."""
    found: list[Span] = []
    start = 0
    for at in range(1, len(roles) + 1):
        if at == len(roles) or roles[at] is not roles[start]:
            found.append(Span(roles[start], start, at))
            start = at
    return found
