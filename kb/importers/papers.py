"""One paper that is asked for, and what was said before it in the same branch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from kb.importers import words
from kb.importers.text import key
from kb.importers.marks import Mark
from kb.importers.text import Finding, Span


@dataclass
class Paper:
    """A paper that is asked for."""

    name: str
    start: int
    end: int
    titled: bool = False
    holder: str = "applicant"
    own_holder: bool = False
    at_least: int = 1
    counted: bool = False
    must: list[tuple[str, ...]] = field(default_factory=list)
    form: list[str] = field(default_factory=list)
    issuer: str = ""
    of: str = ""
    label: str = ""
    optional: bool = False
    notes: list[str] = field(default_factory=list)
    or_applicant: bool = False
    instead: list[tuple[int, int]] = field(default_factory=list)
    for_all: list[Mark] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def party(self) -> str:
        """The other side that an agreement or authorisation names."""
        agreed = words.AGREEMENT.search(key(self.name)) or words.GIVEN.search(key(self.name))
        return self.of if agreed or "授权" in self.name or "协议" in self.name else ""

    def add(self, mark: Mark) -> None:
        """Takes over what a bracket or clause says."""
        self.must += mark.must
        self.form += mark.form
        self.notes += mark.notes
        self.issuer = self.issuer or mark.issuer
        self.label = self.label or mark.label
        if mark.count:
            self.at_least, self.counted = mark.count, True
        if mark.instead:
            self.instead.append(mark.instead)
        self.findings += mark.findings


@dataclass(frozen=True)
class Context:
    """What was said before in the same branch: its label, and the parties named in it."""

    label: str = ""
    parties: tuple[str, ...] = ()
    owners: tuple[tuple[str, str], ...] = ()
    known: Callable[[str], bool] = lambda _: False
