"""Named queries and goals: from a question in text to rows of ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from kb.base.core import Core, Day, unknown_query
from kb.engines.protocol import Model, row_order
from kb.engines.registry import engine
from kb.lang.checks import check
from kb.lang.parser import parse_goal
from kb.lang.problems import Problem, Problems, near
from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Column,
    Comparison,
    Constant,
    Expression,
    Literal,
    Negation,
    Row,
    Rule,
    Span,
    Term,
    Value,
    Variable,
    variables_of,
)
from kb.lang.values import unheld
from kb.model.apps import App
from kb.query.lookup import Words, lookup
from kb.query.results import QueryResult

GOAL = "?"
"""The relation of a goal's rows: a name that no rule can have."""


def ask_goal(
    base: Core,
    text: str,
    parameters: Mapping[str, Any],
    app: App | None,
    as_of: Day,
    limit: float,
    words: Words,
) -> QueryResult:
    """Answer a query by name or a goal in text.

    `parameters` fix columns of a named query; `app` is what goals about an app are asked of;
    `limit` is in seconds; `words` are the fixed words of answers, by whose labels a value may be
    named too. Raises `Problems`, and `LimitError` when the limit is reached.
    """
    if not limit > 0:  # nor is `nan` a time
        problem = Problem("limit", f"`{limit}` is not a time", help="give seconds, more than 0")
        raise Problems([problem])
    if "(" not in text and "（" not in text:
        return _named(base, text.strip(), parameters, app, as_of, limit, words)
    if parameters:
        raise Problems(
            [
                Problem(
                    "parameters", "a goal takes no parameters", help="write the value into the goal"
                )
            ]
        )
    body = named(base, parse_goal(text))
    variables = dict.fromkeys(
        v.name
        for literal in body
        if not isinstance(literal, Negation)
        for v in variables_of(literal)
        if not v.anonymous
    )
    head = Atom(GOAL, tuple(map(Variable, variables)), Span("<query>", 1, 1, 1))
    rule = Rule(head, body)
    program, _ = check([rule], base.program.relations, base.known_names())
    wrong = [*unheld([rule], base.possible_values), *_without_app(base, rule, app)]
    if wrong:
        raise Problems(wrong)
    asked = [atom.relation for atom, _ in rule.atoms()]
    if base.dynamic.isdisjoint(asked):  # of all categories at once
        model = base.table_engine.evaluate({}, asked, limit)
    else:
        model = base.model(asked, app, as_of, limit=limit)
    rows = _joined(base, rule, model, limit)
    kinds = program.relations[GOAL].columns
    return QueryResult(
        tuple(Column(n, c.kind) for n, c in zip(variables, kinds, strict=True)), rows
    )


def _without_app(base: Core, rule: Rule, app: App | None) -> Iterator[Problem]:
    """A problem where a goal is about apps and none is given: it would have no rows. Relations of a
    user's own are tried out while they are written: they give their columns, without rows."""
    if app is not None:
        return
    own = {added.head.relation for added in base.added}
    for atom, _ in rule.atoms():
        if atom.relation not in own and any(
            column.kind == "app" for column in base.program.relations[atom.relation].columns
        ):
            help = "give a profile: `app=...` or `--app FILE`"
            message = f"`{atom.relation}` asks about an app"
            yield Problem("no-app", message, atom.span, help)
            return


def _joined(base: Core, rule: Rule, model: Model, limit: float) -> tuple[Row, ...]:
    """A goal over relations whose facts are known: a program of one rule."""
    relations = {name: base.program.relations[name] for name in model}
    program, _ = check([rule], relations)
    over_all = base.dynamic.isdisjoint(atom.relation for atom, _ in rule.atoms())
    name = base.table_engine.name if over_all else base.engine_name
    made = engine(name)(program, model, limit)
    return tuple(sorted(made.evaluate({}, [GOAL], limit)[GOAL], key=row_order))


