"""How many examples a run looks at: `KB_EXAMPLES`, 120 unless it says otherwise.

Random tests make that many, or a share of it; tests over all cases look at each so-many-th. With
`KB_EXAMPLES=1200` it is ten times as many of both, and with enough of them every case.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")
USUAL = 120
EXAMPLES = int(os.environ.get("KB_EXAMPLES", USUAL))
LONG = EXAMPLES > USUAL


def share(items: Iterable[T], step: int, first: int = 0) -> list[T]:
    """Each so-many-th item, the same ones every time; more of them in a longer run."""
    each = max(1, step * USUAL // EXAMPLES)
    return list(items)[first % each :: each]
