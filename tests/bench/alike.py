"""`python -m tests.bench alike`: audits beside `ask`, app by app, where papers are of some days, of
parties or with them."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import pyarrow.parquet as pq

from kb.api import KnowledgeBase

from .apps import profiles, write_apps
from .generate import NOW, fresh

Said: TypeAlias = dict[tuple[str, str | None], tuple[str, tuple[str, ...]]]
"""A verdict and what is missing, for each app and category, and for each app as a whole."""
TOGETHER = 100
"""Apps that are asked about at once."""


def peopled(
    base: KnowledgeBase, count: int, folder: Path, seed: int = 11
) -> Iterator[dict[str, Any]]:
    """Random profiles of which most have parties, and papers of these, with these, or with days."""
    path = folder / f"dated-{count}.parquet"
    write_apps(base, count, path, seed=seed, day=base.day(), dated=True)
    random = Random(seed)
    holders = [term.id for term in base.facts.names.of("holder") if term.id != "applicant"]
    for profile in profiles(path):
        profile["holds"] = [_dates(paper) for paper in profile.get("holds", [])]
        if random.random() < 0.7:
            _give_parties(profile, holders, random)
        yield profile


def _dates(paper: dict[str, Any]) -> dict[str, Any]:
    return {k: str(v) if k.startswith("valid") else v for k, v in paper.items()}


def _give_parties(profile: dict[str, Any], holders: list[str], random: Random) -> None:
    """Some of the papers become those of parties, or are with them."""
    held = profile["holds"]
    roles = [paper["holder"] for paper in held if paper.get("holder", "applicant") != "applicant"]
    parties = [
        {"id": f"party {n}", "role": random.choice(roles or holders), "holds": []}
        for n in range(random.randint(1, 3))
    ]
    kept = []
    for paper in held:
        party = random.choice(parties)
        if paper.get("holder") == party["role"] and random.random() < 0.7:
            party["holds"].append({k: v for k, v in paper.items() if k not in ("holder", "count")})
        else:
            kept.append(paper)
            if random.random() < 0.3:
                paper["with"] = party["id"]
    profile |= {"holds": kept, "parties": parties}


def audited(base: KnowledgeBase, apps: list[dict[str, Any]], folder: Path) -> Said:
    """What an audit says of profiles. Fails where it refuses one."""
    source, out = folder / "apps.jsonl", folder / "out.parquet"
    rows = ({"id" if k == "name" else k: v for k, v in app.items()} for app in apps)
    source.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), "utf-8")
    summary = base.audit(source, out)
    assert not summary.refused, summary.rejects.read_text("utf-8")
    return {
        (row["app"], row["category"]): (row["verdict"], tuple(row["missing"]))
        for row in pq.read_table(out).to_pylist()
    }


def asked(base: KnowledgeBase, apps: list[dict[str, Any]]) -> Said:
    """What `ask` says of them."""
    found: Said = {}
    for at in range(0, len(apps), TOGETHER):
        for answer in base.ask_many(apps[at : at + TOGETHER]):
            found[answer.app.name, None] = str(answer.verdict), ()
            for each in answer.categories:
                missing = tuple(document.need.id for document in each.missing)
                found[answer.app.name, each.category] = str(each.verdict), missing
    return found


def _bare(app: dict[str, Any]) -> dict[str, Any]:
    """A profile without its parties and without days."""
    gone = ("with", "valid_from", "valid_until")
    held = [{k: v for k, v in paper.items() if k not in gone} for paper in app["holds"]]
    return {k: v for k, v in app.items() if k != "parties"} | {"holds": held}


def compared(base: KnowledgeBase, count: int, folder: Path) -> str:
    """What comes out of both; fails where they differ anywhere."""
    apps = list(peopled(base, count, folder))
    ours, theirs = audited(base, apps, folder), asked(base, apps)
    differ = {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)}
    assert not differ, [
        (key, ours.get(key), theirs.get(key)) for key in sorted(differ, key=str)[:3]
    ]
    bare = audited(base, list(map(_bare, apps)), folder)
    moved = {app for (app, category), said in bare.items() if ours.get((app, category)) != said}
    parties = sum("parties" in app for app in apps)
    return (
        f"{count:,} random profiles, {parties:,} with parties: {len(ours):,} rows of an audit,"
        f" all as asked; without parties and days {len(moved):,} profiles come out otherwise"
    )


def main(arguments: list[str]) -> None:
    parser = ArgumentParser(prog="python -m tests.bench alike", description=__doc__)
    parser.add_argument("--profiles", type=int, default=10_000)
    asked_for = parser.parse_args(arguments)
    with TemporaryDirectory() as folder:
        print(compared(fresh(NOW), asked_for.profiles, Path(folder)))
