"""What an answer has under the keys of `expect`, as cases write it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kb.lang.statements import HOUSE
from kb.lang.syntax import ranges
from kb.maintain.cases import Wanted


def by_name(told: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """All that an answer has under the keys of `expect` of which a case names some entries."""
    categories = {entry["category"]: entry for entry in told["categories"]}
    parts = {entry["id"]: entry for entry in (*told["obligations"], *told["prohibited"])}
    days: dict[str, list[str]] = {}
    for each in told.get("deadlines", ()):
        days.setdefault(each["id"], []).append(f"{each['kind']} {each['day']}")
    return {
        "missing": {name: sorted(map(str, papers(c["missing"]))) for name, c in categories.items()},
        "usable": {n: [w["usable"] for w in c["alternatives"]] for n, c in categories.items()},
        "lines": {name: cites(c["sources"]) for name, c in categories.items()},
        "proof": {name: sorted(cited(c["why"])) for name, c in categories.items()},
        "readings": {
            e["category"]: [reading["verdict"] for reading in e["readings"]]
            for e in told["conflicts"]
        },
        "obligations": {entry["id"]: entry["verdict"] for entry in told["obligations"]},
        "deadlines": days,
        "standing": {name: part.get("standing") for name, part in parts.items()},
        "breach": {n: [each["what"] for each in p.get("breach", ())] for n, p in parts.items()},
        "how": {name: c["how"] for name, c in categories.items()},
        "how_to": {name: c.get("how_to") for name, c in categories.items()},
        "notes": {name: c["notes"] for name, c in categories.items()},
    }


def papers(found: Iterable[Mapping[str, Any]]) -> list[Wanted]:
    """Papers of an answer as cases name them."""
    keys = Wanted.model_fields
    return [Wanted(**{key: each[key] for key in keys if key in each}) for each in found]


def cites(cites: Iterable[Mapping[str, Any]]) -> list[str]:
    """Cites as cases write them, as `SOURCE 15-20`."""
    return sorted(f"{cite['source']} {ranges(tuple(cite['lines']))}" for cite in cites)


def cited(steps: Iterable[Mapping[str, Any]]) -> set[str]:
    """The sources that the steps of a proof cite, our own decisions aside."""
    found: set[str] = set()
    for step in steps:
        found |= {cite["source"] for cite in step["sources"]} | cited(step["because"])
    return found - {HOUSE}
