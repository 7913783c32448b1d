"""What an audit came to: verdicts, the documents wanted most, the conflicts met."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import duckdb

from kb.audit.since import Since
from kb.model.data import Json
from kb.render.audits import ORDER

if TYPE_CHECKING:
    import pandas as pd

COUNTS = {
    "verdicts": "SELECT n.name, count(*) FROM verdict t JOIN name n ON code = t.verdict GROUP BY 1",
    "reasons": "SELECT n.name, count(*) FROM verdict t JOIN name n ON code = t.reason GROUP BY 1",
    "categories": "SELECT x.name || '|' || v.name, count(*)"
    " FROM judged JOIN outcome o USING (sit, x)"
    " JOIN name x ON x.code = o.x JOIN name v ON v.code = verdict_code GROUP BY 1",
    "because": "SELECT x.name || '|' || v.name || '|' || r.name, count(*)"
    " FROM judged JOIN outcome o USING (sit, x) JOIN name x ON x.code = o.x"
    " JOIN name v ON v.code = verdict_code JOIN name r ON r.code = o.reason GROUP BY 1",
    "whole": "SELECT v.name || '|' || r.name, count(*) FROM verdict t"
    " JOIN name v ON v.code = t.verdict JOIN name r ON r.code = t.reason GROUP BY 1",
    "wanted_for": "SELECT need || '|' || x.name, count(*) FROM (SELECT unnest(missing) AS need, x"
    " FROM judged JOIN outcome USING (sit, x)) JOIN name x ON x.code = x GROUP BY 1",
    "wanted_by": "SELECT n.name || '|' || p.name, count(*) FROM duty_wants w"
    " JOIN name n ON n.code = w.n JOIN name p ON p.code = w.p GROUP BY 1",
    "wanted": "SELECT need, count(*) FROM (SELECT unnest(missing) AS need FROM judged"
    " JOIN outcome USING (sit, x) UNION ALL SELECT unnest(missing) FROM verdict) GROUP BY 1",
    "conflicts": "SELECT n.name, count(*) FROM judged JOIN outcome o USING (sit, x)"
    " JOIN name n ON n.code = o.x WHERE conflict GROUP BY 1",
}


class Counts(TypedDict):
    """What a chunk came to, in numbers, as it is kept in JSON; see `Summary` for each."""

    rows: int
    refused: int
    verdicts: dict[str, int]
    reasons: dict[str, int]
    categories: dict[str, int]
    because: dict[str, int]
    whole: dict[str, int]
    wanted_for: dict[str, int]
    wanted_by: dict[str, int]
    wanted: dict[str, int]
    conflicts: dict[str, int]


def tally(database: duckdb.DuckDBPyConnection) -> Counts:
    """What the last chunk came to, in numbers."""
    found: dict[str, dict[str, int]] = {
        name: dict(database.execute(query).fetchall()) for name, query in COUNTS.items()
    }
    [(apps,)] = database.execute("SELECT count(*) FROM chunk").fetchall()
    [(refused,)] = database.execute("SELECT count(DISTINCT row) FROM refused").fetchall()
    return {
        "rows": apps + refused,
        "refused": refused,
        "verdicts": found["verdicts"],
        "reasons": found["reasons"],
        "categories": found["categories"],
        "because": found["because"],
        "whole": found["whole"],
        "wanted_for": found["wanted_for"],
        "wanted_by": found["wanted_by"],
        "wanted": found["wanted"],
        "conflicts": found["conflicts"],
    }


@dataclass(frozen=True, slots=True)
class Run:
    """What an audit was: its input and output, the day asked about, the version of the rules, and
    whether drafts counted."""

    source: str
    output: str
    day: str
    version: str
    drafts: bool


@dataclass
class Summary:
    """Counts over all apps of an audit."""

    rows: int = 0
    """Rows of the input."""
    refused: int = 0
    """Rows that could not be read; they stand in `rejects`."""
    verdicts: Counter[str] = field(default_factory=Counter)
    """Apps by their verdict as a whole."""
    reasons: Counter[str] = field(default_factory=Counter)
    """Apps by the first reason of that verdict."""
    categories: Counter[str] = field(default_factory=Counter)
    """Rows by category and verdict, as `category|verdict`."""
    because: Counter[str] = field(default_factory=Counter)
    """The same with the reason of the verdict, as `category|verdict|reason`."""
    whole: Counter[str] = field(default_factory=Counter)
    """Apps by verdict and first reason, as `verdict|reason`."""
    wanted_for: Counter[str] = field(default_factory=Counter)
    """Missing documents by the category that asks for them, as `need|category`."""
    wanted_by: Counter[str] = field(default_factory=Counter)
    """Missing documents by the duty that asks for them, as `need|part`."""
    wanted: Counter[str] = field(default_factory=Counter)
    """Documents by how often they are missing."""
    conflicts: Counter[str] = field(default_factory=Counter)
    """Categories by how often readings that ask for different documents met."""
    rejects: Path | None = None
    repeated: int = 0
    """Ids that several rows of the input have."""
    repeats: tuple[str, ...] = ()
    """Some of them."""
    run: Run | None = None
    """What was audited, and by what."""
    since: Since | None = None
    """How the verdicts differ from those of an earlier output."""

    def add(self, counts: Counts) -> None:
        """Take the counts of a chunk."""
        self.rows += counts["rows"]
        self.refused += counts["refused"]
        self.verdicts.update(counts["verdicts"])
        self.reasons.update(counts["reasons"])
        self.categories.update(counts["categories"])
        self.because.update(counts["because"])
        self.whole.update(counts["whole"])
        self.wanted_for.update(counts["wanted_for"])
        self.wanted_by.update(counts["wanted_by"])
        self.wanted.update(counts["wanted"])
        self.conflicts.update(counts["conflicts"])

    def by_category(self) -> dict[str, dict[str, int]]:
        """For each category the rows by verdict, those with most rows first."""
        found: dict[str, dict[str, int]] = {}
        for key, count in self.categories.items():
            category, _, verdict = key.partition("|")
            found.setdefault(category, dict.fromkeys(ORDER[:-1], 0))[verdict] = count
        return dict(sorted(found.items(), key=lambda item: (-sum(item[1].values()), item[0])))

    def to_frame(self) -> pd.DataFrame:
        """One row a category, a column a verdict."""
        import pandas as pd

        return pd.DataFrame.from_dict(self.by_category(), orient="index").rename_axis("category")

    def to_dict(self) -> Json:
        """The counts as JSON takes them, the largest first."""
        return {
            "apps": self.rows - self.refused,
            "rejected": self.refused,
            "rejects": str(self.rejects) if self.rejects else None,
            "verdicts": {v: self.verdicts[v] for v in ORDER if self.verdicts[v]},
            "reasons": _largest(self.reasons),
            "categories": self.by_category(),
            "wanted": _largest(self.wanted),
            "conflicts": _largest(self.conflicts),
            "since": self.since.to_dict() if self.since else None,
            "repeated_ids": {"count": self.repeated, "first": list(self.repeats)},
        }


def _largest(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
