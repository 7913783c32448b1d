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
    # A whole base is longer than the size that Mermaid accepts by itself.
    yield (
        '%%{init: {"maxTextSize": 9000000, "maxEdges": 20000, '
        '"flowchart": {"htmlLabels": false}}}%%'
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
    for kind in drawing.node_kinds():
        if kind in NODES:
            yield f"  classDef {kind} fill:{NODES[kind].fill},stroke:#333333,color:#111111"
            yield f"  class {','.join(s.id for s in drawing.spots if s.kind == kind)} {kind}"
    for state in drawing.states():
        if state in STATES:
            named = STATES[state]
            dashes = {"dashed": ",stroke-dasharray:6 3", "dotted": ",stroke-dasharray:2 3"}
            style = dashes.get(named.style, "")
            yield f"  classDef {state} stroke:{named.colour},stroke-width:{named.width:g}px{style}"
            yield f"  class {','.join(s.id for s in drawing.spots if s.state == state)} {state}"


def escaped(text: str) -> str:
    """A text between the quotes of a Mermaid label.

    >>> escaped('a "b" <c>')
    'a #34;b#34; #60;c#62;'
    """
    shown = (c if c.isalnum() or c in " \n,.、。,:《》「」" else f"#{ord(c)};" for c in text)
    return "".join(shown).replace("\n", "<br/>")
