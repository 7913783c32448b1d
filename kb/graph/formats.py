"""Graphs as files: the ending of the name says which format, and some can be read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kb.graph.build import Graph
from kb.graph.dot import dot
from kb.graph.drawing import Drawing, drawing
from kb.graph.excerpt import excerpt
from kb.graph.fonts import Choice, choose, embedded, refuse_missing
from kb.graph.graphml import graphml, without_looks
from kb.graph.html import page, written
from kb.graph.kinds import STATES
from kb.graph.layout import drawn
from kb.graph.mermaid import FRONT, charts, mermaid
from kb.graph.outline import outline
from kb.graph.svg import picture
from kb.lang.problems import Problem, Problems
from kb.model.data import Json
from kb.model.writing import write_output
from kb.model.yamlread import check_regular

if TYPE_CHECKING:
    import networkx as nx

CYTOSCAPE = (".cyjs", ".cytoscape.json")
ENDINGS = ("html", "svg", "png", "pdf", "dot", "graphml", "json", "cyjs", "mmd")


def export(graph: Graph, path: str | Path, lang: str = "zh") -> tuple[Path, ...]:
    """Write a graph to a file in the format of its ending.

    `html`, `svg`, `png`, `pdf`, `dot` and `mmd` (Mermaid) are drawings, in `lang`; `graphml`,
    `json` (node-link) and `cyjs` or `cytoscape.json` (Cytoscape) are the graph itself. The file
    appears when it is whole. What Mermaid does not draw at once becomes several files, with a
    number behind the name. Gives the files that were written.

    Raises `Problems` for an ending that is not known, a folder that can not be written, a missing
    library or font; `LimitError` when the layout takes too long.

    >>> import kb, pathlib, tempfile
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "base.graphml"
    >>> whole = kb.load().graph()
    >>> [written.name for written in export(whole, file)]
    ['base.graphml']
    >>> read(file).nodes == whole.nodes
    True
    """
    path = Path(path)
    write = writer(path)
    if path.suffix.lower() == ".mmd":
        return _written(charts(drawing(graph, lang)), path)
    write_output(path, write(graph, lang))
    return (path,)


def _written(texts: list[str], path: Path) -> tuple[Path, ...]:
    """Write charts: one under the name given, several under numbers behind it."""
    wide = len(str(len(texts)))
    numbers = (f"-{number:0{wide}}" for number in range(1, len(texts) + 1))
    files = [path.with_stem(path.stem + number) for number in numbers] if texts[1:] else [path]
    for file in files if texts[1:] else ():
        # Nobody has named these files: only charts are written over.
        if file.exists() and not file.read_bytes().startswith(FRONT.encode()):
            message = f"`{file}` is there already and is no chart"
            raise Problems([Problem("mermaid-file", message, help="name another file")])
    for file, text in zip(files, texts, strict=True):
        write_output(file, text)
    return tuple(files)


def writer(path: Path) -> Callable[[Graph, str], bytes]:
    """What writes a file of this name. Raises `Problems` when its ending is not known."""
    if path.name.lower().endswith(CYTOSCAPE):
        return lambda graph, lang: cytoscape(graph, lang).encode()
    makers: dict[str, Callable[[Graph, str], bytes]] = {
        "html": lambda graph, lang: html(graph, lang).encode(),
        "svg": lambda graph, lang: _svg(graph, lang),
        "png": lambda graph, lang: _static(graph, lang, "png"),
        "pdf": lambda graph, lang: _static(graph, lang, "pdf"),
        "dot": lambda graph, lang: dot(drawing(graph, lang)).encode(),
        "mmd": lambda graph, lang: mermaid(drawing(graph, lang)).encode(),
        "graphml": lambda graph, lang: graphml(graph, lang),
        "json": lambda graph, *_: _node_link(graph).encode(),
    }
    found = makers.get(path.suffix.lower().lstrip("."))
    if found is None:
        raise Problems(
            [
                Problem(
                    "ending",
                    f"`{path.name}` has no ending of a graph file",
                    help="the ending says the format: " + ", ".join(ENDINGS),
                )
            ]
        )
    return found


def read(path: str | Path) -> Graph:
    """A graph from a file that `export` wrote as GraphML, node-link JSON or Cytoscape JSON; equal
    to the one that was written. Raises `Problems` when it can not be read."""
    import networkx as nx

    path = Path(path)
    check_regular(path)
    try:
        if path.suffix.lower() == ".graphml":
            found = nx.read_graphml(path, edge_key_type=str, force_multigraph=True)
            return without_looks(nx.MultiDiGraph(found))
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict):
            raise ValueError("a mapping is expected")
        if path.name.lower().endswith(CYTOSCAPE):
            return _from_cytoscape(data)
        return nx.MultiDiGraph(nx.node_link_graph(data, edges="edges"))
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, nx.NetworkXError) as error:
        raise Problems(
            [Problem("graph-file", f"`{path}` can not be read as a graph", help=str(error))]
        ) from error


def _node_link(graph: Graph) -> str:
    import networkx as nx

    data = nx.node_link_data(graph, edges="edges")
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def cytoscape(graph: Graph, lang: str = "zh") -> str:
    """The JSON that Cytoscape and Cytoscape.js read; `name` is the label in `lang`."""
    nodes = [
        {"data": {"id": key, "value": key, "name": data[lang], **data}}
        for key, data in graph.nodes(data=True)
    ]
    edges = [
        {"data": {"id": key, "key": key, "source": tail, "target": head, **data}}
        for tail, head, key, data in graph.edges(keys=True, data=True)
    ]
    whole = {
        "data": list(graph.graph.items()),
        "directed": True,
        "multigraph": True,
        "elements": {"nodes": nodes, "edges": edges},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _from_cytoscape(data: Json) -> Graph:
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.graph.update(dict(data["data"]))

    def own(entry: Json, *names: str) -> Json:
        return {k: v for k, v in entry["data"].items() if k not in names}

    for entry in data["elements"]["nodes"]:
        graph.add_node(entry["data"]["id"], **own(entry, "id", "value", "name"))
    for entry in data["elements"]["edges"]:
        edge = entry["data"]
        graph.add_edge(edge["source"], edge["target"], key=edge["key"])
        graph.edges[edge["source"], edge["target"], edge["key"]].update(
            own(entry, "id", "key", "source", "target")
        )
    return graph


def _font(text: str) -> tuple[Choice, str, bool]:
    """The choice of a font, its family, and whether marks must be plain ones."""
    marks = "".join(state.mark for state in STATES.values())
    choice = choose(text + marks)
    plain = any(c in choice.missing for c in marks)
    if plain:
        choice = choose(text)
    return choice, choice.font.family if choice.font else "", plain


def _static(graph: Graph, lang: str, form: str) -> bytes:
    made = drawing(graph, lang)
    choice, family, plain = _font(made.text())
    refuse_missing(choice, form)
    return drawn(made, form, family, plain)


def svg(graph: Graph, lang: str = "zh") -> str:
    """A picture of what stands nearest the top of a graph, for a notebook. Raises as `export`."""
    return _picture(excerpt(drawing(graph, lang), graph))


def _svg(graph: Graph, lang: str) -> bytes:
    return _picture(drawing(graph, lang)).encode()


def _picture(made: Drawing) -> str:
    choice, family, plain = _font(made.text())
    face = embedded(choice, made.text() + _MARKS)
    return picture(drawn(made, "svg", family, plain), made, face)


def html(graph: Graph, lang: str = "zh") -> str:
    """The page as text, for a notebook to show in a frame. Raises as `export` does."""
    made = drawing(graph, lang)
    text = written(made) + _MARKS
    choice, _, _ = _font(text)
    return page(made, outline(made, graph), embedded(choice, text))


_MARKS = "✓✗⊘?–+−≠=√×※·×→"
