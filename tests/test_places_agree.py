"""One app, one answer: what is asked, audited, drawn and proved of random apps is the same.

Profiles are drawn over applicants, places, platforms, services and papers, and asked about on days
between the texts of `cases/facts-places`: who is bound by what differs from one to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyarrow.parquet as pq
import pytest
from test_cases import loaded

import kb
from kb.answers.answer import Answer

DAYS = ("2022-06-30", "2023-06-30", "2024-06-30", "2025-06-30", "2026-01-31", "2026-03-01")
EACH = 60
"""Apps of each day."""
NTH = 6
"""Of so many one is drawn and proved."""


@dataclass(frozen=True)
class Told:
    """What an audit and an answer say of an app: its verdict, and that of each category."""

    verdict: str
    categories: Mapping[str, str]


@pytest.fixture(scope="module")
def places() -> kb.KnowledgeBase:
    """Texts of places and accounts, with drafts beside them."""
    return loaded(("facts-places", "facts-drafts"))


def some_profiles(base: kb.KnowledgeBase, day: str) -> list[dict[str, Any]]:
    """Profiles that are the same every time; now and then one says nothing of a thing."""
    random = Random(day)
    names = base.facts.names
    kinds = {kind: [t.id for t in names.of(kind)] for kind in ("applicant", "region", "service")}
    papers = sorted({need.document for need in base.needs.values()})
    found = []
    for n in range(EACH):
        profile: dict[str, Any] = {
            "id": f"app{n}",
            "platform": random.choice(["wechat", "wechat", "square"]),
            "services": random.sample(kinds["service"], random.choice([1, 1, 2, 3])),
            "holds": random.sample(papers, random.randint(0, len(papers))),
            "facts": {"rural": random.choice(["yes", "no"]), "ratings": random.choice([100, 9**8])},
        }
        if random.random() < 0.85:
            profile["applicant"] = random.choice(kinds["applicant"])
        if random.random() < 0.85:
            profile["regions"] = random.sample(kinds["region"], random.choice([1, 1, 2]))
        if random.random() < 0.3:
            del profile["facts"]
        found.append(profile)
    return found


def audited(
    base: kb.KnowledgeBase, profiles: list[dict[str, Any]], day: str, folder: Path
) -> dict[str, Told]:
    """What an audit says of each app."""
    rows = [{**p, "facts": p.get("facts", {})} for p in profiles]
    apps, out = folder / "apps.jsonl", folder / "out.parquet"
    apps.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    summary = base.audit(apps, out, as_of=day)
    assert (summary.rows, summary.refused) == (len(rows), 0)
    found: dict[str, dict[str | None, str]] = {}
    for row in pq.read_table(out).to_pylist():
        found.setdefault(row["app"], {})[row["category"]] = row["verdict"]
    return {
        app: Told(said[None], {c: v for c, v in said.items() if c is not None})
        for app, said in found.items()
    }


def told(answer: Answer) -> Told:
    """The verdicts of an answer."""
    return Told(answer.verdict, {c.category: str(c.verdict) for c in answer.categories})


def drawn(base: kb.KnowledgeBase, profile: Mapping[str, Any], day: str) -> Told:
    """The verdicts that the picture of an app shows."""
    graph = base.graph(app=profile, as_of=day)
    categories = {
        key.partition(":")[2]: data["state"]
        for key, data in graph.nodes(data=True)
        if data["kind"] == "category" and "state" in data
    }
    return Told(graph.graph["state"], categories)


def proved(base: kb.KnowledgeBase, profile: Mapping[str, Any], said: Told, day: str) -> Told:
    """The verdicts for which there are proofs that hold when they are replayed."""
    whole = base.why("verdict", profile, day)
    parts = {category: base.why(category, profile, day) for category in said.categories}
    assert whole is not None
    assert not whole.faults
    found = {}
    for category, why in parts.items():
        assert why is not None
        assert not why.faults, category
        fact = why.proof.fact
        assert (fact.relation, fact.row[1]) == ("category_verdict", category)
        found[category] = str(fact.row[2])
    return Told(str(whole.proof.fact.row[1]), found)


def named(profiles: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same profiles as `ask` takes them."""
    for profile in profiles:
        yield {("name" if key == "id" else key): value for key, value in profile.items()}


@pytest.mark.parametrize("day", DAYS)
def test_one_answer_however_it_is_asked(places: kb.KnowledgeBase, tmp_path: Path, day: str) -> None:
    """An audit, many asked at once, each asked alone, the picture and the proofs of an app come to
    the same verdicts, of the whole and of the same categories; drafts change none of them."""
    profiles = some_profiles(places, day)
    rows = audited(places, profiles, day, tmp_path)
    answers = places.ask_many(named(profiles), as_of=day)
    verdicts = set()
    for n, (profile, answer) in enumerate(zip(named(profiles), answers, strict=True)):
        said = told(answer)
        verdicts |= {said.verdict, *said.categories.values()}
        assert rows[answer.app.name] == said, profile
        if n % NTH == 0:
            assert told(places.ask(profile, as_of=day)) == said, profile
            assert drawn(places, profile, day) == said, profile
            assert proved(places, profile, said, day) == said, profile
            without = loaded(("facts-places",)).ask(profile, day) if known(profile) else None
            assert without is None or told(without) == said, profile
    assert {"satisfied", "missing", "undetermined"} <= verdicts


def known(profile: Mapping[str, Any]) -> bool:
    """Whether the folder without drafts knows all terms of a profile."""
    terms = {*profile["services"], *profile["holds"]}
    return not terms & {"fishing", "bait", "poll_form"}
