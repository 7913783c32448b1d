"""What the texts of a chunk stand for: each different text is looked up once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kb.audit.arrays import numpy
from kb.audit.dictionary import Refusal

Numbers: TypeAlias = NDArray[np.int32]
Meant: TypeAlias = int | Refusal | None
"""What a text stands for: a number, why it is refused, or nothing that anybody looks at."""

Refused: TypeAlias = tuple[int, Refusal]
"""A row and why it is refused."""

SAYS_NOTHING = -1
"""The number of an empty cell, and of a text that stands for nothing; refusals are below it."""


class Texts:
    """What the texts of one kind stand for, each found out once."""

    def __init__(self, meant: Callable[[str], Meant]) -> None:
        self._meant = meant
        self._known: dict[str, int] = {}
        self.refusals: list[Refusal] = []

    def codes(self, cells: pa.Array) -> Numbers:
        """The number of each cell of a column of texts."""
        coded, numbers = self._numbers(cells)
        found: Numbers = numbers[numpy(coded.indices)]
        return found

    def stated(self, rows: Numbers, cells: pa.Array) -> tuple[Numbers, Numbers]:
        """The rows whose cell says something, and the numbers of those cells."""
        coded, numbers = self._numbers(cells)
        if (numbers == SAYS_NOTHING).all():
            return rows[:0], numbers[:0]
        codes = numbers[numpy(coded.indices)]
        at = np.flatnonzero(codes != SAYS_NOTHING)
        return rows[at], codes[at]

    def _numbers(self, cells: pa.Array) -> tuple[pa.DictionaryArray, Numbers]:
        coded = cells if pa.types.is_dictionary(cells.type) else cells.dictionary_encode("encode")
        texts = coded.dictionary.to_pylist()
        numbers = [SAYS_NOTHING if text is None else self._of(text) for text in texts]
        return coded, np.array(numbers, dtype=np.int32)

    def _of(self, text: str) -> int:
        found = self._known.get(text)
        if found is None:
            meant = self._meant(text)
            if isinstance(meant, Refusal):
                self.refusals.append(meant)
                meant = SAYS_NOTHING - len(self.refusals)
            found = self._known[text] = SAYS_NOTHING if meant is None else meant
        return found

    def forget_refused(self) -> None:
        """Forget the texts that were refused."""
        self._known = {text: code for text, code in self._known.items() if code >= SAYS_NOTHING}
        self.refusals.clear()

    def refused(self, rows: Numbers, codes: Numbers) -> Iterator[Refused]:
        """The rows whose texts are refused, each with its reason."""
        for at in np.flatnonzero(codes < SAYS_NOTHING):
            yield int(rows[at]), self.refusals[SAYS_NOTHING - int(codes[at]) - 1]


class Ids:
    """The ids that names of parties' roles and kinds stand for, each found out once."""

    def __init__(self, meant: Callable[[str, str], str | Refusal]) -> None:
        self._meant = meant
        self._known: dict[tuple[str, str], str | Refusal] = {}

    def id(self, kind: str, raw: str | None) -> str | Refusal | None:
        """The id of a name, or why it is refused; None for none."""
        if raw is None:
            return None
        if (kind, raw) not in self._known:
            self._known[kind, raw] = self._meant(kind, raw)
        return self._known[kind, raw]

    def forget_refused(self) -> None:
        """Forget the names that were refused."""
        known = self._known.items()
        self._known = {name: id for name, id in known if not isinstance(id, Refusal)}
