"""Locks of engines that a fork does not leave held: a child process can ask at once.

A fork copies locks as they are, and the threads that hold them are not there in the child. So a
fork waits until the engines are at rest, as Python's own `logging` does; then their state is whole
in the child as well.
"""

from __future__ import annotations

import logging  # noqa: F401 -- it must not come in, with hooks of its own, while a fork waits
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, cached_property
from typing import Any
from weakref import WeakSet

PATIENCE = 35.0
"""Seconds for which a fork waits: a little more than an evaluation may take unless told else."""

MAKING = threading.RLock()
"""Held while an engine is made, with the imports that this takes; taken before those of engines."""

_done: set[str] = set()
_locks: WeakSet[Any] = WeakSet()
_held: list[Any] = []


def engine_lock() -> Any:
    """A lock that one thread may take again, and that is free in the child of a fork."""
    lock = threading.RLock()
    _locks.add(lock)
    return lock


@contextmanager
def at_first(what: str) -> Iterator[None]:
    """Let forks wait while something is done for the first time in this process: it imports and
    makes what it needs, under locks that a fork would leave held."""
    if what in _done:
        yield
        return
    with MAKING:
        yield
        _done.add(what)


def _hold() -> None:
    ends = time.monotonic() + PATIENCE
    _take(MAKING, ends)
    for lock in list(_locks):  # none is added now
        _take(lock, ends)


def _take(lock: Any, ends: float) -> None:
    if lock.acquire(timeout=max(0.0, ends - time.monotonic())):
        _held.append(lock)


def _release() -> None:
    while _held:
        _held.pop().release()


def _release_in_child() -> None:
    held = set(map(id, _held))
    _release()
    for lock in (MAKING, *_locks):
        if id(lock) not in held:
            lock._at_fork_reinit()
    # Until Python 3.12 these have a lock, and another thread may be at work within.
    for module in [m for name, m in sys.modules.items() if name.startswith("kb.")]:
        for made in [each for each in vars(module).values() if isinstance(each, type)]:
            for value in vars(made).values():
                if isinstance(value, cached_property) and hasattr(value, "lock"):
                    value.lock._at_fork_reinit()


@cache
def watch_forks() -> None:
    """Let forks wait from now on; once is enough for a process."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_hold, after_in_parent=_release, after_in_child=_release_in_child
        )
