"""Finding things by their names: Chinese, English, aliases, former names, small slips."""

from __future__ import annotations

from kb.lang.problems import Problem, Problems, near
from kb.model.names import Names, folded
from kb.model.vocabulary import KINDS as FILES
from kb.query.results import Hit

KINDS = (
    "service",
    "category",
    "document",
    "applicant",
    "condition",
    "attribute",
    "region",
    "audience",
    "holder",
    "authority",
)
WORTH = 62
"""The least likeness (0-100) of a slip that is still offered."""


def search(names: Names, words: str, limit: int = 20) -> list[Hit]:
    """Best first: whole names, then beginnings, parts, all words in any order, small slips.

    >>> from kb.api import load
    >>> search(load().facts.names, "驾校平台")[0].id
    'driving_school_platform'
    """
    wanted = folded(words)
    if not wanted:
        return []
    parts = [folded(part) for part in words.split()]
    found = []
    for rank, kind in enumerate(KINDS):
        for order, term in enumerate(names.of(kind)):
            score = max((_score(wanted, parts, folded(name)) for name in term.names), default=0.0)
            if score >= WORTH:
                found.append((-score, rank, order, term))
    found.sort(key=lambda entry: entry[:3])
    return [Hit(term.kind, term.id, term.zh, term.en) for *_, term in found[:limit]]


def vocabulary_of(names: Names, kind: str | None) -> list[Hit]:
    """The terms of a kind, which may be called as its file is (`regions`); without one, each kind
    with its count. Raises `Problems`."""
    if kind is None:
        counted = ((each, sum(1 for _ in names.of(each))) for each in sorted(names.kinds()))
        return [Hit("kind", each, str(count), str(count)) for each, count in counted]
    kind = FILES.get(kind, kind)
    if kind not in names.kinds():
        help = near(kind, names.kinds())
        raise Problems([Problem("unknown-kind", f"no vocabulary is called `{kind}`", help=help)])
    return [Hit(term.kind, term.id, term.zh, term.en) for term in names.of(kind)]


def _score(wanted: str, parts: list[str], name: str) -> float:
    if wanted == name:
        return 200.0
    share = len(wanted) / max(1, len(name))
    if name.startswith(wanted):
        return 150.0 + 20 * share
    if wanted in name:
        return 120.0 + 20 * share
    if len(parts) > 1 and all(part in name for part in parts):
        return 110.0
    # A code of two letters, such as a region's, stands inside of most English words.
    if len(name) > (3 if name.isascii() else 1) and name in wanted:
        return 90.0 + 10 * len(name) / len(wanted)
    # Imported here: exact and partial names need no distance, and the wheel takes 20 ms to load.
    from rapidfuzz import fuzz

    return float(fuzz.ratio(wanted, name))
