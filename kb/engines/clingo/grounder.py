"""A process that does clingo's work: programs in, the facts of their one stable model out.

Grounding heeds neither a signal nor clingo's own `interrupt`, and clingo keeps every symbol that it
ever saw until its process ends; a process of its own can be killed and replaced. This file runs as
a program and needs nothing of `kb`: on standard input each program comes after a line with its
number of bytes, and each answer goes out in the same way, a fact a line.
"""

from __future__ import annotations

import signal
import sys
from typing import IO


def main() -> None:
    """Answer until the input ends."""
    # Ctrl-C reaches all processes of a terminal; whoever started this one decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while (program := receive(sys.stdin.buffer)) is not None:
        send(sys.stdout.buffer, "\n".join(facts(program.decode("ascii"))).encode("ascii"))


def facts(program: str) -> list[str]:
    """The shown facts of a stratified program's one stable model."""
    import clingo

    control = clingo.Control(["0", "--warn=none"])
    control.add("base", [], program)
    control.ground([("base", [])])
    [model] = [
        [str(symbol) for symbol in found.symbols(shown=True)]
        for found in control.solve(yield_=True)
    ]
    return model


def send(to: IO[bytes], text: bytes) -> None:
    """Write a message."""
    to.write(b"%d\n" % len(text))
    to.write(text)
    to.flush()


def receive(source: IO[bytes]) -> bytes | None:
    """Read a message; None when the other side is gone."""
    head = source.readline()
    if not head.endswith(b"\n"):
        return None
    text = source.read(int(head))
    return text if len(text) == int(head) else None


if __name__ == "__main__":
    main()
