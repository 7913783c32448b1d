"""Whose verdict flips between two days, over tables of very many apps.

Only apps that a change can reach are judged: those that offer a service that bears on a category
whose readings differ between the two days, and all where a text that counts begins, ends or becomes
certain. What would mend a flip is worked out once for apps whose parts are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kb.audit.inputs import Apps, open_input
from kb.audit.marks import Columns, value_of
from kb.audit.mends import Mends
from kb.audit.run import CHUNK, Auditor, Progress
from kb.model.apps import OWN_KEYS

if TYPE_CHECKING:
    from kb.answers.base import KnowledgeBase

AT_ONCE = 1_000
"""Flips whose mends are worked out in one evaluation."""
GOALS = ("stands", "text_counts", "text_sure", "bears_service")
VERDICTS = """
SELECT row, n.name AS verdict FROM verdict v JOIN name n ON n.code = v.verdict ORDER BY row
"""
PARTS = "SELECT row, list(sit ORDER BY sit) FROM judged WHERE row IN $rows GROUP BY row"


def touched(base: KnowledgeBase, first: int, last: int) -> frozenset[str] | None:
    """The services that a change between two days can matter for; None for every app.

    >>> from kb.answers.base import load
    >>> sorted(touched(load(), 20210901, 20211001))
    []
    """
    days = [
        base.engine.evaluate({"question_day": [("", day)]}, GOALS, 60.0) for day in (first, last)
    ]
    one, other = ({name: model[name] for name in GOALS} for model in days)
    # A text that does not count changes no verdict, however its days stand.
    counting = one["text_counts"] | other["text_counts"]
    if any((one[name] ^ other[name]) & counting for name in ("text_counts", "text_sure")):
        return None
    versions = {version for _, version, _, _ in one["stands"] ^ other["stands"]}
    facts = base.facts.rows.facts
    categories = {category for version, category, _ in facts["version"] if version in versions}
    notes = {note for note, version, _ in facts.get("reference", ()) if version in versions}
    categories |= {category for note, category in facts["reference_to"] if note in notes}
    touched = {str(s) for category, s in one["bears_service"] if category in categories}
    return frozenset(touched | {str(s) for v, s in facts.get("unsupported", ()) if v in versions})


def flips(
    base: KnowledgeBase,
    apps: Apps,
    first: int,
    last: int,
    lang: str = "zh",
    *,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Iterator[dict[str, Any]]:
    """The apps of a table whose verdicts differ on two days, with what would mend each.

    Parameters: `apps` as for audits; `first` and `last`, day numbers. Rows that can not be read are
    passed over, as in an audit. Raises `Problems` when there is no such table.
    """
    source = open_input(apps, base.facts.vocabulary.attributes)
    services = touched(base, first, last)
    if services is not None and not services:
        return
    before, after = (Auditor(base, day) for day in (first, last))
    if services is not None:
        marks = dict(before.database.execute("SELECT v, mark FROM mark_value").fetchall())
        number = before.judge.names.number
        reached = [marks[number(service)] for service in services]
    mends = Mends(base, last, lang)
    known: dict[tuple[int, ...], dict[str, Any]] = {}
    done = 0
    for table in source.chunks(chunk):
        rest = table
        if services is not None:
            rows, offered = before.judge.reader.services(table)
            wanted = pa.array(rows[np.isin(offered, reached)], pa.int32())
            rest = table.filter(pc.is_in(table["row"], wanted))
        if rest.num_rows:
            before.chunk(rest, source.columns)
            after.chunk(rest, source.columns)
            yield from _differing(base, before, after, rest, source.columns, mends, known)
        done += table.num_rows
        if progress:
            progress(done, source.total)


def _differing(
    base: KnowledgeBase,
    before: Auditor,
    after: Auditor,
    apps: pa.Table,
    columns: Columns,
    mends: Mends,
    known: dict[tuple[int, ...], dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    one, other = (dict(a.database.execute(VERDICTS).fetchall()) for a in (before, after))
    rows = [row for row, verdict in one.items() if verdict != other[row]]
    if not rows:
        return
    parts = dict(after.database.execute(PARTS, {"rows": rows}).fetchall())
    flipped = apps.filter(pc.is_in(apps["row"], pa.array(rows, pa.int32())))
    for some in flipped.to_batches(AT_ONCE):
        listed = [(raw, tuple(parts.get(raw["row"], ()))) for raw in some.to_pylist()]
        new = {key: raw for raw, key in listed if key not in known}
        asked = [base.app(_profile(raw, columns)) for raw in new.values()]
        known.update(zip(new, mends.of(asked), strict=True))
        for raw, key in listed:
            row = raw["row"]
            yield {"app": raw["id"], "before": one[row], "after": other[row], **known[key]}


def _profile(raw: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """A row of a chunk as a profile again."""
    profile: dict[str, Any] = {"name": raw["id"]}
    facts: dict[str, Any] = {}
    for attribute, column in columns.items():
        if raw[column] is not None:
            (profile if attribute in OWN_KEYS else facts)[attribute] = value_of(raw[column])
    if raw["services"] is not None:
        profile["services"] = raw["services"]
    profile["holds"] = [
        {k: value_of(v) if k == "states" else v for k, v in held.items() if v is not None}
        for held in raw["holds"] or ()
    ]
    return {**profile, "facts": facts}
