"""Proofs that are found when somebody looks at them: most who ask read the verdict alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from kb.provenance.proof import Proof


class Proofs(Sequence[Proof]):
    """Proofs that `find` gives, found once, when one of them is first looked at: until then what
    they are found in is held.

    In all else as a tuple of them, which is also what is pickled and copied.

    >>> found = Proofs(lambda: ())
    >>> found == (), hash(found) == hash(()), found
    (True, True, ())
    """

    __slots__ = ("_proofs",)

    def __init__(self, find: Callable[[], tuple[Proof, ...]]) -> None:
        self._proofs: tuple[Proof, ...] | Callable[[], tuple[Proof, ...]] = find

    def _all(self) -> tuple[Proof, ...]:
        found = self._proofs
        if not isinstance(found, tuple):
            # Two threads may both find them: they are the same, and what comes last stays.
            found = self._proofs = found()
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
