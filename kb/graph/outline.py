"""What a page opens step by step: a drawing as a tree of spots, with groups where many are alike.

A drawing is nearly a tree already, since things are drawn once a use. Here each spot gets one place
under another; links that this leaves out are drawn between the two where both are in sight.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from kb.graph.build import REFERENCES, Graph
from kb.graph.drawing import Drawing, Link, Spot
from kb.graph.kinds import STATES, look

MANY = 5
"""So many services or sources under one spot are one group; of an answer its services never are."""
FEW = 30
"""So many categories are shown as they are; more by their groups."""
_GROUPED = ("service", "source", "condition", "authority")
_FOREST = ("whole", "references", "changes", "category")

# The order of what stands under a spot: what is asked for, other categories, the rest.
_RANK = {
    kind: rank
    for rank, kinds in enumerate(
        (
            ("to_provide",),
            (
                "offers",
                "requires",
                "requires_one",
                "before",
                "because",
                "when",
                "unless",
                "only_where",
            ),
            (*REFERENCES, *(f"{kind}_one" for kind in REFERENCES), "brings"),
            ("prohibits", "violates"),
            ("in_scope",),
            ("subject_to", "bound_by"),
            ("supersedes", "cites", "issued_by", "taken_by"),
        )
    )
    for kind in kinds
}
_LATE = {"source": 4, "consequence": 1, "authority": 1}
"""How many steps later than others these are opened."""
_FIRST = -3
"""What is to provide is opened before anything else."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a spot or a group stands: under `parent`, by `link` (an id, or nothing). `late`: how
    many steps later than others it is opened. A group has both its names; a `map` is entered step
    by step."""

    id: str
    parent: str
    link: str = ""
    late: int = 0
    zh: str = ""
    en: str = ""
    state: str = ""
    map: bool = False


@dataclass
class Outline:
    """A drawing as a tree; `focus` is the id of the place to begin with."""

    places: list[Place] = field(default_factory=list)
    focus: str = ""


def outline(drawing: Drawing, graph: Graph) -> Outline:
    """The places of all spots of a drawing of a graph, parents first.

    >>> import kb
    >>> from kb.graph.drawing import drawing
    >>> graph = kb.load().graph(category="教育-驾校平台", depth=0)
    >>> [place.parent for place in outline(drawing(graph), graph).places][:2]
    ['', 'g0']
    """
    return _Planter(drawing, graph).planted()


class _Planter:
    def __init__(self, drawing: Drawing, graph: Graph) -> None:
        self.drawing = drawing
        self.about = graph.graph
        self.spots = {spot.id: spot for spot in drawing.spots}
        self.kinds = {link.id: link.kind for link in drawing.links}
        self.beside: dict[str, list[tuple[Link, str]]] = {}
        for link in drawing.links:
            self.beside.setdefault(link.tail, []).append((link, link.head))
        for link in drawing.links:
            self.beside.setdefault(link.head, []).append((link, link.tail))
        self.heads = {link.head for link in drawing.links if link.kind != "in_scope"}
        self.children: dict[str, list[tuple[str, str]]] = {}
        self.seen: set[str] = set()
        self.groups = 0
        self.out = Outline()

    def planted(self) -> Outline:
        view = self.about.get("view")
        if view in _FOREST:
            self._forest()
        else:
            focus = next(
                (s.id for s in self.drawing.spots if s.key == self.about.get("focus")),
                self.drawing.spots[0].id if self.drawing.spots else "",
            )
            if focus:
                self._grow([focus], plan=view == "plan")
                # What nothing leads to, such as a service that no source knows.
                for spot in self.drawing.spots:
                    if spot.id not in self.seen:
                        self.children.setdefault(focus, []).append((spot.id, ""))
                        self._grow([spot.id])
                self.out.places.append(Place(focus, ""))
                self._put_under(focus)
                self.out.focus = focus
        return self.out

    def _forest(self) -> None:
        """Categories by what comes before the hyphen of their names, then the texts."""
        names = self.about.get("zh", ""), self.about.get("en", "")
        tops = [s for s in self.drawing.spots if s.kind == "category" and not s.pointer]
        if self.about.get("view") == "changes":
            # Those that only a note of a changed one leads to are told there.
            tops = [spot for spot in tops if spot.state in STATES]
            self.seen.update(
                s.id for s in self.drawing.spots if s.kind == "category" and s not in tops
            )
        if self.about.get("view") == "category" and len(tops) > 1:
            names = f"{names[0]} 与相关类目", f"{names[1]} and categories beside it"
        self._grow([spot.id for spot in tops])
        if (
            self.about.get("view") == "category"
            and len(self.seen) == len(self.spots)
            and not tops[1:]
        ):
            self._top(tops[0], "")
            self.out.focus = tops[0].id
            return
        root = self._group("", *names, map=True)
        rest = []
        for spot in self.drawing.spots:
            if spot.id not in self.seen and spot.id not in self.heads:
                rest.append(spot)
                self._grow([spot.id])
        for spot in self.drawing.spots:
            if spot.id not in self.seen and not spot.pointer:
                rest.append(spot)
                self._grow([spot.id])
        if self.about.get("view") == "changes":
            for state in STATES:
                self._grouped(root, [s for s in tops if s.state == state], state)
        else:
            self._grouped(root, tops)
        if rest:
            under = self._group(root, "文件与其他", "texts and others", map=True)
            for spot in rest:
                self._top(spot, under)
        self.out.focus = next(
            (s.id for s in tops if s.key == self.about.get("focus")), self.out.places[0].id
        )

    def _grouped(self, root: str, tops: list[Spot], state: str = "") -> None:
        """Put categories under `root`: all as they are where they are few, else by their groups;
        of a change under what happened to them."""
        if not tops:
            return
        if state:
            named = STATES[state]
            root = self._group(root, named.zh, named.en, state, map=len(tops) > FEW)
        if len(tops) <= FEW:
            for spot in tops:
                self._top(spot, root)
            return
        groups: dict[str, list[Spot]] = {}
        for spot in tops:
            groups.setdefault(spot.zh.partition("-")[0], []).append(spot)
        for name, spots in groups.items():
            en = spots[0].en.partition(" - ")[0]
            under = self._group(root, name, en, map=True)
            for spot in spots:
                self._top(spot, under)

    def _top(self, spot: Spot, under: str) -> None:
        self.out.places.append(Place(spot.id, under))
        self._put_under(spot.id)

    def _group(
        self, parent: str, zh: str, en: str, state: str = "", late: int = 0, map: bool = False
    ) -> str:
        id = f"g{self.groups}"
        self.groups += 1
        self.out.places.append(Place(id, parent, "", late, zh, en, state, map))
        return id

    def _grow(self, starts: Iterable[str], plan: bool = False) -> None:
        """Give each spot that hangs together with these a place under the one that it is first
        reached from: along links first, against them then. Steps of a plan stand side by side."""
        todo = list(starts)
        self.seen.update(todo)
        steps = self._steps() if plan else []
        for step in steps:
            self.seen.add(step)
            self.children.setdefault(todo[0], []).append((step, ""))
        todo += steps
        at = 0
        while at < len(todo):
            here = todo[at]
            at += 1
            found = [
                (link, other)
                for link, other in self.beside.get(here, ())
                if other not in self.seen and not self._stays(here, other)
            ]
            found.sort(key=lambda pair: (self.spots[pair[1]].past, _RANK.get(pair[0].kind, 3)))
            for link, other in found:
                if other not in self.seen:
                    self.seen.add(other)
                    self.children.setdefault(here, []).append((other, link.id))
                    todo.append(other)

    def _steps(self) -> list[str]:
        """Steps in an order in which none stands before one that it comes after."""
        left = [spot.id for spot in self.drawing.spots if spot.kind == "step"]
        before = [(link.tail, link.head) for link in self.drawing.links if link.kind == "before"]
        found: list[str] = []
        while left:
            waits = {head for tail, head in before if tail in left}
            first = next((id for id in left if id not in waits), left[0])
            left.remove(first)
            found.append(first)
        return found

    def _stays(self, here: str, other: str) -> bool:
        """Whether a spot is no place to go on from: what only points to a tree leads nowhere, and
        from a service that several categories share none of them is reached backwards."""
        spot = self.spots[here]
        return spot.pointer or (
            self.about.get("view") in ("app", "proof")
            and not any(link.head == other for link, _ in self.beside.get(here, ()))
            and self.spots[other].kind in ("app", "fact")
        )

    def _put_under(self, top: str) -> None:
        """Places of all that grew under a spot, groups among them."""
        todo = [top]
        while todo:
            here = todo.pop(0)
            for parent, spot, link in self._alike(here):
                late = _LATE.get(spot.kind, 0) + 2 * spot.past + 2 * (spot.state == "idle")
                self.out.places.append(Place(spot.id, parent, link, late))
                todo.append(spot.id)

    def _many(self, kind: str) -> int:
        if kind == "service" and self.about.get("view") == "app":
            return len(self.spots)
        several = sum(spot.kind == "category" for spot in self.spots.values()) > 3
        return (1 if several else 2) if kind == "source" else MANY

    def _alike(self, here: str) -> Iterator[tuple[str, Spot, str]]:
        """What grew under a spot; what is to provide, and many services or sources, in groups."""
        kinds: dict[str, list[tuple[Spot, str]]] = {}
        for id, link in self.children.get(here, ()):
            spot = self.spots[id]
            kind = "to_provide" if self.kinds.get(link) == "to_provide" else spot.kind
            kinds.setdefault(kind, []).append((spot, link))
        for kind, found in kinds.items():
            under = here
            if kind == "to_provide":
                perhaps = any(spot.perhaps for spot, _ in found)
                state = "undetermined" if perhaps else "missing"
                under = self._group(here, "须提供的材料", "to provide", state, _FIRST)
            elif kind in _GROUPED and len(found) >= self._many(kind):
                named = look(kind)
                under = self._group(here, named.zh, named.en, late=_LATE.get(kind, 0))
            for spot, link in found:
                yield under, spot, link
