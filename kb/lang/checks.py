"""What must hold before a program may run: an ordered tuple of checks, all run, all reported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from kb.lang.arithmetic import bound_by_atoms, computed_names
from kb.lang.kinds import Inferred, infer, kinds
from kb.lang.problems import Problem, Problems, near
from kb.lang.strata import components, path, stratify
from kb.lang.syntax import (
    Arithmetic,
    Atom,
    Column,
    Comparison,
    Negation,
    Program,
    Relation,
    Rule,
    Variable,
    variables_of,
)


@dataclass(frozen=True)
class Draft:
    """Rules on their way to a program: with the declared relations, the names each kind knows
    (constants are held against them) and the relations somebody asks for."""

    rules: tuple[Rule, ...]
    declared: Mapping[str, Relation]
    names: Mapping[str, Set[str]] = field(default_factory=dict)
    goals: frozenset[str] = frozenset()

    @cached_property
    def heads(self) -> dict[str, int]:
        """The relations that rules define, with the arguments of the first such head."""
        arities: dict[str, int] = {}
        for rule in self.rules:
            arities.setdefault(rule.head.relation, len(rule.head.terms))
        return arities

    @cached_property
    def inferred(self) -> Inferred:
        return infer(self.rules, self.declared)


def heads(draft: Draft) -> Iterator[Problem]:
    """A rule may not define what facts or profiles state."""
    for rule in draft.rules:
        relation = draft.declared.get(rule.head.relation)
        if relation is not None and relation.role != "rule":
            yield Problem(
                "declared",
                f"`{relation.name}` is stated by "
                f"{'profiles' if relation.role == 'app' else 'facts'}, a rule can not "
                "define it",
                rule.head.span,
                "give the rule's head another name",
            )


def known(draft: Draft) -> Iterator[Problem]:
    """Every relation of a body is declared or defined."""
    names = {*draft.heads, *draft.declared}
    for rule in draft.rules:
        for atom, _ in rule.atoms():
            if atom.relation not in names:
                yield Problem(
                    "unknown-relation",
                    f"unknown relation `{atom.relation}`",
                    atom.span,
                    near(atom.relation, names),
                )


def arity(draft: Draft) -> Iterator[Problem]:
    """A relation has one number of arguments everywhere."""
    for rule in draft.rules:
        for atom in (rule.head, *(atom for atom, _ in rule.atoms())):
            relation = draft.declared.get(atom.relation)
            wanted = relation.arity if relation else draft.heads.get(atom.relation)
            if wanted is not None and wanted != len(atom.terms):
                shape = f"it is `{relation}`" if relation else "its first rule has that many"
                yield Problem(
                    "arity",
                    f"`{atom.relation}` takes {_count(wanted)}, here it has {len(atom.terms)}",
                    atom.span,
                    shape,
                )


def safety(draft: Draft) -> Iterator[Problem]:
    """Variables of the head, under `~` and in comparisons are bound by a positive literal, or
    computed from such."""
    for rule in draft.rules:
        bound = bound_by_atoms(rule) | computed_names(rule)
        for variable in variables_of(rule.elements.head):
            if variable.name not in bound:
                yield _unsafe(variable, "in the head")
        for literal in rule.body:
            if isinstance(literal, Atom):
                continue
            where = "under `~`" if isinstance(literal, Negation) else "in a comparison"
            for variable in variables_of(literal):
                if variable.name not in bound and not (
                    variable.anonymous and isinstance(literal, Negation)
                ):
                    yield _unsafe(variable, where)


def _unsafe(variable: Variable, where: str) -> Problem:
    return Problem(
        "unsafe",
        f"`{variable}` {where} is bound by no positive literal",
        variable.span,
        f"add a literal that gives `{variable}` its values",
    )


def argument_kinds(draft: Draft) -> Iterator[Problem]:
    """A variable, and a column, has one kind of value; a constant is a known name of its kind."""
    yield from kinds(draft.rules, draft.declared, draft.names)


def comparisons(draft: Draft) -> Iterator[Problem]:
    """Order is for numbers and days; names are only equal or not."""
    _, kind_of = draft.inferred
    for number, rule in enumerate(draft.rules):
        for literal in rule.body:
            if not isinstance(literal, Comparison) or literal.op in ("==", "!="):
                continue
            for term in (literal.left, literal.right):
                if isinstance(term, Arithmetic):
                    continue
                named = (
                    kind_of(number, term) not in ("number", "day", "")
                    if isinstance(term, Variable)
                    else isinstance(term.value, str)
                )
                if named:
                    yield Problem(
                        "order",
                        f"`{term}` is a name, names have no order",
                        term.span,
                        "compare names with `==` and `!=`",
                    )
                    break
    for number, rule in enumerate(draft.rules):
        if rule.aggregate is not None and rule.aggregate.op in ("min", "max"):
            [term] = rule.aggregate.terms
            if kind_of(number, term) not in ("number", "day", ""):
                yield Problem(
                    "order",
                    f"`{term}` is a name, names have no order",
                    term.span,
                    f"`{rule.aggregate.op}` is over numbers or days",
                )


def stratified(draft: Draft) -> Iterator[Problem]:
    """No relation rests on its own negation or aggregate: the cycle is printed edge by edge."""
    edges: dict[str, list[tuple[str, Atom, str]]] = {}
    for rule in draft.rules:
        over = rule.aggregate.op if rule.aggregate else ""
        for atom, negated in rule.atoms():
            how = over or ("~" if negated else "")
            edges.setdefault(rule.head.relation, []).append((atom.relation, atom, how))
    plain = {name: [to for to, _, _ in out] for name, out in edges.items()}
    group_of = {name: group for group in components(sorted(edges), plain) for name in group}
    reported: set[tuple[str, ...]] = set()
    for name in sorted(edges):
        group = group_of[name]
        for to, atom, how in edges[name]:
            if not how or group_of.get(to) is not group or group in reported:
                continue
            reported.add(group)
            back = [to] if to == name else path(to, name, lambda node: plain.get(node, ()))
            lines = [_edge(name, atom, how)]
            for a, b in pairwise(back):
                lines.append(_edge(a, *next((x, no) for on, x, no in edges[a] if on == b)))
            message = (
                f"`{name}` rests on its own negation"
                if how == "~"
                else f"`{name}` rests on its own `{how}`"
            )
            yield Problem("stratification", message, atom.span, "\n".join(lines))


def _edge(name: str, atom: Atom, how: str) -> str:
    match how:
        case "":
            return f"`{name}` rests on `{atom.relation}`, {atom.span}"
        case "~":
            return f"`{name}` rests on `~{atom.relation}`, {atom.span}  <- the negation"
    return f"`{name}` rests on `{atom.relation}` by `{how}`, {atom.span}  <- the aggregate"


def ends(draft: Draft) -> Iterator[Problem]:
    """No relation computes its own values from itself: such a program need not end."""
    edges: dict[str, list[str]] = {}
    for rule in draft.rules:
        rests = edges.setdefault(rule.head.relation, [])
        rests.extend(atom.relation for atom, _ in rule.atoms())
    group_of = {name: group for group in components(sorted(edges), edges) for name in group}
    for rule in draft.rules:
        own = group_of[rule.head.relation]
        made = computed_names(rule)
        new = [v for v in variables_of(rule.elements.head) if v.name in made]
        if new and any(atom.relation in own for atom, _ in rule.atoms()):
            yield Problem(
                "endless",
                f"`{rule.head.relation}` rests on itself and computes `{new[0]}` anew each time",
                new[0].span,
                "compute it in a relation that does not rest on this one",
            )


def singletons(draft: Draft) -> Iterator[Problem]:
    """A variable that occurs once is likely a slip."""
    for rule in draft.rules:
        seen: dict[str, list[Variable]] = {}
        for literal in (rule.elements.head, *rule.body):
            for variable in variables_of(literal):
                seen.setdefault(variable.name, []).append(variable)
        for name, places in seen.items():
            if len(places) == 1 and not places[0].anonymous:
                yield Problem(
                    "once",
                    f"`{name}` occurs once",
                    places[0].span,
                    "write `_` when its value does not matter",
                    "warning",
                )


def unused(draft: Draft) -> Iterator[Problem]:
    """A rule that no goal rests on."""
    if not draft.goals:
        return
    rests: dict[str, set[str]] = {}
    for rule in draft.rules:
        rests.setdefault(rule.head.relation, set()).update(a.relation for a, _ in rule.atoms())
    used: set[str] = set()
    todo = sorted(draft.goals)
    while todo:
        name = todo.pop()
        if name not in used:
            used.add(name)
            todo.extend(rests.get(name, ()))
    told: set[str] = set()
    for rule in draft.rules:
        name = rule.head.relation
        if name not in used and name not in told:
            told.add(name)
            yield Problem(
                "unused",
                f"nothing uses `{name}`",
                rule.head.span,
                "ask for it in a query or drop it",
                "warning",
            )


CHECKS: tuple[Callable[[Draft], Iterator[Problem]], ...] = (
    heads,
    known,
    arity,
    safety,
    argument_kinds,
    comparisons,
    stratified,
    ends,
    singletons,
    unused,
)


def check(
    rules: Iterable[Rule],
    declared: Mapping[str, Relation] | None = None,
    names: Mapping[str, Set[str]] | None = None,
    goals: Iterable[str] = (),
) -> tuple[Program, tuple[Problem, ...]]:
    """The checked program and its warnings.

    `declared` are the relations that facts and profiles state, `names` the known names of a kind,
    `goals` the relations somebody asks for (without them nothing is called unused).
    Raises `Problems` with all errors and warnings at once.
    """
    draft = Draft(tuple(rules), dict(declared or {}), dict(names or {}), frozenset(goals))
    problems = [problem for one in CHECKS for problem in one(draft)]
    if any(problem.severity == "error" for problem in problems):
        raise Problems(problems)
    return _assembled(draft), tuple(problems)


def rewritten(rules: Iterable[Rule], declared: Mapping[str, Relation]) -> Program:
    """The program of rules that were made of a checked program's and are as safe as those, over
    `declared` relations. They are not checked once more, which takes as long as to make them."""
    return _assembled(Draft(tuple(rules), dict(declared), {}, frozenset()))


def _assembled(draft: Draft) -> Program:
    slots, _ = draft.inferred
    relations = dict(draft.declared)
    written: dict[str, list[Rule]] = {}
    for rule in draft.rules:
        written.setdefault(rule.head.relation, []).append(rule)
    for name, of_name in written.items():
        if name not in relations:
            columns = tuple(
                Column(_column_name(of_name, at), slots.get((name, at), "") or "value")
                for at in range(len(of_name[0].head.terms))
            )
            relations[name] = Relation(name, columns)
    return Program(draft.rules, relations, stratify(draft.rules))


def _column_name(rules: Iterable[Rule], at: int) -> str:
    for rule in rules:
        term = rule.head.terms[at]
        if rule.aggregate is not None and rule.aggregate.at == at:
            return rule.aggregate.op
        if isinstance(term, Variable) and not term.anonymous:
            return term.name.lower()
    return f"column_{at + 1}"


def _count(number: int) -> str:
    return f"{number} argument" + "s" * (number != 1)
