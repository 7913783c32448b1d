"""A drawing that is small enough for a picture that does not open: what stands nearest its top."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import replace
from itertools import count

from kb.graph.build import Graph
from kb.graph.drawing import Drawing, Link, Spot
from kb.graph.outline import Place, outline

MOST = 80
"""So many spots are drawn in a picture in a notebook."""


def excerpt(drawing: Drawing, graph: Graph, most: int = MOST) -> Drawing:
    """The drawing itself when it has no more than `most` spots; else the first `most` places of its
    outline, each with the number of those below it that are left out.

    >>> import kb
    >>> from kb.graph.drawing import drawing
    >>> graph = kb.load().graph()
    >>> len(excerpt(drawing(graph), graph).spots)
    80
    """
    if len(drawing.spots) <= most:
        return drawing
    places = outline(drawing, graph).places
    kept = _nearest(places, most)
    spots = {spot.id: spot for spot in drawing.spots}
    below = _below(places)
    shown = Counter(place.parent for place in places if place.id in kept)
    made = Drawing(drawing.title, drawing.lang, apart=drawing.apart)
    for place in places:
        if place.id not in kept:
            continue
        spot = spots.get(place.id) or Spot(
            place.id,
            place.id,
            "group",
            place.zh,
            place.en,
            place.zh if drawing.lang == "zh" else place.en,
            state=place.state,
        )
        more = below[place.id] if not shown[place.id] else 0
        made.spots.append(replace(spot, label=f"{spot.label} +{more}") if more else spot)
        if place.parent and not place.link:
            made.links.append(Link(f"h{place.id}", place.parent, place.id, "holds"))
    made.links += [link for link in drawing.links if {link.tail, link.head} <= kept]
    return made


def _nearest(places: list[Place], most: int) -> set[str]:
    """The ids of places, nearer ones first, those that are opened late after others."""
    children: dict[str, list[Place]] = {}
    for place in places:
        children.setdefault(place.parent, []).append(place)
    turn = count()
    todo = [(0, next(turn), place) for place in children.get("", ())]
    kept: set[str] = set()
    while todo and len(kept) < most:
        cost, _, place = heapq.heappop(todo)
        kept.add(place.id)
        for child in children.get(place.id, ()):
            heapq.heappush(todo, (cost + 1 + child.late, next(turn), child))
    return kept


def _below(places: list[Place]) -> Counter[str]:
    """How many places stand below each."""
    found: Counter[str] = Counter()
    for place in reversed(places):
        found[place.parent] += 1 + found[place.id]
    return found
