"""Bases of any size: the shipped facts many times over, under other names."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import kb
from kb.api import KnowledgeBase
from kb.lang.syntax import Row
from kb.model.facts import FactBase
from kb.model.names import Term
from kb.model.places import shipped
from kb.model.relations import RELATIONS
from kb.model.rows import Rows

EARLIER, NOW = "2025-06-30", "2026-03-01"
"""A day before the tables of 2026-02, and one on which they are in force."""
COPIED = {"version", "category", "service", "scope", "alternative", "reference"}
"""Kinds that each copy has of its own; documents, needs and conditions are shared."""

APPS: list[dict[str, Any]] = [
    {"name": "one", "services": ["driving_school_platform"], "holds": ["小程序开发者承诺函"]},
    {
        "name": "three",
        "applicant": "enterprise",
        "services": ["driving_school_platform", "online_video_course", "education_platform"],
        "holds": ["小程序开发者承诺函", {"document": "合作协议", "count": 1}],
    },
    {"name": "school", "applicant": "public_school", "services": ["degree_education"]},
]
"""Profiles that questions are timed on."""


def enlarged(base: KnowledgeBase, times: int) -> KnowledgeBase:
    """The base with `times` times its categories; copy 0 is the base as it is."""
    facts = base.facts
    rows = Rows()
    for relation, stated in facts.rows.facts.items():
        places = [n for n, c in enumerate(RELATIONS[relation].columns) if c.kind in COPIED]
        for row in stated:
            cite = facts.rows.cites[relation, row]
            for copy in range(times if places else 1):
                rows.add(relation, _renamed(row, places, copy), cite)
    larger = FactBase(
        facts.folder,
        facts.vocabulary,
        sources=facts.sources,
        files=facts.files,
        unclear=facts.unclear,
        rows=rows,
    )
    names = larger.vocabulary.names
    for copy in range(times):
        for reading in facts.readings.values():
            id = _name(reading.id, copy)
            record = reading.record.model_copy(
                update={"category": _name(reading.record.category, copy)}
            )
            ids = tuple(_name(a, copy) for a in reading.alternative_ids)
            larger.readings[id] = replace(reading, id=id, record=record, alternative_ids=ids)
        if copy:
            for kind in ("category", "service"):
                for term in [t for t in names.of(kind) if "~" not in t.id]:
                    names.add(Term(kind, _name(term.id, copy), term.zh, term.en))
    queries = base.queries.values()
    return KnowledgeBase(larger, base.shipped, queries, as_of=base.day())


def _name(name: str, copy: int) -> str:
    return f"{name}~{copy}" if copy else name


def _renamed(row: Row, places: list[int], copy: int) -> Row:
    return tuple(_name(str(v), copy) if n in places else v for n, v in enumerate(row))


def fresh(as_of: str = EARLIER) -> KnowledgeBase:
    """A base of its own: `enlarged` adds names to the vocabulary of the base it is given."""
    return kb.load(as_of=as_of)


def small() -> KnowledgeBase:
    """A base of its own of the shipped facts without the tables of 2026-02, each copy of which
    weighs ten times as much as all the rest."""
    with TemporaryDirectory() as folder:
        facts = Path(folder) / "facts"
        shutil.copytree(shipped("facts"), facts, ignore=shutil.ignore_patterns("*-2026-02-*"))
        return kb.load(only_facts=facts, as_of=EARLIER)
