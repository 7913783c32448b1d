"""Drawings as Mermaid flowcharts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from kb.graph.dot import mark
from kb.graph.drawing import Drawing, Link, Spot
from kb.graph.kinds import NODES, STATES, line, look

_NAMED = frozenset(
    {"prohibition", "practice", "check", "event", "consequence", "material", "authority", "absent"}
)


FRONT = "---\ntitle: "
"""How a chart begins."""
MOST_EDGES, MOST_TEXT = 500, 50_000
"""What Mermaid draws where nobody has set it otherwise: a drawing can not ask for more itself."""
BUDGET, MARGIN, LINE = 44_000, 24, 24
"""Characters of a chart without its styles; what a node needs beside its label; a line's."""


def charts(drawing: Drawing) -> list[str]:
    """The texts of as many flowcharts as Mermaid needs for a drawing. Every character of a name
    that Mermaid or Markdown could take for its own is written as an entity, so that a name is a
    name and never markup.

    Each line is in one of them. What hangs together stays together where there is room; what has a
    line to another chart stands there too, and says in which one the rest of it is.
    """
    whole = mermaid(drawing)
    if len(drawing.links) <= MOST_EDGES and len(whole) <= MOST_TEXT:
        return [whole]
    return [mermaid(each) for each in _dealt(drawing)]


def mermaid(drawing: Drawing) -> str:
    """The text of one flowchart, however large it is."""
    return "\n".join(_lines(drawing)) + "\n"


def _dealt(drawing: Drawing) -> list[Drawing]:
    """A drawing as several that are small enough, in its order."""
    spots = {spot.id: spot for spot in drawing.spots}
    tags = drawing.tags()
    sizes = {id: len(_spot_line(spot, tags, drawing.lang)) + MARGIN for id, spot in spots.items()}
    charts: list[tuple[dict[str, None], list[Link]]] = []
    room = edges = 0
    for own, links in drawing.parts():
        weight = sum(sizes[spot.id] for spot in own) + LINE * len(links)
        if not charts or weight > room or len(links) > edges:
            charts.append(({}, []))
            room, edges = BUDGET, MOST_EDGES
        for link in links:
            held, drawn = charts[-1]
            ends = [id for id in (link.tail, link.head) if id not in held]
            cost = sum(sizes[id] for id in ends) + LINE
            if cost > room or not edges:
                charts.append(({}, []))
                held, drawn = charts[-1]
                ends = [link.tail, link.head]
                cost = sum(sizes[id] for id in ends) + LINE
                room, edges = BUDGET, MOST_EDGES
            held.update(dict.fromkeys(ends))
            drawn.append(link)
            room, edges = room - cost, edges - 1
        for spot in own if not links else ():
            charts[-1][0][spot.id] = None
            room -= sizes[spot.id]
    home: dict[str, int] = {}
    for number, (held, _) in enumerate(charts, 1):
        for id in held:
            home.setdefault(id, number)
    found = []
    for number, (held, drawn) in enumerate(charts, 1):
        shown = [
            spots[id] if home[id] == number else _elsewhere(spots[id], home[id], drawing.lang)
            for id in held
        ]
        count = len(charts)
        zh = drawing.lang == "zh"
        which = f"第 {number} 张,共 {count} 张" if zh else f"chart {number} of {count}"
        title = f"{drawing.title} · {which}"
        found.append(replace(drawing, title=title, spots=shown, links=drawn, columns=[]))
    return found


def _elsewhere(spot: Spot, number: int, lang: str) -> Spot:
    """A spot that stands in another chart with the rest of its lines."""
    note = f"(另见第 {number} 张)" if lang == "zh" else f"(more in chart {number})"
    return replace(spot, label=f"{spot.label}\n{note}", pointer=True)


def _lines(drawing: Drawing) -> Iterator[str]:
    # The legend stands in the title, which Mermaid writes above the flow.
    yield "---"
    yield f"title: {json.dumps(_title(drawing), ensure_ascii=False)}"
    yield "---"
    # Labels have their lines already, and would be broken once more at Mermaid's own width.
    yield '%%{init: {"flowchart": {"htmlLabels": false, "wrappingWidth": 800}}}%%'
    yield "flowchart LR"
    tags = drawing.tags()
    for spot in drawing.spots:
        yield _spot_line(spot, tags, drawing.lang)
    for link in drawing.links:
        arrow = "-.->" if link.perhaps else line(link.kind).drawn.mermaid
        yield f"  {link.tail} {arrow} {link.head}"
    for kind in drawing.node_kinds():
        if kind in NODES:
            own = (spot.id for spot in drawing.spots if spot.kind == kind)
            yield f"  classDef {kind} fill:{NODES[kind].fill},stroke:#333333,color:#111111"
            yield f"  class {','.join(own)} {kind}"
    for state in drawing.states():
        if state in STATES:
            named = STATES[state]
            dashes = {"dashed": ",stroke-dasharray:6 3", "dotted": ",stroke-dasharray:2 3"}
            style = dashes.get(named.style, "")
            yield f"  classDef {state} stroke:{named.colour},stroke-width:{named.width:g}px{style}"
            own = (spot.id for spot in drawing.spots if spot.state == state)
            yield f"  class {','.join(own)} {state}"


def _spot_line(spot: Spot, tags: dict[str, str], lang: str) -> str:
    opening, closing = look(spot.kind).mermaid
    # Shapes have several kinds: some say in words what they are.
    said = f"〔{look(spot.kind).label(lang)}〕" if spot.kind in _NAMED else ""
    tag = f"‹{tags[spot.id]}›\n" if spot.id in tags else ""
    return f'  {spot.id}{opening}"{escaped(tag + mark(spot.state) + said + spot.label)}"{closing}'


def _title(drawing: Drawing) -> str:
    """What is drawn, with what the marks mean; as it is read, so without what could be markup."""
    marks = [mark(s) + STATES[s].label(drawing.lang) for s in drawing.states() if s in STATES]
    shown = " · ".join((drawing.title, *marks))
    return "".join(c if c.isalnum() or c in " ·.,、。:→-✓✗⊘?–+−≠=" else " " for c in shown)


def escaped(text: str) -> str:
    """A text between the quotes of a Mermaid label.

    >>> escaped('a "b" <c>')
    'a #34;b#34; #60;c#62;'
    """
    shown = (c if c.isalnum() or c in " \n,.、。,:《》「」" else f"#{ord(c)};" for c in text)
    return "".join(shown).replace("\n", "<br/>")
