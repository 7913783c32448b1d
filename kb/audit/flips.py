"""Whose verdict flips between two days, over tables of very many apps.

Only apps that a change can reach are judged: those that offer a service that bears on a category
whose readings differ between the two days; all, where a text that counts begins, ends or becomes
certain, and where rules are in force that `12_bearing.dl` is not about. What would repair a flip is
read from the parts that were judged (`kb.audit.flip_repairs`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from kb.audit.auditor import Auditor, too_many
from kb.audit.computed import covered
from kb.audit.delivery import writing
from kb.audit.dictionary import Columns
from kb.audit.flip_repairs import FlipRepairs
from kb.audit.inputs import Apps, open_apps
from kb.audit.run import Progress
from kb.audit.two_days import TwoDays
from kb.base.exemptions import exemptions_between
from kb.base.papers import papers_between
from kb.compare.results import Flip
from kb.engines.garbage import uncollected
from kb.engines.sql.duckdb import interruptible
from kb.model.apps import Holding
from kb.model.duty_day_rows import DAYS
from kb.model.duty_rows import source_of
from kb.model.exemptions import Exemption, exempted_thing
from kb.model.resolving import Resolver
from kb.model.yamlread import Document

if TYPE_CHECKING:
    from kb.base.core import Core

GOALS = ("stands", "text_counts", "text_sure", "bears_service")
DATED = """
SELECT row, d, h, f, u FROM holding JOIN flipped USING (row)
WHERE f IS NOT NULL OR u IS NOT NULL ORDER BY holding.rowid
"""


def touched(base: Core, first: int, last: int) -> frozenset[str] | None:
    """The services that a change between two days can matter for; None for every app.

    >>> from kb.api import load
    >>> sorted(touched(load(), 20210901, 20211001))
    []
    """
    if not covered(base.program):
        return None
    days = [
        base.engine.evaluate({"question_day": [("", day)]}, GOALS, 60.0) for day in (first, last)
    ]
    one, other = ({name: model[name] for name in GOALS} for model in days)
    # A text that does not count changes no verdict, however its days stand.
    counting = one["text_counts"] | other["text_counts"]
    if any((one[name] ^ other[name]) & counting for name in ("text_counts", "text_sure")):
        return None
    counted = {source for _, source in counting}
    if any(
        source_of(str(row[0])) in counted
        for name in DAYS
        for row in base.facts.rows.facts.get(name, ())
    ):
        return None
    versions = {version for _, version, _, _ in one["stands"] ^ other["stands"]}
    facts = base.facts.rows.facts
    # What a copy states may do on one day and not on the other, and time may run out between them.
    standing = {version for _, version, _, _ in one["stands"] | other["stands"]}
    versions |= base.facts.moving & standing
    versions |= {version for version, _ in facts.get("time_given", ())} & standing
    categories = {category for version, category, _ in facts["version"] if version in versions}
    notes = {note for note, version, _ in facts.get("reference", ()) if version in versions}
    categories |= {category for note, category in facts.get("reference_to", ()) if note in notes}
    touched = {str(s) for category, s in one["bears_service"] if category in categories}
    return frozenset(touched | {str(s) for v, s in facts.get("unsupported", ()) if v in versions})


def flips(
    base: Core,
    apps: Apps,
    first: int,
    last: int,
    *,
    chunk: int | None = None,
    memory: str | None = None,
    progress: Progress | None = None,
) -> Iterator[Flip]:
    """The apps of a table whose verdicts differ on two days, with what would repair each.

    Parameters: `apps` as for audits; `first` and `last`, day numbers; `memory`, what DuckDB may
    use, as `2GB`. Rows that can not be read are passed over, as in an audit. Raises `Problems` when
    there is no such table, or it does not go into the memory.
    """
    with (
        interruptible(),
        TemporaryDirectory(prefix="kb-", ignore_cleanup_errors=True) as spill,
        writing(Path(spill)),
    ):
        yield from _flips(base, apps, (first, last), chunk, memory, Path(spill), progress)


def _flips(
    base: Core,
    apps: Apps,
    days: tuple[int, int],
    chunk: int | None,
    memory: str | None,
    spill: Path,
    progress: Progress | None,
) -> Iterator[Flip]:
    source = open_apps(apps, base)
    services = touched(base, *days)
    if services is not None and not services and not source.dated:
        return
    both = TwoDays(base, days, services, memory, spill)
    repairs = FlipRepairs(base, both.after.judge)
    done = 0
    size = chunk or both.after.fitting
    both.after.reckon(source, size, complete=False)
    for table in source.chunks(size):
        if (rest := both.reached(table, source.dated)).num_rows:
            try:
                yield from uncollected(partial(_found, both, rest, source.columns, repairs))
            except duckdb.OutOfMemoryException:
                raise too_many(rest.num_rows, chosen=False) from None
        done += table.num_rows
        if progress:
            progress(done, source.total)


def _found(
    both: TwoDays, apps: pa.Table, columns: Columns, repairs: FlipRepairs, _: bool
) -> list[Flip]:
    verdicts = both.flipped(apps, columns)
    rows, days = list(verdicts), both.days
    told = apps.select(["row", "id", "exemptions"])
    flipped = told.filter(pc.is_in(told["row"], pa.array(rows, pa.int32())))
    names = flipped["id"].to_pylist()
    papers, exemptions = _papers(both.after, rows), _exemptions(both.after.judge.base, flipped)
    found = []
    for row, name, (needed, cannot) in zip(rows, names, repairs.of(rows), strict=True):
        told = papers_between(papers.get(row, ()), *days)
        granted = exemptions_between(exemptions.get(row, ()), *days)
        found.append(Flip(name, *verdicts[row], needed, cannot, told, exemptions=granted))
    return found


def _papers(auditor: Auditor, rows: list[int]) -> dict[int, list[Holding]]:
    """The papers of apps that say on which days they are valid, in the order of the profiles."""
    auditor.database.register("flipped", pa.table({"row": pa.array(rows, pa.int32())}))
    held = auditor.database.execute(DATED).fetchall()
    auditor.database.unregister("flipped")
    names = auditor.judge.names.names()
    found: dict[int, list[Holding]] = {}
    for row, document, holder, first, last in held:
        keeper = None if holder is None else str(names[holder])
        paper = Holding(str(names[document]), 1, keeper, None, first, last)
        found.setdefault(row, []).append(paper)
    return found


def _exemptions(base: Core, apps: pa.Table) -> dict[int, list[Exemption]]:
    """The exemptions of apps that could be read, in the order of the profiles."""
    vocabulary = base.facts.vocabulary
    found: dict[int, list[Exemption]] = {}

    def day(raw: str | None) -> int | None:
        return None if raw is None else Resolver(vocabulary, Document("", raw), []).day(raw, ())

    for row, listed in zip(apps["row"].to_pylist(), apps["exemptions"].to_pylist(), strict=True):
        for each in listed or ():
            thing = str(exempted_thing(base.facts, each["from"]))
            limits = day(each["since"]), day(each["until"])
            granted = Exemption(thing, each["by"], *limits, each["note"])
            found.setdefault(row, []).append(granted)
    return found
