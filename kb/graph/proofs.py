"""Proofs as a graph: a fact, the premises of its rule, down to the lines that state them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kb.base.lexicon import Lexicon
from kb.explain.why import why
from kb.graph.build import Builder, Graph, key_of
from kb.lang.problems import Problem, Problems
from kb.model.days import date
from kb.provenance.proof import of_sources
from kb.render.sentences import Sentences

if TYPE_CHECKING:
    from kb.base.core import Core, Day
    from kb.model.profiles import AppLike
    from kb.provenance.proof import Proof


def proof_graph(base: Core, facts: Iterable[str], app: AppLike, as_of: Day = None) -> Graph:
    """The shortest proofs of facts of an app in one graph; what serves twice is one node.

    Facts are written as for `base.why`. Raises `Problems` for what is not known, and for a fact
    that does not hold.
    """
    read = base.app(app)
    drawer = _Drawer(base)
    tops = []
    for fact in facts:
        found = why(base, fact, read, as_of, False, "zh")
        if found is None:
            raise Problems(
                [
                    Problem(
                        "no-fact",
                        f"`{fact}` does not hold",
                        help="`kb why-not` tells what it would take",
                    )
                ]
            )
        tops.append(drawer.add(found.proof))
    first = drawer.builder.graph.nodes[tops[0]]
    return drawer.builder.finished(
        view="proof",
        focus=tops[0],
        zh=f"证明:{first['zh']}",
        en=f"proof: {first['en']}",
        as_of=date(base.day(as_of)).isoformat(),
    )


class _Drawer:
    def __init__(self, base: Core) -> None:
        self.builder = Builder(base.facts)
        lexicon = Lexicon.of(base)
        self.zh, self.en = (Sentences(lexicon, lang) for lang in ("zh", "en"))

    def add(self, proof: Proof) -> str:
        """The key of a proof's fact, which is added with all that it rests on."""
        kind = "fact" if proof.rule else "absent" if proof.fact.absent else "stated"
        known = key_of(kind, str(proof.fact)) in self.builder.graph
        rule = {"rule": str(proof.rule)} if proof.rule else {}
        zh, en = self.zh.of(proof.fact), self.en.of(proof.fact)
        key = self.builder.node(kind, str(proof.fact), zh, en, fact=str(proof.fact), **rule)
        self.builder.cite(key, *of_sources(proof.sources))
        if not known:
            for premise in proof.because:
                self.builder.edge("because", key, self.add(premise))
        return key
