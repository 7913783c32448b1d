"""From a graph to what is drawn: a node for each place where a thing is used.

A document that forty categories ask for would tie the whole base into one knot, so documents,
conditions, authorities and sources are drawn once a use. With `apart` services are too, and a
category that another one names is drawn beside that one as a small pointer: then each category is
a tree of its own, and the whole base a forest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from kb.graph.build import Graph
from kb.graph.kinds import EDGES, NODES, STATES, line, look
from kb.graph.wrap import wrapped

_REPEATED = frozenset({"document", "condition", "authority", "source"})
_CITING = frozenset({"document", "source", "all_of", "any_of", "stated"})
# These stand as conditions and authorities beside the use that they belong to.
_FOLDED = frozenset({"issued_by"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A drawn node. `key` is the graph's node; `facts` what a reader may want to know of it, as
    pairs of names and values; `pointer`: it only points to where the thing itself is drawn."""

    id: str
    key: str
    kind: str
    zh: str
    en: str
    label: str
    sources: str = ""
    state: str = ""
    past: bool = False
    pointer: bool = False
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A drawn edge from spot to spot."""

    id: str
    tail: str
    head: str
    kind: str
    label: str = ""
    state: str = ""
    past: bool = False
    sources: str = ""


@dataclass
class Drawing:
    """Spots and links, ready for a layout; `title` names what is drawn."""

    title: str
    lang: str
    spots: list[Spot] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    apart: bool = False

    def parts(self) -> list[tuple[list[Spot], list[Link]]]:
        """What hangs together, in the order of the first spots."""
        up = {spot.id: spot.id for spot in self.spots}

        def top(id: str) -> str:
            while up[id] != id:
                up[id] = up[up[id]]
                id = up[id]
            return id

        for link in self.links:
            up[top(link.head)] = top(link.tail)
        found: dict[str, tuple[list[Spot], list[Link]]] = {}
        for spot in self.spots:
            found.setdefault(top(spot.id), ([], []))[0].append(spot)
        for link in self.links:
            found[top(link.tail)][1].append(link)
        return list(found.values())

    def node_kinds(self) -> list[str]:
        """The kinds that occur, in the order of the legend."""
        return _in_order({spot.kind for spot in self.spots}, NODES)

    def edge_kinds(self) -> list[str]:
        return _in_order({link.kind for link in self.links}, EDGES)

    def states(self) -> list[str]:
        return _in_order({spot.state for spot in self.spots if spot.state}, STATES)

    def borders(self) -> dict[str, str]:
        """What a dashed border without a mark means, for those that occur."""
        zh = self.lang == "zh"
        found = {}
        if any(spot.past for spot in self.spots):
            found["past"] = "当日不在效力中" if zh else "not in force on the day"
        if any(spot.pointer for spot in self.spots):
            found["pointer"] = "另见该类目" if zh else "drawn as a tree of its own"
        return found

    def text(self) -> str:
        """Everything that is written in the drawing, for fonts to cover."""
        legend = [look(k).label(self.lang) for k in self.node_kinds()]
        legend += [line(k).label(self.lang) for k in self.edge_kinds()]
        legend += [STATES[s].label(self.lang) for s in self.states() if s in STATES]
        legend += self.borders().values()
        labels = [s.label for s in self.spots] + [link.label for link in self.links]
        return "\n".join([self.title, *labels, *legend])


def _in_order(found: set[str], known: Mapping[str, Any]) -> list[str]:
    return [k for k in known if k in found] + sorted(found - set(known))


def drawing(graph: Graph, lang: str = "zh", first: int = 0) -> Drawing:
    """Draw a graph in a language: the whole base as a forest, a view as one picture. Ids begin
    at `first`, for several drawings in one page.

    >>> import kb
    >>> made = drawing(kb.load().graph(category="教育-驾校平台"))
    >>> [spot.kind for spot in made.spots][:2]
    ['category', 'source']
    """
    return _Drawer(graph, lang, first).made()


class _Drawer:
    def __init__(self, graph: Graph, lang: str, first: int) -> None:
        self.graph = graph
        self.first = first
        self.lang = lang
        about = graph.graph
        day = f" · {about['as_of']}" if "as_of" in about else ""
        apart = about.get("view") in ("whole", "changes")
        self.drawing = Drawing(f"{about.get(lang, '')}{day}", lang, apart=apart)
        self._at: dict[tuple[str, str], str] = {}

    def made(self) -> Drawing:
        for key, data in self.graph.nodes(data=True):
            if data["kind"] not in _REPEATED and not self._apart(data["kind"]):
                self._spot(key, "", data)
        for tail, head, data in self.graph.edges(data=True):
            if data["kind"] not in _FOLDED and "of" not in data:
                self._link(tail, head, data)
        for key in self.graph:
            # What no edge leads to, such as a service that no source knows.
            if self.graph.nodes[key]["kind"] == "service" and self.graph.degree(key) == 0:
                self._spot(key, "", self.graph.nodes[key])
        return self.drawing

    def _apart(self, kind: str) -> bool:
        return self.drawing.apart and kind == "service"

    def _spot(self, key: str, near: str, edge: Mapping[str, Any]) -> str:
        """The id of the spot for a node; `near` tells the uses of a repeated node apart."""
        found = self._at.get((key, near))
        if found is not None:
            return found
        data = self.graph.nodes[key]
        kind = data["kind"]
        repeated = bool(near)
        sources = edge.get("sources", "") if repeated else data.get("sources", "")
        state = edge.get("state", "") if repeated else ""
        if not state and not (repeated and kind == "document"):
            state = data.get("state", "")
        spot = Spot(
            f"n{self.first + len(self.drawing.spots)}",
            key,
            kind,
            data["zh"],
            data["en"],
            self._label(data, edge if repeated else {}, sources),
            sources,
            state,
            edge.get("stands") == "no" if repeated else self._past(key),
            repeated and kind in ("category",),
            tuple(self._facts(data, edge if repeated else {})),
        )
        self._at[key, near] = spot.id
        self.drawing.spots.append(spot)
        return spot.id

    def _past(self, key: str) -> bool:
        """A part of a tree that does not stand on the day."""
        if self.graph.nodes[key]["kind"] not in ("all_of", "any_of"):
            return False
        into = [d for _, _, d in self.graph.in_edges(key, data=True)]
        return bool(into) and all(d.get("stands") == "no" for d in into)

    def _label(self, data: Mapping[str, Any], edge: Mapping[str, Any], sources: str) -> str:
        zh = self.lang == "zh"
        parts = [data[self.lang]]
        if data["kind"] == "document" and edge:
            if edge.get("at_least", 1) > 1:
                parts.append(f"≥{edge['at_least']}")
            if edge.get("holder", "applicant") != "applicant":
                parts.append(f"({edge[f'holder_{self.lang}']})")
            if edge.get("optional"):
                parts.append("(可选)" if zh else "(optional)")
            if edge.get("must_state"):
                parts.append(f"「{edge['must_state']}」")
        if edge.get("unclear"):
            parts.append("(是否属于不明)" if zh else "(perhaps)")
        if edge.get("none_stated"):
            parts.append("(未列明材料)" if zh else "(no document stated)")
        if data.get("stated"):
            parts.append(f"({data['stated']} 选 1)" if zh else f"({data['stated']} stated)")
        lines = wrapped(" ".join(parts))
        if data["kind"] in _CITING and sources:
            lines.append(_lines_of(sources))
        return "\n".join(lines)

    def _facts(self, data: Mapping[str, Any], edge: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """What the label leaves out."""
        zh = self.lang == "zh"
        for key, name in (
            (f"note_{self.lang}", "说明" if zh else "note"),
            (f"services_{self.lang}", "当提供" if zh else "when it offers"),
            ("locator", "位置" if zh else "place"),
            ("since", "自" if zh else "since"),
            ("standing", "效力" if zh else "standing"),
            ("version", "版本" if zh else "version"),
        ):
            if edge.get(key):
                yield name, str(edge[key])
        for key, name in (("fact", "事实" if zh else "fact"), ("rule", "规则" if zh else "rule")):
            if data.get(key):
                yield name, data[key]

    def _link(self, tail: str, head: str, data: Mapping[str, Any]) -> None:
        kind = data["kind"]
        start = self._start(tail, head, data)
        head_kind = self.graph.nodes[head]["kind"]
        pointer = self.drawing.apart and head_kind == "category" and kind != "in_scope"
        if head_kind in _REPEATED or pointer or (self._apart(head_kind)):
            end = self._spot(head, self._near(start, data), data)
        else:
            end = self._spot(head, "", data)
        if data.get("when"):
            edge = {**data, "state": "", "unclear": False}
            middle = self._spot(data["when"], f"{start}>{end}", edge)
            self._join(start, middle, "when", data)
            start = middle
        self._join(start, end, kind, data)
        if data.get("issuer"):
            issuer = self._spot(data["issuer"], end, {"sources": data.get("sources", "")})
            self._join(end, issuer, "issued_by", {})

    def _near(self, start: str, data: Mapping[str, Any]) -> str:
        """One source under a category once, whatever else is told apart by its place."""
        return f"{start}/{data['kind']}/{data.get('version', '')}/{data.get('path', '')}"

    def _start(self, tail: str, head: str, data: Mapping[str, Any]) -> str:
        kind = self.graph.nodes[tail]["kind"]
        if kind in _REPEATED or self._apart(kind):
            return self._spot(tail, f"{head}/{data.get('version', '')}", data)
        return self._spot(tail, "", data)

    def _join(self, start: str, end: str, kind: str, data: Mapping[str, Any]) -> None:
        if data.get("one_of") and kind == data["kind"]:
            # Told by the line itself: labels of edges that cross would lie on one another.
            kind = f"{kind}_one"
        named = line(kind)
        label = named.label(self.lang) if named.shown else ""
        self.drawing.links.append(
            Link(
                f"e{self.first + len(self.drawing.links)}",
                start,
                end,
                kind,
                label,
                data.get("state", ""),
                data.get("stands") == "no",
                data.get("sources", ""),
            )
        )


def _lines_of(sources: str) -> str:
    """`[16-18]`: the lines alone when one source states it; the source stands beside the tree."""
    several = sources.split("; ")
    name, _, lines = several[0].partition(" ")
    more = f" +{len(several) - 1}" if len(several) > 1 else ""
    return f"[{lines or name}]{more}"
