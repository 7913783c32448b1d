"""What a program is made of: frozen terms, literals and rules, each with its place in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

Value: TypeAlias = str | int
Row: TypeAlias = tuple[Value, ...]
Facts: TypeAlias = "Mapping[str, Iterable[Row]]"
"""Rows of each relation: strings and whole numbers, columns in declared order."""

NUMERIC_KINDS = frozenset({"number", "day"})
"""Kinds whose values are whole numbers and may be put in order; all others are names."""
ANY_KIND = "value"
"""A column that takes names of every kind, as the values of an app's attributes do."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of one line: file, line and columns (all from 1; `end` is just past the last)."""

    file: str
    line: int
    column: int
    end: int
    text: str = field(default="", compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


NOWHERE = Span("", 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Cite:
    """Lines of a source: `Cite("wechat-education-2021", (16, 17))`; lines are sorted."""

    source: str
    lines: tuple[int, ...] = ()
    locator: str = ""

    def __str__(self) -> str:
        return f"{self.source} {ranges(self.lines)}".strip()


def ranges(lines: tuple[int, ...]) -> str:
    """Lines as people write them.

    >>> ranges((3, 4, 5, 9))
    '3-5, 9'
    """
    parts: list[list[int]] = []
    for line in sorted(set(lines)):
        if parts and parts[-1][1] == line - 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable; a name that opens with `_` is anonymous and unlike every other."""

    name: str
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    @property
    def anonymous(self) -> bool:
        return self.name.startswith("_")

    def __str__(self) -> str:
        return "_" if self.anonymous else self.name


@dataclass(frozen=True, slots=True)
class Constant:
    """A string or a whole number."""

    value: Value
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        if isinstance(self.value, int):
            return str(self.value)
        escaped = self.value.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
        return "'" + escaped.replace("\x00", "\\x00").replace("\r", "\\r") + "'"


Term: TypeAlias = Variable | Constant


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Whole numbers or days computed from others: `N + 1`, `add_days(D, 30)`; `op` is one of
    `kb.lang.arithmetic.OPERATIONS`."""

    op: str
    terms: tuple[Expression, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        if self.op.isidentifier():
            return f"{self.op}({', '.join(map(str, self.terms))})"
        left, right = (f"({t})" if _infix(t) else str(t) for t in self.terms)
        return f"{left} {self.op} {right}"


Expression: TypeAlias = "Variable | Constant | Arithmetic"


def _infix(term: Expression) -> bool:
    return isinstance(term, Arithmetic) and not term.op.isidentifier()


def terms_in(expression: Expression) -> tuple[Term, ...]:
    """The variables and constants of an expression, in the order they are written."""
    if isinstance(expression, Arithmetic):
        return tuple(leaf for term in expression.terms for leaf in terms_in(term))
    return (expression,)


@dataclass(frozen=True, slots=True)
class Aggregate:
    """`count(X, Y)`, `sum(N, X)`, `min(N)` or `max(N)` in a head: of the different rows that these
    terms take in a group, their number, or the sum or the bound of the first one's values. The
    group is what the head's other terms are; `at` is the place in the head."""

    op: str
    terms: tuple[Variable, ...]
    at: int
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.op}({', '.join(map(str, self.terms))})"


@dataclass(frozen=True, slots=True)
class Atom:
    """A relation applied to terms: `in_scope(C, S)`."""

    relation: str
    terms: tuple[Term, ...]
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.relation}({', '.join(map(str, self.terms))})"


@dataclass(frozen=True, slots=True)
class Negation:
    """`~atom`: holds when no fact matches the atom."""

    atom: Atom

    def __str__(self) -> str:
        return f"~{self.atom}"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`(left op right)` with op one of `== != < <= > >=`; a side may be computed."""

    left: Expression
    op: str
    right: Expression
    span: Span = field(default=NOWHERE, compare=False, repr=False)

    def __str__(self) -> str:
        return f"({self.left} {self.op} {self.right})"


Literal: TypeAlias = Atom | Negation | Comparison


def terms_of(literal: Literal) -> tuple[Term, ...]:
    """The terms of a literal, in the order they are written."""
    match literal:
        case Atom(_, terms):
            return terms
        case Negation(atom):
            return atom.terms
        case Comparison(left, _, right):
            return (*terms_in(left), *terms_in(right))
        case _:
            assert_never(literal)


def variables_of(literal: Literal) -> tuple[Variable, ...]:
    """The variables of a literal, repeated as often as they stand there."""
    return tuple(term for term in terms_of(literal) if isinstance(term, Variable))


@dataclass(frozen=True, slots=True)
class Rule:
    """`head <= body`; a rule with an empty body states a fact. With an `aggregate` the head's term
    at its place is a variable of no other place."""

    head: Atom
    body: tuple[Literal, ...] = ()
    sources: tuple[Cite, ...] = field(default=(), compare=False)
    aggregate: Aggregate | None = None

    @property
    def span(self) -> Span:
        return self.head.span

    def atoms(self) -> Iterator[tuple[Atom, bool]]:
        """Each atom of the body and whether it stands under `~`."""
        for literal in self.body:
            match literal:
                case Atom():
                    yield literal, False
                case Negation(atom):
                    yield atom, True
                case Comparison():
                    pass
                case _:
                    assert_never(literal)

    @property
    def group(self) -> tuple[Term, ...]:
        """The head's terms without that of the aggregate."""
        terms = self.head.terms
        if self.aggregate is None:
            return terms
        return (*terms[: self.aggregate.at], *terms[self.aggregate.at + 1 :])

    @property
    def elements(self) -> Rule:
        """What an aggregate is over, as a plain rule: its head has the terms of the group, then
        those of the aggregate."""
        over = self.aggregate.terms if self.aggregate else ()
        head = Atom(self.head.relation, (*self.group, *over), self.head.span)
        return Rule(head, self.body, self.sources)

    def constants(self) -> Iterator[Value]:
        """The values that the rule names, in its head and its body."""
        for literal in (self.head, *self.body):
            for term in terms_of(literal):
                if isinstance(term, Constant):
                    yield term.value

    def __str__(self) -> str:
        if not self.body:
            return f"+{self.head}"
        head = str(self.head)
        if self.aggregate is not None:
            terms = [str(term) for term in self.head.terms]
            terms[self.aggregate.at] = str(self.aggregate)
            head = f"{self.head.relation}({', '.join(terms)})"
        return f"{head} <= {' & '.join(map(str, self.body))}"


@dataclass(frozen=True, slots=True)
class Column:
    """One argument of a relation: its name and the kind of value it takes."""

    name: str
    kind: str

    @property
    def numeric(self) -> bool:
        return self.kind in NUMERIC_KINDS


@dataclass(frozen=True, slots=True)
class Relation:
    """A declared relation. `role` is `fact` (stated by sources), `app` (stated by a profile) or
    `rule` (derived)."""

    name: str
    columns: tuple[Column, ...]
    role: str = "rule"
    doc: str = ""

    @property
    def arity(self) -> int:
        return len(self.columns)

    def __str__(self) -> str:
        return f"{self.name}({', '.join(column.name for column in self.columns)})"


@dataclass(frozen=True, slots=True)
class Stratum:
    """Relations that depend on each other; `recursive` when one depends on itself."""

    relations: tuple[str, ...]
    recursive: bool


@dataclass(frozen=True)
class Program:
    """A checked program: built by `kb.lang.checks`, and read from what was kept of one, so that
    every engine may rely on safe rules, known relations and strata in the order of evaluation."""

    rules: tuple[Rule, ...]
    relations: Mapping[str, Relation]
    strata: tuple[Stratum, ...]

    def rules_for(self, relation: str) -> tuple[Rule, ...]:
        return self._by_head.get(relation, ())

    @property
    def _by_head(self) -> Mapping[str, tuple[Rule, ...]]:
        cached: dict[str, tuple[Rule, ...]] | None = self.__dict__.get("_heads")
        if cached is None:
            heads: dict[str, list[Rule]] = {}
            for rule in self.rules:
                heads.setdefault(rule.head.relation, []).append(rule)
            cached = {name: tuple(rules) for name, rules in heads.items()}
            self.__dict__["_heads"] = cached
        return cached

    def needed(self, goals: frozenset[str], given: frozenset[str] = frozenset()) -> frozenset[str]:
        """The relations that the goals rest on, the goals among them; what `given` ones rest on is
        passed over."""
        known: dict[object, frozenset[str]] = self.__dict__.setdefault("_known", {})
        if (goals, given) in known:
            return known[goals, given]
        seen: set[str] = set()
        todo = list(goals)
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                rules = self.rules_for(name) if name not in given else ()
                todo.extend(atom.relation for rule in rules for atom, _ in rule.atoms())
        known[goals, given] = frozenset(seen)
        return known[goals, given]

    def dynamic(self) -> frozenset[str]:
        """The relations whose facts may differ from app to app."""
        found: frozenset[str] | None = self.__dict__.get("_differing")
        if found is None:
            apps = (n for n, relation in self.relations.items() if relation.role == "app")
            found = self.__dict__["_differing"] = self.resting_on(apps)
        return found

    def resting_on(self, relations: Iterable[str]) -> frozenset[str]:
        """The relations whose facts may differ where these relations' do, these among them."""
        found = set(relations)
        for stratum in self.strata:
            rests = {
                atom.relation
                for name in stratum.relations
                for rule in self.rules_for(name)
                for atom, _ in rule.atoms()
            }
            if rests & found:
                found.update(stratum.relations)
        return frozenset(found)

    def __str__(self) -> str:
        return "\n".join(map(str, self.rules))
