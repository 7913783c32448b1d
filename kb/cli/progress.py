"""How far a long run is, for whoever watches it in a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress() -> Iterator[Callable[[int, int | None], None] | None]:
    """Tells how many apps are done, of how many, with rate and time left, on stderr and only on a
    terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    start = time.monotonic()
    heard = False

    def told(done: int, total: int | None) -> None:
        nonlocal heard
        heard = True
        now = time.monotonic()
        rate = done / max(now - start, 1e-6)
        left = f", {(total - done) / rate:,.0f} s left" if total else ""
        of = f" of {total:,}" if total else ""
        click.echo(f"\r{done:,}{of} apps, {rate:,.0f} apps/s{left}   ", nl=False, err=True)

    yield told
    if heard:
        click.echo(err=True)
