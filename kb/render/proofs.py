"""Proofs in words, as trees of sentences, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kb.lang.syntax import Cite
from kb.model.data import Json
from kb.provenance.proof import Fact, Proof, merged_cites, of_sources
from kb.render.outline import Cited, Lead, Line, line
from kb.render.sentences import Sentences
from kb.render.shared_json import cites_json

DEEPEST = 10_000
"""Deeper than any proof."""


class Shown:
    """The proofs that a text shows already: a fact with all that it rests on."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Fact, tuple[int, ...]], int] = {}
        self._known: dict[int, tuple[Proof, int]] = {}
        self._shown: set[int] = set()

    def first(self, proof: Proof) -> bool:
        """Whether this is the first time that the proof is shown."""
        number = self._number(proof)
        fresh = number not in self._shown
        self._shown.add(number)
        return fresh

    def _number(self, proof: Proof) -> int:
        """The same for proofs that show the same: those of equal facts from equal premises."""
        # By the object, or what many premises share would be gone through once for each of them.
        if id(proof) not in self._known:
            key = proof.fact, tuple(self._number(premise) for premise in proof.because)
            self._known[id(proof)] = proof, self._numbers.setdefault(key, len(self._numbers))
        return self._known[id(proof)][1]


def proof_lines(
    proof: Proof,
    say: Sentences,
    shown: Shown,
    *,
    indent: int = 0,
    depth: int = 0,
    most: int = DEEPEST,
    decimals: int = 0,
) -> Iterator[Line]:
    """A proof as a tree, its fact `depth` steps deep, down to `most` steps; what is shown already
    is not shown again. `decimals` are those of numbers that its fact compares."""
    again = bool(proof.because) and not shown.first(proof)
    cut = bool(proof.because) and depth + 1 >= most
    words = say.of(proof.fact, decimals)
    if again:
        words += say.to.pick(" (见上)", " (as above)")
    elif cut:
        words += " …"
    lead = [Lead("└ ")] if depth else []
    yield line(indent + 2 * depth, *lead, words, *cited(of_sources(proof.sources)))
    if not again and not cut:
        own = say.decimals_of(premise.fact for premise in proof.because)
        deeper = depth + 1
        for each in proof.because:
            yield from proof_lines(
                each, say, shown, indent=indent, depth=deeper, most=most, decimals=own
            )


def proof_line(proof: Proof, say: Sentences) -> Line:
    """A proof in one line: its fact, with the lines of sources that it comes down to."""
    found = merged_cites(cite for leaf in proof.leaves() for cite in leaf.sources)
    return line(0, say.of(proof.fact), *cited(found))


def cited(found: Iterable[Cite]) -> list[Cited]:
    """The lines behind a sentence, as they are written after it; nothing when there are none."""
    listed = list(found)
    return [Cited.of(listed)] if listed else []


def proof_json(proof: Proof, say: Sentences, decimals: int = 0) -> Json:
    """A PROOF of the contract, with its sentence; `decimals` as in `proof_lines`."""
    own = say.decimals_of(premise.fact for premise in proof.because)
    return {
        "fact": str(proof.fact),
        "sentence": say.of(proof.fact, decimals),
        "rule": str(proof.rule) if proof.rule else None,
        "sources": cites_json(proof.sources),
        "because": [proof_json(premise, say, own) for premise in proof.because],
    }
