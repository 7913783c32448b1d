"""Drawings as DOT, the language of Graphviz, written and quoted here.

Libraries that write DOT take a name such as `<b>` for markup of their own; here every name is a
quoted string. Nodes are called n0, n1, ...: a name from the facts is never an identifier.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.graph.drawing import Drawing, Link, Spot
from kb.graph.kinds import STATES, State, line, look


def quoted(text: str) -> str:
    r"""A text as a DOT string that shows just this text.

    >>> print(quoted('a "b" \\N <c>'))
    "a \"b\" \\N <c>"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def dot(drawing: Drawing, font: str = "", legend: bool = True, plain_marks: bool = False) -> str:
    """The DOT text of a drawing.

    Parameters: `font`, the family that labels are set in; `legend`, whether shapes, lines and
    marks are explained beside the drawing; `plain_marks`, whether marks are written with
    characters that every Chinese font has.
    """
    return "\n".join(_lines(drawing, font, legend, plain_marks)) + "\n"


def _lines(drawing: Drawing, font: str, legend: bool, plain_marks: bool) -> Iterator[str]:
    family = f", fontname={quoted(font)}" if font else ""
    yield "digraph kb {"
    yield (
        f"  graph [rankdir=LR, label={quoted(drawing.title)}, labelloc=t, fontsize=20, "
        f'nodesep=0.12, ranksep=0.45, pad=0.3, charset="UTF-8"{family}];'
    )
    if drawing.apart:
        # One drawing of everything is a strip; trees packed side by side can be read.
        yield '  graph [pack=24, packmode="array"];'
    yield f'  node [fontsize=12, margin="0.12,0.06", height=0.3{family}];'
    yield f"  edge [fontsize=10, arrowsize=0.7{family}];"
    for spot in drawing.spots:
        yield f"  {_node(spot, plain_marks)}"
    for link in drawing.links:
        yield f"  {_edge(link)}"
    if legend:
        yield from legend_lines(drawing, plain_marks)
    yield "}"


def mark(state: str, plain_marks: bool = False) -> str:
    """The mark of a state, with a space after it; nothing for no state.

    >>> mark("missing")
    '✗ '
    """
    found = STATES.get(state)
    if found is None:
        return ""
    return f"{found.plain if plain_marks and found.plain else found.mark} "


def _node(spot: Spot, plain_marks: bool) -> str:
    how = look(spot.kind)
    state = STATES.get(spot.state, State("", "", ""))
    style = how.style
    if spot.past or spot.pointer or state.style:
        style += f",{'dashed' if spot.past or spot.pointer else state.style}"
    thick = max(how.width, state.width) if spot.state else how.width
    classes = " ".join(
        filter(None, (spot.kind, spot.state, "past" * spot.past, "pointer" * spot.pointer))
    )
    given = {
        "label": mark(spot.state, plain_marks) + spot.label,
        "shape": how.shape,
        "style": style,
        "fillcolor": how.fill,
        "color": state.colour,
        "penwidth": f"{thick:g}",
        "id": spot.id,
        "class": classes,
    }
    if spot.kind == "all_of":
        given["peripheries"] = "2"
    if spot.kind in ("condition", "authority", "any_of"):
        given["margin"] = "0.02,0.02"
    return f"{spot.id} [{_attributes(given)}];"


def _edge(link: Link) -> str:
    how = line(link.kind)
    idle = link.past or link.state in ("idle", "dropped")
    given = {
        "style": "dotted" if idle else how.style,
        "color": how.colour,
        "arrowhead": how.head,
        "class": " ".join(filter(None, (link.kind, link.state, "past" * link.past))),
    }
    if link.label:
        given["label"] = link.label
        given["fontcolor"] = how.colour
    return f"{link.tail} -> {link.head} [{_attributes(given)}];"


def _attributes(given: dict[str, str]) -> str:
    return ", ".join(f"{name}={quoted(value)}" for name, value in given.items())


def legend_lines(drawing: Drawing, plain_marks: bool) -> Iterator[str]:
    """The legend as a cluster of its own: each shape, line and mark that occurs."""
    lang = drawing.lang
    yield "  subgraph cluster_legend {"
    title = "图例" if lang == "zh" else "legend"
    yield f'    graph [label={quoted(title)}, fontsize=13, style="rounded", color="#999999"];'
    rows: list[list[str]] = [[], [], []]
    for kind in drawing.node_kinds():
        how = look(kind)
        id = f"legend_{len(rows[0])}"
        rows[0].append(id)
        border = ", peripheries=2" if kind == "all_of" else ""
        yield (
            f"    {id} [label={quoted(how.label(lang))}, shape={quoted(how.shape)}, "
            f'style={quoted(how.style)}, fillcolor="{how.fill}", penwidth={how.width:g}{border}];'
        )
    for state in drawing.states():
        named = STATES[state]
        id = f"legend_state_{len(rows[1])}"
        rows[1].append(id)
        style = f"filled,{named.style}" if named.style else "filled"
        yield (
            f"    {id} [label={quoted(mark(state, plain_marks) + named.label(lang))}, shape=box, "
            f'style={quoted(style)}, fillcolor="#ffffff", color="{named.colour}", '
            f"penwidth={named.width:g}];"
        )
    for number, kind in enumerate(drawing.edge_kinds()):
        drawn = line(kind)
        tail, head = f"legend_from_{number}", f"legend_to_{number}"
        yield f'    {tail} [label="", shape=point, width=0.05];'
        yield f"    {head} [label={quoted(drawn.label(lang))}, shape=plaintext];"
        yield (
            f'    {tail} -> {head} [style="{drawn.style}", color="{drawn.colour}", '
            f'arrowhead="{drawn.head}"];'
        )
    yield "  }"
