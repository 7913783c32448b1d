"""Drawings as Mermaid flowcharts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from kb.graph.dot import mark
from kb.graph.drawing import Drawing
from kb.graph.kinds import NODES, STATES, line, look
from kb.lang.problems import Problem, Problems

_NAMED = frozenset(
    {"prohibition", "practice", "check", "event", "consequence", "material", "authority", "absent"}
)


MOST_EDGES, MOST_TEXT = 500, 50_000
"""What Mermaid draws where nobody has set it otherwise: a drawing can not ask for more itself."""


def mermaid(drawing: Drawing) -> str:
    """The text of a flowchart. Every character of a name that Mermaid or Markdown could take for
    its own is written as an entity, so that a name is a name and never markup.

    Raises `Problems` for a drawing that is larger than Mermaid draws.
    """
    text = "\n".join(_lines(drawing)) + "\n"
    if len(drawing.links) > MOST_EDGES or len(text) > MOST_TEXT:
        raise Problems(
            [
                Problem(
                    "mermaid-size",
                    f"Mermaid draws at most {MOST_EDGES} edges and {MOST_TEXT} characters; "
                    f"this drawing has {len(drawing.links)} and {len(text)}",
                    help="draw a part: --category, --app or --plan; or write html, svg or pdf",
                )
            ]
        )
    return text


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
        opening, closing = look(spot.kind).mermaid
        # Shapes have several kinds: some say in words what they are.
        said = f"〔{look(spot.kind).label(drawing.lang)}〕" if spot.kind in _NAMED else ""
        tag = f"‹{tags[spot.id]}›\n" if spot.id in tags else ""
        text = escaped(tag + mark(spot.state) + said + spot.label)
        yield f'  {spot.id}{opening}"{text}"{closing}'
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
