"""The importer alone, held against the shipped facts of the rows that people read.

Names are the people's where they chose a shorter one: a paper whose name the base does not know
stands for the document of its row that the facts cite on the same line. What is asked for only
under a condition is no part of the tree, as the importer keeps it apart; where all parts of a list
have a condition, they are cases. Passages that the facts hold open count where they are told.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from itertools import product

from rapidfuzz import fuzz

from kb.importers.names import Resolver, listed, read_known
from kb.importers.stated import Words
from kb.importers.text import key
from kb.importers.tree import read_papers
from kb.model.places import shipped

from .corpus import table

TABLES = ("enterprise", "overseas", "personal")


@dataclass
class Held:
    """What came out for one row."""

    table: str
    row: int
    verdict: str
    """`exact`; `both open`: facts and importer say that the text is; `told`: another tree, and the
    importer says that it is not sure; `silent`: another tree, and nothing is told."""
    facts_open: bool
    told: tuple[str, ...]
    renamed: list
    leaves: Counter = field(default_factory=Counter)
    found: Counter = field(default_factory=Counter)
    words: set = field(default_factory=set)
    stated: set = field(default_factory=set)
    fields: set = field(default_factory=set)
    in_fields: set = field(default_factory=set)
    ranges: Counter = field(default_factory=Counter)
    counted: Counter = field(default_factory=Counter)
    ways: frozenset = frozenset()
    tree: frozenset = frozenset()


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


def parts(node):
    """The parts of a group of the facts."""
    return node.get("all_of") or node.get("any_of") or []


def lines_of(told):
    """The numbers of `3-5, 8`."""
    found = set()
    for part in str(told).split(","):
        first, _, last = part.strip().partition("-")
        found |= set(range(int(first), int(last or first) + 1))
    return found


def leaves(node, within, lines="", closed=True):
    """The leaves that the cell itself names, with their lines; a reading that the facts hold open
    beside another one counts only where the facts have no other."""
    lines = node.get("lines", lines)
    if "document" in node:
        if lines_of(lines) & within:
            yield node, lines_of(lines)
        return
    each = parts(node)
    rest = [p for p in each if "unclear" not in p] if closed and "any_of" in node else []
    for part in rest or each:
        yield from leaves(part, within, lines, closed)


def is_open(version, node):
    """Whether the facts hold something open in what the papers are."""
    told = {each["id"] for each in version.get("unclear", ())}
    return ("unclear" in node and bool(told & set(listed(node["unclear"])))) or any(
        is_open(version, part) for part in parts(node)
    )


def one(leaf):
    """What is compared of a leaf: a supplier is another party."""
    holder = leaf.get("holder", "applicant")
    return (
        leaf["document"],
        "partner" if holder == "supplier" else holder,
        int(leaf.get("at_least", 1)),
    )


def minimal(ways):
    """Ways without those that ask for more than another."""
    return frozenset(way for way in ways if not any(other < way for other in ways))


def fact_ways(node, closed):
    """The sets of papers that satisfy a requirement of the facts, conditions left aside; with
    `closed`, without the choices that the facts hold open."""
    if "document" in node:
        return {frozenset()} if node.get("optional") else {frozenset([one(node)])}
    if "any_of" in node:
        some = [p for p in node["any_of"] if "unclear" not in p] if closed else []
        return {way for part in some or node["any_of"] for way in fact_ways(part, closed)}
    always = [p for p in node["all_of"] if "when" not in p]
    if not always:
        return {way for part in node["all_of"] for way in fact_ways(part, closed)}
    each = [fact_ways(part, closed) for part in always]
    return {frozenset().union(*chosen) for chosen in product(*each)}


def import_ways(node, ids):
    """The same of what the importer read."""
    if node is None:
        return {frozenset()}
    if node.paper:
        paper = node.paper
        if paper.optional:
            return {frozenset()}
        return {frozenset([(ids[id(paper)], paper.holder, paper.at_least)])}
    each = [import_ways(part, ids) for part in node.parts]
    if node.op == "all":
        return {frozenset().union(*chosen) for chosen in product(*each)}
    return {way for ways in each for way in ways}


def aligned(row, papers, wanted, resolver):
    """The document that each paper stands for, and which names were found by their line."""
    text, first = row["papers"], row["lines"]["papers"][0]
    at = {
        id(p): first + sum(bool(line.strip()) for line in text[: p.start].split("\n")[:-1])
        for p in papers
    }
    ids = {id(p): resolver.document(p.name, row["second"], p.of).id for p in papers}
    ours = {leaf["document"] for leaf, _ in wanted}
    taken = {(ids[id(p)], at[id(p)]) for p in papers if ids[id(p)] in ours}
    renamed = {}
    for paper in papers:
        here = at[id(paper)]
        near = {leaf["document"] for leaf, lines in wanted if here in lines}
        near = {document for document in near if (document, here) not in taken}
        if ids[id(paper)] in ours or not near:
            continue
        told = key(paper.name + paper.of)
        best = max(
            near,
            key=lambda d: (fuzz.ratio(key(known().labels["documents", d]), told), d),
        )
        if renamed.setdefault((best, here), paper.name) == paper.name:
            ids[id(paper)] = best
    return ids, sorted((name, best) for (best, _), name in renamed.items())


def either(node):
    """A requirement in which a choice of one paper with this or with that word is one paper that
    states either."""
    some = [either(part) for part in parts(node)]
    told = [part.get("must_state", ()) for part in some]
    single = len(some) > 1 and all(len(each) == 1 for each in told)
    named = {one(part) if "document" in part else None for part in some}
    if "any_of" in node and single and len(named) == 1 and None not in named:
        return some[0] | {"must_state": [[word for (each,) in told for word in words_in(each)]]}
    return node | {kind: some for kind in ("all_of", "any_of") if kind in node}


def words_in(told):
    """The words of one entry of `must_state`, which may name the field they stand in; none of a
    value that must stand there."""
    return listed(told.get("words") if isinstance(told, dict) else told)


def words_of(wanted):
    """What leaves must state."""
    return {
        (leaf["document"], frozenset(map(key, words_in(each))))
        for leaf, _ in wanted
        for each in leaf.get("must_state", ())
        if words_in(each)
    }


def fields_of(wanted):
    """The words that leaves must state in a field, with it."""
    return {
        (each["field"], frozenset(map(key, words_in(each))))
        for leaf, _ in wanted
        for each in leaf.get("must_state", ())
        if isinstance(each, dict) and words_in(each)
    }


def held(name):
    """Each row of a table that asks for papers."""
    versions, resolver = facts(name), Resolver(known())
    for row in table(name):
        version = versions[str(row["lines"]["name"])]
        if "requirement" not in version or not any(map(str.isalnum, row["papers"])):
            continue
        got, node = read(row["papers"]), version["requirement"]
        first, last = row["lines"]["papers"]
        within = set(range(first, last + 1))
        wanted = list(leaves(either(node), within))
        named = list(leaves(node, within, closed=False))
        papers = got.node.papers() if got.node else []
        ids, renamed = aligned(row, papers, named, resolver)
        ways = minimal(import_ways(got.node, ids))
        trees = [minimal(fact_ways(node, closed)) for closed in (False, True)]
        told, both = tuple(f.code for f in got.open), is_open(version, node)
        verdict = (
            "exact"
            if ways in trees
            else "both open"
            if both and told
            else "told"
            if told
            else "silent"
        )
        yield Held(
            name,
            row["row"],
            verdict,
            both,
            told,
            renamed,
            Counter({one(leaf) for leaf, _ in wanted}),
            Counter({(ids[id(p)], p.holder, p.at_least) for p in papers}),
            words_of(wanted),
            {(ids[id(p)], frozenset(map(key, each))) for p in papers for each in p.must},
            fields_of(wanted),
            {
                (resolver.field(each.field), frozenset(map(key, each)))
                for p in papers
                for each in p.must
                if isinstance(each, Words)
            },
            Counter(
                (int(leaf.get("at_least", 1)), int(leaf["up_to"]))
                for leaf, _ in named
                if "up_to" in leaf
            ),
            Counter((p.at_least, p.up_to) for p in papers if p.up_to),
            ways,
            trees[0],
        )


def leaf_recall(rows):
    """Leaves that were found, and all of them."""
    return sum(len(r.leaves.keys() & r.found.keys()) for r in rows), sum(
        len(r.leaves) for r in rows
    )


def word_recall(rows):
    """Words that must be stated and were found, and all of them."""
    return sum(len(r.words & r.stated) for r in rows), sum(len(r.words) for r in rows)


def field_recall(rows):
    """Words that must stand in a field and were read so, and all of them."""
    return sum(len(r.fields & r.in_fields) for r in rows), sum(len(r.fields) for r in rows)