def _named(
    base: Core,
    name: str,
    parameters: Mapping[str, Any],
    app: App | None,
    as_of: Day,
    limit: float,
    words: Words,
) -> QueryResult:
    query = base.queries.get(name)
    if query is None:
        raise Problems([unknown_query(name, base.queries)])
    if query.needs_app and app is None:
        raise Problems(
            [
                Problem(
                    "no-app",
                    f"`{name}` asks about an app",
                    help="give a profile: `app=...` or `--app FILE`",
                )
            ]
        )
    relation = base.program.relations[name]
    columns = tuple(
        Column(label, column.kind)
        for label, column in zip(query.columns, relation.columns, strict=True)
    )
    wanted: dict[int, Any] = {}
    for key, value in parameters.items():
        if key not in query.parameters or key == "app":
            possible = [p for p in query.parameters if p != "app"]
            raise Problems(
                [
                    Problem(
                        "unknown-parameter",
                        f"`{name}` has no parameter `{key}`",
                        help=near(key, possible),
                    )
                ]
            )
        at = query.columns.index(key)
        if columns[at].kind != "value":
            wanted[at] = _value(base, columns[at], value)
    if name in base.dynamic:
        rows = base.model([name], app, as_of, limit=limit)[name]
    else:  # of all categories at once
        rows = base.table_engine.evaluate({}, [name], limit)[name]
    for key, value in parameters.items():
        at = query.columns.index(key)
        if columns[at].kind == "value":  # of any vocabulary, a number even
            wanted[at] = lookup(base, str(value), {str(row[at]) for row in rows}, words)
    kept = (row for row in rows if all(_is(row[at], value) for at, value in wanted.items()))
    return QueryResult(columns, tuple(sorted(kept, key=row_order)))


def _is(have: Value, wanted: Any) -> bool:
    return bool(have == wanted) or str(have) == wanted


def _value(base: Core, column: Column, value: Any) -> Any:
    if column.numeric:
        try:
            return int(value)
        except (TypeError, ValueError):
            raise Problems([Problem("value", f"`{value}` is not a whole number")]) from None
    term = base.facts.names.find(column.kind, str(value))
    if term is None and column.kind in base.facts.names.kinds():
        return base.id_of(column.kind, str(value))
    return term.id if term else str(value)


def named(base: Core, body: Iterable[Literal]) -> tuple[Literal, ...]:
    """A body whose labels and aliases have become ids, in its comparisons too."""
    read = tuple(named_constants(base, literal) for literal in body)
    kinds = {
        term.name: column.kind
        for literal in read
        if not isinstance(literal, Comparison)
        for term, column in _columns(base, literal)
        if isinstance(term, Variable)
    }

    def compared(one: Expression, other: Expression) -> Expression:
        if isinstance(one, Arithmetic):
            return one
        kind = kinds.get(other.name, "") if isinstance(other, Variable) else ""
        return _id_of(base, one, kind)

    return tuple(
        replace(
            literal,
            left=compared(literal.left, literal.right),
            right=compared(literal.right, literal.left),
        )
        if isinstance(literal, Comparison)
        else literal
        for literal in read
    )


def named_constants(base: Core, literal: Literal) -> Literal:
    """A literal about a relation whose labels and aliases have become ids."""
    columns = [] if isinstance(literal, Comparison) else _columns(base, literal)
    if isinstance(literal, Comparison) or not columns:
        return literal
    terms = tuple(_id_of(base, term, column.kind) for term, column in columns)
    if isinstance(literal, Negation):
        return Negation(replace(literal.atom, terms=terms))
    return replace(literal, terms=terms)


def _columns(base: Core, literal: Atom | Negation) -> list[tuple[Term, Column]]:
    """The terms of a literal with their columns; none when the relation is not known."""
    atom = literal.atom if isinstance(literal, Negation) else literal
    relation = base.program.relations.get(atom.relation)
    if relation is None or relation.arity != len(atom.terms):
        return []
    return list(zip(atom.terms, relation.columns, strict=True))


def _id_of(base: Core, term: Term, kind: str) -> Term:
    if isinstance(term, Constant) and isinstance(term.value, str):
        found = base.facts.names.find(kind, term.value)
        return replace(term, value=found.id) if found else term
    return term
