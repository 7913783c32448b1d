"""Where the public tables stand that tests read, if they are there."""

import json
from functools import cache
from itertools import combinations, product
from pathlib import Path

import pytest

from kb.importers.text import key
from kb.importers.tree import read_papers

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
needs_corpus = pytest.mark.corpus


@cache
def table(name):
    """Rows of a table of the corpus."""
    return json.loads((CORPUS / f"wechat-table-2026-02-{name}.json").read_text("utf-8"))


@cache
def cells():
    """All distinct cells of papers of the newest tables."""
    if not CORPUS.is_dir():
        return ()
    rows = [row for name in ("enterprise", "overseas", "personal") for row in table(name)]
    texts = dict.fromkeys(row["papers"] for row in rows)
    return tuple(text for text in texts if any(c.isalnum() for c in text))


@cache
def readings():
    """What is read of each distinct cell, without the names of a base."""
    return tuple(map(read_papers, cells()))


def alternatives(node):
    """The sets of papers that satisfy a tree; optional papers are left out."""
    if node is None:
        return {frozenset()}
    if node.paper:
        paper = node.paper
        if paper.optional:
            return {frozenset()}
        return {frozenset([(key(paper.name), paper.holder, paper.at_least)])}
    parts = [alternatives(part) for part in node.parts]
    if node.op == "all":
        return {frozenset().union(*chosen) for chosen in product(*parts)}
    return {
        frozenset().union(*chosen)
        for some in combinations(parts, min(node.at_least, len(parts)))
        for chosen in product(*some)
    }
