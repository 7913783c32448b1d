"""What of an import a person has yet to put into English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kb.importers.draft import Draft

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def untranslated(draft: Draft) -> str:
    """A line for each term of a draft, of whatever kind, whose English holds Chinese: kind, id,
    name. Below them, once each, what versions say in Chinese alone: labels, forms and notes."""
    kinds = {"groups": draft.groups, "categories": draft.categories, **draft.terms}
    lines = [
        f"{kind}\t{term['id']}\t{term['zh']}"
        for kind, terms in sorted(kinds.items(), key=lambda each: _order(each[0]))
        for term in terms
        if _CHINESE.search(str(term["en"]))
    ]
    said: dict[tuple[str, str], str] = {}
    for name, zh in _texts({"source": draft.source}):
        said.setdefault((name, zh), str(draft.source["id"]))
    for version in draft.versions:
        for name, zh in _texts(version):
            said.setdefault((name, zh), str(version["category"]))
    lines += [f"{name}\t{of}\t{zh}" for (name, zh), of in said.items()]
    return "\n".join(lines) + "\n" if lines else ""


def _order(kind: str) -> tuple[int, str]:
    first = ("groups", "categories")
    return (first.index(kind) if kind in first else len(first)), kind


def _texts(data: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """The texts in both languages within a record, whose English is Chinese: key and Chinese."""
    if isinstance(data, list):
        for each in data:
            yield from _texts(each, name)
    elif isinstance(data, dict):
        if "zh" in data and _CHINESE.search(str(data.get("en", ""))):
            yield name, str(data["zh"])
        for key, value in data.items():
            yield from _texts(value, key)
