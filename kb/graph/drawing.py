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
from kb.graph.kinds import EDGES, NODES, SHAPES, STATES, STROKES, line, look
from kb.graph.labels import BROAD, BROADEST, conditions, label, nested, past, told
from kb.graph.texts import PARTS

_REPEATED = frozenset({"document", "condition", "authority", "source", "practice", "event"})
GROUPS = ("all_of", "any_of")
# These stand beside the use that they belong to, or are told by the node itself.
_FOLDED = frozenset({"issued_by", "breach", "bound_by", "violates"})
# These speak of a text as a whole, which is drawn once.
_WHOLE_TEXT = frozenset({"subject_to", "examined_by"})


@dataclass(frozen=True, slots=True)
class Spot:
    """A drawn node. `key` is the graph's node; `facts` what a reader may want to know of it, as
    pairs of names and values; `pointer`: it only points to where the thing itself is drawn;
    `perhaps`: what leads here only perhaps does; `picked`: it is a document of the smallest set
    that does; `words`: other words that people search it by; `broad`: the label in the lines that a
    phone and a wide page have room for, where that matters.
    """

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
    perhaps: bool = False
    picked: bool = False
    words: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    broad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """A drawn edge from spot to spot; `turned`: the edge itself runs from head to tail."""

    id: str
    tail: str
    head: str
    kind: str
    state: str = ""
    past: bool = False
    perhaps: bool = False
    turned: bool = False
    sources: str = ""


@dataclass
class Drawing:
    """Spots and links, ready for a layout; `title` names what is drawn; each of `columns` names
    spots that stand in one column: a step with all that it needs."""

    title: str
    lang: str
    spots: list[Spot] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    apart: bool = False
    columns: list[list[str]] = field(default_factory=list)

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

    def stacked(self, spots: list[Spot]) -> list[Spot]:
        """Spots in the order that Graphviz is told them: it stacks a column from below, so what
        stands under a step comes last to first."""
        under = {id for column in self.columns for id in column[1:]}
        return [
            *(spot for spot in spots if spot.id not in under),
            *(spot for spot in reversed(spots) if spot.id in under),
        ]

    def node_kinds(self) -> list[str]:
        """The kinds that occur, in the order of the legend."""
        return _in_order({spot.kind for spot in self.spots}, NODES)

    def edge_kinds(self) -> list[str]:
        return _in_order({link.kind for link in self.links}, EDGES)

    def shapes(self) -> dict[str, list[str]]:
        """The shapes that occur, each with the kinds that have it."""
        kinds = self.node_kinds()
        found = {shape: [k for k in kinds if look(k).shape == shape] for shape in SHAPES}
        return {shape: kinds for shape, kinds in found.items() if kinds}

    def families(self) -> dict[str, str]:
        """The families of lines that occur, each with the names of its kinds."""
        found: dict[str, list[str]] = {}
        for kind in self.edge_kinds():
            found.setdefault(line(kind).family, []).append(line(kind).label(self.lang))
        sep = "、" if self.lang == "zh" else ", "
        return {family: sep.join(found[family]) for family in STROKES if family in found}

    def tags(self) -> dict[str, str]:
        """The name of what leads to a spot, by its id, where the two ends do not tell it."""
        found: dict[str, set[str]] = {}
        # Steps stand in their order.
        steps = {spot.id for spot in self.spots if spot.kind == "step"}
        for link in self.links:
            if link.head not in steps:
                found.setdefault(link.head, set()).add(link.kind)
        return {
            id: line(kind).label(self.lang)
            for id, (kind, *others) in ((id, sorted(kinds)) for id, kinds in found.items())
            if not others and line(kind).shown
        }

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
        # A line to a condition is dashed in any case.
        links = (link.perhaps for link in self.links if link.kind not in ("when", "only_where"))
        if any(spot.perhaps for spot in self.spots) or any(links):
            found["perhaps"] = "可能(虚线)" if zh else "perhaps (dashed)"
        return found

    def text(self) -> str:
        """Everything that is written in the drawing, for fonts to cover."""
        legend = [look(k).label(self.lang) for k in self.node_kinds()]
        legend += [line(k).label(self.lang) for k in self.edge_kinds()]
        legend += [STATES[s].label(self.lang) for s in self.states() if s in STATES]
        legend += self.borders().values()
        labels = [s.label for s in self.spots] + list(self.tags().values())
        return "\n".join([self.title, *labels, *legend])


