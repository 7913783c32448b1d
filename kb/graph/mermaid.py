"""Drawings as Mermaid flowcharts."""

from __future__ import annotations

from collections.abc import Iterator

from kb.graph.dot import mark
from kb.graph.drawing import Drawing
from kb.graph.kinds import NODES, STATES, line, look

_NAMED = frozenset({"prohibition", "practice", "check", "event", "consequence"})


def mermaid(drawing: Drawing) -> str:
    """The text of a flowchart. Every character of a name that Mermaid or Markdown could take for
    its own is written as an entity, so that a name is a name and never markup."""
    return "\n".join(_lines(drawing)) + "\n"


def _lines(drawing: Drawing) -> Iterator[str]:
    # A whole base is longer than the size that Mermaid accepts by itself; labels have their lines
    # already, and would be broken once more at Mermaid's own width.
    yield (
        '%%{init: {"maxTextSize": 9000000, "maxEdges": 20000, '
        '"flowchart": {"htmlLabels": false, "wrappingWidth": 800}}}%%'
    )
    yield "flowchart LR"
    for spot in drawing.spots:
        opening, closing = look(spot.kind).mermaid
        # Mermaid has fewer shapes than there are kinds: some say in words what they are.
        said = f"〔{look(spot.kind).label(drawing.lang)}〕" if spot.kind in _NAMED else ""
        yield f'  {spot.id}{opening}"{escaped(mark(spot.state) + said + spot.label)}"{closing}'
    for link in drawing.links:
        label = f'|"{escaped(link.label)}"|' if link.label else ""
        yield f"  {link.tail} {line(link.kind).mermaid}{label} {link.head}"
    yield f"  subgraph legend [{'图例' if drawing.lang == 'zh' else 'legend'}]"
    # Nodes that no edge ties stand side by side across the direction: here in a narrow column.
    yield "    direction LR"
    for number, kind in enumerate(drawing.node_kinds()):
        opening, closing = look(kind).mermaid
        yield f'    k{number}{opening}"{escaped(look(kind).label(drawing.lang))}"{closing}'
    for number, state in enumerate(drawing.states()):
        if state in STATES:
            label = mark(state) + STATES[state].label(drawing.lang)
            yield f'    s{number}["{escaped(label)}"]:::plain'
    yield "  end"
    yield "  style legend fill:#ffffff,stroke:#999999,color:#111111"
    yield "  classDef plain fill:#ffffff,color:#111111"
    for number, kind in enumerate(drawing.node_kinds()):
        if kind in NODES:
            own = (spot.id for spot in drawing.spots if spot.kind == kind)
            yield f"  classDef {kind} fill:{NODES[kind].fill},stroke:#333333,color:#111111"
            yield f"  class {','.join([*own, f'k{number}'])} {kind}"
    for number, state in enumerate(drawing.states()):
        if state in STATES:
            named = STATES[state]
            dashes = {"dashed": ",stroke-dasharray:6 3", "dotted": ",stroke-dasharray:2 3"}
            style = dashes.get(named.style, "")
            yield f"  classDef {state} stroke:{named.colour},stroke-width:{named.width:g}px{style}"
            own = (spot.id for spot in drawing.spots if spot.state == state)
            yield f"  class {','.join([*own, f's{number}'])} {state}"


def escaped(text: str) -> str:
    """A text between the quotes of a Mermaid label.

    >>> escaped('a "b" <c>')
    'a #34;b#34; #60;c#62;'
    """
    shown = (c if c.isalnum() or c in " \n,.、。,:《》「」" else f"#{ord(c)};" for c in text)
    return "".join(shown).replace("\n", "<br/>")
