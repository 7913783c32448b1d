"""A process that does clingo's work: programs in, the facts of their one stable model out.

Grounding heeds neither a signal nor clingo's own `interrupt`, and clingo keeps every symbol that it
ever saw until its process ends; a process of its own can be killed and replaced. This file runs as
a program and needs nothing of `kb`: on standard input each program comes after a line with its
number of bytes, and each answer goes out in the same way, a fact a line.
"""

from __future__ import annotations

import calendar
import datetime
import signal
import sys
from collections.abc import Callable
from typing import IO, Any

WIDEST = 2**31 - 1
"""The largest whole number that clingo computes with."""
TOO_WIDE = "!"
"""Opens an answer that is none: the number of the rule that computes what clingo can not hold."""
EDGE = "% "
"""Opens the first line of a program, a comment: past which number one stands for another."""


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
    operations = Operations(clingo.Number, int(program.partition("\n")[0].removeprefix(EDGE)))
    control.ground([("base", [])], context=operations)
    if operations.too_wide is not None:
        return [f"{TOO_WIDE}{operations.too_wide}"]
    [model] = [
        [str(symbol) for symbol in found.symbols(shown=True)]
        for found in control.solve(yield_=True)
    ]
    return model


class Operations:
    """The arithmetic of rules, with Python's numbers; each is given the number of its rule first.
    What has no result gives no symbol, so that the rule has no instance there."""

    def __init__(self, number: Callable[[int], Any], edge: int) -> None:
        self._number = number
        self._edge = edge
        self.too_wide: int | None = None

    def _made(self, rule: Any, value: int, *of: Any) -> list[Any]:
        if any(abs(each) > self._edge for each in (value, *(one.number for one in of))):
            self.too_wide = rule.number
            return []
        return [self._number(value)]

    def plus(self, rule: Any, one: Any, other: Any) -> list[Any]:
        return self._made(rule, one.number + other.number, one, other)

    def minus(self, rule: Any, one: Any, other: Any) -> list[Any]:
        return self._made(rule, one.number - other.number, one, other)

    def times(self, rule: Any, one: Any, other: Any) -> list[Any]:
        return self._made(rule, one.number * other.number, one, other)

    def divided(self, rule: Any, one: Any, other: Any) -> list[Any]:
        return self._made(rule, one.number // other.number, one, other)

    def rest(self, rule: Any, one: Any, other: Any) -> list[Any]:
        return self._made(rule, one.number % other.number, one, other)

    def add_days(self, rule: Any, day: Any, days: Any) -> list[Any]:
        try:
            later = _day(day.number) + datetime.timedelta(days=days.number)
        except (ValueError, OverflowError):
            return []
        return self._made(rule, int(later.strftime("%Y%m%d")))

    def add_months(self, rule: Any, day: Any, months: Any) -> list[Any]:
        try:
            start = _day(day.number)
            count = start.year * 12 + start.month - 1 + months.number
            year, month = count // 12, count % 12 + 1
            last = calendar.monthrange(year, month)[1]
            later = datetime.date(year, month, min(start.day, last))
        except (ValueError, OverflowError):
            return []
        return self._made(rule, int(later.strftime("%Y%m%d")))

    def days_between(self, rule: Any, first: Any, last: Any) -> list[Any]:
        try:
            return self._made(rule, (_day(last.number) - _day(first.number)).days)
        except ValueError:
            return []


def _day(number: int) -> datetime.date:
    return datetime.date(number // 10_000, number // 100 % 100, number % 100)


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
