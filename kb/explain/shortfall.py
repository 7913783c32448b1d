"""Why no alternative of a reading will do: for each of them, what rules it out or what it lacks.

That nothing satisfies a reading is a denied fact, for which a proof has no premise. Here each
alternative of the reading gets one, down to the paper that it lacks and the line that asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from kb.engines.protocol import Model
from kb.lang.syntax import Row
from kb.provenance.proof import Proof, Prover

SHORT = {
    "may_satisfy": ("barred", "lacks"),
    "satisfied_by": ("barred", "lacks", "unsure_of", "doubtful"),
}
"""Of each denied relation over an app and a reading: what may stand against an alternative, the
firmest first. Each of these relations has the app and the alternative in front."""


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
                found = [self.prover.prove(relation, each) for each in sorted(rows, key=str)]
                if found:
                    yield from (each for each in found if each is not None)
                    break
