"""Prints how well cells of papers are read: `python -m tests.bench.importing`."""

import json
import resource
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from importers.corpus import CORPUS, alternatives, cells, table
from kb.importers.fold import key
from kb.importers.roles import Role

from kb.importers.tree import read_papers


def main() -> None:
    """Reads all public cells, and holds the rows that a careful reader read against them."""
    started = time.perf_counter()
    read = [read_papers(text) for text in cells()]
    took = time.perf_counter() - started
    characters = sum(len(r.roles) for r in read)
    unread = sum(role is Role.UNREAD for r in read for role in r.roles)
    codes = Counter(f.code for r in read for f in r.open)
    print(f"{len(read)} distinct cells in {took:.1f} s, {sum(bool(r.open) for r in read)} open")
    print(f"{characters} characters with one role each, {unread} unread")
    print(f"open points: {dict(codes.most_common())}")
    rows = json.loads((CORPUS / "readings-15.json").read_text("utf-8"))["rows"]
    rows = [row for row in rows if row["state"] == "text"]
    right = leaves = found = silent = 0
    for row in rows:
        got = read_papers(
            table(row["entity"])[row["index"]]["papers"], lambda name: key(name) == "营业执照"
        )
        want = {
            frozenset((key(d["document"]), d["holder"], d["at_least"]) for d in way["documents"])
            for way in row["alternatives"]
        }
        ways = alternatives(got.node)
        right += ways == want
        silent += ways != want and not got.open
        wanted = set().union(*want)
        leaves += len(wanted)
        found += len(wanted & set().union(*ways))
    print(f"careful readings: {right} of {len(rows)} exact, {silent} otherwise without a flag")
    print(f"leaves found: {found} of {leaves}")
    print(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
