"""Why no alternative of a reading will do: for each of them, what rules it out or what it lacks.

That nothing satisfies a reading is a denied fact, for which a proof has no premise. Here each
alternative of the reading gets one, down to the paper that it lacks, whose that is, and the line
that asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kb.engines.protocol import Model
from kb.lang.syntax import Row
from kb.provenance.proof import Fact, Proof, Prover

SHORT = {
    "may_satisfy": ("barred", "lacks"),
    "satisfied_by": ("barred", "lacks", "unsure_of", "doubtful"),
}
"""Of each denied relation over an app and a reading: what may stand against an alternative, the
firmest first. Each of these relations has the app and the alternative in front."""
OF_WHOM = {"lacks": "lacks_of", "unsure_of": "unsure_whose"}
"""What says the same of a party's document; the shortest proof may rest on the count alone."""


def with_shortfalls(proof: Proof, prover: Prover, model: Model) -> Proof:
    """The proof, with what stands against each alternative below each place where it says that none
    of a reading will do. What is said in two places is found once."""
    return _Opened(prover, model).of(proof)


class _Opened:
    def __init__(self, prover: Prover, model: Model) -> None:
        self.prover = prover
        self.model = model
        # By the object: a proof may be a premise of many.
        self._known: dict[int, tuple[Proof, Proof]] = {}

    def of(self, proof: Proof) -> Proof:
        if id(proof) not in self._known:
            fact = proof.fact
            if fact.absent and fact.relation in SHORT and "_" not in fact.row:
                because = tuple(self.against(fact.relation, fact.row))
            else:
                because = tuple(self.of(premise) for premise in proof.because)
            same = all(new is old for new, old in zip(because, proof.because, strict=False))
            kept = proof if same and len(because) == len(proof.because) else None
            self._known[id(proof)] = proof, kept or replace(proof, because=because)
        return self._known[id(proof)][1]

    def against(self, denied: str, row: Row) -> Iterator[Proof]:
        """What stands against each alternative of the reading, in the order of the source."""
        app, reading = row
        named = [str(name) for name, of in self.model["alternative"] if of == reading]
        # Their names end in a number.
        for name in sorted(named, key=lambda each: (len(each), each)):
            for relation in SHORT[denied]:
                rows = [r for r in self.model.get(relation, ()) if r[:2] == (app, name)]
                for each in sorted(rows, key=str):
                    yield from self.one(relation, each)
                if rows:
                    break

    def one(self, relation: str, row: Row) -> Iterator[Proof]:
        """The proof of what stands against an alternative, and those of the parties of which a
        document is open or lacking that it does not name."""
        proof = self.prover.prove(relation, row)
        if proof is None:
            return
        yield proof
        whose = OF_WHOM.get(relation, "")
        named = {premise.fact for premise in proof.because}
        for each in sorted(self.model.get(whose, ()), key=str):
            if each[: len(row)] == row and Fact(whose, each) not in named:
                found = self.prover.prove(whose, each)
                if found is not None:
                    yield found
