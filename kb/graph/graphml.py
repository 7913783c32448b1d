"""GraphML as yEd and Gephi show it: each node with a label, a colour, a place and a size.

Beside the attributes of the graph stand those that Gephi takes by their names (`label`, `x`, `y`,
`r`, `g`, `b`), and the shapes of yEd. Reading back leaves both away.
"""

from __future__ import annotations

import io
import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator

from kb.graph.build import Graph
from kb.graph.kinds import STATES, line, look

_LOOKS = ("shape_type", "label", "x", "y", "r", "g", "b")
_XML = "http://graphml.graphdrawing.org/xmlns"
_Y = "http://www.yworks.com/xml/graphml"
_SHAPES = {"box": "rectangle", "rounded": "roundrectangle", "tab": "rectangle", "note": "rectangle"}
_STYLES = {"solid": "line", "bold": "line", "dashed": "dashed", "dotted": "dotted"}
WIDE, HIGH = 240, 60
"""How far places stand from one another."""


def graphml(graph: Graph, lang: str = "zh") -> bytes:
    """A graph as GraphML, with labels in `lang`."""
    import networkx as nx

    shown: Graph = graph.copy()
    places = dict(_places(graph))
    for key, data in shown.nodes(data=True):
        red, green, blue = _colour(data["kind"])
        x, y = places[key]
        mark = STATES[data["state"]].mark + " " if data.get("state") in STATES else ""
        data.update(label=mark + data[lang], x=x, y=y, r=red, g=green, b=blue)
    for *_, data in shown.edges(data=True):
        data["label"] = data[lang]
    out = io.BytesIO()
    nx.write_graphml(shown, out, encoding="utf-8")
    return _drawn(out.getvalue(), shown)


def without_looks(graph: Graph) -> Graph:
    """A graph that was read, without what only says how it looks."""
    for _, data in graph.nodes(data=True):
        for name in _LOOKS:
            data.pop(name, None)
    for *_, data in graph.edges(data=True):
        data.pop("label", None)
    return graph


def _places(graph: Graph) -> Iterator[tuple[str, tuple[int, int]]]:
    """A column for each step from what nothing leads to; rows so that the whole is a square."""
    import networkx as nx

    depth: dict[str, int] = {}
    for part in nx.strongly_connected_components(graph):
        depth.update(dict.fromkeys(part, 0))
    whole = nx.condensation(nx.DiGraph(graph))
    for component in nx.topological_sort(whole):
        steps = [
            depth[next(iter(whole.nodes[p]["members"]))] for p in whole.predecessors(component)
        ]
        for key in whole.nodes[component]["members"]:
            depth[key] = 1 + max(steps, default=-1)
    high = max(12, round(math.sqrt(len(graph) * WIDE / HIGH)))
    columns: dict[int, list[str]] = {}
    for key in graph:
        columns.setdefault(depth[key], []).append(key)
    left = 0
    for at in sorted(columns):
        for n, key in enumerate(columns[at]):
            yield key, ((left + n // high) * WIDE, n % high * HIGH)
        left += -(-len(columns[at]) // high)


def _colour(kind: str) -> tuple[int, int, int]:
    fill = look(kind).fill
    return int(fill[1:3], 16), int(fill[3:5], 16), int(fill[5:7], 16)


def _drawn(text: bytes, graph: Graph) -> bytes:
    """The same with what yEd draws: networkx writes attributes only."""
    ET.register_namespace("", _XML)
    ET.register_namespace("y", _Y)
    root = ET.fromstring(text)
    for part, ends in (("node", "nodegraphics"), ("edge", "edgegraphics")):
        key = ET.Element(f"{{{_XML}}}key", {"id": f"y{part}", "for": part, "yfiles.type": ends})
        root.insert(0, key)
    edges = {key: data for *_, key, data in graph.edges(keys=True, data=True)}
    for element in root.iter(f"{{{_XML}}}node"):
        data = graph.nodes[element.get("id", "")]
        how, state = look(data["kind"]), STATES.get(data.get("state", ""))
        drawn = _under(element, "ynode", "ShapeNode")
        size = {"width": str(WIDE - 60), "height": str(HIGH - 22)}
        ET.SubElement(
            drawn, f"{{{_Y}}}Geometry", {**size, "x": str(data["x"]), "y": str(data["y"])}
        )
        ET.SubElement(drawn, f"{{{_Y}}}Fill", {"color": how.fill})
        border = {"color": state.colour if state else "#333333", "type": "line"}
        ET.SubElement(
            drawn,
            f"{{{_Y}}}BorderStyle",
            {**border, "width": f"{state.width if state else how.width:g}"},
        )
        ET.SubElement(drawn, f"{{{_Y}}}NodeLabel").text = data["label"]
        ET.SubElement(drawn, f"{{{_Y}}}Shape", {"type": _SHAPES.get(how.shape, how.shape)})
    for element in root.iter(f"{{{_XML}}}edge"):
        data = edges[element.get("id", "")]
        stroke = line(data["kind"]).drawn
        drawn = _under(element, "yedge", "PolyLineEdge")
        ET.SubElement(
            drawn,
            f"{{{_Y}}}LineStyle",
            {"color": stroke.colour, "type": _STYLES[stroke.style], "width": "1.0"},
        )
        ET.SubElement(drawn, f"{{{_Y}}}Arrows", {"source": "none", "target": "standard"})
        ET.SubElement(drawn, f"{{{_Y}}}EdgeLabel").text = data["label"]
    found: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return found


def _under(element: ET.Element, key: str, kind: str) -> ET.Element:
    data = ET.SubElement(element, f"{{{_XML}}}data", {"key": key})
    return ET.SubElement(data, f"{{{_Y}}}{kind}")
