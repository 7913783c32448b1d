"""What to look at: the whole base, a category, an app's answer, references, a proof, a change."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from kb.base.outlays import all_standing
from kb.base.versions import standing_on, superseding
from kb.graph.apps import app_graph
from kb.graph.build import REFERENCES, Builder, Graph, key_of, supersedes
from kb.graph.changes import change_graph
from kb.graph.outlays import add_outlays
from kb.graph.plans import plan_graph
from kb.graph.proofs import proof_graph
from kb.graph.texts import has_parts, stands_on, text
from kb.lang.problems import Problem, Problems
from kb.model.days import date
from kb.model.profiles import AppLike
from kb.query.categories import find_category

if TYPE_CHECKING:
    from kb.base.core import Core, Day


def graph(
    base: Core,
    category: str | None = None,
    app: AppLike | None = None,
    *,
    references: bool = False,
    proof: str | Sequence[str] = (),
    between: tuple[Day, Day] | None = None,
    depth: int = 1,
    plan: bool = False,
    as_of: Day = None,
) -> Graph:
    """The knowledge base, or a view of it, as a networkx graph.

    Every node has `kind`, `zh`, `en` and `sources` (such as `wechat-education-2021 16-20`; what a
    profile states has none); every edge has `kind`, `zh`, `en` and `sources`, and those that a
    reading states its `version`, and whether it stands on the day (`stands`: surely, perhaps, no).
    Keys are `kind:id`. Edges run from what offers or needs to what is needed, so that
    `networkx.descendants` of a service is all that it may need, and `ancestors` of a document all
    that may need it.

    Parameters: `category` (id, name or a unique part of it) with those that refer to it or are
    referred to within `depth` steps; `app`, its answer, with a `state` on nodes and edges;
    `references`, the references between categories alone; `proof`, facts of
    `app` as for `base.why` (such as a category), with their shortest proofs; `between`,
    two days, what changed from the one to the other; `plan`, the filing plan of `app`;
    `as_of`, the day of the question.

    Raises `Problems` for names that are not known, views that do not go together, and facts that
    do not hold.

    >>> import kb, networkx
    >>> whole = graph(kb.load())
    >>> "document:driver_training_filing" in networkx.descendants(
    ...     whole, "service:driving_school_platform")
    True
    """
    wanted = [proof] if isinstance(proof, str) else list(proof)
    if depth < 0:
        raise problem("depth", f"`{depth}` is not a number of steps", "write 0, 1, 2, ...")
    views = {
        "a category": category is not None,
        "an app": app is not None and not wanted and not plan,
        "references": references,
        "a proof": bool(wanted),
        "two days": between is not None,
        "a plan": plan,
    }
    asked = [name for name, given in views.items() if given]
    if len(asked) > 1:
        raise problem(
            "views", f"these views do not go together: {', '.join(asked)}", "ask for one of them"
        )
    if wanted:
        if app is None:
            raise problem("no-app", "a proof is about an app", "give its profile")

        return proof_graph(base, wanted, app, as_of)
    if plan:
        if app is None:
            raise problem("no-app", "a plan is about an app", "give its profile")

        return plan_graph(base, base.app(app), as_of)
    if app is not None:
        return app_graph(base, base.app(app), as_of)
    if between is not None:
        return change_graph(base, *between)
    whole = whole_graph(base, as_of)
    if category is not None:
        return _neighbourhood(base, whole, find_category(base.facts, category), depth)
    return _references(whole) if references else whole


def problem(code: str, message: str, help: str = "") -> Problems:
    """One problem, ready to be raised."""
    return Problems([Problem(code, message, help=help)])


def _rivals(base: Core, builder: Builder) -> None:
    """Say of versions that stand on the day for the same accounts and place that each is one of
    several readings."""
    beside: dict[tuple[str, str, str], list[str]] = {}
    for version, ground in base.facts.rows.facts.get("ground", ()):
        reading = base.facts.readings[str(version)]
        if builder.standing is not None and reading.id in builder.standing:
            platform = reading.source.platform or "any"
            key = reading.record.category, platform, str(ground)
            beside.setdefault(key, []).append(reading.id)
    rivals = {id for found in beside.values() if len(found) > 1 for id in found}
    for *_, data in builder.graph.edges(data=True):
        if data.get("version") in rivals and (data["kind"] == "cites" or data.get("path") == "0"):
            data["rival"] = True


def whole_graph(base: Core, as_of: Day = None) -> Graph:
    """All readings of all categories, those that do not stand on the day among them."""
    builder = Builder(base.facts, standing_on(base, base.day(as_of)))
    for reading in base.facts.readings.values():
        builder.reading(reading)
    _rivals(base, builder)
    supersedes(builder, base.facts.readings.values(), superseding(base))
    for file in filter(has_parts, base.facts.files.values()):
        text(builder, file, stands_on(file, base.day(as_of)))
    add_outlays(builder, all_standing(base, base.day(as_of)), base, as_of)
    return builder.finished(
        view="whole",
        zh="政策知识库",
        en="policy knowledge base",
        as_of=date(base.day(as_of)).isoformat(),
    )


def _part(whole: Graph, nodes: Iterable[str], **about: str) -> Graph:
    """The nodes in the order of the whole, with the edges between them."""
    kept = set(nodes)
    part: Graph = whole.__class__()
    part.graph.update({**whole.graph, **about})
    part.add_nodes_from((n, dict(d)) for n, d in whole.nodes(data=True) if n in kept)
    for tail, head, key, data in whole.edges(keys=True, data=True):
        if tail in kept and head in kept:
            part.add_edge(tail, head, key=key, **data)
    return part


def _neighbourhood(base: Core, whole: Graph, category: str, depth: int) -> Graph:
    start = key_of("category", category)
    about = {
        "view": "category",
        "focus": start,
        "zh": base.facts.names.label("category", category, "zh"),
        "en": base.facts.names.label("category", category, "en"),
    }
    if start not in whole:
        raise problem(
            "no-facts", f"no source says anything of `{about['zh']}`", "`kb show` tells its names"
        )
    near = {start}
    edge = {start}
    for _ in range(depth):
        linked = {
            other
            for key in edge
            for a, b, data in (*whole.out_edges(key, data=True), *whole.in_edges(key, data=True))
            if data["kind"] in REFERENCES
            for other in (a, b)
        }
        edge = linked - near
        near |= edge
    return _part(whole, owned(whole, near), **about)


def owned(whole: Graph, categories: Iterable[str]) -> set[str]:
    """Categories with all that is theirs: services, tree, documents, authorities, sources."""
    found: set[str] = set()
    todo = list(categories)
    found.update(todo)
    kept = set(todo)
    while todo:
        key = todo.pop()
        for _, head in whole.out_edges(key):
            if head in found or whole.nodes[head]["kind"] == "category":
                continue
            found.add(head)
            if whole.nodes[head]["kind"] not in ("service", "source"):
                todo.append(head)
    for key in kept:
        for tail, _, data in whole.in_edges(key, data=True):
            if data["kind"] == "in_scope":
                found.add(tail)
                found.update(
                    v for _, v, d in whole.out_edges(tail, data=True) if d.get("of") == key
                )
    return found


def _references(whole: Graph) -> Graph:
    """References between categories, with the conditions under which they hold."""
    edges = [(u, v, d) for u, v, d in whole.edges(data=True) if d["kind"] in REFERENCES]
    conditions = {d["when"] for *_, d in edges if "when" in d}
    ends = {(u, d["when"], v) for u, v, d in edges if "when" in d}
    part = _part(
        whole,
        {key for u, v, _ in edges for key in (u, v)} | conditions,
        view="references",
        zh="类目之间的引用",
        en="references between categories",
    )
    others = [
        (u, v, k)
        for u, v, k, d in part.edges(keys=True, data=True)
        if d["kind"] not in REFERENCES and (u, v, d.get("of")) not in ends
    ]
    part.remove_edges_from(others)
    return part
