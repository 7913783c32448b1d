"""Prints how well cells of papers are read: `python -m tests.bench.importing`.

The trees are held against the shipped facts of the same rows, which people read twice.
"""

import json
import resource
import sys
import time
from collections import Counter
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from importers.corpus import CORPUS, alternatives, cells, table

from kb.importers.names import Resolver, listed, read_known
from kb.importers.text import Role, key
from kb.importers.tree import read_papers
from kb.model.places import shipped
from kb.model.requirements import alternatives as minimal
from kb.model.schema import Node


@cache
def known():
    """What the shipped facts know."""
    return read_known(shipped("facts"))


def read(text):
    """A cell as the importer reads it with the names of the shipped facts."""
    return read_papers(text, lambda name: key(name) in known().names["documents"])


def facts(name):
    """The versions of a table of the shipped facts, by their first line."""
    source = f"wechat-table-2026-02-{name}"
    return {
        str(version["lines"]).partition("-")[0]: version
        for told, version in known().versions
        if told.get("id") == source
    }


def leaves(node):
    """All leaves of a requirement of the facts."""
    if "document" in node:
        return [node]
    return [leaf for k in ("all_of", "any_of") for part in node.get(k, ()) for leaf in leaves(part)]


def unconditional(node):
    """A requirement without the conditions that people added to its branches."""
    kept = {k: v for k, v in node.items() if k not in ("when", "lines", "unclear")}
    return kept | {
        k: [unconditional(p) for p in kept[k]] for k in ("all_of", "any_of") if k in kept
    }


def one(leaf):
    """What is compared of a leaf."""
    return leaf["document"], leaf.get("holder", "applicant"), int(leaf.get("at_least", 1))


def against_facts(name, sums):
    """Adds up for a table how many trees, leaves and words are as in the facts."""
    versions, resolver = facts(name), Resolver(known())
    for row in table(name):
        version = versions.get(str(row["lines"]["name"]))
        if version is None or "requirement" not in version:
            continue
        got = read(row["papers"])

        def id_of(paper, row=row):
            return resolver.document(paper.name, row["second"], paper.of).id

        papers = got.node.papers() if got.node else []
        names = {key(p.name): id_of(p) for p in papers}
        wanted = leaves(version["requirement"])
        want = {one(leaf) for leaf in wanted}
        have = {(id_of(p), p.holder, p.at_least) for p in papers}
        words = {
            (leaf["document"], frozenset(map(key, listed(told))))
            for leaf in wanted
            for told in leaf.get("must_state", ())
        }
        stated = {(id_of(p), frozenset(map(key, told))) for p in papers for told in p.must}
        tree = {
            frozenset((need.document, need.holder, need.at_least) for need in each.needs)
            for each in minimal(Node.model_validate(unconditional(version["requirement"])))
        }
        ways = {frozenset((names[n], h, k) for n, h, k in way) for way in alternatives(got.node)}
        ways = {way for way in ways if not any(other < way for other in ways)}
        sums["rows"] += 1
        sums["trees"] += ways == tree
        sums["silent"] += ways != tree and not got.open
        sums["leaves"] += len(want)
        sums["leaves found"] += len(want & have)
        sums["words"] += len(words)
        sums["words found"] += len(words & stated)


def main() -> None:
    """Reads all public cells, and holds them against the facts and a careful reader's rows."""
    known()
    started = time.perf_counter()
    found = [read(text) for text in cells()]
    took = time.perf_counter() - started
    unread = sum(role is Role.UNREAD for r in found for role in r.roles)
    codes = Counter(f.code for r in found for f in r.open)
    print(f"{len(found)} distinct cells in {took:.1f} s, {sum(bool(r.open) for r in found)} open")
    print(f"{sum(len(r.roles) for r in found)} characters with one role each, {unread} unread")
    print(f"open points: {dict(codes.most_common())}")
    sums = Counter()
    for name in ("enterprise", "overseas", "personal"):
        against_facts(name, sums)
    print(f"as in the facts, with the names of the base: {dict(sums)}")
    rows = json.loads((CORPUS / "readings-15.json").read_text("utf-8"))["rows"]
    rows = [row for row in rows if row["state"] == "text"]
    right = silent = 0
    for row in rows:
        got = read(table(row["entity"])[row["index"]]["papers"])
        want = {
            frozenset((key(d["document"]), d["holder"], d["at_least"]) for d in way["documents"])
            for way in row["alternatives"]
        }
        right += alternatives(got.node) == want
        silent += alternatives(got.node) != want and not got.open
    print(f"careful readings: {right} of {len(rows)} exact, {silent} otherwise without a flag")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
