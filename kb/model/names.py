"""Names of things: ids, labels in two languages, aliases and former names, and how to find them."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from kb.lang.problems import near


@dataclass(frozen=True, slots=True)
class Term:
    """One thing with its names. `kind` is the vocabulary that it stands in."""

    kind: str
    id: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    former: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.id, self.zh, self.en, *self.aliases, *self.former)

    def label(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


def folded(name: str) -> str:
    """A name as it is compared: case, spaces, the brackets of titles and full width do not count.

    >>> folded("《卫健委（卫生健康委员会）批文》") == folded("卫健委(卫生健康委员会)批文")
    True
    """
    plain = name if name.isascii() else unicodedata.normalize("NFKC", name)
    return "".join(c for c in plain.casefold() if c not in " 《》【】“”\"'·-_—")


def wording(text: str) -> str:
    """Words as documents state them, for a comparison: as `folded`, and no space of any kind
    counts.

    >>> wording("第9类 提供资产管理（A）") == wording("第9类提供资产管理(a)")
    True
    """
    return folded("".join(text.split()))


@dataclass
class Names:
    """All terms of a knowledge base, by kind and id; each name leads to one term of its kind."""

    terms: dict[tuple[str, str], Term] = field(default_factory=dict)
    units: dict[str, tuple[str, str]] = field(default_factory=dict)
    """What the numbers of a field of papers are counted in, by its id: in Chinese, in English."""
    _by_name: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    _new: dict[str, list[Term]] = field(default_factory=dict)
    _of_kind: dict[str, dict[str, Term]] = field(default_factory=dict)
    proposals: Callable[[str, str], list[str]] | None = field(
        default=None, compare=False, repr=False
    )
    """Lines of help for a name of a kind that is not known, beside near names."""

    def add(self, term: Term) -> Term | None:
        """Add a term; the term that stands in its way (same kind and id), if any."""
        other = self.terms.get((term.kind, term.id))
        if other is not None:
            return other
        self.terms[term.kind, term.id] = term
        self._of_kind.setdefault(term.kind, {})[term.id] = term
        self._new.setdefault(term.kind, []).append(term)
        return None

    def _index(self, kind: str) -> dict[str, list[str]]:
        """The ids of a kind by their names as they are compared. Names are folded when they are
        first looked up: most of a large base never are. An index is shown when it is whole, for
        another thread may look a name up meanwhile."""
        new = self._new.get(kind)
        if not new:
            return self._by_name.get(kind, {})
        index = {name: list(ids) for name, ids in self._by_name.get(kind, {}).items()}
        for term in new:
            for name in dict.fromkeys(map(folded, term.names)):
                ids = index.setdefault(name, [])
                if term.id not in ids:  # another thread may have been here
                    ids.append(term.id)
        self._by_name[kind] = index
        self._new.pop(kind, None)
        return index

    def of(self, kind: str) -> Iterator[Term]:
        """The terms of a kind, in the order of the files."""
        return iter(self._of_kind.get(kind, {}).values())

    def ids(self, kind: str) -> frozenset[str]:
        return frozenset(self._of_kind.get(kind, ()))

    def kinds(self) -> frozenset[str]:
        return frozenset(self._of_kind)

    def get(self, kind: str, id: str) -> Term | None:
        return self.terms.get((kind, id))

    def label(self, kind: str, id: str, lang: str) -> str:
        term = self.terms.get((kind, id))
        return term.label(lang) if term else id

    def find(self, kind: str, name: str) -> Term | None:
        """The term of a kind with this id, label, alias or former name; an id goes first."""
        exact = self.terms.get((kind, name))
        if exact is not None:
            return exact
        ids = self._index(kind).get(folded(name), [])
        return self.terms[kind, ids[0]] if len(ids) == 1 else None

    def called(self, name: str) -> Iterator[Term]:
        """The terms of all kinds with this label, alias or former name."""
        wanted = folded(name)
        for kind in sorted(self._of_kind):
            found = self._index(kind).get(wanted, ())
            yield from (self.terms[kind, id] for id in sorted(set(found)))

    def shared(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Names that lead to several terms of a kind: (kind, name, ids)."""
        for kind in sorted(self._of_kind):
            for name, ids in sorted(self._index(kind).items()):
                if len(set(ids)) > 1:
                    yield kind, name, tuple(sorted(set(ids)))

    def near(self, kind: str, name: str) -> str:
        """Help for a name that is not found."""
        help = near(name, self.spellings(kind))
        more = self.proposals(kind, name) if self.proposals is not None and name else []
        # A list of whatever there is helps less than what is meant by the words.
        if len(more) > 1 and help.startswith("known: "):
            return "\n".join(more)
        return "\n".join([help, *more])

    def spellings(self, kind: str) -> Iterable[str]:
        return {n for term in self.of(kind) for n in (term.id, term.zh, *term.aliases)}
