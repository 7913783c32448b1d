"""The least model by the plainest means: what every engine is held against.

It shares with `kb` the shape of a rule and nothing else: levels are found by counting negations,
bindings by trying every row, and every level is run again until nothing is new.
"""

import operator

from kb.lang.syntax import Atom, Comparison, Constant, Negation

SIGNS = ("==", "eq"), ("!=", "ne"), ("<", "lt"), ("<=", "le"), (">", "gt"), (">=", "ge")
OPS = {sign: getattr(operator, name) for sign, name in SIGNS}


def evaluate(rules, facts):
    """Every relation's rows, for rules whose negations are stratified."""
    model = {name: {tuple(row) for row in rows} for name, rows in facts.items()}
    level = _levels(rules)
    for number in sorted(set(level.values())):
        chosen = [rule for rule in rules if level[rule.head.relation] == number]
        while True:
            new = {
                (rule.head.relation, tuple(_value(term, binding) for term in rule.head.terms))
                for rule in chosen
                for binding in _bindings(rule, model)
            }
            if all(row in model.get(name, ()) for name, row in new):
                break
            for name, row in new:
                model.setdefault(name, set()).add(row)
    return model


def _levels(rules):
    level = {rule.head.relation: 0 for rule in rules}
    for _ in range(len(level) + 1):
        for rule in rules:
            for atom, negated in rule.atoms():
                wanted = level.get(atom.relation, -1) + negated
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
    return [binding for binding in bindings if all(_holds(t, binding, model) for t in tests)]


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
            return OPS[op](_value(left, binding), _value(right, binding))


def _value(term, binding):
    return term.value if isinstance(term, Constant) else binding[term.name]
