"""What the sources say of a category beside its documents, held against what a reader wrote out.

The tables stand in `tests/wechat-categories.yaml`. The alternatives themselves are in the
case files; see `test_cases.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from test_cases import HERE

import kb
from kb.model.yamlread import read_file

WRITTEN: Mapping[str, Mapping[str, Mapping[str, Any]]] = read_file(
    HERE / "wechat-categories.yaml"
).data
READINGS = [(source, name) for source, readings in WRITTEN.items() for name in readings]


def _version(base: kb.KnowledgeBase, source: str, name: str) -> Mapping[str, Any]:
    category, _, line = name.partition("@")
    [found] = [
        version
        for version in base.show(category)["versions"]
        if version["source"] == source
        and (not line or version["sources"][0]["lines"][0] == int(line))
    ]
    return found


def _notes(version: Mapping[str, Any], role: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for note in version[role]:
        [cite] = note["sources"]
        to = " / ".join(note["categories"])
        found[str(cite["lines"][-1])] += [f"{service} → {to}" for service in note["services"]]
    return found


def _not_carried(version: Mapping[str, Any]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for entry in version["not_supported"]:
        words = " remove" * (entry["advice"] == "remove") + " here" * entry["only_here"]
        found[str(entry["lines"][-1])] += [f"{service}{words}" for service in entry["services"]]
    return found


def _leaves(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "document" in tree:
        yield tree
    for child in (*tree.get("all_of", ()), *tree.get("any_of", ())):
        yield from _leaves(child)


def _papers(version: Mapping[str, Any]) -> dict[str, list[str]]:
    """Who issues each document and its form, where stated; the same wherever it stands."""
    found: dict[str, list[str]] = {}
    for leaf in _leaves(version["requirement"] or {}):
        key = leaf["document"] + (f"@{leaf['holder']}" if leaf["holder"] != "applicant" else "")
        words = [leaf["issuer"]] if "issuer" in leaf else []
        words += leaf.get("form", [])
        assert found.get(key, words) == words
        found[key] = words
    return {key: words for key, words in found.items() if words}


def _services(version: Mapping[str, Any]) -> list[str]:
    return [
        scope["service"]
        + (f" ({scope['label']})" if scope["when"] else "")
        + (" unclear" if scope["unclear"] else "")
        for scope in version["services"]
    ]


@pytest.mark.parametrize(("source", "name"), READINGS, ids=[name for _, name in READINGS])
def test_beside_the_documents(base: kb.KnowledgeBase, source: str, name: str) -> None:
    """Services, who may apply, where and how, notes, and the form of papers are as written out."""
    version = _version(base, source, name)
    found: dict[str, Any] = {
        "change": version["change"],
        "accounts": version["account_labels"],
        "open_to": version["open_to_labels"],
        "places": version["region_labels"],
        "how": version["how"],
        "services": _services(version),
        "also": _notes(version, "also_needs"),
        "instead": _notes(version, "instead"),
        "not_carried": _not_carried(version),
        "papers": _papers(version),
    }
    assert {key: value for key, value in found.items() if value} == WRITTEN[source][name]


@pytest.mark.parametrize("source", WRITTEN)
def test_every_reading_is_written_out(base: kb.KnowledgeBase, source: str) -> None:
    """No reading of these sources is left out of the tables."""
    known = [reading for reading in base.facts.readings.values() if reading.source.id == source]
    assert len(known) == len(WRITTEN[source])
