"""Drawings as DOT, the language of Graphviz, written and quoted here.

Libraries that write DOT take a name such as `<b>` for markup of their own; here every name is a
quoted string. Nodes are called n0, n1, ...: a name from the facts is never an identifier.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kb.graph.drawing import Drawing, Link, Spot
from kb.graph.kinds import STATES, STROKES, State, line, look


def quoted(text: str) -> str:
    r"""A text as a DOT string that shows just this text.

    >>> print(quoted('a "b" \\N <c>'))
    "a \"b\" \\N <c>"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def dot(drawing: Drawing, font: str = "", plain_marks: bool = False) -> str:
    """The DOT text of a drawing with its legend, for Graphviz to lay out.

    Parameters: `font`, the family that labels are set in; `plain_marks`, whether marks are written
    with characters that every Chinese font has.
    """
    return "\n".join(_lines(drawing, font, plain_marks)) + "\n"


def _lines(drawing: Drawing, font: str, plain_marks: bool) -> Iterator[str]:
    yield "digraph kb {"
    yield header(font)
    yield f"  graph [label={quoted(drawing.title)}, labelloc=t, fontsize=20];"
    if drawing.apart:
        # One drawing of everything is a strip; trees packed side by side can be read.
        yield '  graph [pack=24, packmode="array"];'
    tags = drawing.tags()
    for spot in drawing.stacked(drawing.spots):
        yield f"  {spot.id} [{node(spot, plain_marks, tags.get(spot.id, ''))}];"
    for link in drawing.links:
        yield f"  {link.tail} -> {link.head} [{edge(link)}];"
    for column in drawing.columns:
        yield f"  {{rank=same; {'; '.join(column)};}}"
    yield "  subgraph cluster_legend {"
    title = "图例" if drawing.lang == "zh" else "legend"
    yield f'    graph [label={quoted(title)}, fontsize=13, style="rounded", color="#999999"];'
    for row in legend(drawing, plain_marks):
        for entry in row:
            yield f"    {entry.id} [{entry.node}];"
            if entry.edge:
                yield f'    {entry.id}_from [label="", shape=point, width=0.05];'
                yield f"    {entry.id}_from -> {entry.id} [{entry.edge}];"
    yield "  }"
    yield "}"


def header(font: str) -> str:
    """What holds for the whole drawing."""
    family = f", fontname={quoted(font)}" if font else ""
    return (
        f'  graph [rankdir=LR, nodesep=0.12, ranksep=0.4, pad=0.3, charset="UTF-8"{family}];\n'
        f'  node [fontsize=12, margin="0.12,0.06", height=0.3{family}];\n'
        f"  edge [fontsize=10, arrowsize=0.7{family}];"
    )


def mark(state: str, plain_marks: bool = False) -> str:
    """The mark of a state, with a space after it; nothing for no state.

    >>> mark("missing")
    '✗ '
    """
    found = STATES.get(state)
    if found is None:
        return ""
    return f"{found.plain if plain_marks and found.plain else found.mark} "


def node(spot: Spot, plain_marks: bool, tag: str = "") -> str:
    """The attributes of a spot's node; `tag` names what leads to it."""
    how = look(spot.kind)
    state = STATES.get(spot.state, State("", "", ""))
    style = how.style
    dashed = spot.past or spot.pointer or spot.perhaps
    if dashed or state.style:
        style += f",{'dashed' if dashed else state.style}"
    thick = max(how.width, state.width) if spot.state else how.width
    classes = (
        spot.kind,
        spot.state,
        "past" * spot.past,
        "pointer" * spot.pointer,
        "perhaps" * spot.perhaps,
    )
    given = {
        "label": (f"‹{tag}›\n" if tag else "") + mark(spot.state, plain_marks) + spot.label,
        **_shape(spot.kind),
        "style": style,
        "color": state.colour,
        "penwidth": f"{thick:g}",
        "id": spot.id,
        "class": " ".join(filter(None, classes)),
    }
    return _attributes(given)


def _shape(kind: str) -> dict[str, str]:
    how = look(kind)
    given = {
        "shape": "box" if how.shape == "rounded" else how.shape,
        "fillcolor": how.fill,
        "style": how.style,
    }
    if how.shape in ("hexagon", "octagon"):
        given["margin"] = "0.02,0.02"
    return given


def edge(link: Link) -> str:
    """The attributes of a link's edge."""
    how = line(link.kind).drawn
    idle = link.past or link.state in ("idle", "dropped")
    given = {
        "style": "dotted" if idle else "dashed" if link.perhaps else how.style,
        "color": how.colour,
        **({"dir": "back", "arrowtail": how.head} if link.turned else {"arrowhead": how.head}),
        "id": link.id,
        "class": " ".join(filter(None, (link.kind, link.state, "past" * link.past))),
    }
    return _attributes(given)


def _attributes(given: dict[str, str]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in given.items())


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the legend: a node that shows a shape or a mark, or names the line of `edge`."""

    id: str
    node: str
    edge: str = ""


def legend(drawing: Drawing, plain_marks: bool = False) -> list[list[Entry]]:
    """The legend in rows: the shapes, the marks and the lines that occur."""
    lang = drawing.lang
    shapes = [
        Entry(
            f"legend_{number}",
            _attributes(
                {
                    "label": ("、" if lang == "zh" else ", ").join(
                        look(kind).label(lang) for kind in kinds
                    ),
                    **_shape(kinds[0]),
                    "penwidth": f"{look(kinds[0]).width:g}",
                    "class": f"{kinds[0]} legend",
                }
            ),
        )
        for number, kinds in enumerate(drawing.shapes().values())
    ]
    marks = [
        Entry(
            f"legend_state_{number}",
            _attributes(
                {
                    "label": mark(state, plain_marks) + STATES[state].label(lang),
                    "shape": "box",
                    "style": ",".join(filter(None, ("filled", STATES[state].style))),
                    "fillcolor": "#ffffff",
                    "color": STATES[state].colour,
                    "penwidth": f"{STATES[state].width:g}",
                    "class": f"{state} legend",
                }
            ),
        )
        for number, state in enumerate(drawing.states())
    ]
    for name, words in drawing.borders().items():
        dashed = {"shape": "box", "style": "filled,dashed", "fillcolor": "#ffffff"}
        marks.append(
            Entry(
                f"legend_{name}", _attributes({"label": words, **dashed, "class": f"{name} legend"})
            )
        )
    lines = [
        Entry(
            f"legend_line_{number}",
            _attributes({"label": names, "shape": "plaintext", "class": "legend"}),
            _attributes(
                {
                    "style": STROKES[family].style,
                    "color": STROKES[family].colour,
                    "arrowhead": STROKES[family].head,
                    "class": f"{family} legend",
                }
            ),
        )
        for number, (family, names) in enumerate(drawing.families().items())
    ]
    return [row for row in (shapes, marks, lines) if row]
