"""One import: rows in, a folder of drafts out, with an account of every character."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kb.importers.draft import Draft, Drafter
from kb.importers.grammar import VERSION
from kb.importers.names import Known, Resolver
from kb.importers.requirements import ReadRow, marked_open
from kb.importers.rows import Frozen, Row, bad, freeze
from kb.importers.scope import ScopeReading, read_scope
from kb.importers.text import Finding, Role, cell_key, key
from kb.importers.tree import CellReading, read_papers
from kb.lang.statements import parse_lines
from kb.model.data import Json
from kb.render.imports import UNSAID, message


@dataclass(frozen=True)
class Options:
    """What a person says about a source when importing it."""

    source: str
    title: str = ""
    publisher: str = ""
    platform: str = "wechat"
    jurisdiction: str = "CN"
    date: str = ""
    seen: str = ""
    complete: bool = True


@dataclass
class Import:
    """All that an import makes, before it is written."""

    options: Options
    rows: list[Row]
    reads: list[ReadRow]
    frozen: Frozen
    draft: Draft
    known: Known
    resolver: Resolver
    cards: list[Card] = field(default_factory=list)

    def drafted(self) -> list[tuple[ReadRow, Json]]:
        """The rows that are drafted, each with its version."""
        return list(zip(self.reads, self.draft.versions, strict=True))


@dataclass
class Card:
    """One distinct cell of papers, for a person to look at."""

    hash: str
    grammar: str
    reading: CellReading
    rows: list[ReadRow]


def withdrawal_card(read: ReadRow) -> Card:
    """A card for a category that is withdrawn: its name stands where others have their papers."""
    name = read.row.name
    roles: tuple[Role, ...] = (Role.NAME,) * len(name)
    hash_ = cell_key(f"withdrawn {read.row.account} {name}")
    return Card(hash_, VERSION, CellReading(name, None, roles, []), [])


def run_import(
    rows: Sequence[Row],
    options: Options,
    known: Known,
    decisions: Mapping[str, Mapping[str, Any]] | None = None,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Import:
    """Reads rows and drafts facts. `decisions` are those of a person, by the hash of the cell."""
    if not options.date and not options.seen:
        raise bad(
            "no-date",
            "the day of the source is not known",
            options.source,
            "give `--date DAY` for a text that carries one, `--seen DAY` for a sighting",
        )
    if any(not row.account for row in rows):
        raise bad(
            "no-account",
            "for which kind of account the rows hold is not said",
            options.source,
            "give `--account non_individual`, `overseas` or `individual`",
        )
    frozen = freeze(rows, options.title or options.source)
    documents = known.names.get("documents", {})

    def is_known(name: str) -> bool:
        return key(name) in documents

    papers: dict[str, CellReading] = {}
    scopes: dict[tuple[str, bool], ScopeReading] = {}
    cards: dict[str, Card] = {}
    reads: list[ReadRow] = []
    for n, row in enumerate(frozen.rows):
        reading: CellReading | None = None
        if row.state in ("text", "merged") and not row.papers.blank:
            text = row.papers.text
            if text not in papers:
                papers[text] = read_papers(text, is_known)
            reading = papers[text]
        read = ReadRow(
            row,
            reading,
            _scope(scopes, row.scope.text, True),
            _scope(scopes, row.remark.text, False),
        )
        reads.append(read)
        if reading is not None and row.change != "withdrawn":
            hash_ = cell_key(row.papers.text)
            card = cards.setdefault(hash_, Card(hash_, VERSION, reading, []))
            card.rows.append(read)
        if row.change == "withdrawn":
            gone = withdrawal_card(read)
            cards.setdefault(gone.hash, gone).rows.append(read)
        told(n + 1, len(rows))
    resolver = Resolver(known)
    source = _source(options, frozen.rows)
    draft = Drafter(known, resolver, source).run(reads, frozen, options.complete)
    made = Import(options, list(rows), reads, frozen, draft, known, resolver, list(cards.values()))
    decide(made, decisions or {})
    return made


def _scope(
    read: dict[tuple[str, bool], ScopeReading], text: str, is_scope: bool
) -> ScopeReading | None:
    if not text.strip():
        return None
    if (text, is_scope) not in read:
        read[text, is_scope] = read_scope(text, is_scope)
    return read[text, is_scope]


def _source(options: Options, rows: Sequence[Row]) -> Json:
    title = options.title or options.source
    publisher = options.publisher
    said = dict(zip(("zh", "en"), (publisher, publisher) if publisher else UNSAID, strict=True))
    source: Json = {
        "id": options.source,
        "zh": title,
        "en": title,
        "publisher": said,
        "date": options.date or options.seen,
        "standing": "draft",
        "jurisdiction": options.jurisdiction,
        "platform": options.platform,
    }
    if options.seen:
        source["seen"] = options.seen
    else:
        days = {row.effect for row in rows if row.change != "withdrawn"}
        # One day for all is the day of the text; of several each row tells its own.
        day = days.pop() if len(days) == 1 else ""
        source["begins"] = {"date": day or options.date, "precision": "day"}
    return source


def valid(decision: Mapping[str, Any] | None) -> bool:
    """Whether a decision holds for this version of the grammar."""
    return bool(decision) and decision is not None and decision.get("grammar") == VERSION


def decide(made: Import, decisions: Mapping[str, Mapping[str, Any]]) -> None:
    """Puts decisions of a person into the draft; it is in force only when none is missing."""
    undecided = 0
    by_row = {id(read): version for read, version in made.drafted()}
    for card in made.cards:
        decision = decisions.get(card.hash)
        if not valid(decision) or decision is None or decision["decision"] == "later":
            undecided += 1
            continue
        for read in card.rows:
            version = by_row.get(id(read))
            if version is None:
                continue
            if decision["decision"] == "edit":
                version["requirement"] = decision["requirement"]
                for state in ("none_stated", "none_required", "elsewhere", "withdrawn"):
                    version.pop(state, None)
                _settle(version, read)
            elif decision["decision"] == "reject":
                _reject(version, read)
                undecided += 1
    if made.cards and not undecided:
        made.draft.source["standing"] = "in_force"


def open_beside(read: ReadRow, version: Json) -> list[Json]:
    """The open passages of a drafted row that stand outside its cell of papers."""
    first, last = read.row.papers.lines or (0, 0)
    inside = set(range(first, last + 1))
    passages = version.get("unclear", ())
    return [each for each in passages if not inside & {*parse_lines(str(each["lines"]))}]


def _settle(version: Json, read: ReadRow) -> None:
    """Drops the open passages of a cell whose requirement a person wrote without any of them."""
    if "unclear" in version and not marked_open(version["requirement"]):
        kept = version["unclear"] = open_beside(read, version)
        if not kept:
            del version["unclear"]


def _reject(version: Json, read: ReadRow) -> None:
    for state in ("requirement", "none_required", "elsewhere", "withdrawn"):
        version.pop(state, None)
    version["none_stated"] = True
    zh, en = message("rejected")
    lines = "-".join(map(str, read.row.papers.lines or (read.row.name_line or 1,)))
    version["unclear"] = [{"id": "rejected", "zh": zh, "en": en, "lines": lines}]


def findings_of(made: Import) -> list[tuple[ReadRow, str, Finding]]:
    """All findings of an import with their rows and columns."""
    found = []
    for read in made.reads:
        for column in ("papers", "scope", "remark"):
            reading = getattr(read, column)
            found += [(read, column, f) for f in (reading.findings if reading else ())]
    return found
