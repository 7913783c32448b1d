"""Looking for cycles of garbage, and when not to."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def uncollected(work: Callable[[bool], T]) -> T:
    """Do some work while nothing looks for cycles: an engine makes so many small things at once
    that much of its time would go into looking through all that a base holds. The work is told
    whether this is what stopped it.

    >>> uncollected(lambda _: gc.isenabled())
    False
    """
    # Not a context manager: Ctrl-C within `contextlib` would leave the collector off.
    paused = gc.isenabled()
    try:
        if paused:
            gc.disable()
        return work(paused)
    finally:
        if paused:
            gc.enable()
