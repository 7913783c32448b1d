"""The least model by the plainest means: what every engine is held against.

It shares with `kb` the shape of a rule and nothing else: levels are found by counting negations,
bindings by trying every row, and every level is run again until nothing is new.
"""

import datetime
import operator

from kb.lang.syntax import Arithmetic, Atom, Comparison, Constant, Negation, Variable

SIGNS = ("==", "eq"), ("!=", "ne"), ("<", "lt"), ("<=", "le"), (">", "gt"), (">=", "ge")
OPS = {sign: getattr(operator, name) for sign, name in SIGNS}


def evaluate(rules, facts):
    """Every relation's rows, for rules whose negations are stratified."""
    model = {name: {tuple(row) for row in rows} for name, rows in facts.items()}
    level = _levels(rules)
    for number in sorted(set(level.values())):
        chosen = [rule for rule in rules if level[rule.head.relation] == number]
        while True:
            new = {row for rule in chosen for row in _rows(rule, model)}
            if all(row in model.get(name, ()) for name, row in new):
                break
            for name, row in new:
                model.setdefault(name, set()).add(row)
    return model


def _rows(rule, model):
    name, bindings = rule.head.relation, _bindings(rule, model)
    if rule.aggregate is None:
        return [(name, tuple(_value(term, b) for term in rule.head.terms)) for b in bindings]
    at, groups = rule.aggregate.at, {}
    for binding in bindings:
        key = tuple(_value(t, binding) for n, t in enumerate(rule.head.terms) if n != at)
        over = tuple(_value(term, binding) for term in rule.aggregate.terms)
        groups.setdefault(key, set()).add(over)
    total = {
        "count": len,
        "sum": lambda rows: sum(row[0] for row in rows),
        "min": lambda rows: min(rows)[0],
        "max": lambda rows: max(rows)[0],
    }[rule.aggregate.op]
    return [(name, (*key[:at], total(rows), *key[at:])) for key, rows in groups.items()]


def _levels(rules):
    level = {rule.head.relation: 0 for rule in rules}
    for _ in range(len(level) + 1):
        for rule in rules:
            for atom, negated in rule.atoms():
                wanted = level.get(atom.relation, -1) + (negated or rule.aggregate is not None)
                level[rule.head.relation] = max(level[rule.head.relation], wanted)
    return level


def _bindings(rule, model):
    bindings = [{}]
    for literal in (part for part in rule.body if isinstance(part, Atom)):
        bindings = [
            longer
            for binding in bindings
            for row in model.get(literal.relation, ())
            if (longer := _match(literal, row, binding)) is not None
        ]
    tests = [part for part in rule.body if not isinstance(part, Atom)]
    found = []
    for binding in bindings:
        for _ in tests:  # a computed value may wait for another
            for test in tests:
                _give(test, binding)
        if all(_holds(test, binding, model) for test in tests):
            found.append(binding)
    return found


def _give(test, binding):
    match test:
        case Comparison(Variable(name), "==", Arithmetic() as value) if name not in binding:
            pass
        case Comparison(Arithmetic() as value, "==", Variable(name)) if name not in binding:
            pass
        case _:
            return
    if (given := _value(value, binding)) is not None:
        binding[name] = given


def _match(atom, row, binding):
    found = dict(binding)
    for term, value in zip(atom.terms, row, strict=True):
        if isinstance(term, Constant):
            if term.value != value:
                return None
        elif found.setdefault(term.name, value) != value:
            return None
    return found


def _holds(literal, binding, model):
    match literal:
        case Negation(atom):
            rows = model.get(atom.relation, ())
            return all(_match(atom, row, binding) is None for row in rows)
        case Comparison(left, op, right):
            one, other = _value(left, binding), _value(right, binding)
            return one is not None and other is not None and OPS[op](one, other)


def _value(term, binding):
    match term:
        case Constant(value):
            return value
        case Variable(name):
            return binding.get(name)
        case Arithmetic(op, terms):
            one, other = (_value(each, binding) for each in terms)
            return None if one is None or other is None else ARITHMETIC[op](one, other)


def _date(number):
    try:
        return datetime.datetime.strptime(f"{number:08}", "%Y%m%d").date()
    except ValueError:
        return None


def _number(day):
    return int(f"{day.year}{day.month:02}{day.day:02}")


def _add_days(number, days):
    ordinal = _date(number).toordinal() + days if _date(number) else 0
    inside = 1 <= ordinal <= datetime.date.max.toordinal()
    return _number(datetime.date.fromordinal(ordinal)) if inside else None


def _add_months(number, months):
    if _date(number) is None:
        return None
    while months:  # a month at a time, then back to the last day there is
        step = 1 if months > 0 else -1
        year, month = number // 10_000, number // 100 % 100 + step
        year, month = (
            (year + 1, 1) if month > 12 else (year - 1, 12) if month < 1 else (year, month)
        )
        if not 1 <= year <= 9999:
            return None
        number, months = year * 10_000 + month * 100 + number % 100, months - step
    while _date(number) is None:
        number -= 1
    return number


def _days_between(first, last):
    one, other = _date(first), _date(last)
    return other.toordinal() - one.toordinal() if one and other else None


ARITHMETIC = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "%": operator.mod,
    "add_days": _add_days,
    "add_months": _add_months,
    "days_between": _days_between,
}
