"""Auditors that stand idle beside a base until its next small audit.

Of a few apps most of the time goes into what is the same for the next ones: tables, plans, what
texts stand for, and parts that were judged already. So the auditor of a small audit stays with its
base, for an audit of the same day with the same limits, and goes when the base does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kb.audit.auditor import Auditor

if TYPE_CHECKING:
    from kb.base.core import Core

MOST = 2
"""Auditors that stand idle beside a base; of more, the one that has stood longest goes."""


@contextmanager
def auditing(
    base: Core,
    day: int,
    drafts: bool,
    *,
    memory: str | None = None,
    threads: int | None = None,
    spill: Path | None = None,
) -> Iterator[Auditor]:
    """An auditor for an audit, idle before or new; see `Auditor`. It stands idle afterwards where
    the audit ended well, and it is small."""
    # A child of a fork makes its own: a database is not for two processes.
    whose = "auditor", os.getpid()
    key = *whose, day, drafts, memory, threads
    idle = base.beside.pop(key, None)
    if not (isinstance(idle, Auditor) and idle.roused(spill)):
        idle = Auditor(base, day, drafts, memory=memory, threads=threads, spill=spill)
    yield idle
    if idle.rested():
        base.beside[key] = idle
        standing = [each for each in list(base.beside) if each[:2] == whose]
        for eldest in standing[:-MOST]:
            base.beside.pop(eldest, None)
