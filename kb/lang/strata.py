"""Strata: relations grouped by mutual dependence, bodies evaluated before heads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from kb.lang.syntax import Rule, Stratum


def components(nodes: Iterable[str], edges: Mapping[str, Iterable[str]]) -> list[tuple[str, ...]]:
    """Strongly connected components, those depended on first.

    Tarjan's algorithm (1972) without recursion, so that a long chain of relations can not
    overflow the stack.

    >>> components("ab", {"a": ["b"], "b": []})
    [('b',), ('a',)]
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    on_stack: set[str] = set()
    stack: list[str] = []
    found: list[tuple[str, ...]] = []
    for root in nodes:
        if root in index:
            continue
        work = [(root, iter(edges.get(root, ())))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, successors = work[-1]
            for successor in successors:
                if successor not in index:
                    index[successor] = low[successor] = len(index)
                    stack.append(successor)
                    on_stack.add(successor)
                    work.append((successor, iter(edges.get(successor, ()))))
                    break
                if successor in on_stack:
                    low[node] = min(low[node], index[successor])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    at = stack.index(node)
                    found.append(tuple(sorted(stack[at:])))
                    on_stack.difference_update(stack[at:])
                    del stack[at:]
    return found


def stratify(rules: Sequence[Rule]) -> tuple[Stratum, ...]:
    """The strata of rules whose negations are known to be stratified."""
    edges: dict[str, list[str]] = {}
    heads = {rule.head.relation for rule in rules}
    for rule in rules:
        rests = edges.setdefault(rule.head.relation, [])
        rests.extend(atom.relation for atom, _ in rule.atoms() if atom.relation in heads)
    return tuple(
        Stratum(group, len(group) > 1 or group[0] in edges[group[0]])
        for group in components(sorted(heads), edges)
    )


def path(start: str, goal: str, next_of: Callable[[str], Iterable[str]]) -> list[str]:
    """A shortest path from start to goal, both ends included; empty when there is none."""
    came: dict[str, str] = {}
    todo = [start]
    while todo:
        later = []
        for node in todo:
            for successor in next_of(node):
                if successor == goal:
                    back = [goal, node]
                    while back[-1] != start:
                        back.append(came[back[-1]])
                    return back[::-1]
                if successor not in came and successor != start:
                    came[successor] = node
                    later.append(successor)
        todo = later
    return []
