"""Looking for cycles of garbage, and when not to."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[bool]:
    """Meanwhile nothing looks for cycles: an engine makes so many small things at once that much
    of its time would go into looking through all that a base holds. Gives whether this is what
    stopped it.

    >>> with uncollected():
    ...     gc.isenabled()
    False
    """
    paused = gc.isenabled()
    if paused:
        gc.disable()
    try:
        yield paused
    finally:
        if paused:
            gc.enable()
