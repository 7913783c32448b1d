"""Which of a literal's bound arguments an index should look at.

pyDatalog intersects the facts of every bound argument, each as a whole set: an argument that most
facts share (`'in_force'`, a platform) costs as much as the base is large. So only the most
selective argument of a literal stays in it; the others are compared afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from kb.lang.syntax import Atom, Comparison, Literal, Term, Variable, variables_of

WORTH = 4.0
"""A comparison is cheaper than a set of more facts than this."""


def selective(
    body: Iterable[Literal], shared: Callable[[str], Sequence[float]]
) -> tuple[Literal, ...]:
    """The body with each literal bound in its most selective argument only.

    `shared` gives for each column of a relation how many facts share a value, on average; nothing
    for a relation that was not counted.
    """
    body = tuple(body)
    taken = {variable.name for literal in body for variable in variables_of(literal)}
    bound: set[str] = set()
    made: list[Literal] = []
    for number, literal in enumerate(body):
        if isinstance(literal, Atom) and (sizes := shared(literal.relation)):
            made.extend(_loosened(literal, sizes, bound, number, taken))
        else:
            made.append(literal)
        if isinstance(literal, Atom):
            bound.update(variable.name for variable in variables_of(literal))
    return tuple(made)


def _loosened(
    atom: Atom, shared: Sequence[float], bound: set[str], number: int, taken: set[str]
) -> tuple[Literal, ...]:
    places = [
        at
        for at, term in enumerate(atom.terms)
        if not isinstance(term, Variable) or term.name in bound
    ]
    if len(places) < 2:
        return (atom,)
    best = min(places, key=lambda at: (shared[at], at))
    terms: list[Term] = list(atom.terms)
    checks: list[Literal] = []
    for at in places:
        if at != best and shared[at] > WORTH:
            name = f"Compared_{number}_{at}"
            while name in taken:  # an author may have thought of the same name
                name += "_"
            fresh = Variable(name)
            checks.append(Comparison(fresh, "==", terms[at]))
            terms[at] = fresh
    return (Atom(atom.relation, tuple(terms)), *checks)
