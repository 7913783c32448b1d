"""Prints how well cells of papers are read: `python -m tests.bench.importing`.

The trees are held against the shipped facts of the same rows, which people read twice.
"""

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from importers.against import TABLES, field_recall, held, known, leaf_recall, read, word_recall
from importers.corpus import CORPUS, alternatives, cells, table

from kb.importers.text import Role, key
from kb.importers.tree import read_papers


def only_licence(name):
    """A reader who has only the cell knows no names but that of the business licence."""
    return key(name) == "营业执照"


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
    against = [row for name in TABLES for row in held(name)]
    print(f"{len(against)} rows against the facts: {dict(Counter(r.verdict for r in against))}")
    for row in against:
        if row.verdict != "exact":
            print(f"  {row.table} {row.row} {row.verdict}: {', '.join(row.told)}")
    print(
        "leaves {} of {}, words that must be stated {} of {}".format(
            *leaf_recall(against), *word_recall(against)
        )
    )
    print("words in their fields {} of {}".format(*field_recall(against)))
    print(f"names found by their line: {sum(len(row.renamed) for row in against)}")
    quiet = [f"{r.table} {r.row}" for r in against if r.facts_open and not r.told]
    print(f"open in the facts and not told: {', '.join(quiet)}")
    rows = json.loads((CORPUS / "readings-15.json").read_text("utf-8"))["rows"]
    rows = [row for row in rows if row["state"] == "text"]
    right = silent = 0
    for row in rows:
        got = read_papers(table(row["entity"])[row["index"]]["papers"], only_licence)
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
