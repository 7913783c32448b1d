"""Proofs that are found when somebody looks at them: most who ask read the verdict alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from kb.provenance.proof import Fact, Proof, Prover


class Proofs(Sequence[Proof]):
    """The shortest proof of a fact, found once, when it is first looked at: until then what gives
    the `prover` is held, and with it the model. None of a fact that does not hold.

    In all else as the tuple of them, which is also what is pickled and copied.
    """

    __slots__ = ("_fact", "_proofs")

    def __init__(self, prover: Callable[[], Prover], fact: Fact) -> None:
        self._fact = fact
        self._proofs: tuple[Proof, ...] | Callable[[], Prover] = prover

    def _all(self) -> tuple[Proof, ...]:
        found = self._proofs
        if not isinstance(found, tuple):
            # Two threads may both find them: they are the same, and what comes last stays.
            proof = found().prove(self._fact.relation, self._fact.row)
            found = self._proofs = (proof,) if proof else ()
        return found

    @overload
    def __getitem__(self, at: int) -> Proof: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Proof, ...]: ...

    def __getitem__(self, at: int | slice) -> Proof | tuple[Proof, ...]:
        return self._all()[at]

    def __iter__(self) -> Iterator[Proof]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __eq__(self, other: object) -> bool:
        return self._all() == (other._all() if isinstance(other, Proofs) else other)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    def __reduce__(self) -> tuple[type[tuple[Proof, ...]], tuple[tuple[Proof, ...]]]:
        return tuple, (self._all(),)
