"""A row of a table of categories: what every reader ends in and all later stages start from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Change: TypeAlias = Literal["added", "adjusted", "withdrawn"]
State: TypeAlias = Literal["text", "none_required", "none_stated", "merged"]
COLUMNS = ("papers", "scope", "remark")
"""The cells of a row that are read as language."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a cell stands in the file it came from."""

    file: str
    row: int
    column: str

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}, {self.column}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A text and its address; `lines` are its lines in the frozen text, once there is one."""

    text: str
    address: Address
    lines: tuple[int, int] | None = None

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Row:
    """One category of one kind of account, as a source lists it."""

    number: int
    first: str
    second: str
    account: str
    papers: Cell
    scope: Cell
    remark: Cell
    platform: str = "wechat"
    thirds: tuple[str, ...] = ()
    state: State = "text"
    change: Change | None = None
    before: Cell | None = None
    name_line: int | None = None
    optional: tuple[str, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.first}-{self.second}" if self.second else self.first

    def cells(self) -> tuple[Cell, ...]:
        return self.papers, self.scope, self.remark


NONE_WORDS = frozenset(
    {"/", "无", "無", "不需要", "无需", "无需资质", "无需提供", "暂无", "免资质"}
)
"""A cell of papers that says that none is asked for."""


def state_of(papers: str, given: str = "") -> State:
    """What a cell of papers says before its language is read.

    >>> state_of("/"), state_of(""), state_of("营业执照")
    ('none_required', 'none_stated', 'text')
    """
    if given == "merged":
        return "merged"
    bare = papers.strip().strip("。.")
    if bare in NONE_WORDS or (not bare and given == "none"):
        return "none_required"
    if not bare or not any(c.isalnum() for c in bare):
        return "none_stated"
    return "text"
