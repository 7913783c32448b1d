"""Arithmetic of rules: what operations there are, what they give, and which literals wait for it.

An operation that has no result (a day that no calendar has, a day past the year 9999) gives None,
and the comparison that it stands in does not hold. Days are numbers such as 20250401.
"""

from __future__ import annotations

import calendar
import datetime
import operator
from collections.abc import Callable, Collection, Mapping, Set
from dataclasses import dataclass

from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Comparison,
    Constant,
    Expression,
    Literal,
    Rule,
    Value,
    Variable,
    terms_in,
    variables_of,
)


@dataclass(frozen=True, slots=True)
class Operation:
    """The kinds that an operation takes and gives, and how Python computes it."""

    takes: tuple[str, str]
    gives: str
    compute: Callable[[int, int], int | None]


def day_of(number: int) -> datetime.date | None:
    """The day that a number such as 20250401 stands for; None where the calendar has none.

    >>> day_of(20250401), day_of(20250230)
    (datetime.date(2025, 4, 1), None)
    """
    try:
        return datetime.date(number // 10_000, number // 100 % 100, number % 100)
    except (ValueError, OverflowError):
        return None


def number_of(day: datetime.date) -> int:
    """A day as a number such as 20250401.

    >>> number_of(datetime.date(2025, 4, 1))
    20250401
    """
    return day.year * 10_000 + day.month * 100 + day.day


def add_days(day: int, days: int) -> int | None:
    """The day so many days later; earlier for a number below 0.

    >>> add_days(20240228, 2)
    20240301
    """
    start = day_of(day)
    if start is None:
        return None
    try:
        return number_of(start + datetime.timedelta(days=days))
    except OverflowError:
        return None


def add_months(day: int, months: int) -> int | None:
    """The same day of a month so many months later, or that month's last.

    >>> add_months(20240131, 1), add_months(20240331, -1)
    (20240229, 20240229)
    """
    start = day_of(day)
    if start is None:
        return None
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    last = calendar.monthrange(year, month + 1)[1]
    return year * 10_000 + (month + 1) * 100 + min(start.day, last)


def days_between(first: int, last: int) -> int | None:
    """Days from the first day to the last; below 0 when that is earlier.

    >>> days_between(20240228, 20240301)
    2
    """
    one, other = day_of(first), day_of(last)
    return None if one is None or other is None else (other - one).days


OPERATIONS: Mapping[str, Operation] = {
    "+": Operation(("number", "number"), "number", lambda a, b: a + b),
    "-": Operation(("number", "number"), "number", lambda a, b: a - b),
    "*": Operation(("number", "number"), "number", lambda a, b: a * b),
    "//": Operation(("number", "number"), "number", lambda a, b: a // b),
    "%": Operation(("number", "number"), "number", lambda a, b: a % b),
    "add_days": Operation(("day", "number"), "day", add_days),
    "add_months": Operation(("day", "number"), "day", add_months),
    "days_between": Operation(("day", "day"), "number", days_between),
}
AGGREGATES = ("count", "sum", "min", "max")


def value_of(expression: Expression, binding: Mapping[str, Value]) -> Value | None:
    """What an expression is under a binding; None when it has no result or a variable no value."""
    match expression:
        case Constant(value):
            return value
        case Variable(name):
            return binding.get(name)
        case Arithmetic(op, (left, right)):
            one, other = value_of(left, binding), value_of(right, binding)
            if not isinstance(one, int) or not isinstance(other, int):
                return None
            return OPERATIONS[op].compute(one, other)
    raise AssertionError(expression)


def aggregated(op: str, rows: Collection[tuple[Value, ...]]) -> int:
    """The aggregate of the different rows of a group, of which there is one at least.

    >>> aggregated("sum", {(2, 7), (2, 8)})
    4
    """
    if op == "count":
        return len(rows)
    numbers = [int(row[0]) for row in rows]
    return sum(numbers) if op == "sum" else min(numbers) if op == "min" else max(numbers)


def assigned(literal: Literal, bound: Set[str]) -> tuple[str, Arithmetic] | None:
    """The variable that a comparison gives its value, with what it is, where the variables `bound`
    have theirs: `(M == N + 1)` where N is bound and M is not."""
    if not isinstance(literal, Comparison) or literal.op != "==":
        return None
    for one, other in ((literal.left, literal.right), (literal.right, literal.left)):
        if (
            isinstance(one, Variable)
            and one.name not in bound
            and isinstance(other, Arithmetic)
            and all(leaf.name in bound for leaf in terms_in(other) if isinstance(leaf, Variable))
        ):
            return one.name, other
    return None


def bound_by_atoms(rule: Rule) -> set[str]:
    """The names of the variables that positive literals bind."""
    return {v.name for part in rule.body if isinstance(part, Atom) for v in variables_of(part)}


def computed(rule: Rule) -> tuple[Comparison, ...]:
    """The comparisons that give variables their values, each after those that it needs."""
    return tuple(_computed(rule).values())


def computed_names(rule: Rule) -> set[str]:
    """The names of the variables that get their values by computing."""
    return set(_computed(rule))


def _computed(rule: Rule) -> dict[str, Comparison]:
    """The same comparisons by the names of their variables."""
    bound = bound_by_atoms(rule)
    found: dict[str, Comparison] = {}
    left = [part for part in rule.body if isinstance(part, Comparison)]
    while True:
        for part in left:
            given = assigned(part, bound | found.keys())
            if given is not None:
                found[given[0]] = part
                left.remove(part)
                break
        else:
            return found


def has_arithmetic(literal: Literal) -> bool:
    """Whether a literal computes something."""
    return isinstance(literal, Comparison) and (
        isinstance(literal.left, Arithmetic) or isinstance(literal.right, Arithmetic)
    )


def split(rule: Rule) -> tuple[tuple[Literal, ...], tuple[Literal, ...]]:
    """The literals that stored values decide, and those that wait for computed ones, in an order
    in which they can be met."""
    if not any(map(has_arithmetic, rule.body)):
        return rule.body, ()
    first = computed(rule)
    stored = bound_by_atoms(rule)

    def waits(literal: Literal) -> bool:
        named = {v.name for v in variables_of(literal) if not v.anonymous}
        return has_arithmetic(literal) or not named <= stored

    tests = [x for x in rule.body if waits(x) and not any(x is each for each in first)]
    joined = [x for x in rule.body if not waits(x)]
    return tuple(joined), (*first, *tests)


COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compare(left: Value, right: Value, op: str) -> bool:
    """A comparison of two values of one sort: `op` is one of `COMPARISONS`."""
    return COMPARISONS[op](left, right)
