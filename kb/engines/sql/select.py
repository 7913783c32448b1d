"""Rules as SQL trees: one SELECT a rule, in the terms that DuckDB and Spark share.

Trees are built with sqlglot and written out in an engine's dialect at the very end; a name that
somebody chose never becomes part of a statement: tables and columns are numbered, values are whole
numbers. Relations are sets, so a SELECT that may give a row twice says DISTINCT.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from sqlglot import exp

from kb.engines.sql.arithmetic import aggregated, computed
from kb.engines.sql.joins import Sizes
from kb.engines.sql.joins import joined as join_order
from kb.engines.sql.keys import Keys
from kb.lang.arithmetic import assigned
from kb.lang.arithmetic import computed as computed_by
from kb.lang.syntax import (
    Atom,
    Comparison,
    Constant,
    Negation,
    Relation,
    Rule,
    Term,
    Value,
    Variable,
    variables_of,
)

OPERATORS: Mapping[str, Callable[..., exp.Expression]] = {
    "==": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
NAME, NUMBER = exp.DataType.build("INT"), exp.DataType.build("BIGINT")
"""The types of columns: a name's number, and a whole number of the facts."""

Code = Callable[[Value], int]
"""The whole number that stands for a constant."""


@dataclass(frozen=True, slots=True)
class Table:
    """Where a relation's rows stand."""

    name: str
    relation: Relation

    @property
    def width(self) -> int:
        """Columns; a relation without any has one that says nothing."""
        return max(1, self.relation.arity)

    def tree(self, alias: str = "") -> exp.Table:
        named = exp.TableAlias(this=exp.to_identifier(alias)) if alias else None
        return exp.Table(this=exp.to_identifier(self.name), alias=named)

    def numeric(self) -> tuple[bool, ...]:
        """Whether each column holds numbers, and not names."""
        return tuple([column.numeric for column in self.relation.columns]) or (False,)

    def types(self) -> list[exp.DataType]:
        """The type of each column."""
        return [(NUMBER if numeric else NAME).copy() for numeric in self.numeric()]


def tables(relations: Iterable[Relation], prefix: str = "r") -> dict[str, Table]:
    """A table of its own for each relation: engines take `Ask` and `ask` for one name."""
    return {
        relation.name: Table(f"{prefix}{number}", relation)
        for number, relation in enumerate(relations)
    }


def column(at: int, alias: str = "") -> exp.Column:
    return exp.column(f"c{at}", table=alias or None)


def rule_tree(
    rule: Rule,
    places: Mapping[str, Table],
    code: Code,
    sizes: Sizes,
    keys: Keys,
    newest: Table | None = None,
    at: int | None = None,
) -> exp.Select:
    """The rows that a rule derives.

    `newest` takes the place of the literal `at` (the newest facts of a semi-naive round).
    """
    body = list(rule.body)
    asked = _probed(rule)
    order = [n for n, literal in enumerate(body) if isinstance(literal, Atom) and n not in asked]
    joined = join_order(rule, order, sizes, at if at in order else None)
    where: list[exp.Expression] = []
    bound: dict[str, exp.Expression] = {}
    found = exp.Select()

    def table(n: int, atom: Atom) -> Table:
        return newest if newest is not None and n == at else places[atom.relation]

    for n in joined:
        atom = body[n]
        assert isinstance(atom, Atom)
        alias = f"t{n}"
        matches = list(_matches(atom, alias, bound, code))
        tree = table(n, atom).tree(alias)
        if n == joined[0]:
            found = found.from_(tree, copy=False)
            where.extend(matches)
        elif matches:
            tied = exp.and_(*matches, copy=False)
            found.append("joins", exp.Join(this=tree, on=tied, kind="INNER"))
        else:
            found.append("joins", exp.Join(this=tree, kind="CROSS"))
    given = computed_by(rule)
    for part in given:
        name, value = assigned(part, bound.keys()) or ("", None)
        assert value is not None
        bound[name] = computed(value, bound, code)
        where.append(exp.Not(this=exp.Is(this=bound[name].copy(), expression=exp.null())))
    for n, literal in enumerate(body):
        match literal:
            case Comparison() if any(literal is each for each in given):
                pass
            case Comparison(left, op, right):
                sides = [computed(term, bound, code) for term in (left, right)]
                where.append(OPERATORS[op](this=sides[0], expression=sides[1]))
            case Atom() if n not in asked:
                pass
            case Atom() | Negation():
                atom = literal.atom if isinstance(literal, Negation) else literal
                tree = table(n, atom).tree(f"t{n}")
                matches = list(_matches(atom, f"t{n}", dict(bound), code))
                negated = isinstance(literal, Negation)
                if joined and matches:  # takes far less planning than a subquery
                    kind = "ANTI" if negated else "SEMI"
                    tied = exp.and_(*matches, copy=False)
                    found.append("joins", exp.Join(this=tree, on=tied, kind=kind))
                else:
                    inner = _exists(tree, matches)
                    where.append(exp.Not(this=inner) if negated else inner)
            case _:
                assert_never(literal)
    head = places[rule.head.relation].types()
    aggregate = rule.aggregate
    over: tuple[Term, ...] = ()
    if aggregate is not None:
        own = head.pop(aggregate.at)
        over = aggregate.terms
        head += [own if n == 0 and aggregate.op != "count" else NUMBER for n in range(len(over))]
    shown = [_side(term, bound, code) for term in (*rule.group, *over)] or [exp.Literal.number(0)]
    found = found.select(
        *(
            exp.Alias(
                this=value if isinstance(value, exp.Column) else exp.Cast(this=value, to=kind),
                alias=exp.to_identifier(f"c{n}"),
            )
            for n, (value, kind) in enumerate(zip(shown, head, strict=True))
        ),
        copy=False,
    )
    if where:
        found = found.where(exp.and_(*where, copy=False), copy=False)
    if aggregate is not None:
        return aggregated(aggregate, found.distinct(copy=False), len(rule.group), own)
    return found if keys.once(rule, joined) else found.distinct(copy=False)


