"""Copies of papers in bundles: which needs of a paper one copy meets, and which take another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

from kb.model.requirements import Need
from kb.model.stating import contradict
from kb.model.vocabulary import Vocabulary

Paper: TypeAlias = tuple[str, str, int]
"""A document, its holder and which of its copies: 0 is any."""


class Apart(Protocol):
    """Whether no copy can meet two needs, and for which wider documents a document counts."""

    def __call__(self, one: Need, other: Need, /) -> bool: ...

    def wider(self, document: str, /) -> Collection[str]: ...


class Never:
    """One copy meets all needs of a paper; no document counts for another."""

    def __call__(self, one: Need, other: Need, /) -> bool:
        return False

    def wider(self, document: str, /) -> Collection[str]:
        return ()


never = Never()


class Contradicting:
    """Whether two needs want different values in a field of which a paper has one."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._found: dict[tuple[Need, Need], bool] = {}

    def __call__(self, one: Need, other: Need) -> bool:
        found = self._found.get((one, other))
        if found is None:
            found = contradict(one.must_state, other.must_state, self._vocabulary)
            self._found[one, other] = self._found[other, one] = found
        return found

    def wider(self, document: str, /) -> Collection[str]:
        # decision: kind-counts-for-wider
        return self._vocabulary.above(document)


class Copies:
    """The copies that needs take.

    Needs that are apart from another of the same paper are numbered, those that go together alike;
    what is apart from none (number 0) is met by any copy of the paper that is taken anyway, and by
    any of a narrower kind of it.
    """

    # decision: one-copy-one-value
    def __init__(self, needs: Iterable[Need], apart: Apart = never) -> None:
        self._apart = apart
        self._number: dict[Need, int] = {}
        """Only of needs that are apart from another."""
        self.exact = True
        """Whether all that are numbered otherwise are apart, so that no fewer copies would do."""
        of: dict[tuple[str, str], list[Need]] = {}
        for need in sorted(set(needs)):
            if need.must_state:
                of.setdefault((need.document, need.holder), []).append(need)
        for listed in of.values():
            self._part(listed, apart)

    def _part(self, needs: Sequence[Need], apart: Apart) -> None:
        against = {n: [m for m in needs if m != n and apart(n, m)] for n in needs}
        together: list[list[Need]] = []
        for need in (n for n in needs if against[n]):
            fitting = (k for k in together if not any(m in against[need] for m in k))
            kind = next(fitting, None)
            if kind is None:
                together.append(kind := [])
            kind.append(need)
            self._number[need] = together.index(kind) + 1
        for kind in together:
            others = [m for k in together if k is not kind for m in k]
            self.exact &= all(m in against[n] for n in kind for m in others)

    def paper(self, need: Need) -> Paper:
        """The copy that a need takes."""
        return need.document, need.holder, self._number.get(need, 0)

    def merged(self, needs: Iterable[Need]) -> tuple[Need, ...]:
        """The needs that are left to meet, one a copy: the largest count, all the words, the
        smallest limit."""
        return tuple(sorted(self._left(needs).values()))

    def _left(self, needs: Iterable[Need]) -> dict[Paper, Need]:
        found: dict[Paper, Need] = {}
        for need in sorted(set(needs)):
            paper = self.paper(need)
            have = found.get(paper)
            if have is not None:
                need = _joined(have, need, max(have.copies, need.copies))
            found[paper] = need
        if self._number:
            _served(found)
        self._serve_wider(found)
        return found

    def _counts_for(self, narrow: Need, wide: Need) -> bool:
        """Whether a copy that meets a need of a document meets one of a wider document as well."""
        return (
            wide.document in self._apart.wider(narrow.document)
            and (narrow.holder, narrow.each) == (wide.holder, wide.each)
            and not self._apart(narrow, wide)
        )

    def _serve_wider(self, found: dict[Paper, Need]) -> None:
        """Leave out what narrower documents do for; more copies than there are of them are asked of
        the first. The narrowest go first: what is left out serves nothing."""
        if len({document for document, _, _ in found}) < 2:
            return
        depth = {p: len(self._apart.wider(p[0])) for p in found}
        if not any(depth.values()):
            return
        for paper in sorted(found, key=lambda p: (-depth[p], p)):
            own = found[paper]
            narrower = [p for p in sorted(found) if self._counts_for(found[p], own)]
            if narrower and not paper[2]:
                del found[paper]
                first = found[narrower[0]]
                more = own.at_least - sum(found[p].at_least for p in narrower)
                found[narrower[0]] = _joined(first, own, first.at_least + max(more, 0))

    def beside(self, papers: Mapping[Need, int]) -> set[tuple[int, int]]:
        """The numbers of papers of which any copy will do, each with that of one that does: a
        certain copy of it, or one of a narrower kind."""
        found = set(_beside({self.paper(need): number for need, number in papers.items()}))
        if len({need.document for need in papers}) > 1:
            of: dict[int, list[Need]] = {}
            for need, number in papers.items():
                of.setdefault(number, []).append(need)
            found |= {
                (w, n)
                for w, wide in of.items()
                for n, narrow in of.items()
                if not self.paper(wide[0])[2]
                and wide[0].document in self._apart.wider(narrow[0].document)
                and all(self._counts_for(a, b) for a in narrow for b in wide)
            }
        return found

    def wanted(self, numbers: Mapping[Paper, int], needs: Iterable[Need]) -> frozenset[int]:
        """The numbers of the papers that needs take copies of."""
        return frozenset(numbers[paper] for paper in self._left(needs))


def _joined(one: Need, other: Need, count: int) -> Need:
    words = tuple(sorted({*one.must_state, *other.must_state}))
    limits = [limit for limit in (one.at_most, other.at_most) if limit]
    each, many = one.each or other.each, one.as_many or other.as_many
    if not many:
        return Need(one.document, one.holder, count, words, each, min(limits, default=0))
    least = max(one.at_least, other.at_least)
    known = count if one.counted or other.counted else 0
    return Need(one.document, one.holder, least, words, each, min(limits, default=0), many, known)


def _served(found: dict[Paper, Need]) -> None:
    """Any copy will do for what needs no certain one; more copies than there are it asks for."""
    for document, holder, number in [paper for paper in found if paper[2] == 0]:
        own = found[document, holder, number]
        certain = [p for p in sorted(found) if p[:2] == (document, holder) and p[2]]
        if certain:
            del found[document, holder, number]
            first = found[certain[0]]
            more = own.copies - sum(found[p].copies for p in certain)
            found[certain[0]] = _joined(first, own, first.copies + max(more, 0))


def _beside(papers: Mapping[Paper, int]) -> Iterable[tuple[int, int]]:
    """The numbers of papers of which any copy will do, each with that of a certain copy of it."""
    for (document, holder, number), certain in papers.items():
        if number and (document, holder, 0) in papers:
            yield papers[document, holder, 0], certain
