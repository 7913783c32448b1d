"""Arithmetic and aggregates of rules as SQL trees that DuckDB and Spark share.

What has no result is NULL: a comparison with it is not true, so the row is not there. Divisions
round down, where SQL's own cut off. Days are numbers such as 20250401; what is no day of a
calendar, or would lie outside the years 1 to 9999, is NULL before an engine could fail on it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlglot import exp

from kb.lang.syntax import Aggregate, Arithmetic, Constant, Expression, Value, Variable
from kb.model.days import FIRST, LAST

DAYS, MONTHS = 3_652_058, 119_999
"""The last day and the last month that are counted from the first day of the year 1, or from its
year 0."""
NUMBER = exp.DataType.build("BIGINT")
PLAIN = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
DAY_ONE = exp.cast(exp.Literal.string("0001-01-01"), "DATE")


def computed(
    expression: Expression,
    bound: Mapping[str, exp.Expression],
    code: Callable[[Value], int],
) -> exp.Expression:
    """A tree of what an expression is where variables are columns or trees."""
    match expression:
        case Constant(value):
            return exp.Literal.number(code(value))
        case Variable(name):
            return bound[name].copy()
        case Arithmetic(op, (left, right)):
            one, other = (exp.cast(computed(side, bound, code), NUMBER) for side in (left, right))
            return _operation(op, one, other)
    raise AssertionError(expression)


def _operation(op: str, one: exp.Expression, other: exp.Expression) -> exp.Expression:
    match op:
        case "//":
            return _divided(one, other)
        case "%":
            return _rest(one, other)
        case "add_days":
            return _later(one, other, "DAY", _day_count(one), DAYS, 0)
        case "add_months":
            return _later(one, other, "MONTH", _month_count(one), MONTHS, 12)
        case "days_between":
            return exp.cast(_sub(_day_count(other), _day_count(one)), NUMBER)
    return exp.Paren(this=PLAIN[op](this=one, expression=other))


def _rest(one: exp.Expression, by: exp.Expression) -> exp.Expression:
    rest = exp.Paren(this=exp.Mod(this=one.copy(), expression=by.copy()))
    whole = exp.Paren(this=exp.Add(this=rest, expression=by.copy()))
    return exp.Paren(this=exp.Mod(this=whole, expression=by.copy()))


def _divided(one: exp.Expression, by: exp.Expression) -> exp.Expression:
    return _cut(_sub(one.copy(), _rest(one, by)), by)


def _cut(one: exp.Expression, by: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.IntDiv(this=one.copy(), expression=by.copy()))


def _sub(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.Sub(this=one, expression=other))


def _date(day: exp.Expression) -> exp.Expression:
    """A DATE of a number; NULL where the calendar has no such day."""
    digits = exp.cast(day.copy(), "TEXT")
    text = exp.Anonymous(this="LPAD", expressions=[digits, exp.Literal.number(8), _string("0")])
    parts = [
        exp.Substring(this=text.copy(), start=exp.Literal.number(s), length=exp.Literal.number(n))
        for s, n in ((1, 4), (5, 2), (7, 2))
    ]
    joined = exp.Concat(
        expressions=[parts[0], _string("-"), parts[1], _string("-"), parts[2]],
        safe=False,
        coalesce=False,
    )
    date = exp.TryCast(this=joined, to=exp.DataType.build("DATE"), safe=True)
    inside = exp.Between(
        this=day.copy(), low=exp.Literal.number(FIRST), high=exp.Literal.number(LAST)
    )
    return exp.Case(ifs=[exp.If(this=inside, true=date)])


def _string(text: str) -> exp.Expression:
    return exp.Literal.string(text)


def _day_count(day: exp.Expression) -> exp.Expression:
    """Days since the first of the year 1."""
    return exp.DateDiff(this=_date(day), expression=DAY_ONE.copy(), unit=exp.var("DAY"))


def _month_count(day: exp.Expression) -> exp.Expression:
    month = _rest(_cut(day, exp.Literal.number(100)), exp.Literal.number(100))
    year = exp.Mul(this=_cut(day, exp.Literal.number(10_000)), expression=exp.Literal.number(12))
    return _sub(exp.Add(this=exp.Paren(this=year), expression=month), exp.Literal.number(1))


def _later(
    day: exp.Expression,
    more: exp.Expression,
    unit: str,
    count: exp.Expression,
    last: int,
    first: int,
) -> exp.Expression:
    """The day so many units later, where it lies within the calendar."""
    wide = exp.Between(
        this=more.copy(),
        low=exp.Neg(this=exp.Literal.number(DAYS)),
        high=exp.Literal.number(DAYS),
    )
    inside = exp.Between(
        this=exp.Paren(this=exp.Add(this=count, expression=more.copy())),
        low=exp.Literal.number(first),
        high=exp.Literal.number(last),
    )
    added = exp.DateAdd(
        this=_date(day), expression=exp.cast(more.copy(), "INT"), unit=exp.var(unit)
    )
    text = exp.TimeToStr(this=exp.cast(added, "DATE"), format=_string("%Y%m%d"))
    # A sum of wide numbers would fail: only where `wide` holds is it looked at.
    within = exp.Case(ifs=[exp.If(this=inside, true=exp.cast(text, NUMBER))])
    return exp.Case(ifs=[exp.If(this=wide, true=within)])


def aggregated(
    aggregate: Aggregate, elements: exp.Select, group: int, kind: exp.DataType
) -> exp.Select:
    """The rows of a rule with an aggregate, from a query that gives its group (so many columns) and
    the aggregate's terms, each row once."""
    first = exp.column(f"c{group}", table="e")
    found: exp.Expression
    match aggregate.op:
        case "count":
            found = exp.Count(this=exp.Star())
        case "sum":
            found = exp.Sum(this=first)
        case "min":
            found = exp.Min(this=first)
        case _:
            found = exp.Max(this=first)
    columns: list[exp.Expression] = [exp.column(f"c{n}", table="e") for n in range(group)]
    shown = [*columns]
    shown.insert(aggregate.at, exp.cast(found, kind.copy()))
    query = exp.select(
        *(
            exp.Alias(this=value.copy(), alias=exp.to_identifier(f"c{n}"))
            for n, value in enumerate(shown)
        )
    ).from_(elements.subquery("e"))
    if columns:
        return query.group_by(*(value.copy() for value in columns))
    # Without a group SQL gives a row of nothing at all.
    return query.having(exp.GT(this=exp.Count(this=exp.Star()), expression=exp.Literal.number(0)))