def _probed(rule: Rule) -> frozenset[int]:
    """Positive literals that are only asked whether they hold, of the rows of one other literal:
    they bind nothing that another part looks at, so each row is met once, however many facts
    they have."""
    atoms = [(n, part) for n, part in enumerate(rule.body) if isinstance(part, Atom)]
    elsewhere: dict[str, int] = {}
    for part in (rule.elements.head, *rule.body):
        for name in {v.name for v in variables_of(part)}:
            elsewhere[name] = elsewhere.get(name, 0) + 1
    found: set[int] = set()
    for n, atom in reversed(atoms):
        names = {v.name for v in variables_of(atom)}
        shared = {name for name in names if elsewhere[name] > 1}
        others = [part for m, part in atoms if m != n and m not in found]
        if names - shared and any(
            shared <= {v.name for v in variables_of(part)} for part in others
        ):
            found.add(n)
    return frozenset(found)


def _matches(
    atom: Atom, alias: str, bound: dict[str, exp.Expression], code: Code
) -> Iterable[exp.Expression]:
    """What ties an atom to what is bound; its variables are bound from here on."""
    for at, term in enumerate(atom.terms):
        here = column(at, alias)
        if isinstance(term, Variable) and term.name not in bound:
            bound[term.name] = here
        else:
            yield exp.EQ(this=here, expression=_side(term, bound, code))


def _exists(table: exp.Table, matches: list[exp.Expression]) -> exp.Expression:
    """Whether a table has such a row."""
    inner = exp.select(exp.Literal.number(1)).from_(table, copy=False)
    if matches:
        inner = inner.where(exp.and_(*matches, copy=False), copy=False)
    return exp.Exists(this=inner)


def _side(term: Term, bound: Mapping[str, exp.Expression], code: Code) -> exp.Expression:
    if isinstance(term, Constant):
        return exp.Literal.number(code(term.value))
    return bound[term.name].copy()


def union(trees: list[exp.Select], apart: bool = False) -> exp.Query:
    """All rows of several SELECTs, each once; `apart` says that no two of them share a row."""
    if len(trees) == 1:
        return trees[0]
    if not apart:  # then rows are compared in the end, and once is enough
        for tree in trees:
            tree.set("distinct", None)
    found: exp.Query = trees[0]
    for tree in trees[1:]:
        found = exp.union(found, tree, distinct=not apart, copy=False)
    return found


def without(rows: exp.Query, known: Table) -> exp.Query:
    """The rows that are not yet in a table."""
    everything = exp.select(*(column(at) for at in range(known.width))).from_(known.tree())
    return exp.except_(rows, everything, distinct=True)


def recursive_places(rule: Rule, stratum: Iterable[str]) -> list[int]:
    """The places of a body's literals that belong to the rule's own stratum."""
    names = set(stratum)
    return [
        n for n, part in enumerate(rule.body) if isinstance(part, Atom) and part.relation in names
    ]