def _in_order(found: set[str], known: Mapping[str, Any]) -> list[str]:
    return [k for k in known if k in found] + sorted(found - set(known))


def drawing(graph: Graph, lang: str = "zh", first: int = 0) -> Drawing:
    """Draw a graph in a language: the whole base as a forest, a view as one picture. Ids begin
    at `first`, for several drawings in one page.

    >>> import kb
    >>> made = drawing(kb.load().graph(category="教育-驾校平台"))
    >>> [spot.kind for spot in made.spots][:2]
    ['category', 'service']
    """
    return _Drawer(graph, lang, first).made()


class _Drawer:
    def __init__(self, graph: Graph, lang: str, first: int) -> None:
        self.graph = graph
        self.first = first
        self.lang = lang
        about = graph.graph
        day = f" · {about['as_of']}" if "as_of" in about else ""
        apart = about.get("view") in ("whole", "changes", "category", "references")
        self.drawing = Drawing(f"{about.get(lang, '')}{day}", lang, apart=apart)
        self.own = about.get("view") in ("app", "plan")
        self._groups = {
            head: data
            for _, head, data in graph.edges(data=True)
            if data["kind"] == "requires" and graph.nodes[head]["kind"] in GROUPS
        }
        """The edge that leads to each group of a requirement."""
        roots: dict[str, set[str]] = {}
        for tail, _, data in graph.edges(data=True):
            if data.get("path") == "0":
                roots.setdefault(tail, set()).add(data["version"])
        self._several = {version for found in roots.values() if len(found) > 1 for version in found}
        self._at: dict[tuple[str, str], str] = {}
        self._cited: dict[tuple[str, str], str] = {}
        """The spots of sources under categories, by the keys of both."""

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
        if self.graph.graph.get("view") == "plan":
            self.drawing.columns = list(self._columns())
        return self.drawing

    def _columns(self) -> Iterator[list[str]]:
        """Each step with its items and checks, and the open conditions between them."""
        kinds = {spot.id: spot.kind for spot in self.drawing.spots}
        below: dict[str, list[str]] = {}
        for link in self.drawing.links:
            if kinds[link.head] in ("material", "check", "condition"):
                below.setdefault(link.tail, []).append(link.head)
        for step in (id for id, kind in kinds.items() if kind == "step"):
            column = [step]
            for id in column:
                column += below.get(id, ())
            if len(column) > 1:
                yield column

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
        if not state and not (repeated and kind in ("document", "practice")):
            state = data.get("state", "")
        use = edge if repeated else self._groups.get(key, {})
        root = use.get("path") == "0" and use["version"] in self._several
        at = (data, use, sources, self.lang, self.own, root)
        widths = (BROAD[self.lang], BROADEST) if kind == "step" else ()
        spot = Spot(
            f"n{self.first + len(self.drawing.spots)}",
            key,
            kind,
            data["zh"],
            data["en"],
            label(*at),
            sources,
            state,
            edge.get("stands") == "no" if repeated else past(self.graph, key),
            repeated and kind in ("category",),
            "perhaps" in (use.get("certainty"), data.get("certainty")),
            bool(edge.get("picked") or edge.get("kind") == "to_provide"),
            data.get("words", ""),
            tuple(told(data, use, self.lang)),
            tuple(label(*at, widest) for widest in widths),
        )
        self._at[key, near] = spot.id
        self.drawing.spots.append(spot)
        return spot.id

    def _link(self, tail: str, head: str, data: Mapping[str, Any]) -> None:
        kind = data["kind"]
        head_kind = self.graph.nodes[head]["kind"]
        if kind == "cites" and self.graph.nodes[tail]["kind"] in PARTS:
            if not nested(self.graph, tail):
                root = self._spot(head, "", self.graph.nodes[head])
                middle = self._through(root, tail, data, "cites")
                part = self._spot(tail, "", {})
                self._join(middle, part, "cites" if middle == root else "when", data, True)
            return
        if kind == "supersedes":
            # A source takes an earlier one's place in a category, and is drawn under it.
            ends = [self._cited.get((data["category"], key), "") for key in (tail, head)]
            if all(ends):
                self._join(ends[0], ends[1], kind, data)
            return
        if self.graph.nodes[tail]["kind"] in ("app", "source") and kind in _WHOLE_TEXT:
            start = self._spot(tail, "", self.graph.nodes[tail])
        else:
            start = self._start(tail, head, data)
        if head_kind in PARTS:
            start = self._through(start, head, data)
        pointer = self.drawing.apart and head_kind == "category" and kind != "in_scope"
        if kind == "subject_to":
            end = self._spot(head, "", {})
        elif head_kind in _REPEATED or pointer or self._apart(head_kind):
            end = self._spot(head, self._near(start, data), data)
        else:
            end = self._spot(head, "", data)
        if kind == "cites":
            self._cited.setdefault((tail, head), end)
        if data.get("when"):
            edge = {**data, "state": "", "unclear": False, "certainty": "", "rival": False}
            middle = self._spot(data["when"], f"{start}>{end}", edge)
            self._join(start, middle, "when", data)
            start = middle
        self._join(start, end, kind, data)
        if data.get("issuer"):
            issuer = self._spot(data["issuer"], end, {"sources": data.get("sources", "")})
            self._join(end, issuer, "issued_by", {})

    def _through(self, start: str, part: str, data: Mapping[str, Any], kind: str = "when") -> str:
        """The spot of the conditions of a part, after `start`; parts that share all of them share
        the spot. `start` itself when the part has none. `kind` is that of the line to it."""
        edges = self.graph.out_edges(part, data=True)
        asked = [(d["kind"], head) for _, head, d in edges if d.get("of") == part]
        if not asked:
            return start
        near = f"{start}?{asked}"
        found = self._at.get((asked[0][1], near))
        if found is not None:
            return found
        id, key = f"n{self.first + len(self.drawing.spots)}", asked[0][1]
        zh, en, written, state = conditions(asked, self.graph, self.lang)
        spot = Spot(id, key, "condition", zh, en, written, state=state)
        self._at[key, near] = spot.id
        self.drawing.spots.append(spot)
        self._join(start, spot.id, kind, {**data, "state": ""}, kind == "cites")
        return spot.id

    def _near(self, start: str, data: Mapping[str, Any]) -> str:
        """One source under a category once, whatever else is told apart by its place."""
        return f"{start}/{data['kind']}/{data.get('version', '')}/{data.get('path', '')}"

    def _start(self, tail: str, head: str, data: Mapping[str, Any]) -> str:
        kind = self.graph.nodes[tail]["kind"]
        if kind in _REPEATED or self._apart(kind):
            return self._spot(tail, f"{head}/{data.get('version', '')}", data)
        return self._spot(tail, "", data)

    def _join(
        self, start: str, end: str, kind: str, data: Mapping[str, Any], turned: bool = False
    ) -> None:
        if data.get("one_of") and kind == data["kind"]:
            # Told by the line itself: labels of edges that cross would lie on one another.
            kind = f"{kind}_one"
        self.drawing.links.append(
            Link(
                f"e{self.first + len(self.drawing.links)}",
                start,
                end,
                kind,
                data.get("state", ""),
                data.get("stands") == "no",
                # What a source leaves open is no surer than what a profile does.
                data.get("certainty") == "perhaps" or bool(data.get("unclear")),
                turned,
                data.get("sources", ""),
            )
        )
